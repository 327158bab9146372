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
        "AZURE_DEVOPS_EXT_PAT", "MSI_ENDPOINT", "SECUREFILE_TICKET", "AZUREWEBJOBSSTORAGE", "DATABASE_URL",
        "DOCKER_AUTH_CONFIG",
    };

    // However somebody else calls a secret: no setting is one.
    private static readonly string[] Endings =
    [
        "SECRET", "TOKEN", "PASSWORD", "PASSPHRASE", "PASSWD", "PWD", "CONNECTIONSTRING", "CONNECTION", "CONN_STR",
        "KEY", "CREDENTIALS", "COOKIE", "BEARER", "ASSERTION", "AUTHORIZATION", "__AUTH",
    ];

    // The same between underscores, since many secrets end in the environment they are of. ENDPOINT_AUTH and SECRET_
    // are what Azure Pipelines' agent calls what it hands to a task.
    private static readonly string[] Words =
    [
        "SECRET", "SECRETS", "PASSWORD", "PASSPHRASE", "PASSWD", "PWD", "CREDENTIALS", "CONNECTIONSTRING",
        "CONNECTIONSTRINGS", "CONNECTION_STRING", "CONNECTION_STRINGS", "ACCESS_TOKEN", "PRIVATE_KEY", "API_KEY",
        "ACCESS_KEY", "ACCOUNT_KEY", "STORAGE_KEY", "SIGNING_KEY", "SSH_KEY", "PAT", "PFX", "PASS", "SAS", "JWT", "OTP",
        "TOTP", "OIDC_TOKEN", "ENDPOINT_AUTH",
    ];

    /// <summary>Whether a variable signs somebody in, or is called as what does.</summary>
    /// <param name="name">The variable's name.</param>
    public static bool Holds(string name) =>
        Names.Contains(name) || Endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        || Words.Any(word => $"_{name}_".Contains($"_{word}_", StringComparison.OrdinalIgnoreCase))

        // SQLCONNSTR_ and the like: Azure App Service.
        || name.Contains("CONNSTR", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a value is what a pipeline leaves where a variable has none, such as
    /// <c>$(Secret)</c>.</summary>
    /// <param name="value">A variable's value, or a part of it.</param>
    public static bool IsUnfilled(string value) => Unfilled().IsMatch(value);

    // Of Azure Pipelines, shells, GitHub and templates, Octopus, batch files, token replacers, PowerShell, CircleCI,
    // Concourse, Azure's references, documentation, and what logs have in the place of a secret.
    [GeneratedRegex(
        @"^(\$\([^()]+\)|\$\{[^{}]+\}|\$?\{\{[^{}]+\}\}|#\{[^{}]+\}#?|\$\[[^\[\]]+\]|%\w+%|__\w+__"
            + @"|\$env:\w+|<<[^<>]+>>|\(\([^()]+\)\)|@Microsoft\.\w+\(.*|<[\w .-]+>|\{[A-Za-z]+\}|\[[\w .-]+\]"
            + @"|\*{3,})$")]
    private static partial Regex Unfilled();
}
