using ChatAuth.Plugins.Json;

namespace ChatAuth.Settings;

/// <summary>The setting "liveAssist": what an administrator pastes into Live Assist for Dynamics 365.</summary>
/// <param name="Issuer">The JWT issuer that Live Assist compares iss with.</param>
/// <param name="Method">The function of the page that it asks for a token.</param>
/// <param name="IsPasted">Whether it holds one key that somebody pastes; else it reads a JWKS endpoint.</param>
/// <param name="JwksUrl">That endpoint; null where it is the address of a publishing target.</param>
/// <param name="Window">Chat in a window of its own; null for none.</param>
/// <param name="HasIdentity">Whether Power Pages sites get LivePerson's identity function.</param>
internal sealed record LiveAssistSettings(
    string Issuer, string Method, bool IsPasted, Uri? JwksUrl, ExternalWindow? Window = null, bool HasIdentity = false)
{
    // The function of Live Assist's own examples (its guide to authenticated chats).
    private const string UsualMethod = "authoriseChatWithCallback";

    /// <summary>The usual settings, with a key that is pasted.</summary>
    /// <param name="issuer">JWT issuer.</param>
    public static LiveAssistSettings Pasted(string issuer) => new(issuer, UsualMethod, true, null);

    /// <summary>Reads the setting.</summary>
    /// <param name="value">The setting.</param>
    /// <param name="issuer">The setting "issuer".</param>
    /// <param name="publish">The entries of "publish".</param>
    /// <exception cref="CommandException">5102 to 5104.</exception>
    /// <exception cref="Plugins.ChatAuthException">2012, 2013.</exception>
    public static LiveAssistSettings Read(JsonValue value, string issuer, IReadOnlyList<TargetSettings> publish)
    {
        SettingsObject entry =
            new(value, "liveAssist", "issuer", "method", "key", "jwksUrl", "externalWindow", "identity");
        string method = entry.Text("method") ?? UsualMethod;
        bool isPasted = entry.RequiredText("key") switch
        {
            "line" => true,
            "jwks" => false,
            _ => throw entry.Bad("key", "line or jwks"),
        };
        Uri? url = entry.Url("jwksUrl");
        return !AuthenticationSettings.OfferedFunctions.Contains(method)
            ? throw entry.Bad("method", "one of " + string.Join(", ", AuthenticationSettings.OfferedFunctions))
            : isPasted && url != null ? throw entry.Bad("jwksUrl", "left out beside \"key\": \"line\"")
            : !isPasted && url == null && !publish.Any(target => target.IsJwksEndpoint)
            ? throw new CommandException(Errors.SettingMissing(entry.Path("jwksUrl")))
            : new LiveAssistSettings(
                entry.Text("issuer") ?? issuer,
                method,
                isPasted,
                url,
                entry["externalWindow"] is { } window
                    ? ExternalWindow.Read(window, entry.Path("externalWindow"))
                    : null,
                entry.Flag("identity", usual: false));
    }
}

/// <summary>Chat in a window of its own: who may be given the token.</summary>
/// <param name="Path">Path or address of the route, or page, that Live Assist sends its window to.</param>
/// <param name="RedirectUris">Where the portal may send the window back to, letter by letter.</param>
/// <param name="ClientId">The client id that Live Assist names; null where any will do.</param>
internal sealed record ExternalWindow(string Path, IReadOnlyList<string> RedirectUris, string? ClientId)
{
    private static readonly string[] Required = ["path", "redirectUris"];

    /// <summary>Reads the setting.</summary>
    /// <param name="value">The setting.</param>
    /// <param name="path">Its place in the file.</param>
    /// <exception cref="CommandException">5102 to 5104.</exception>
    /// <exception cref="Plugins.ChatAuthException">2012, 2013.</exception>
    public static ExternalWindow Read(JsonValue value, string path)
    {
        SettingsObject entry = new(value, path, "path", "redirectUris", "clientId");
        string? page = entry.Text("path");
        if (page != null && (page.AsSpan().ContainsAny('?', '#')
            || (!PortalSettings.IsPath(page) && SecureAddress.Parse(page) == null)))
        {
            throw entry.Bad("path", "a path, or an https address, without a query, for example /auth/authorize");
        }

        IReadOnlyList<string> uris = entry.Urls("redirectUris");
        string? clientId = entry.Text("clientId");
        CodedError[] missing =
        [
            .. Required.Where(name => entry[name] == null).Select(name => Errors.SettingMissing(entry.Path(name))),
        ];
        return missing.Length > 0 ? throw new CommandException(missing)
            : uris.Count == 0 ? throw entry.Bad("redirectUris", "an array of one address at least")
            : new ExternalWindow(page!, uris, clientId);
    }

    /// <summary>The address that is pasted: a path is on the site that the issuer names, and alone where it names none.
    /// </summary>
    /// <param name="issuer">JWT issuer: the site's address or host, as Live Assist's two documents have it.</param>
    public string Endpoint(string issuer) =>
        SecureAddress.Parse(Path)?.AbsoluteUri
        ?? ((SecureAddress.Parse(issuer) ?? SecureAddress.Parse("https://" + issuer)) is { PathAndQuery: "/" } site
            ? new Uri(site, Path).AbsoluteUri
            : Path);
}
