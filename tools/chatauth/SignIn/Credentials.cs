using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace ChatAuth.SignIn;

/// <summary>Makes the credential of Azure.Identity that a request asks for.</summary>
/// <remarks>
/// Each is given what it needs: read from the process by itself, it could neither be tried nor explained. Every request
/// of theirs goes through the host's network and ends after half a minute; what is busy is asked again as its
/// Retry-After says.
/// </remarks>
/// <param name="request">How to sign in.</param>
/// <param name="environment">The environment, which is asked for its tenant when no tenant is named.</param>
/// <param name="host">Network and environment variables; device codes go to its stderr.</param>
internal sealed class Credentials(SignInRequest request, Uri environment, CommandHost host)
{
    /// <summary>
    /// The application that Microsoft offers for signing people in while developing (Learn, the page of
    /// <see cref="ConnectionString"/>).
    /// </summary>
    public const string SampleApplication = "51f81489-12ee-4a9e-aaae-a2591f45987d";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Cloud? cloud;

    /// <summary>The tenant that was named or found; null when the way needs none.</summary>
    public string? Tenant { get; private set; } = request.TenantId;

    /// <summary>Makes it.</summary>
    /// <exception cref="CommandException">5019, 5025, 5029, 5031, 5032; 4001 a file cannot be read.</exception>
    public async Task<TokenCredential> MakeAsync(CancellationToken cancellation)
    {
        bool isOwn = request.Way is not (SignInWay.ManagedIdentity or SignInWay.AzureCli or SignInWay.Default);
        cloud = Cloud.Of(environment, host.Environment(Cloud.Variable), isOwn);
        if (isOwn)
        {
            Tenant ??= await TenantLookup.FindAsync(environment, host.Network, cancellation);
        }

        try
        {
            return Make();
        }
        catch (ArgumentException)
        {
            // The only argument that is checked at once.
            throw new CommandException(Errors.TenantUnknown(Tenant ?? "none", request.Way.Credential()));
        }
    }

    private TokenCredential Make() => request.Way switch
    {
        SignInWay.ClientSecret => new ClientSecretCredential(
            Tenant, request.ClientId, request.Secret, With(new ClientSecretCredentialOptions())),
#pragma warning disable CA2000 // the credential signs with the certificate for as long as the command runs
        SignInWay.Certificate => new ClientCertificateCredential(
            Tenant,
            request.ClientId,
            request.Certificate!.Load(),
            With(new ClientCertificateCredentialOptions { SendCertificateChain = SendsCertificateChain })),
#pragma warning restore CA2000
        SignInWay.WorkloadIdentity => new ClientAssertionCredential(
            Tenant,
            request.ClientId,
            cancellation => Federation.AssertionAsync(request.Source, cloud!.Audience, host, cancellation),
            With(new ClientAssertionCredentialOptions())),
        SignInWay.ManagedIdentity =>
            new ManagedIdentityCredential(With(new ManagedIdentityCredentialOptions(ManagedIdentity))),
        SignInWay.AzureCli => new AzureCliCredential(With(new AzureCliCredentialOptions { TenantId = Tenant })),
        SignInWay.DeviceCode => new DeviceCodeCredential(With(new DeviceCodeCredentialOptions
        {
            TenantId = Tenant,
            ClientId = request.ClientId ?? SampleApplication,
            DeviceCodeCallback = (code, _) =>
            {
                host.WriteError(code.Message);
                return Task.CompletedTask;
            },
        })),
        SignInWay.Interactive => host.Browser(With(new InteractiveBrowserCredentialOptions
        {
            TenantId = Tenant,
            ClientId = request.ClientId ?? SampleApplication,
            LoginHint = request.UserName,
        })),
        _ => new DefaultAzureCredential(With(Chain())),
    };

    private bool SendsCertificateChain =>
        host.Environment("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN") is { } text
        && (text == "1" || (bool.TryParse(text, out bool send) && send));

    private ManagedIdentityId ManagedIdentity =>
        request.ClientId == null ? ManagedIdentityId.SystemAssigned
            : ManagedIdentityId.FromUserAssignedClientId(request.ClientId);

    // Azure.Identity's own chain without what has been looked at already: variables of an application and workload
    // identities.
    private DefaultAzureCredentialOptions Chain()
    {
        string? kinds = host.Environment("AZURE_TOKEN_CREDENTIALS")?.Trim();
        bool onlyDeployed = string.Equals(kinds, "prod", StringComparison.OrdinalIgnoreCase);
        return new DefaultAzureCredentialOptions
        {
            TenantId = Tenant,
            ManagedIdentityClientId = request.ClientId,
            ExcludeEnvironmentCredential = true,
            ExcludeWorkloadIdentityCredential = true,
            ExcludeManagedIdentityCredential = string.Equals(kinds, "dev", StringComparison.OrdinalIgnoreCase),
            ExcludeAzureCliCredential = onlyDeployed,
            ExcludeAzureDeveloperCliCredential = onlyDeployed,
            ExcludeAzurePowerShellCredential = onlyDeployed,
            ExcludeVisualStudioCredential = onlyDeployed,
            ExcludeVisualStudioCodeCredential = onlyDeployed,
            ExcludeBrokerCredential = onlyDeployed,
        };
    }

    private TOptions With<TOptions>(TOptions options)
        where TOptions : TokenCredentialOptions
    {
        options.Transport = new HttpClientTransport(host.Network);
        options.AuthorityHost = cloud!.Authority;
        options.Retry.NetworkTimeout = Patience;
        options.Retry.MaxRetries = 2;
        options.Retry.Delay = TimeSpan.FromSeconds(0.5);
        return options;
    }
}
