namespace ChatAuth.Probing.Questions;

/// <summary>Whether cached plug-in instances notice the row of the secure configuration alone (facts 1).</summary>
internal sealed class SecureConfigurationRenewal : IQuestion
{
    // Several instances may serve, one on each server of the sandbox.
    private const int InARow = 5;

    /// <inheritdoc />
    public string Text => "Does a changed secure-configuration row alone renew cached plug-in instances?";

    /// <inheritdoc />
    public bool TakesOver => true;

    /// <inheritdoc />
    public async Task<Answer> AskAsync(ProbeSite site, CancellationToken cancellation)
    {
        long old = site.KeyEnd;
        long changed = old + 1;
        await site.Rows.WriteSecureAsync(site.PendingKeys(old), cancellation);
        await site.Rows.CreateStepAsync(ProbeRows.PublishKeys, enabled: true, null, null, cancellation);
        if (!await ServesAsync(site, old, cancellation))
        {
            return new Answer(Verdict.NotTold, "the step of the probe did not answer");
        }

        await site.Rows.WriteSecureAsync(site.PendingKeys(changed), cancellation);
        if (await ServesAsync(site, changed, cancellation))
        {
            return new Answer(
                Verdict.Yes, "the changed key was answered, five times in a row, without a touch of the step");
        }

        await site.Rows.TouchAsync(ProbeRows.PublishKeys, cancellation);
        return await ServesAsync(site, changed, cancellation)
            ? new Answer(
                Verdict.No, "the former key was answered for half a minute, the changed one once the step was touched")
            : new Answer(Verdict.NotTold, "the changed key was not answered even after the step was touched");
    }

    private static Task<bool> ServesAsync(ProbeSite site, long end, CancellationToken cancellation)
    {
        int inARow = 0;
        return site.ComesToBeAsync(
            async () =>
            {
                inARow = await site.ServedEndAsync(cancellation) == end ? inARow + 1 : 0;
                return inARow == InARow;
            },
            cancellation);
    }
}
