using System.Data.Common;

namespace ChatAuth.SignIn;

/// <summary>A connection string as other tools of Dataverse take it.</summary>
/// <remarks>
/// Names and aliases: Microsoft Learn, "Use connection strings in XRM tooling to connect to Microsoft Dataverse". Case
/// and spaces in a name count as nothing. <c>TenantId</c>, <c>CertificatePath</c> and <c>CertificatePassword</c> are
/// ChatAuth's own.
/// </remarks>
internal sealed class ConnectionString
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ServiceUri"] = Url,
        ["Url"] = Url,
        ["Server"] = Url,
        ["AuthenticationType"] = AuthType,
        ["AuthType"] = AuthType,
        ["ClientId"] = ClientId,
        ["AppId"] = ClientId,
        ["ApplicationId"] = ClientId,
        ["ClientSecret"] = ClientSecret,
        ["Secret"] = ClientSecret,
        ["Thumbprint"] = Thumbprint,
        ["CertThumbprint"] = Thumbprint,
        ["CertificateThumbprint"] = Thumbprint,
        ["StoreName"] = StoreName,
        ["CertificateStoreName"] = StoreName,
        ["UserName"] = UserName,
        ["UserId"] = UserName,
        ["LoginPrompt"] = LoginPrompt,
        ["Password"] = Password,
        [TenantId] = TenantId,
        [CertificatePath] = CertificatePath,
        [CertificatePassword] = CertificatePassword,

        // Known, and of no meaning here: nothing is cached, and the browser knows who is signed in.
        ["RequireNewInstance"] = string.Empty,
        ["RedirectUri"] = string.Empty,
        ["ReplyUrl"] = string.Empty,
        ["TokenCacheStorePath"] = string.Empty,
        ["IntegratedSecurity"] = string.Empty,
        ["HomeRealmUri"] = string.Empty,
        ["SkipDiscovery"] = string.Empty,
    };

    private const string Url = "Url";
    private const string AuthType = "AuthType";
    private const string ClientId = "ClientId";
    private const string ClientSecret = "ClientSecret";
    private const string Thumbprint = "Thumbprint";
    private const string StoreName = "StoreName";
    private const string UserName = "UserName";
    private const string LoginPrompt = "LoginPrompt";
    private const string Password = "Password";
    private const string TenantId = "TenantId";
    private const string CertificatePath = "CertificatePath";
    private const string CertificatePassword = "CertificatePassword";

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private readonly string source;

    private ConnectionString(string text, string source)
    {
        this.source = source;
        DbConnectionStringBuilder builder = [];
        try
        {
            builder.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            throw Bad("it is not name=value pairs between semicolons");
        }

        foreach (string name in builder.Keys)
        {
            if (!Names.TryGetValue(name.Replace(" ", string.Empty, StringComparison.Ordinal), out string? known))
            {
                throw Bad("a name in it is not one of a connection string to Dataverse");
            }

            if (!values.TryAdd(known, (string)builder[name]) && known.Length > 0)
            {
                throw Bad($"{known} stands in it under two names");
            }
        }
    }

    /// <summary>Reads one.</summary>
    /// <param name="text">The string.</param>
    /// <param name="source">Where it was read, for errors; they show nothing of its values.</param>
    /// <exception cref="CommandException">5026 it cannot be used, 5027 its AuthType is none of Dataverse's any
    /// more.</exception>
    public static SignInRequest Parse(string text, string source) =>
        new ConnectionString(text.Trim(), source).Request();

    private SignInRequest Request() => (Find(AuthType) ?? string.Empty).ToUpperInvariant() switch
    {
        "CLIENTSECRET" => Application(SignInWay.ClientSecret) with { Secret = Required(ClientSecret) },
        "CERTIFICATE" => Application(SignInWay.Certificate) with
        {
            Certificate = Find(CertificatePath) is { } path
                ? new CertificateSource(path, Find(CertificatePassword))
                : new CertificateSource(null, null, Required(Thumbprint), Find(StoreName) ?? "My"),
        },
        "OAUTH" => Person(),
        "OFFICE365" or "AD" or "IFD" => throw new CommandException(Errors.AuthTypeRetired(source, Find(AuthType)!)),
        "" => throw Bad("it has no AuthType"),
        _ => throw Bad("its AuthType is none of ClientSecret, Certificate and OAuth"),
    };

    private SignInRequest Application(SignInWay way) =>
        new(way) { Url = Required(Url), TenantId = Find(TenantId), ClientId = Required(ClientId), Source = source };

    private SignInRequest Person() =>
        Find(Password) != null ? throw Bad(
            "it holds a password, and a password alone signs nobody in any more: leave it out, the browser asks")
        : string.Equals(Find(LoginPrompt), "Never", StringComparison.OrdinalIgnoreCase)
        ? throw Bad("it says LoginPrompt=Never, and AuthType=OAuth has to ask: use ClientSecret or Certificate")
        : new SignInRequest(SignInWay.Interactive)
        {
            Url = Required(Url),
            TenantId = Find(TenantId),
            ClientId = Find(ClientId),
            UserName = Find(UserName),
            Source = source,
        };

    private string? Find(string name) => values.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;

    private string Required(string name) => Find(name) ?? throw Bad($"{name} is missing");

    private CommandException Bad(string rule) => new(Errors.ConnectionStringBad(source, rule));
}
