namespace ChatAuth.Checks;

/// <summary>Whether a step of somebody else is handed the keys, or runs ChatAuth's plug-in elsewhere.</summary>
/// <remarks>
/// A plug-in gets the text of the secure configuration that its step is bound to: whoever may register plug-in code and
/// bind its step to the row of the keys reads them (SECURITY.md).
/// </remarks>
internal sealed class KeyReadersCheck : ICheck
{
    /// <inheritdoc/>
    public string Subject => "who reads the keys";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        IReadOnlyList<RegisteredStep> registered =
            await RegisteredStep.ListAsync(examination.Dataverse, examination.Cancellation);
        // The probe's ids are as public as the two: its steps serve the messages and read a row of the probe's.
        foreach (RegisteredStep step in registered.Where(step => RegisteredStep.Own.All(own => own.Id != step.Id)))
        {
            if (step.ReadsKeys)
            {
                yield return Errors.KeysInOtherHands(step.Name, "is bound to the row of the keys");
            }
            else if (step is { Message: null, IsEnabled: true })
            {
                yield return Errors.KeysInOtherHands(step.Name, "runs ChatAuth's plug-in on another message");
            }
        }
    }
}
