using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ChatAuth.Tokens;

namespace ChatAuth.Sites;

/// <summary>A script tag in the source of a page, as a browser reads it.</summary>
/// <remarks>
/// HTML Living Standard, section 13.2.5, as far as tags are found by it: comments, raw text, attributes in any quotes
/// and case. Liquid runs before: what it comments out is not there, and what it would put in the place of any other of
/// its tags is not known here, so such a tag counts as letters of the value in which it stands, and of attributes that
/// it chooses between each counts. One pass, without going back.
/// </remarks>
/// <param name="Attributes">Names in small letters, and values; an attribute that counts more than once is there more
/// than once.</param>
internal sealed partial record ScriptTag(ILookup<string, string> Attributes)
{
    /// <summary>How much of a text is read: as much as a column of Dataverse holds.</summary>
    public const int Longest = 1_048_576;

    private const string TokenUrl = "data-token-url";

    // What has no tags in it but its own end; noscript where scripts run, as chatauth.js needs it.
    private static readonly string[] RawText =
        ["script", "style", "textarea", "title", "noscript", "xmp", "iframe", "noembed", "noframes"];

    /// <summary>Whether it loads chatauth.js, by whatever path and version.</summary>
    public bool IsChatAuth => Files().Any(file => !IsIdentityFile(file));

    /// <summary>Whether it loads chatauth-identity.js.</summary>
    public bool IsIdentity => Files().Any(IsIdentityFile);

    /// <summary>The issuers that it gives LivePerson, those aside that Liquid makes.</summary>
    public IEnumerable<string> IdentityIssuers =>
        Attributes["data-liveperson-issuer"].Where(issuer => !HasLiquid(issuer));

    /// <summary>The script tags of a text, in their order.</summary>
    /// <param name="text">HTML with Liquid.</param>
    public static IReadOnlyList<ScriptTag> In(string text) => new Reader(Uncommented(text)).Read();

    /// <summary>Whether it asks the portal's own token service for the token.</summary>
    /// <param name="values">Names that Liquid knows, and their values: site settings, snippets, variables.</param>
    public bool AsksPortal(IEnumerable<(string Name, string Value)> values) => Attributes[TokenUrl].Any(url =>
        HasLiquid(url)
            ? NamesService().IsMatch(url) || values.Any(value => value.Name.Length > 0
                && url.Contains(value.Name, StringComparison.OrdinalIgnoreCase) && NamesService().IsMatch(value.Value))
            : IsService(url));

    /// <summary>The variables that the Liquid of a text gives a value itself.</summary>
    /// <param name="text">HTML with Liquid.</param>
    public static IEnumerable<(string Name, string Value)> Assigned(string text) =>
        Assignment().Matches(Uncommented(text)).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

    private static string Uncommented(string text) =>
        LiquidComment().Replace(text.Length > Longest ? text[..Longest] : text, string.Empty);

    // Browsers take \ for / (URL standard); where the site is below a language, it is so in the address too.
    private static bool IsService(string url) =>
        Uri.TryCreate(new Uri("https://site.invalid/"), url.Trim().Replace('\\', '/'), out Uri? address)
        && address.AbsolutePath.TrimEnd('/').EndsWith(BuiltInService.TokenPath, StringComparison.OrdinalIgnoreCase);

