namespace ChatAuth.Probing.Questions;

/// <summary>
/// Whether the portal properties are set when server logic calls a custom API (facts 2): takes a site and a visitor.
/// </summary>
internal sealed class PortalCall : IQuestion
{
    /// <inheritdoc />
    public string Text => "Are PortalsContactId and IsPortalsClientCall set when server logic calls a custom API?";

    /// <inheritdoc />
    public bool TakesOver => false;

    /// <inheritdoc />
    public Task<Answer> AskAsync(ProbeSite site, CancellationToken cancellation) => Task.FromResult(new Answer(
        Verdict.NotAsked,
        "takes a visitor: in a sandbox list the site in \"callers\" with \"contact\": \"context\", run chatauth "
            + "deploy, sign in to the site, open the chat; a token is yes, CHATAUTH1001 is no"));
}
