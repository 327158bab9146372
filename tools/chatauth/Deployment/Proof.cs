using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Publishing;
using ChatAuth.Tokens;

namespace ChatAuth.Deployment;

/// <summary>
/// Proves that what was deployed works: the plug-in answers with the published keys, and issues tokens that they
/// verify.
/// </summary>
internal sealed class Proof(Work work, CancellationToken cancellation)
{
    // Instances of the plug-in that were made before a step changed may serve a little longer.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private const int Attempts = 15;

    /// <summary>Runs it.</summary>
    /// <exception cref="CommandException">5011 the plug-in answers with other keys; its own code when it
    /// refuses.</exception>
    public async Task RunAsync(ChatEnvironment environment)
    {
        Publication publication = Publication.Of(environment.Keys, environment.Now);
        async Task<bool> IsServedAsync() => publication.IsServedBy(
            await ChatTokens.PublicKeysAsync(work.Dataverse, "KeySet", cancellation),
            PublicKeyFormat.KeySet,
            exactly: true);

        if (!await Polling.UntilAsync(
                IsServedAsync, isServed => isServed, Polling.Even(Pause, Attempts), work.Clock, cancellation))
        {
            throw new CommandException(Errors.PublicKeysDiffer());
        }

        await IssueAsync(environment, publication);
    }

    private async Task IssueAsync(ChatEnvironment environment, Publication publication)
    {
        if (work.Settings.TestContact is not { } contact)
        {
            return;
        }

        if (await environment.User.ApplicationIdAsync(work.Dataverse, cancellation) is { } application
            && work.Settings.Callers.Contains(application))
        {
            Token token = Token.Parse(await ChatTokens.IssueAsync(work.Dataverse, contact, null, cancellation));
            TokenVerification.Verify(
                token,
                VerificationKeys.Parse(publication.Text(PublicKeyFormat.KeySet), "The published text"),
                work.Clock.GetUtcNow());
            work.Plan.Say("a token for the test contact verifies with the published keys");
        }
    }
}
