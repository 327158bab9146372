using ChatAuth.SignIn;

namespace ChatAuth.Dataverse;

/// <summary>Connects to the environment that a command names.</summary>
internal static class Connection
{
    /// <summary>The environment variable that names the environment.</summary>
    public const string UrlVariable = "CHATAUTH_URL";

    /// <summary>Connects; no request is made yet, also none for a token.</summary>
    /// <param name="options">What the command line says.</param>
    /// <param name="host">Clock, network and environment variables.</param>
    /// <exception cref="CommandException">5007 to 5009, 5015, 5026, 5027, 5030; 4001 a file cannot be read.</exception>
    public static WebApi Open(SignInOptions options, CommandHost host)
    {
        SignInRequest request = options.Decide(host.Environment);
        request.Notes.ToList().ForEach(host.WriteError);
        Uri environment = AddressOf(options.Url ?? request.Url ?? host.Environment(UrlVariable));
        return new WebApi(environment, TokensOf(request, environment, host), host.Clock, host.Network);
    }

    private static Uri AddressOf(string? address) =>
        string.IsNullOrWhiteSpace(address) ? throw new CommandException(Errors.EnvironmentMissing())

        : SecureAddress.Parse(address.Trim()) ?? throw new CommandException(Errors.EnvironmentUrlBad());

    private static IAccessTokens TokensOf(SignInRequest request, Uri environment, CommandHost host)
    {
        if (request.Way == SignInWay.AccessToken)
        {
            return !ReadyToken.IsForAnother(request.Secret!, environment) ? new ReadyToken(request.Secret!)
                : throw new CommandException(Errors.TokenForAnother(environment.Host));
        }

        Credentials credentials = new(request, environment, host);
        return new CredentialTokens(environment, host.Clock, credentials.MakeAsync,
            exception => SignInFailure.Of(exception, request, credentials.Tenant, environment));
    }
}
