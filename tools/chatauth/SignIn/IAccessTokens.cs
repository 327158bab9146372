namespace ChatAuth.SignIn;

/// <summary>Where the bearer token of each request comes from.</summary>
internal interface IAccessTokens
{
    /// <summary>A token that is valid for some minutes yet.</summary>
    /// <exception cref="CommandException">5015 to 5029: there is none to be had.</exception>
    ValueTask<string> GetAsync(CancellationToken cancellation);

    /// <summary>Takes notice that Dataverse refused the token.</summary>
    /// <returns>Whether another one can be asked for.</returns>
    bool Forget();
}
