using ChatAuth.Dataverse;

namespace ChatAuth.Probing.Questions;

/// <summary>
/// Whether enhanced authorization covers custom APIs that server logic calls (facts 5): takes a site and a visitor.
/// </summary>
internal sealed class AuthorizationReach : IQuestion
{
    /// <inheritdoc />
    public string Text => "Does the enhanced authorization of a site cover a custom API that its server logic calls?";

    /// <inheritdoc />
    public bool TakesOver => false;

    /// <inheritdoc />
    public async Task<Answer> AskAsync(ProbeSite site, CancellationToken cancellation) => new(
        Verdict.NotAsked,
        (await EnhancedAuthorization.SitesAsync(site.Dataverse, cancellation))?.Values.Count(isOn => isOn) switch
        {
            null => "this environment does not have enhanced authorization",
            0 => "no site of this environment has it on",
            { } sites => $"takes a visitor, and {sites} of the sites here have it on: sign in to one that "
                + "chatauth deploy has set up, open the chat; CHATAUTH1003 is yes, a token is no",
        });
}
