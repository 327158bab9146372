using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Publishing;
using ChatAuth.Tokens;

namespace ChatAuth.Deployment;

/// <summary>
/// Proves that what was deployed works: the plug-in answers with the published keys, and issues tokens that they
/// verify.
/// </summary>
internal sealed class SmokeTest(DeploymentContext context, CancellationToken cancellation)
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
            PublicKeys.Parse(await ChatTokens.PublicKeysAsync(context.Dataverse, "KeySet", cancellation)),
            PublicKeyFormat.KeySet,
            exactly: true);

        if (!await Polling.UntilAsync(
                IsServedAsync, isServed => isServed, Polling.Even(Pause, Attempts), context.Clock, cancellation))
        {
            throw new CommandException(Errors.PublicKeysDiffer());
        }

        await IssueAsync(environment, publication);
    }

    private async Task IssueAsync(ChatEnvironment environment, Publication publication)
    {
        if (context.Settings.TestContact is not { } contact)
        {
            return;
        }

        if (await environment.User.ApplicationIdAsync(context.Dataverse, cancellation) is { } application
            && context.Settings.Callers.Contains(application))
        {
            Token token = Token.Parse(await ChatTokens.IssueAsync(context.Dataverse, contact, null, cancellation));
            TokenVerification.Verify(
                token,
                PublicKeys.Parse(publication.Text(PublicKeyFormat.KeySet)).Keys,
                environment.Time);
            context.Changes.Say("a token for the test contact verifies with the published keys");
        }
    }
}
