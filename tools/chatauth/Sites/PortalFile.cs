using System.Text;
using System.Text.Json.Nodes;
using ChatAuth.Pack;

namespace ChatAuth.Sites;

/// <summary>
/// What a site is given, as it lies in <c>Solution/portal</c>; the same text wherever it was checked out.
/// </summary>
internal static class PortalFile
{
    /// <summary>Name of the script, which is its address on the site too.</summary>
    public const string ScriptName = "chatauth.js";

    /// <summary>Name of the script with LivePerson's identity function.</summary>
    public const string IdentityName = "chatauth-identity.js";

    /// <summary>Name of the server logic, and the last part of its address.</summary>
    public const string ServerLogicName = "chatauth-token";

    /// <summary>The script that pages load.</summary>
    public static string Script => Read(ScriptName);

    /// <summary>The script with LivePerson's identity function.</summary>
    public static string Identity => Read(IdentityName);

    /// <summary>The server logic.</summary>
    public static string ServerLogic => Read($"server-logic/{ServerLogicName}.js");

    /// <summary>The one script tag of every page.</summary>
    public static string ScriptTag => Read("head-bottom.html").TrimEnd();

    /// <summary>The Liquid of the page that shows the keys.</summary>
    public static string KeyPage => Read("public-keys.liquid").TrimEnd();

    /// <summary>The site settings and their values.</summary>
    public static JsonObject SiteSettings => JsonNode.Parse(Read("site-settings.json"))!.AsObject();

    /// <summary>A line of the server logic's description.</summary>
    /// <param name="key">Which.</param>
    public static string Described(string key) =>
        Read($"server-logic/{ServerLogicName}.serverlogic.yml").Split('\n')
            .Single(line => line.StartsWith(key + ": ", System.StringComparison.Ordinal))[(key.Length + 2)..];

    private static string Read(string path) =>
        Encoding.UTF8.GetString(EmbeddedFile.Read("Solution/portal/" + path)).ReplaceLineEndings("\n");
}
