using System.CommandLine;
using ChatAuth.Dataverse;
using ChatAuth.SignIn;

namespace ChatAuth.Commands;

/// <summary>The options that name an environment and say who signs in; secrets are never among them.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<string?> url = new("--url")
    {
        Description = "The environment, for example https://yourorg.crm.dynamics.com; or set CHATAUTH_URL.",
        HelpName = "URL",
    };

    private readonly Option<string?> auth = new("--auth")
    {
        Description = $"How to sign in: {string.Join(", ", SignInWays.Names)}. Without it: CHATAUTH_ACCESS_TOKEN, else "
            + "CHATAUTH_CONNECTION_STRING, else the default: the variables of Azure.Identity (AZURE_CLIENT_ID and so "
            + "on), a workload's or managed identity, az login.",
        HelpName = "WAY",
    };

    private readonly Option<string?> tenant = new("--tenant-id")
    {
        Description = "Id or domain of the tenant; or set AZURE_TENANT_ID. Without it the environment is asked.",
        HelpName = "ID",
    };
    private readonly Option<string?> client = new("--client-id")
    {
        Description = "Id of the application or user-assigned identity; or set AZURE_CLIENT_ID.",
        HelpName = "ID",
    };
    private readonly Option<string?> file = new("--connection-file")
    {
        Description =
            "A file with a connection string (AuthType=ClientSecret;Url=...); or set CHATAUTH_CONNECTION_STRING.",
        HelpName = "FILE",
    };

    /// <summary>Makes the options.</summary>
    public ConnectionOptions()
    {
        auth.AcceptOnlyFromAmong([.. SignInWays.Names]);
        file.Validators.Add(result =>
        {
            if (result.GetResult(auth) is { Implicit: false })
            {
                result.AddError("--auth and --connection-file exclude one another.");
            }
        });
    }

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All => [url, auth, tenant, client, file];

    /// <summary>Whether an environment is named, here or by an environment variable.</summary>
    public bool NamesEnvironment(ParseResult parsed, CommandHost host) =>
        parsed.GetValue(url) != null
        || parsed.GetValue(file) != null
        || host.Environment(Connection.UrlVariable) != null
        || host.Environment(SignInOptions.ConnectionVariable) != null;

    /// <summary>Connects; no request is made yet.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="host">Clock, network and environment variables.</param>
    /// <param name="usual">How to sign in where nothing says how; null for what the machine offers.</param>
    /// <exception cref="CommandException">As <see cref="Connection.Open"/>.</exception>
    public WebApi Open(ParseResult parsed, CommandHost host, SignInWay? usual = null)
    {
        SignInOptions options = new(
            parsed.GetValue(url),
            parsed.GetValue(auth) is { } way ? SignInWays.Of(way) : null,
            parsed.GetValue(tenant),
            parsed.GetValue(client),
            parsed.GetValue(file));
        bool isSaid = options is { Way: not null } or { ConnectionFile: not null }
            || SignInOptions.Variables.Any(variable => host.Environment(variable) != null);
        return Connection.Open(isSaid ? options : options with { Way = usual }, host);
    }
}
