using System;

namespace ChatAuth.Dataverse;

/// <summary>Signs in to the environment that a command names.</summary>
internal static class Connection
{
    /// <summary>The environment variable that names the environment.</summary>
    public const string UrlVariable = "CHATAUTH_URL";
    private const string TokenVariable = "CHATAUTH_ACCESS_TOKEN";

    /// <summary>Connects; no request is made yet.</summary>
    /// <param name="url">The option <c>--url</c>; null for the environment variable.</param>
    /// <param name="terminal">Clock, network and environment variables.</param>
    /// <exception cref="CommandException">5007 to 5009.</exception>
    public static WebApi Open(string? url, Terminal terminal)
    {
        string address = url ?? terminal.Environment(UrlVariable) ?? throw new CommandException(Errors.EnvironmentMissing());

        // A bearer token in clear is anyone's; only this machine itself is reached without TLS.
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? environment)
            || (environment.Scheme != Uri.UriSchemeHttps && !(environment.Scheme == Uri.UriSchemeHttp && environment.IsLoopback)))
        {
            throw new CommandException(Errors.EnvironmentUrlBad());
        }

        string? token = terminal.Environment(TokenVariable)?.Trim();
        return string.IsNullOrEmpty(token) || token.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? throw new CommandException(Errors.AccessTokenMissing())
            : new WebApi(environment, token, terminal.Clock, terminal.Network);
    }
}
