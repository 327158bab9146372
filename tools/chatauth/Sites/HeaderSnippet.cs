using System.Net;
using System.Text.RegularExpressions;

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
    /// <param name="signInUrl">Where anonymous visitors are sent, a path on the site; null for nowhere.</param>
    public static string Piece(string? signInUrl) =>
        Begin + (
            signInUrl == null ? PortalFile.ScriptTag : PortalFile.ScriptTag.Replace(
                "></script>",
                $" data-sign-in-url=\"{WebUtility.HtmlEncode(signInUrl)}\"></script>",
                StringComparison.Ordinal)) + End;

    /// <summary>The snippet's text with the piece; the same text where a page loads the script already.</summary>
    /// <param name="text">What it is.</param>
    /// <param name="signInUrl">As for the piece.</param>
    /// <returns>Null when the piece was edited.</returns>
    public static string? With(string text, string? signInUrl)
    {
        if (Marked().IsMatch(text))
        {
            return Without(text) is not { } rest ? null
                : text.Contains(Piece(signInUrl), StringComparison.Ordinal) ? text
                : Marked().Replace(text, _ => Piece(signInUrl), 1) is var changed && rest == Without(changed) ? changed
                : null;
        }

        return Loads().IsMatch(text) ? text : text.Length == 0 ? Piece(signInUrl) : text + "\n" + Piece(signInUrl);
    }

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
        return pieces.Count == 1 && SignIn().Replace(inner, string.Empty) == PortalFile.ScriptTag
            ? text.Remove(start, pieces[0].Index + pieces[0].Length - start)
            : null;
    }

    [GeneratedRegex("<!-- chatauth -->.*?<!-- /chatauth -->", RegexOptions.Singleline)]
    private static partial Regex Marked();

    [GeneratedRegex(" data-sign-in-url=\"[^\"]*\"")]
    private static partial Regex SignIn();

    [GeneratedRegex("<script[^>]+chatauth\\.js", RegexOptions.IgnoreCase)]
    private static partial Regex Loads();
}
