using ChatAuth.Dataverse;

namespace ChatAuth.Probing.Questions;

/// <summary>
/// Whether an import over the installed managed solution leaves the steps their secure configuration (facts 1).
/// </summary>
/// <remarks>
/// The same version is imported again, so the solution stays what it was; Dataverse keeps a row of the import job, as
/// of every import.
/// </remarks>
internal sealed class ManagedUpgrade : IQuestion
{
    /// <inheritdoc />
    public string Text => "Does a managed upgrade keep the secure configuration of the steps?";

    /// <inheritdoc />
    public bool TakesOver => true;

    /// <inheritdoc />
    public async Task<Answer> AskAsync(ProbeSite site, CancellationToken cancellation)
    {
        SolutionZip zip = SolutionZip.Read(null);
        if (zip.Version != site.Solution)
        {
            return new Answer(Verdict.NotAsked,
                $"the solution is {site.Solution}, this command carries {zip.Version}: ask with the same version");
        }

        long end = site.KeyEnd;
        string text = site.PendingKeys(end);
        await site.Rows.WriteSecureAsync(text, cancellation);
        await site.Rows.CreateStepAsync(ProbeRows.PublishKeys, enabled: true, null, null, cancellation);
        if (!await site.ComesToBeAsync(async () => await site.ServedEndAsync(cancellation) == end, cancellation))
        {
            return new Answer(Verdict.NotTold, "the step of the probe did not answer");
        }

        await SolutionImport.RunAsync(
            site.Dataverse, zip.Bytes, site.Clock, site.Waiting, TimeSpan.Zero, cancellation);
        if (await site.Rows.ReadSecureAsync(cancellation) != text)
        {
            return new Answer(Verdict.No, "the row of the secure configuration lost its text");
        }

        // A touch, so that no instance answers that was made before.
        await site.Rows.TouchAsync(ProbeRows.PublishKeys, cancellation);
        try
        {
            return await site.ComesToBeAsync(async () => await site.ServedEndAsync(cancellation) == end, cancellation)
                ? new Answer(Verdict.Yes, "the same key is answered after the same version was imported again")
                : new Answer(Verdict.No, "no key is answered any more");
        }
        catch (WebApiException refusal) when (refusal.PluginCode is { } code)
        {
            return new Answer(Verdict.No, "the plug-in refuses with " + code);
        }
    }
}