    private static bool HasLiquid(string text) =>
        text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal);

    private static bool IsIdentityFile(string name) =>
        name.Contains("chatauth-identity", StringComparison.OrdinalIgnoreCase);

    // The names of files in its address that may be ours.
    private IEnumerable<string> Files() => Attributes["src"]
        .SelectMany(src => NoFileName().Split(HasLiquid(src) ? src : src.Split('?', '#')[0]))
        .Where(name => name.Contains("chatauth", StringComparison.OrdinalIgnoreCase)
            && name.EndsWith("js", StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"\{%-?\s*comment\s*-?%\}.*?(?:\{%-?\s*endcomment\s*-?%\}|\z)", RegexOptions.Singleline)]
    private static partial Regex LiquidComment();

    [GeneratedRegex(@"\{%-?\s*assign\s+([\w-]+)\s*=([^%]*)")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"/_services/auth/token(?![\w-])", RegexOptions.IgnoreCase)]
    private static partial Regex NamesService();

    [GeneratedRegex(@"[^\w.-]+")]
    private static partial Regex NoFileName();

    private sealed class Reader(string text)
    {
        private readonly List<ScriptTag> tags = [];
        private readonly HashSet<string> missing = [];
        private int at;

        public List<ScriptTag> Read()
        {
            while (at < text.Length)
            {
                if (LiquidAt() is { Length: > 0 } liquid)
                {
                    at += liquid.Length;
                }
                else if (text[at] != '<')
                {
                    at++;
                }
                else if (Has("<!--"))
                {
                    // <!--> and <!---> are comments too, and --!> ends one.
                    int end = After("-->", at + 2);
                    int other = text.IndexOf("--!>", at + 2, end - at - 2, StringComparison.Ordinal);
                    at = other < 0 ? end : other + "--!>".Length;
                }
                else if (Letter(1) || (Has("</") && Letter(2)))
                {
                    ReadTag();
                }
                else
                {
                    at = Has("<!") || Has("<?") || Has("</") ? After(">", at) : at + 1;
                }
            }

            return tags;
        }

        private void ReadTag()
        {
            bool isEnd = text[at + 1] == '/';
            at += isEnd ? 2 : 1;
            string name = Word(end: '>').ToLowerInvariant();
            if (Attributes() is not { } attributes || isEnd)
            {
                return;
            }

            if (name == "script")
            {
                tags.Add(new ScriptTag(attributes));
            }

            if (RawText.Contains(name))
            {
                SkipRawText("</" + name);
            }
        }

        // To the end tag, which is then read as any other.
        private void SkipRawText(string end)
        {
            do
            {
                int found = text.IndexOf(end, at, StringComparison.OrdinalIgnoreCase);
                at = found < 0 ? text.Length : found + end.Length;
            }
            while (at < text.Length && !IsBlank(text[at]) && text[at] is not ('/' or '>'));
            at = After(">", at);
        }

        // Null where the text ends within the tag, which is none then.
        private ILookup<string, string>? Attributes()
        {
            List<(string Name, string Value)> found = [];
            bool isChosen = false;
            while (at < text.Length && text[at] != '>')
            {
                if (LiquidAt() is { } liquid && liquid.StartsWith("{%", StringComparison.Ordinal))
                {
                    isChosen = true;
                    at += liquid.Length;
                }
                else if (IsBlank(text[at]) || text[at] == '/')
                {
                    at++;
                }
                else
                {
                    string name = Word(end: '=').ToLowerInvariant();
                    SkipBlanks();
                    found.Add((name, at < text.Length && text[at] == '=' ? Value() : string.Empty));
                }
            }

            return at++ >= text.Length ? null
                : (isChosen ? found : found.DistinctBy(attribute => attribute.Name))
                    .ToLookup(attribute => attribute.Name, attribute => attribute.Value);
        }

        // The name of a tag or an attribute; at least one letter, whatever it is.
        private string Word(char end)
        {
            StringBuilder word = new();
            do
            {
                word.Append(Next());
            }
            while (at < text.Length && !IsBlank(text[at]) && text[at] is not ('/' or '>') && text[at] != end
                && !Has("{%"));
            return word.ToString();
        }

        private string Value()
        {
            at++;
            SkipBlanks();
            StringBuilder value = new();
            if (at < text.Length && text[at] is '"' or '\'')
            {
                char quote = text[at++];
                while (at < text.Length && text[at] != quote)
                {
                    value.Append(Next());
                }

                at++;
            }
            else
            {
                while (at < text.Length && !IsBlank(text[at]) && text[at] != '>')
                {
                    value.Append(Next());
                }
            }

            return WebUtility.HtmlDecode(value.ToString());
        }

        // A letter, or all of a piece of Liquid.
        private string Next()
        {
            string next = LiquidAt() is { Length: > 0 } liquid ? liquid : text[at].ToString();
            at += next.Length;
            return next;
        }

        // The piece of Liquid that begins here; empty for none.
        private string LiquidAt()
        {
            string end = Has("{{") ? "}}" : Has("{%") ? "%}" : string.Empty;
            return end.Length == 0 || missing.Contains(end) || After(end, at + 2) is var after && missing.Contains(end)
                ? string.Empty
                : text[at..after];
        }

        // Behind a mark; the end of the text where it is not there, nor anywhere behind.
        private int After(string mark, int from)
        {
            int found = from > text.Length ? -1 : text.IndexOf(mark, from, StringComparison.Ordinal);
            if (found < 0)
            {
                missing.Add(mark);
            }

            return found < 0 ? text.Length : found + mark.Length;
        }

        private void SkipBlanks()
        {
            while (at < text.Length && IsBlank(text[at]))
            {
                at++;
            }
        }

        private bool Has(string mark) => string.CompareOrdinal(text, at, mark, 0, mark.Length) == 0;

        private bool Letter(int offset) => at + offset < text.Length && char.IsAsciiLetter(text[at + offset]);

        private static bool IsBlank(char letter) => letter is ' ' or '\t' or '\n' or '\r' or '\f';
    }
}
