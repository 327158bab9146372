namespace ChatAuth.SignIn;

/// <summary>
/// What the command line says of the environment and of who signs in; the rest comes from environment variables.
/// </summary>
/// <param name="Url">The environment.</param>
/// <param name="Way">How to sign in; null for what is there.</param>
/// <param name="TenantId">Id or domain of the tenant.</param>
/// <param name="ClientId">Id of the application.</param>
/// <param name="ConnectionFile">A file with a connection string.</param>
internal sealed record SignInOptions(
    string? Url, SignInWay? Way = null, string? TenantId = null, string? ClientId = null, string? ConnectionFile = null)
{
    /// <summary>The environment variable that holds a connection string.</summary>
    public const string ConnectionVariable = "CHATAUTH_CONNECTION_STRING";

    /// <summary>The environment variables that say how to sign in.</summary>
    public static readonly IReadOnlyList<string> Variables =
        [TokenVariable, ConnectionVariable, "AZURE_CLIENT_ID", "AZURESUBSCRIPTION_CLIENT_ID"];

    private const string TokenVariable = "CHATAUTH_ACCESS_TOKEN";
    private const string Secret = "AZURE_CLIENT_SECRET";
    private const string CertificatePath = "AZURE_CLIENT_CERTIFICATE_PATH";

    /// <summary>Decides how to sign in, and as whom.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="CommandException">5009, 5015, 5026, 5027; 4001 the file cannot be read.</exception>
    public SignInRequest Decide(Func<string, string?> variable)
    {
        string? Set(string name) => variable(name)?.Trim() is not { Length: > 0 } value ? null
            : name is not (TokenVariable or ConnectionVariable) && SignInVariables.IsUnfilled(value)
                ? throw Lacks(Way ?? SignInWay.Default, $"a value in {name}: a placeholder there is not filled")
                : value;
        string Needed(SignInWay way, string name) => Set(name) ?? throw Lacks(way, name);

        SignInRequest Of(SignInWay way) => new(way)
        {
            TenantId = TenantId ?? Set("AZURE_TENANT_ID") ?? Set("AZURESUBSCRIPTION_TENANT_ID"),
            ClientId = ClientId ?? Set("AZURE_CLIENT_ID") ?? Set("AZURESUBSCRIPTION_CLIENT_ID"),
        };

        SignInRequest Application(SignInWay way, string source) => Of(way) switch
        {
            { ClientId: null } => throw Lacks(way, "--client-id or AZURE_CLIENT_ID"),
            var request => request with { Source = source },
        };

        return Way switch
        {
            null when ConnectionFile != null => Merged(
                ConnectionString.Parse(Utf8.Decode(DiskFile.Read(ConnectionFile)) ?? string.Empty, ConnectionFile)),
            null when Set(TokenVariable) != null => (this with { Way = SignInWay.AccessToken }).Decide(variable),
            null when Set(ConnectionVariable) is { } text => Merged(ConnectionString.Parse(text, ConnectionVariable)),
            null or SignInWay.Default when Offered(Set) is var way and not SignInWay.Default =>
                (this with { Way = way }).Decide(variable),
            null or SignInWay.Default => Of(SignInWay.Default),
            SignInWay.AccessToken =>
                ReadyToken.Find(Set(TokenVariable) ?? string.Empty) is { } token
                ? new SignInRequest(SignInWay.AccessToken) { Secret = token, Source = TokenVariable }
                : throw new CommandException(Errors.AccessTokenMissing()),
            SignInWay.Environment => Set(Secret) == null && Set(CertificatePath) == null
                ? throw Lacks(SignInWay.Environment, $"{Secret} or {CertificatePath}")
                : (this with { Way = Set(Secret) != null ? SignInWay.ClientSecret : SignInWay.Certificate }).Decide(
                    variable),
            SignInWay.ClientSecret =>
                Application(SignInWay.ClientSecret, Secret) with { Secret = Needed(SignInWay.ClientSecret, Secret) },
            SignInWay.Certificate => Application(SignInWay.Certificate, CertificatePath) with
            {
                Certificate = new CertificateSource(
                    Needed(SignInWay.Certificate, CertificatePath), Set("AZURE_CLIENT_CERTIFICATE_PASSWORD")),
            },
            SignInWay.WorkloadIdentity => Application(SignInWay.WorkloadIdentity,
                Federation.SourceOf(Set) ?? throw Lacks(SignInWay.WorkloadIdentity, Federation.Variables)),
            _ => Of(Way.Value),
        };
    }

    // The order of Azure.Identity's own chain; what is found is used, and is not passed over when it is wrong.
    private static SignInWay Offered(Func<string, string?> set) =>
        set("AZURE_CLIENT_ID") == null && set("AZURESUBSCRIPTION_CLIENT_ID") == null ? SignInWay.Default
        : set(Secret) != null || set(CertificatePath) != null ? SignInWay.Environment
        : Federation.SourceOf(set) != null ? SignInWay.WorkloadIdentity
        : SignInWay.Default;

    private SignInRequest Merged(SignInRequest request) =>
        request with { TenantId = TenantId ?? request.TenantId, ClientId = ClientId ?? request.ClientId };

    private static CommandException Lacks(SignInWay way, string what) => new(Errors.SignInIncomplete(way.Name(), what));
}
