namespace ChatAuth.Probing.Questions;

/// <summary>Whether Dataverse takes the zip as pack writes it (facts 3).</summary>
/// <param name="upgrade">Which imports it; asked before.</param>
internal sealed class StoredEntries(ManagedUpgrade upgrade) : IQuestion
{
    /// <inheritdoc />
    public string Text => "Does Dataverse import a zip whose entries are stored, not deflated?";

    /// <inheritdoc />
    public bool TakesOver => true;

    /// <inheritdoc />
    public Task<Answer> AskAsync(ProbeSite site, CancellationToken cancellation) =>
        Task.FromResult(upgrade.TakesStoredEntries switch
        {
            true => new Answer(Verdict.Yes, "the solution was imported as pack writes it"),
            false => new Answer(Verdict.No, "the same solution was imported once its entries were deflated"),
            null => new Answer(Verdict.NotAsked, "nothing was imported, see the managed upgrade"),
        });
}
