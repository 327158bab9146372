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
    private const string TokenUrl = "data-token-url";
    private const string IssuerName = "data-liveperson-issuer";

    /// <summary>Whether it loads chatauth.js, by whatever path and version; by any name where it says what that file is
    /// to ask.</summary>
    public bool IsChatAuth => Files().Any(file => !IsIdentityFile(file))
        || (Attributes.Contains(TokenUrl) && Attributes.Contains("src") && !Files().Any());

    /// <summary>Whether it loads chatauth-identity.js, and gives it an issuer, without which it does nothing.</summary>
    public bool IsIdentity => Attributes.Contains(IssuerName) && Files().Any(IsIdentityFile);

    /// <summary>The issuers that it gives LivePerson, those aside that Liquid makes.</summary>
    public IEnumerable<string> IdentityIssuers =>
        Attributes[IssuerName].Where(issuer => !LiquidText.IsIn(issuer));

    /// <summary>The script tags of a text, in their order.</summary>
    /// <param name="text">HTML with Liquid.</param>
    public static IReadOnlyList<ScriptTag> In(LiquidText text)
    {
        // A tag of Liquid becomes a number ahead of what follows, so that no attribute that it chooses is the same as
        // another; an expression a number of its own, so that no quotation mark of it ends the value it stands in.
        int number = 0;
        List<string> expressions = [];
        string html = LiquidTag().Replace(text.Uncommented, _ => $" {{%{number++}}}");
        html = LiquidText.Expression().Replace(html, match =>
        {
            expressions.Add(match.Value);
            return $"{{{{{expressions.Count - 1}}}}}";
        });
        string Restored(string value) => Numbered().Replace(value, match =>
            int.TryParse(match.Groups[1].Value, out int index) && index < expressions.Count
                ? expressions[index] : match.Value);

        List<ScriptTag> tags = [];
        int templates = 0; // what is within one is no part of the page
        int foreign = 0; // in SVG and MathML a script has no src, and a style holds tags as any element does
        using TextSource source = new(html);
        using HtmlTokenizer tokenizer = new(source, HtmlEntityProvider.Resolver);
        for (HtmlToken token = tokenizer.Get(); token.Type != HtmlTokenType.EndOfFile; token = tokenizer.Get())
        {
            bool starts = token.Type == HtmlTokenType.StartTag;
            if (token is not HtmlTagToken tag)
            {
                continue;
            }

            if (tag.Name == "template")
            {
                templates = Math.Max(0, templates + (starts ? 1 : -1));
            }
            else if (tag.Name is "svg" or "math")
            {
                foreign = Math.Max(0, foreign + (!starts ? -1 : tag.IsSelfClosing ? 0 : 1));
            }

            if (starts && foreign == 0)
            {
                tokenizer.State = ContentOf(tag.Name);
                if (tag.Name == "script" && templates == 0 && IsCode(tag.GetAttribute("type")))
                {
                    tags.Add(new ScriptTag(tag.Attributes.ToLookup(
                        attribute => Chosen().Replace(attribute.Name, string.Empty),
                        attribute => Restored(attribute.Value))));
                }
            }
        }

        return tags;
    }

    /// <summary>Whether it asks the portal's own token service for the token.</summary>
    /// <param name="text">The text that it is of.</param>
    public bool AsksPortal(LiquidText text) => Attributes[TokenUrl].SelectMany(text.Written).Any(IsService);

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

    // URL standard: \ is /, tabs and line breaks are dropped. Where the site is below a language, so is the address.
    private static bool IsService(string url) =>
        Uri.TryCreate(
            new Uri("https://site.invalid/"), Dropped().Replace(url.Trim(), string.Empty).Replace('\\', '/'),
            out Uri? address)
        && address.AbsolutePath.TrimEnd('/').EndsWith(BuiltInService.TokenPath, StringComparison.OrdinalIgnoreCase);

    private static bool IsIdentityFile(string name) =>
        name.StartsWith("chatauth-identity", StringComparison.OrdinalIgnoreCase);

    // The names of files in its address that are ours, of whatever version.
    private IEnumerable<string> Files() => Attributes["src"]
        .SelectMany(src => NoFileName().Split(LiquidText.IsIn(src) ? src : src.Split('?', '#')[0]))
        .Where(name => OurFile().IsMatch(name));

    [GeneratedRegex(@"\{%[^{}]*%\}\s*")]
    private static partial Regex LiquidTag();

    [GeneratedRegex(@"\{\{(\d+)\}\}")]
    private static partial Regex Numbered();

    [GeneratedRegex(@"^\{%\d+\}")]
    private static partial Regex Chosen();

    [GeneratedRegex(@"[\t\r\n]")]
    private static partial Regex Dropped();

    [GeneratedRegex(@"^chatauth(?:-identity)?(?:[.-]v?\d[\w.-]*)?(?:\.min)?\.js$", RegexOptions.IgnoreCase)]
    private static partial Regex OurFile();

    [GeneratedRegex(@"[^\w.-]+")]
    private static partial Regex NoFileName();
}
