using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Plugins;
using ChatAuth.Plugins.Platform;
using ChatAuth.Publishing;
using ChatAuth.Tokens;

namespace ChatAuth.Deployment;

/// <summary>
/// Proves that what was deployed works: the plug-in answers with the published keys, and issues tokens that they
/// verify.
/// </summary>
internal sealed class SmokeTest(DeploymentContext context, CancellationToken cancellation)
{
    private const string NotProven = "not proven: no token was asked for, since ";

    // Instances of the plug-in that were made before a step changed may serve a little longer.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private const int Attempts = 15;

    /// <summary>Compares what the plug-in answers with what is published.</summary>
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
    }

    /// <summary>
    /// Asks a token for the test contact: as a listed caller, else through an entry for a moment. The token is verified
    /// in memory, and shown to nobody.
    /// </summary>
    /// <exception cref="CommandException">The plug-in refuses, by its own code; 4303 to 4311 the token is not verified
    /// by the published keys; 5006, 5001, 5002.</exception>
    public async Task ProveAsync(ChatEnvironment environment)
    {
        if (context.Settings.TestContact is not { } contact)
        {
            context.Changes.Say(NotProven + "the settings file names no \"testContact\"");
            return;
        }

        if (await ListedAsync(environment) is { } rule)
        {
            if (rule != ContactRuleKind.Parameter)
            {
                context.Changes.Say(NotProven + "whoever runs this is listed in \"callers\" and names no contact");
                return;
            }
        }
        else if (!environment.MayAsk(contact))
        {
            try
            {
                await environment.LetAskAsync(contact);
            }
            catch (WebApiException refusal) when (
                refusal.DataverseCode == DataverseCode.UnmanagedCustomizationsBlocked)
            {
                context.Changes.Say(NotProven + "unmanaged customizations are blocked");
                return;
            }
        }

        Token token = Token.Parse(await AskAsync(contact));
        Publication publication = Publication.Of(environment.Keys, environment.Now);
        TokenVerification.Verify(
            token, PublicKeys.Parse(publication.Text(PublicKeyFormat.KeySet)).Keys, environment.Time);
        context.Changes.Say("proven: a token for the test contact verifies with the published keys");
    }

    /// <summary>How this user is to name the visitor as a listed caller; null where it is not listed.</summary>
    public async Task<ContactRuleKind?> ListedAsync(ChatEnvironment environment) =>
        await environment.User.ApplicationIdAsync(context.Dataverse, cancellation) is { } application
            && IssueSettings.Parse(context.Settings.StepConfiguration)
                .TryGetValue(application, out CallerSettings? entry)
            ? entry.Rule.Kind : null;

    // An instance that was made before the entry was written does not know it yet.
    private async Task<string> AskAsync(Guid contact)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await ChatTokens.IssueAsync(context.Dataverse, contact, null, cancellation);
            }
            catch (WebApiException refusal) when (refusal.PluginCode == "CHATAUTH1002" && attempt < Attempts)
            {
                await Task.Delay(Pause, context.Clock, cancellation);
            }
        }
    }
}
