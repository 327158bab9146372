namespace ChatAuth.SignIn;

/// <summary>The ways of signing in to an environment.</summary>
internal enum SignInWay
{
    /// <summary>
    /// What the machine offers: variables of an application, the workload's identity, the machine's, a developer's
    /// tool.
    /// </summary>
    Default,

    /// <summary>A bearer token that somebody else asked for.</summary>
    AccessToken,

    /// <summary>An application, by whatever the variables of Azure.Identity hold of it.</summary>
    Environment,

    /// <summary>An application with a secret.</summary>
    ClientSecret,

    /// <summary>An application with a certificate.</summary>
    Certificate,

    /// <summary>The Azure resource that the command runs on.</summary>
    ManagedIdentity,

    /// <summary>
    /// An application that trusts the workload's own token: Kubernetes, GitHub Actions, Azure Pipelines.
    /// </summary>
    WorkloadIdentity,

    /// <summary>Whoever has signed in with az.</summary>
    AzureCli,

    /// <summary>A person, with a code on any device.</summary>
    DeviceCode,

    /// <summary>A person, in the browser of this machine.</summary>
    Interactive,
}

/// <summary>The words for them.</summary>
internal static class SignInWays
{
    private static readonly (SignInWay Way, string Name, string Credential)[] All =
    [
        (SignInWay.Default, "default", "credential of this machine"),
        (SignInWay.AccessToken, "access-token", "access token"),
        (SignInWay.Environment, "environment", "credential of the environment variables"),
        (SignInWay.ClientSecret, "client-secret", "client secret"),
        (SignInWay.Certificate, "certificate", "certificate"),
        (SignInWay.ManagedIdentity, "managed-identity", "managed identity"),
        (SignInWay.WorkloadIdentity, "workload-identity", "workload identity"),
        (SignInWay.AzureCli, "azure-cli", "sign-in of the Azure CLI"),
        (SignInWay.DeviceCode, "device-code", "sign-in by device code"),
        (SignInWay.Interactive, "interactive", "sign-in in the browser"),
    ];

    /// <summary>The words of the option <c>--auth</c>.</summary>
    public static IEnumerable<string> Names => All.Select(each => each.Name);

    /// <summary>The way that a word of <see cref="Names"/> stands for.</summary>
    public static SignInWay Of(string name) => All.Single(each => each.Name == name).Way;

    /// <summary>How the option calls it.</summary>
    public static string Name(this SignInWay way) => All.Single(each => each.Way == way).Name;

    /// <summary>How errors call what is shown to the tenant.</summary>
    public static string Credential(this SignInWay way) => All.Single(each => each.Way == way).Credential;
}
