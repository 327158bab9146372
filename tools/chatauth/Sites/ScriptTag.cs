using System.Text.RegularExpressions;
using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Text;
using ChatAuth.Tokens;

namespace ChatAuth.Sites;

/// <summary>A script tag in the source of a page, as a browser reads it.</summary>
/// <remarks>
/// Tags are found by the tokenizer of HTML alone: the tree of a text that somebody else wrote may take minutes. Liquid
/// runs before: what it comments out is not there, and what it would put in the place of any other of its tags is not
/// known here, so of attributes that it chooses between each counts.
/// </remarks>
/// <param name="Attributes">Names in small letters, and values; an attribute that counts more than once is there more
/// than once.</param>
internal sealed partial record ScriptTag(ILookup<string, string> Attributes)
{
    // As much of a text is read as a column of Dataverse holds.
    private const int Longest = 1_048_576;

    private const string TokenUrl = "data-token-url";
    private const string IssuerName = "data-liveperson-issuer";

    /// <summary>Whether it loads chatauth.js, by whatever path and version.</summary>
    public bool IsChatAuth => Files().Any(file => !IsIdentityFile(file));

    /// <summary>Whether it loads chatauth-identity.js, and gives it an issuer, without which it does nothing.</summary>
    public bool IsIdentity => Attributes.Contains(IssuerName) && Files().Any(IsIdentityFile);

    /// <summary>The issuers that it gives LivePerson, those aside that Liquid makes.</summary>
    public IEnumerable<string> IdentityIssuers =>
        Attributes[IssuerName].Where(issuer => !HasLiquid(issuer));

    /// <summary>The script tags of a text, in their order.</summary>
    /// <param name="text">HTML with Liquid.</param>
    public static IReadOnlyList<ScriptTag> In(string text)
    {
        List<ScriptTag> tags = [];
        using TextSource source = new(WithoutLiquid(text));
        using HtmlTokenizer tokenizer = new(source, HtmlEntityProvider.Resolver);
        for (HtmlToken token = tokenizer.Get(); token.Type != HtmlTokenType.EndOfFile; token = tokenizer.Get())
        {
            if (token is HtmlTagToken { Type: HtmlTokenType.StartTag } tag)
            {
                tokenizer.State = ContentOf(tag.Name);
                if (tag.Name == "script" && IsCode(tag.GetAttribute("type")))
                {
                    tags.Add(new ScriptTag(tag.Attributes.ToLookup(
                        attribute => Chosen().Replace(attribute.Name, string.Empty), attribute => attribute.Value)));
                }
            }
        }

        return tags;
    }

    /// <summary>Whether it asks the portal's own token service for the token.</summary>
    /// <param name="values">Names that Liquid knows, and their values: site settings, snippets, variables.</param>
    public bool AsksPortal(IEnumerable<(string Name, string Value)> values) => Attributes[TokenUrl].Any(url =>
        HasLiquid(url)
            ? NamesService().IsMatch(url)
                || values.Any(value => NamesService().IsMatch(value.Value) && Names(url, value.Name))
            : IsService(url));

    /// <summary>The variables that the Liquid of a text gives a value itself.</summary>
    /// <param name="text">HTML with Liquid.</param>
    public static IEnumerable<(string Name, string Value)> Assigned(string text) =>
        Assignment().Matches(Uncommented(text)).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

    private static string Uncommented(string text) =>
        LiquidComment().Replace(text.Length > Longest ? text[..Longest] : text, string.Empty);

    // A tag of Liquid becomes a number ahead of what follows, so that no attribute that it chooses is the same as
    // another. No quotation mark or blank of an expression ends the value that it stands in.
    private static string WithoutLiquid(string text)
    {
        int number = 0;
        return LiquidExpression().Replace(
            LiquidTag().Replace(Uncommented(text), _ => $" {{%{number++}}}"),
            match => EndOfValue().Replace(match.Value, "|"));
    }

    // What a browser that runs scripts finds no tags in.
    private static HtmlParseMode ContentOf(string name) => name switch
    {
        "script" => HtmlParseMode.Script,
        "title" or "textarea" => HtmlParseMode.RCData,
        "style" or "noscript" or "xmp" or "iframe" or "noembed" or "noframes" => HtmlParseMode.Rawtext,
        "plaintext" => HtmlParseMode.Plaintext,
        _ => HtmlParseMode.PCData,
    };

    // HTML, section 4.12.1: of any other type it is data.
    private static bool IsCode(string type) => type.Trim().ToLowerInvariant() is var kind
        && (kind is "" or "module" || kind.Contains("javascript", StringComparison.Ordinal)
            || kind.Contains("ecmascript", StringComparison.Ordinal));

    // Browsers take \ for / (URL standard); where the site is below a language, it is so in the address too.
    private static bool IsService(string url) =>
        Uri.TryCreate(new Uri("https://site.invalid/"), url.Trim().Replace('\\', '/'), out Uri? address)
        && address.AbsolutePath.TrimEnd('/').EndsWith(BuiltInService.TokenPath, StringComparison.OrdinalIgnoreCase);

    private static bool HasLiquid(string text) =>
        text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal);

    // Whether a piece of Liquid has a name in it, and not as a part of another.
    private static bool Names(string liquid, string name) => name.Length > 0 && Regex.IsMatch(
        liquid, $@"(?<![\w./-]){Regex.Escape(name)}(?![\w./-])", RegexOptions.IgnoreCase);

    private static bool IsIdentityFile(string name) =>
        name.StartsWith("chatauth-identity", StringComparison.OrdinalIgnoreCase);

    // The names of files in its address that are ours, of whatever version.
    private IEnumerable<string> Files() => Attributes["src"]
        .SelectMany(src => NoFileName().Split(HasLiquid(src) ? src : src.Split('?', '#')[0]))
        .Where(name => OurFile().IsMatch(name));

    // No piece of Liquid reaches over the beginning of another, so that each letter is looked at once or twice.
    [GeneratedRegex(@"\{%-?\s*comment\s*-?%\}.*?(?:\{%-?\s*endcomment\s*-?%\}|\z)", RegexOptions.Singleline)]
    private static partial Regex LiquidComment();

    [GeneratedRegex(@"\{%[^{}]*%\}\s*")]
    private static partial Regex LiquidTag();

    [GeneratedRegex(@"\{\{[^{}]*\}\}")]
    private static partial Regex LiquidExpression();

    [GeneratedRegex(@"\{%-?\s*assign\s+([\w-]+)\s*=([^%]*)")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"^\{%\d+\}")]
    private static partial Regex Chosen();

    [GeneratedRegex(@"[\s""'<>`=]")]
    private static partial Regex EndOfValue();

    [GeneratedRegex(BuiltInService.TokenPath + @"(?![\w-])", RegexOptions.IgnoreCase)]
    private static partial Regex NamesService();

    [GeneratedRegex(@"^chatauth(?:-identity)?(?:[.-]v?\d[\w.-]*)?(?:\.min)?\.js$", RegexOptions.IgnoreCase)]
    private static partial Regex OurFile();

    [GeneratedRegex(@"[^\w.-]+")]
    private static partial Regex NoFileName();
}
