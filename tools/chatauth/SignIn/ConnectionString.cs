using System.Data.Common;
using System.Text.RegularExpressions;

namespace ChatAuth.SignIn;

/// <summary>A connection string as Microsoft's own client of Dataverse takes it.</summary>
/// <remarks>
/// Names and aliases: Microsoft Learn, "Use connection strings in XRM tooling to connect to Microsoft Dataverse". Case
/// and spaces in a name count as nothing. Of several aliases that client takes the one that its list has first, and of
/// a name that stands twice the last; the environment may be named once only here, since nobody is to change another
/// one. <c>TenantId</c>, <c>CertificatePath</c> and <c>CertificatePassword</c> are ChatAuth's own.
/// </remarks>
internal sealed partial class ConnectionString
{
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

    private const string Malformed = "it is not name=value pairs between semicolons; " + Quoted;
    private const string Quoted = "a value that holds a semicolon or begins with a quotation mark stands in quotation "
        + "marks";

    // Some ten times a long one; each piece of a longer text costs memory before it is refused.
    private const int MaximumLength = 8192;

    // Each with its aliases, in the order in which they count.
    private static readonly Dictionary<string, string[]> Names = new()
    {
        [Url] = ["ServiceUri", "Url", "Server"],
        [AuthType] = ["AuthType", "AuthenticationType"],
        [ClientId] = ["ClientId", "AppId", "ApplicationId"],
        [ClientSecret] = ["ClientSecret", "Secret"],
        [Thumbprint] = ["CertificateThumbprint", "Thumbprint", "CertThumbprint"],
        [StoreName] = ["CertificateStoreName", "StoreName"],
        [UserName] = ["UserName", "UserId"],
        [LoginPrompt] = ["LoginPrompt"],
        [Password] = ["Password"],
        [TenantId] = [TenantId],
        [CertificatePath] = [CertificatePath],
        [CertificatePassword] = [CertificatePassword],

        // Of no meaning here: nothing is cached or discovered, and the browser knows who is signed in.
        [string.Empty] =
        [
            "RequireNewInstance", "UseUniqueInstance", "RedirectUri", "ReplyUrl", "TokenCacheStorePath",
            "IntegratedSecurity", "HomeRealmUri", "SkipDiscovery", "Domain",
        ],
    };

    private static readonly string[] Secrets = [ClientSecret, Password, CertificatePassword];

    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> notes = [];
    private readonly string source;

    private ConnectionString(string text, string source)
    {
        this.source = source;
        if (text.Length > MaximumLength)
        {
            throw Bad($"it is longer than {MaximumLength} characters");
        }

        if (SignInVariables.IsUnfilled(text))
        {
            throw Bad("it is a placeholder that nothing has filled");
        }

        string[] pieces = [.. PiecesOf(text).Select(piece => piece.Trim()).Where(piece => piece.Length > 0)];
        string[] names = [.. pieces.Select(piece => piece.Split('=')[0].Trim())];
        string Before(int place) => place == 0 ? string.Empty : MeaningOf(names[place - 1]) ?? string.Empty;
        if (Array.FindIndex(pieces, piece => !piece.Contains('=', StringComparison.Ordinal)) is var broken and >= 0)
        {
            // It may be the end of a secret.
            throw Bad(Secrets.Contains(Before(broken))
                ? $"{Before(broken)} holds a semicolon, and {Quoted}"
                : Malformed);
        }

        DbConnectionStringBuilder builder = [];
        try
        {
            builder.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            throw Bad(Malformed);
        }

        foreach (string name in builder.Keys)
        {
            values[Plain(name)] = (string)builder[name];
        }

        // Ensure that its pairs stand between semicolons: between commas or line ends, or behind a name, they are one
        // value
        if (Names[AuthType].Any(values.ContainsKey)
            || pieces.Any(piece => piece[^1] == '=' && MeaningOf(piece[..^1].Trim()) == AuthType)
            ? Find(AuthType)?.Contains('=', StringComparison.Ordinal) == true
            : Names[AuthType].Any(name => Plain(text).Contains(name, StringComparison.OrdinalIgnoreCase)))
        {
            throw Bad(Malformed);
        }

        if (Names.Where(pair => pair.Key.Length > 0 && SignInVariables.IsUnfilled(Find(pair.Key) ?? string.Empty))
            .Select(pair => pair.Key).FirstOrDefault() is { } unfilled)
        {
            throw Bad($"{unfilled} is a placeholder that nothing has filled");
        }

        if (names.Count(name => MeaningOf(name) == Url) > 1)
        {
            throw Bad("it names the environment twice");
        }

        foreach (int place in Enumerable.Range(0, names.Length).Where(place => MeaningOf(names[place]) == null))
        {
            notes.Add(Secrets.Contains(Before(place))
                ? $"The connection string of {source}: what follows {Before(place)} is no known name and is ignored; "
                    + $"{Quoted}."
                : ToldName().IsMatch(names[place])
                ? $"The connection string of {source}: {names[place]} means nothing here and is ignored."
                : $"The connection string of {source}: name {place + 1} means nothing here and is ignored.");
        }
    }

