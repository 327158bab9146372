using System.Text.RegularExpressions;

namespace ChatAuth;

/// <summary>The environment variables by which this command and its neighbours in a pipeline sign in.</summary>
/// <remarks>
/// A settings file must not fill one in: what stands in it is sent to addresses, written into Dataverse and carried by
/// every token. Names count in any case, as on Windows.
/// </remarks>
internal static partial class SignInVariables
{
    // What SignIn reads, what Azure.Identity reads, and what GitHub and Azure Pipelines give a job to ask for tokens
    // with. None of them says anything of a portal or a chat.
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE",
        "AZURE_AUTHORITY_HOST", "AZURE_USERNAME", "AZURE_TOKEN_CREDENTIALS", "AZURE_CREDENTIALS",
        "AZURESUBSCRIPTION_TENANT_ID", "AZURESUBSCRIPTION_CLIENT_ID", "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID",
        "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI", "IDENTITY_HEADER", "IDENTITY_ENDPOINT",
        "AZURE_DEVOPS_EXT_PAT", "SERVICEPRINCIPALKEY", "IDTOKEN",
    };

    // However somebody else calls a secret: no setting is one.
    private static readonly string[] Endings =
    [
        "SECRET", "TOKEN", "PASSWORD", "PASSPHRASE", "PASSWD", "PWD", "CONNECTION_STRING", "CONNECTIONSTRING",
        "PRIVATE_KEY", "SIGNING_KEY", "API_KEY", "APIKEY", "ACCESS_KEY", "ACCOUNT_KEY", "_PAT", "_PFX", "_SAS", "JWT",
        "CREDENTIALS",
    ];

    /// <summary>Whether a variable signs somebody in, or is called as what does.</summary>
    /// <param name="name">The variable's name.</param>
    public static bool Holds(string name) =>
        Names.Contains(name) || Endings.Any(
            ending => Numbered().Replace(name, string.Empty).EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    // CI_JOB_JWT_V2, CLIENT_SECRET_2.
    [GeneratedRegex("_?[Vv]?[0-9]+$")]
    private static partial Regex Numbered();
}
