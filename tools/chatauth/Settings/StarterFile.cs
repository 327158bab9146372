using System.Text.Json;

namespace ChatAuth.Settings;

/// <summary>The settings file that <c>chatauth init</c> writes, for a kind of portal.</summary>
internal static class StarterFile
{
    /// <summary>Where the samples and a page show the keys.</summary>
    private const string UsualPath = "/auth/publickey";

    private const string FilePath = "/publickey.json";

    private const string Site = "\"${POWER_PAGES_SITE}\"";

    /// <summary>The kinds of portals.</summary>
    public static readonly IReadOnlyList<string> Portals =
        ["page", "webfile", "aspnetcore", "node", "netframework", "static"];

    /// <summary>The text, with comments; every target that it names can be looked at.</summary>
    /// <param name="text">The starter file that the command carries.</param>
    /// <param name="portal">One of <see cref="Portals"/>; null for a portal of one's own that serves them.</param>
    /// <param name="url">The portal's address, or that of the keys; null for an environment variable.</param>
    /// <param name="issuer">The issuer; null for the host of <paramref name="url"/>.</param>
    /// <exception cref="CommandException">5104 and the like: what was given fits no settings file.</exception>
    public static string Of(string text, string? portal, Uri? url, string? issuer)
    {
        if ((issuer ?? url?.Host) is { } said)
        {
            text = Replaced(text, "\"issuer\": \"contosohelp.com\"", "\"issuer\": " + Json(said));
        }

        string path = portal is "webfile" or "static" ? FilePath : UsualPath;
        string keys = url == null ? "\"${PUBLIC_KEY_URL}\""
            : Json(url.AbsolutePath == "/" ? new Uri(url, path).AbsoluteUri : url.AbsoluteUri);
        string target = portal switch
        {
            "page" or "webfile" => $"{{ \"{portal}\": {Site}, \"url\": {keys} }}",
            "static" => $"{{ \"file\": \"out/publickey.json\", \"url\": {keys} }}",
            _ => $"{{ \"portal\": {keys} }}",
        };
        text = Replaced(text, "a portal that serves them\n  // itself: https://contosohelp.com" + UsualPath, portal switch
        {
            "page" => "a page of the site, which\n  // deploy makes: https://contosohelp.com",
            "webfile" => "a file directly below the\n  // address of the site, which deploy makes: https://contosohelp.com",
            "static" => "a file that you upload\n  // where deploy wrote it, then deploy again: https://contosohelp.com",
            _ => "a portal that serves them\n  // itself: https://contosohelp.com",
        } + path);
        text = Replaced(text, "    { \"portal\": \"${PUBLIC_KEY_URL}\" }\n  ]", $"    {target}\n  ]"
            + (portal is "page" or "webfile" ? $",\n\n  // The site is given what it needs to hand out tokens.\n"
                + $"  \"portals\": [\n    {{ \"site\": {Site} }}\n  ]" : string.Empty));
        text = Replaced(text, "\"publicKeyUrl\": \"${PUBLIC_KEY_URL}\"", "\"publicKeyUrl\": " + keys);
        if (portal is "page" or "webfile")
        {
            text = Replaced(text, "{ \"contact\": \"parameter\" }", "{ \"contact\": \"context\" }");
        }

        // Ensure that what is written is read
        SettingsFile.Parse(text, "chatauth.json", name => name == "PORTAL_APPLICATION_ID"
            ? "6f0c1f0e-0000-0000-0000-000000000001" : "https://contosohelp.com/auth/publickey");
        return text;
    }

    /// <summary>The same with what an environment has in place of its placeholders.</summary>
    /// <param name="text">A text of <see cref="Of"/>.</param>
    /// <param name="caller">Who asks for tokens: an application id, or powerpages.</param>
    /// <param name="site">Name or id of the Power Pages site; null for a portal of one's own.</param>
    /// <param name="publicKeyUrl">Where the keys are served.</param>
    /// <param name="widgets">Names of chat widgets.</param>
    public static string Filled(
        string text, string caller, string? site, Uri publicKeyUrl, IReadOnlyList<string> widgets)
    {
        int comment = text.IndexOf("\n\n  // Set these too", StringComparison.Ordinal);
        string chat = $$"""
            ,

              // What the chat service is told, and the widgets that it opens the chat in.
              "authenticationSettings": {
                "publicKeyUrl": {{Json(publicKeyUrl.AbsoluteUri)}},
                "widgets": {{JsonSerializer.Serialize(widgets)}}
              }

              // The contact that deploy asks a token for, as a proof; with a comma before it:
              // "testContact": "00000000-0000-0000-0000-000000000000"
            }

            """.ReplaceLineEndings("\n");
        text = Replaced(text[..comment] + chat, "\"${PORTAL_APPLICATION_ID}\"", Json(caller));
        return site != null ? Replaced(text, Site, Json(site)) : text;
    }

    private static string Json(string text) => JsonSerializer.Serialize(text);

    private static string Replaced(string text, string part, string by) =>
        text.Contains(part, StringComparison.Ordinal) ? text.Replace(part, by, StringComparison.Ordinal)
            : throw new InvalidOperationException("The starter file lacks " + part);
}
