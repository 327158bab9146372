namespace ChatAuth.SignIn;

/// <summary>One of Microsoft's clouds: who signs in to its environments, and for whom a workload's token is.</summary>
/// <remarks>
/// The environment's own host decides, or the variable of Azure's SDKs where it is in none of these clouds: never an
/// address that a server answered with, since a wrong address must not choose who is shown a secret. Sources: the hosts
/// of Microsoft's ServiceClient (DiscoveryServers) and of the Power Platform provider of Terraform; the audiences of
/// power-platform admin, set up managed identity.
/// </remarks>
/// <param name="Suffixes">How the hosts of its environments end.</param>
/// <param name="Authorities">The hosts that sign in, the one to use first.</param>
/// <param name="Audience">The audience of federated credentials; upper and lower case differ.</param>
internal sealed record Cloud(
    IReadOnlyList<string> Suffixes, IReadOnlyList<string> Authorities, string Audience)
{
    /// <summary>The environment variable by which Azure's SDKs name the host that signs in.</summary>
    public const string Variable = "AZURE_AUTHORITY_HOST";

    // GCC is in the public cloud.
    private static readonly Cloud Public = new(
        [".dynamics.com"],
        ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
        "api://AzureADTokenExchange");

    private static readonly Cloud[] All =
    [
        Public,
        new(
            [".microsoftdynamics.us", ".appsplatform.us"],
            ["login.microsoftonline.us", "login.usgovcloudapi.net"],
            "api://AzureADTokenExchangeUSGov"),
        new(
            [".dynamics.cn"],
            ["login.chinacloudapi.cn", "login.partner.microsoftonline.cn"],
            "api://AzureADTokenExchangeChina"),
    ];

    /// <summary>The host that signs in, as an https URL.</summary>
    public Uri Authority => new($"https://{Authorities[0]}/");

    /// <summary>The cloud of an environment.</summary>
    /// <param name="environment">The environment's address.</param>
    /// <param name="authority">What <see cref="Variable"/> holds: a host, or its https URL; null or blank for
    /// nothing.</param>
    /// <param name="needsAuthority">Whether a credential is shown to the authority itself.</param>
    /// <exception cref="CommandException">5031 the variable is no such host, or one of another cloud; 5032 the
    /// environment is in no cloud that is known, and no host is named.</exception>
    public static Cloud Of(Uri environment, string? authority, bool needsAuthority)
    {
        string host = "." + environment.Host.TrimEnd('.');
        Cloud? known = All.FirstOrDefault(
            cloud => cloud.Suffixes.Any(suffix => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)));
        if (string.IsNullOrWhiteSpace(authority))
        {
            return known ?? (!needsAuthority || SecureAddress.IsThisMachine(environment) ? Public
                : throw new CommandException(Errors.CloudUnknown(environment.Host)));
        }

        string named = HostOf(authority.Trim())
            ?? throw new CommandException(Errors.AuthorityBad("holds something else than a host or its https URL"));
        Cloud? signsIn = All.FirstOrDefault(cloud => cloud.Authorities.Contains(named));
        return known != null && known != signsIn
            ? throw new CommandException(Errors.AuthorityBad("names a host of another cloud than the environment's"))
            : new Cloud([], [named], (signsIn ?? Public).Audience);
    }

    private static string? HostOf(string authority)
    {
        string text = authority.Contains("://", StringComparison.Ordinal) ? authority : "https://" + authority;
        return SecureAddress.Parse(text) is { PathAndQuery: "/", Fragment.Length: 0, IsDefaultPort: true } url
            && url.Scheme == Uri.UriSchemeHttps
            && Uri.CheckHostName(url.Host) == UriHostNameType.Dns && url.Host.Contains('.', StringComparison.Ordinal)
                ? url.Host.TrimEnd('.')
                : null;
    }
}
