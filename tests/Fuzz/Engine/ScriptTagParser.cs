using System;
using System.Collections.Generic;
using System.Linq;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using ChatAuth.Sites;

namespace ChatAuth.Fuzz;

/// <summary>Pages and snippets of a site, in which script tags are looked for, against the tree of HTML.</summary>
/// <remarks>Nothing of them is refused; a text without a script tag counts as if it were.</remarks>
internal sealed class ScriptTagParser : Parser
{
    // The tree of a longer text may take minutes.
    private const int LongestJudged = 2000;

    private const string Sound = """<script src="/chatauth.js" data-token-url="/_services/auth/token"></script>""";

    // Where the tree decides what a tag begins, which the tokenizer alone does not know.
    private static readonly string[] OtherContent = ["<svg", "<math", "<frameset", "<select"];

    private static readonly string[] Texts =
    [
        """
        <script src="/chatauth.js?v=1" data-token-url="/_services/auth/token?client_id=a" data-sign-in-url="/SignIn">
        </script>
        """,
        """
        {% if user %}
        <script src="{{ 'chatauth.js' | append: '?v=2' }}" data-token-url="{{ settings['Url'] | default: '/_api/x' }}">
        </script>
        {% else %}<script src=/chatauth.min.js data-token-url='/_services/auth/token'></script>{% endif %}
        """,
        """
        {% assign url = "/_services/auth" | append: "/token" %}{% capture b %}x{{ url }}{% endcapture %}
        <script src="/a/chatauth-1.2.js" data-token-url="{{ url }}" {% if b %}data-token-url="{{ b }}"{% endif %}>
        """,
        """
        <!-- <script src="/chatauth.js"></script> --><script type="text/javascript">
        document.write('<script src="/chatauth.js">');</script><style><script></style>
        <template><script></script></template>
        """,
        """
        {% comment %}<script src="/chatauth.js"></script>{% endcomment %}
        <script src="/chatauth-identity.js" data-liveperson-issuer="contosohelp.com"></script>
        """,
        """
        <!DOCTYPE html><html><head><title>a<script></title></head><body><textarea><script></textarea>
        <noscript><script></script></noscript><p>b</p>
        <SCRIPT SRC=chatauth.js DATA-TOKEN-URL=/en-US/_services/auth/token/></SCRIPT></body></html>
        """,

        // Values that double, and branches within one value.
        string.Concat(Enumerable.Range(1, 40).Select(number =>
            $"{{% assign a{number} = a{number - 1} | append: a{number - 1} %}}"))
            + "{% assign a0 = 'xx' %}<script src=chatauth.js data-token-url='{{ a40 }}{{ a40 }}'></script>",
        "<script src=chatauth.js data-token-url='"
            + string.Concat(Enumerable.Repeat("{% if x %}/_services{% else %}/auth{{ y }}{% endif %}", 40))
            + "'></script>",
    ];

    private static readonly string[] Pieces =
    [
        "<script", "</script>", "<script src=\"/chatauth.js\">", "<!--", "-->", "--!>", "<!-->", "<", ">", "/>", "/",
        "=", "\"", "'", "`", "&quot;", "&#x7b;&#x7b;", "&amp", "{{", "}}", "{%", "%}", "{% comment %}",
        "{% endcomment %}", "{% raw %}", "{% endraw %}", "{% if x %}", "{% else %}", "{% endif %}", "{{ x }}",
        "{{ 'a' | append: 'b' }}", "{%0}", "{{0}}", "{{99999999999}}", "{% assign a = a | append: a %}",
        "{% capture a %}{{ a }}{{ a }}{% endcapture %}", "{{ a }}", "<template>", "</template>", "<style>", "</style>",
        "<textarea>", "<title>", "<noscript>", "</noscript>", "<plaintext>", "<iframe>", "<xmp>",
        "<svg>", "</svg>", "<math>", "<select>", "</select>", "<table>", "<tr>", "<frameset>", "</head>", "<body>",
        "<svg><style>", "<foreignObject>", "<svg><title>", "<noembed>", "<noframes>", "<option>", "<p>",
        "<![CDATA[", "]]>",
        " data-token-url=", " src=", " type=module", " type=json", "/_services/auth/token", "chatauth.js", "\t", "\0",
    ];

    /// <inheritdoc/>
    public override string Name => "scripttags";

    /// <inheritdoc/>
    public override int Share => 40;

    /// <summary>A text is copied without tags of Liquid, then without expressions.</summary>
    public override long MaximumBytes => 16 * 1024 * 1024;

    /// <inheritdoc/>
    public override string Make(Dice dice)
    {
        string text = dice.Pick(Texts);
        for (int pieces = dice.Below(4); pieces > 0; pieces--)
        {
            string piece = dice.Pick(Pieces);
            int times = dice.OneIn(100) ? TextMutation.MaximumLength / piece.Length : 1;
            text = text.Insert(dice.Below(text.Length + 1), string.Concat(Enumerable.Repeat(piece, times)));
        }

        text = dice.OneIn(3) ? text : TextMutation.Of(dice, text, Texts);
        return text.Length <= TextMutation.MaximumLength ? text : text[..TextMutation.MaximumLength];
    }

    /// <inheritdoc/>
    public override object Read(object prepared)
    {
        LiquidText text = new((string)prepared);
        ScriptTag[] tags = [.. ScriptTag.In(text)];
        return tags.Length == 0 ? throw new CommandException(new CodedError("none", "Nothing.", string.Empty))
            : tags.Select(tag => (Sources: string.Join(' ', tag.Attributes["src"]),
                Asks: tag.IsChatAuth && tag.AsksPortal(text), Issuers: string.Join(' ', tag.IdentityIssuers),
                tag.IsIdentity)).ToArray();
    }

    /// <inheritdoc/>
    public override string? Disagreement(string input, object? result, Refusal? refusal)
    {
        // Whatever comes behind a tag, it is found.
        LiquidText behind = new(Sound + input);
        if (ScriptTag.In(behind) is not [var first, ..] || !first.IsChatAuth || !first.AsksPortal(behind))
        {
            return "a sound tag ahead of it is not found";
        }

        if (input.Length > LongestJudged || LiquidText.IsIn(input)
            || OtherContent.Any(start => input.Contains(start, StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        string[] read = result == null ? []
            : [.. (((string Sources, bool Asks, string Issuers, bool IsIdentity)[])result).Select(tag => tag.Sources)];
        string[] expected =
        [
            .. new HtmlParser(new HtmlParserOptions { IsScripting = true }).ParseDocument(input).All
                .Where(element => element is IHtmlScriptElement && IsCode(element.GetAttribute("type")))
                .Select(element => element.GetAttribute("src") ?? string.Empty),
        ];
        return read.SequenceEqual(expected) ? null
            : $"the tree has [{string.Join('|', expected)}], not [{string.Join('|', read)}]";
    }

    private static bool IsCode(string? type) => (type ?? string.Empty).Trim().ToLowerInvariant() is var kind
        && (kind is "" or "module" || kind.Contains("javascript", StringComparison.Ordinal)
            || kind.Contains("ecmascript", StringComparison.Ordinal));
}
