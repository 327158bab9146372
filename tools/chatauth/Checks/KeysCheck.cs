using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Plugins.Jose;
using ChatAuth.Tokens;

namespace ChatAuth.Checks;

/// <summary>
/// Whether a key signs and will go on to, the keys are this environment's own, and no command left them half done.
/// </summary>
internal sealed class KeysCheck : ICheck
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    /// <inheritdoc/>
    public string Subject => "keys";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        if (await examination.KeysAsync() is not { } keys)
        {
            yield return Errors.NoKeySigns("there are none");
            yield break;
        }

        if (keys.Organization != examination.OrganizationId)
        {
            yield return Errors.KeysOfAnotherOrganization();
        }

        long now = examination.Now.ToUnixTimeSeconds();
        long soon = (examination.Now + Soon).ToUnixTimeSeconds();
        if (keys.SigningKeyAt(now) is not { } signing)
        {
            yield return Errors.NoKeySigns("all are expired, pending or not valid yet");
        }
        else if (
            signing.ExpiresAt <= soon
                && !keys.Keys.Any(key => keys.StateOf(key, now) == KeyState.Scheduled && key.ExpiresAt > soon))
        {
            yield return Errors.KeyExpiresSoon(signing.KeyId, ReadableDate.Of(signing.ExpiresAt, examination.Now));
        }

        foreach (Jwk key in keys.Condemned)
        {
            yield return Errors.KeyPutBack(key.KeyId);
        }

        foreach (Jwk key in keys.Keys.Where(key => keys.StateOf(key, now) == KeyState.Pending))
        {
            yield return Errors.KeyLeftPending(key.KeyId);
        }

        foreach (ChatAuthStep step in RegisteredStep.Own)
        {
            if (await examination.StepAsync(step) is { } row
                && (!KeysMark.Is(row.Columns.Description, keys)
                    || (step == ChatAuthStep.PublishKeys && !KeysMark.NamesRevoked(row, keys))))
            {
                yield return Errors.StepNotTouched(step.Message);
            }
        }
    }
}
