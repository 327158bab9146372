using Azure.Core;

namespace ChatAuth.SignIn;

/// <summary>
/// The tokens that a credential of Azure.Identity gets for one environment, each kept until shortly before it expires.
/// </summary>
/// <remarks>Not every credential keeps its tokens itself: that of the Azure CLI starts a process for each.</remarks>
/// <param name="environment">The environment.</param>
/// <param name="clock">Says when a token has to be renewed.</param>
/// <param name="make">Makes the credential, and makes it anew after a refused token: a credential's own cache would
/// give the same one again.</param>
/// <param name="failure">Says in one coded line why there is no token.</param>
internal sealed class CredentialTokens(
    Uri environment, TimeProvider clock, Func<CancellationToken, Task<TokenCredential>> make,
    Func<Exception, CodedError> failure) : IAccessTokens
{
    // Longer than any request of ours takes, and what Azure.Identity renews at itself.
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    private readonly string[] scopes = [environment.GetLeftPart(UriPartial.Authority) + "/.default"];
    private TokenCredential? credential;
    private AccessToken held;

    /// <inheritdoc />
    public async ValueTask<string> GetAsync(CancellationToken cancellation)
    {
        if (held.Token == null || held.ExpiresOn - clock.GetUtcNow() < Early)
        {
            credential ??= await make(cancellation);
            held = await AskAsync(credential, cancellation);
        }

        return held.Token!;
    }

    /// <inheritdoc />
    public bool Forget()
    {
        credential = null;
        held = default;
        return true;
    }

    private async Task<AccessToken> AskAsync(TokenCredential asked, CancellationToken cancellation)
    {
        try
        {
            return await asked.GetTokenAsync(new TokenRequestContext(scopes), cancellation);
        }
        catch (Exception exception) when (
            exception is not (CommandException or OperationCanceledException)
                || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // Its text may hold anything, the credential's own parts too: only what is known of it is told.
            throw new CommandException(failure(exception));
        }
    }
}