    /// <summary>Reads one.</summary>
    /// <param name="text">The string; in quotation marks as a whole, as files of variables have it, or not.</param>
    /// <param name="source">Where it was read, for errors; they show nothing of its values.</param>
    /// <exception cref="CommandException">5026 it cannot be used, 5027 its AuthType is none of Dataverse's any
    /// more.</exception>
    public static SignInRequest Parse(string text, string source)
    {
        string whole = text.Trim().Trim('\uFEFF').Trim();
        whole = whole is ['"', .., '"'] or ['\'', .., '\''] ? whole[1..^1] : whole;
        ConnectionString parsed = new(whole, source);
        return parsed.Request() with { Notes = [.. parsed.notes.Distinct()] };
    }

    private SignInRequest Request() => (Find(AuthType) ?? string.Empty).Trim().ToUpperInvariant() switch
    {
        "CLIENTSECRET" => WithSecret(),
        "CERTIFICATE" => WithCertificate(),

        // Server to server, as others call an application of either kind.
        "S2S" => Find(ClientSecret) != null ? WithSecret() : WithCertificate(),
        "OAUTH" => Person(),
        "OFFICE365" or "AD" or "IFD" or "CLAIMS" => throw new CommandException(
            Errors.AuthTypeRetired(source, Find(AuthType)!.Trim())),
        "" => throw Bad("it has no AuthType"),
        _ => throw Bad("its AuthType is none of ClientSecret, Certificate and OAuth"),
    };

    private SignInRequest WithSecret() =>
        Application(SignInWay.ClientSecret) with { Secret = Required(ClientSecret) };

    private SignInRequest WithCertificate() => Application(SignInWay.Certificate) with
    {
        Certificate = Find(CertificatePath) is { } path
            ? new CertificateSource(path, Find(CertificatePassword))
            : new CertificateSource(null, null, Required(Thumbprint), Find(StoreName) ?? "My"),
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

    private string? Find(string name) =>
        Names[name].Select(alias => values.GetValueOrDefault(alias)).FirstOrDefault(value => value?.Length > 0);

    private string Required(string name) => Find(name) ?? throw Bad($"{name} is missing");

    private CommandException Bad(string rule) => new(Errors.ConnectionStringBad(source, rule));

    // null for a name that is not one of Dataverse's.
    private static string? MeaningOf(string name) => Names
        .FirstOrDefault(pair => pair.Value.Contains(Plain(name), StringComparer.OrdinalIgnoreCase)).Key;

    private static string Plain(string name) => name.Replace(" ", string.Empty, StringComparison.Ordinal);

    // From one semicolon to the next that stands outside of quotation marks; those are doubled within themselves.
    private static IEnumerable<string> PiecesOf(string text)
    {
        (int start, char quote, int closed, bool begins) = (0, '\0', -2, false);
        for (int i = 0; i < text.Length; i++)
        {
            if (quote != '\0')
            {
                (quote, closed, begins) = text[i] == quote ? ('\0', i, false) : (quote, closed, false);
            }
            else if (text[i] == ';')
            {
                yield return text[start..i];
                (start, begins) = (i + 1, false);
            }
            else if (text[i] is '"' or '\'' && (begins || (closed == i - 1 && text[closed] == text[i])))
            {
                quote = text[i];
            }
            else
            {
                begins = text[i] == '=' || (begins && char.IsWhiteSpace(text[i]));
            }
        }

        yield return text[start..];
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z ]{0,39}$")]
    private static partial Regex ToldName();
}
