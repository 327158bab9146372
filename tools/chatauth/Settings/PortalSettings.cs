using System.Text.RegularExpressions;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Settings;

/// <summary>One entry of "portals": a Power Pages site that is to give chat tokens.</summary>
/// <param name="Site">Name or id of the site.</param>
/// <param name="SignInUrl">Where its anonymous visitors are sent, a path on the site; null for nowhere.</param>
/// <param name="HasHeaderSnippet">Whether every page is to load the script.</param>
/// <param name="IdentityIssuer">The issuer for LivePerson's identity function; null where pages have none.</param>
internal sealed partial record PortalSettings(
    string Site, string? SignInUrl, bool HasHeaderSnippet, string? IdentityIssuer = null)
{
    /// <summary>Reads an entry.</summary>
    /// <param name="value">The entry.</param>
    /// <param name="path">Its place in the file.</param>
    /// <exception cref="CommandException">5102 to 5104.</exception>
    /// <exception cref="Plugins.ChatAuthException">2012, 2013.</exception>
    public static PortalSettings Read(JsonValue value, string path)
    {
        SettingsObject entry = new(value, path, "site", "signInUrl", "headerSnippet");
        string? signInUrl = entry.Text("signInUrl");
        return signInUrl != null && !IsPath(signInUrl)
            ? throw entry.Bad("signInUrl", "a path on the site, for example /SignIn")
            : new PortalSettings(entry.RequiredName("site"), signInUrl, entry.Flag("headerSnippet", usual: true));
    }

    /// <summary>
    /// Whether a text is a path on the site: to any other address chatauth.js sends nobody, and Liquid has no say in
    /// it.
    /// </summary>
    public static bool IsPath(string text) => Path().IsMatch(text);

    [GeneratedRegex(@"^/(?!/)[\w./~%?&=+-]{0,200}$", RegexOptions.ECMAScript)]
    private static partial Regex Path();
}
