using System.Net;
using System.Text.RegularExpressions;
using ChatAuth.Settings;

namespace ChatAuth.Sites;

/// <summary>
/// The content snippet that a site puts at the end of every page's head, and the piece of it that is ours.
/// </summary>
/// <remarks>
/// The snippet is the customer's: analytics and styles stand there. Ours is what lies between two comments, and nothing
/// else is changed; what was edited between them is not ours any more. No inline script: the tag passes a content
/// security policy of <c>'self'</c>.
/// </remarks>
internal static partial class HeaderSnippet
{
    /// <summary>Its name.</summary>
    public const string Name = "Head/Bottom";

    private const string Begin = "<!-- chatauth -->";
    private const string End = "<!-- /chatauth -->";

    /// <summary>The piece.</summary>
    /// <param name="settings">What is asked of the site.</param>
    public static string Piece(PortalSettings settings)
    {
        string tag = settings.SignInUrl is not { } url ? PortalFile.ScriptTag : PortalFile.ScriptTag.Replace(
            "></script>", $" data-sign-in-url=\"{Attribute(url)}\"></script>", StringComparison.Ordinal);
        string identity = settings.IdentityIssuer is not { } issuer ? string.Empty
            : $"<script src=\"/{PortalFile.IdentityName}\" data-liveperson-issuer=\"{Attribute(issuer)}\"></script>";
        return Begin + tag + identity + End;
    }

    /// <summary>The snippet's text with the piece; the same text where a page loads the script already.</summary>
    /// <param name="text">What it is.</param>
    /// <param name="settings">As for the piece.</param>
    /// <returns>Null when the piece was edited, or no browser would run it where it stands.</returns>
    public static string? With(string text, PortalSettings settings)
    {
        string piece = Piece(settings);
        string? changed = !Marked().IsMatch(text)
            ? Loads(text) ? text : text.Length == 0 ? piece : text + "\n" + piece
            : Without(text) is not { } rest ? null
            : text.Contains(piece, StringComparison.Ordinal) ? text
            : Marked().Replace(text, _ => piece, 1) is var other && rest == Without(other) ? other
            : null;
        return changed != null && Loads(changed) ? changed : null;
    }

    /// <summary>Whether a text loads chatauth.js by a tag of somebody else's, beside which no piece is put.</summary>
    /// <param name="text">The snippet's.</param>
    public static bool HasOwnTag(string text) => !Marked().IsMatch(text) && Loads(text);

    /// <summary>The snippet's text without the piece, as it was before.</summary>
    /// <param name="text">What it is.</param>
    /// <returns>Null when the piece was edited.</returns>
    public static string? Without(string text)
    {
        MatchCollection pieces = Marked().Matches(text);
        if (pieces.Count == 0)
        {
            return text;
        }

        string inner = pieces[0].Value[Begin.Length..^End.Length];
        int start = pieces[0].Index > 0 && text[pieces[0].Index - 1] == '\n' ? pieces[0].Index - 1 : pieces[0].Index;
        return pieces.Count == 1 && Own().Replace(inner, string.Empty) == PortalFile.ScriptTag
            ? text.Remove(start, pieces[0].Index + pieces[0].Length - start)
            : null;
    }

    private static bool Loads(string text) => ScriptTag.In(new LiquidText(text)).Any(tag => tag.IsChatAuth);

    // The snippet is Liquid: no brace of a value may begin a tag of it.
    private static string Attribute(string value) =>
        WebUtility.HtmlEncode(value).Replace("{", "&#123;", StringComparison.Ordinal);

    [GeneratedRegex("<!-- chatauth -->.*?<!-- /chatauth -->", RegexOptions.Singleline)]
    private static partial Regex Marked();

    // What the settings add to the tag.
    [GeneratedRegex(" data-sign-in-url=\"[^\"]*\""
        + "|<script src=\"/chatauth-identity\\.js\" data-liveperson-issuer=\"[^\"]*\"></script>")]
    private static partial Regex Own();
}
