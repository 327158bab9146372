using System;
using System.Diagnostics;
using System.Linq;
using ChatAuth.Sites;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Sites;

[TestClass]
public sealed class A_script_tag_is_read
{
    private const string BuiltIn = "/_services/auth/token";

    [TestMethod]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"/_services/auth/token?client_id=contoso-chat\"></script>")]
    [DataRow("<script src='/chatauth.js' data-token-url='/_services/auth/token'></script>")]
    [DataRow("<script src=/chatauth.js data-token-url=/_services/auth/token></script>")]
    [DataRow("<SCRIPT DATA-TOKEN-URL=\"/_SERVICES/AUTH/TOKEN/\" SRC=\"/CHATAUTH.JS\"></SCRIPT>")]
    [DataRow("<script\n\tdata-token-url = \"/_services/auth/token\"\r\n async src = \"/chatauth.js?v=2\"\n></script>")]
    [DataRow("<script src=\"https://contoso.example/js/chatauth.min.js#x\" data-token-url="
        + "\"https://contoso.example/en-US/_services/auth/token?client_id=a#b\"></script>")]
    [DataRow("<script src=\"/chatauth-0.2.0.js\" data-token-url=\" _services/auth/token \"></script>")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"\\_services\\auth\\token\"></script>")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"&#47;_services&#x2F;auth/token?a=1&amp;b=2\"></script>")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"/%5Fservices/auth/token\"></script>")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"/_api/../_services/auth/token\"></script>")]
    [DataRow("<script a=\">\" b='>' src=\"/chatauth.js\" data-token-url=\"/_services/auth/token\"/>")]
    [DataRow("<p a=\"<script src='/chatauth.js'>\"><script src=\"/chatauth.js\" data-token-url="
        + "\"/_services/auth/token\"></script>")]
    [DataRow("<!-- old --><!--><!---><script src=\"/chatauth.js\" data-token-url=\"/_services/auth/token\"></script>")]
    [DataRow("<!-- a --!><script src=\"/chatauth.js\" data-token-url=\"/_services/auth/token\"></script><!-- b -->")]
    [DataRow("<!doctype html><?x ?></ x><script>a <b 'c</script ><script src=\"/chatauth.js\" data-token-url="
        + "\"/_services/auth/token\"></script>")]
    [DataRow("{% if user %}<script src=\"/chatauth.js\" data-token-url=\"/_services/auth/token\"></script>{% endif %}")]
    [DataRow("{% if a < b %}<script src=\"/chatauth.js\" data-token-url=\"{{ \"/_services/auth/token\" }}\"></script>")]
    [DataRow("<script src=\"{{ '/chatauth.js' | absolute_url }}\" data-token-url={{ \"/_services/auth/token\" | "
        + "append: x }}></script>")]
    [DataRow("<script src=\"/chatauth.js\" {% if a > b %}data-token-url=\"/_api/serverlogics/chatauth-token\""
        + "{% else %}data-token-url=\"/_services/auth/token\"{% endif %}></script>")]
    [DataRow("{% assign url = '/_services/auth/token?client_id=a' %}<script src=\"/chatauth.js\" data-token-url="
        + "\"{{ url }}\"></script>")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"{{ settings['Chat/Token'] }}\"></script>")]
    [DataRow("{%- comment -%}<script src=\"/chatauth.js\">{%-endcomment-%}<script src=\"/chatauth.js\" data-token-url="
        + "\"/_services{% comment %}x{% endcomment %}/auth/token\"></script>")]
    [DataRow("{% capture url %}/_services/auth/token?client_id=a{% endcapture %}<script src=\"/chatauth.js\" "
        + "data-token-url=\"{{ url }}\"></script>")]
    [DataRow("{%- capture 'a' -%}\n/_services{%- endcapture -%}{% assign b = a | append: '/auth/token' %}<script "
        + "src=\"/chatauth.js\" data-token-url=\"{{ b }}\"></script>")]
    [DataRow("{% assign a = \"/auth\" %}{% assign b = a | append: '/token' | prepend: \"/_services\" %}{% assign c = b"
        + " %}<script src=\"/chatauth.js\" data-token-url=\"{{ c | escape }}\"></script>")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"{{ settings[\"chat base\"] }}/auth/token\"></script>")]
    [DataRow("{% assign name = 'Chat/Token' %}<script src=\"/chatauth.js\" data-token-url=\"{{ settings[name] }}\">")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"{{ settings['Chat/None'] | default: settings['Chat/Token'] "
        + "}}?a={{ user.id }}\">")]
    [DataRow("{% if a %}{% assign u = '/x' %}{% else %}{% assign u = '/_services/auth/token' %}{% endif %}<script "
        + "src=\"/chatauth.js\" data-token-url=\"{{u}}\">")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"{% if a %}/x?y{% else %}/_services/auth/token{% endif %}"
        + "\">")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"{% if a %}/en{% endif %}/_services/auth/token\">")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"/_services\n/auth\t/to\r\nken\"></script>")]
    [DataRow("<script src=\"/js/live-chat.js\" data-token-url=\"/_services/auth/token\"></script>")]
    [DataRow("<svg><style/><title/><path d='M0'/></svg><script src=\"/chatauth.js\" data-token-url="
        + "\"/_services/auth/token\"></script>")]
    [DataRow("<svg/><math><mi>x</mi></math></svg><script src=\"/chatauth.js\" data-token-url="
        + "\"/_services/auth/token\"></script>")]
    [DataRow("<template><p></template><script src=\"/chatauth.js\" data-token-url=\"/_services/auth/token\"></script>")]
    public void That_asks_the_portal_however_people_write_it(string text) =>
        Assert.AreEqual((1, 1), Count(text));

    [TestMethod]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"/_api/serverlogics/chatauth-token\"></script>")]
    [DataRow("<script src=\"/chatauth.js\"></script>")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url></script>")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"/_services/auth/token2\"></script>")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"/_services/auth/tokens/token\"></script>")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"/auth/token?old=/_services/auth/token\"></script>")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"/auth/token\" data-token-url=\"/_services/auth/token\">"
        + "</script>")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"{{ settings['Chat/New'] }}\"></script>")]
    [DataRow("<script src=\"/chatauth.js\" title=\"data-token-url=/_services/auth/token\"></script>")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"{{ settings['Chat/Token2'] }}\"></script>")]
    [DataRow("<script type=module src=\"/chatauth-v1.2.min.js\" data-token-url=\"/auth/token\"></script>")]
    [DataRow("<script type=\"text/javascript\" src=\"/chatauth.js\" data-token-url=\"/auth/token\"></script>")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"/auth/token?old={{ settings['Chat/Token'] }}\">")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"{{ settings['Chat/New'] }}#{{ '/_services/auth/token' }}"
        + "\">")]
    [DataRow("{% assign u = u | append: u %}<script src=\"/chatauth.js\" data-token-url=\"{{ u }}\"></script>")]
    [DataRow("{% assign u = '/_services/auth/token' %}<script src=\"/chatauth.js\" data-token-url=\"{{ v }}\">")]
    [DataRow("{% comment %}{% assign u = '/_services/auth/token' %}{% endcomment %}<script src=\"/chatauth.js\" "
        + "data-token-url=\"{{ u }}\"></script>")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"/&#123;&#123;0}}/&#123;&#123;77}}\"></script>")]
    public void That_asks_somebody_else(string text) => Assert.AreEqual((1, 0), Count(text));

    [TestMethod]
    [DataRow("")]
    [DataRow("<script src=\"/other.js\"></script>")]
    [DataRow("<script data-token-url=\"/_services/auth/token\"></script>")]
    [DataRow("<svg><script src=\"/chatauth.js\"></script></svg>")]
    [DataRow("<template><template></template><script src=\"/chatauth.js\"></script></template>")]
    [DataRow("<template><script src=\"/chatauth.js\"></script>")]
    [DataRow("<script src=\"/chatauth-identity.js\" data-token-url=\"/_services/auth/token\"></script>")]
    [DataRow("<script src=\"/other.js?chatauth.js\"></script>")]
    [DataRow("<script>const tag = '<script src=\"/chatauth.js\">';</script>")]
    [DataRow("<textarea><script src=\"/chatauth.js\"></script></textarea>")]
    [DataRow("<noscript><script src=\"/chatauth.js\"></script></noscript>")]
    [DataRow("<!-- <script src=\"/chatauth.js\" data-token-url=\"/_services/auth/token\"></script> -->")]
    [DataRow("<!-- <script src=\"/chatauth.js\"></script>")]
    [DataRow("{% comment %}<script src=\"/chatauth.js\"></script>{% endcomment %}")]
    [DataRow("{%- comment -%}<script src=\"/chatauth.js\"></script>")]
    [DataRow("<link href=\"/chatauth.js\"><a title=\"<script src='/chatauth.js'></script>\">")]
    [DataRow("<script src=\"/chatauth.js\" data-token-url=\"/_services/auth/token")]
    [DataRow("<script src=\"/chatauth.js")]
    [DataRow("< script src=\"/chatauth.js\"></script>")]
    [DataRow("<script src=\"/contoso-chatauth-setup.js\"></script>")]
    [DataRow("<script src=\"/chatauth-window.js\"></script>")]
    [DataRow("<script type=\"application/json\" src=\"/chatauth.js\"></script>")]
    public void None_where_a_browser_sees_none(string text) => Assert.AreEqual((0, 0), Count(text));

    [TestMethod]
    [DataRow("<!-- -->", "--!>")]
    [DataRow("<!--", "")]
    [DataRow("{{", "")]
    [DataRow("{%", "")]
    [DataRow("{{ }}", "")]
    [DataRow("{% comment %}", "")]
    [DataRow("{% comment ", "%}")]
    [DataRow("{% assign a =", "")]
    [DataRow("{% assign a = a | append: a %}", "{{ a }}")]
    [DataRow("{% capture a %}", "")]
    [DataRow("{% capture a %}{{ a }}{{ a }}{% endcapture %}", "' data-token-url='{{ a }}'></script>")]
    [DataRow("<script ", "")]
    [DataRow("<script>", "")]
    [DataRow("<script></scriptx", "")]
    [DataRow("<a b='", "")]
    [DataRow("<a {{ '", "'")]
    [DataRow("<", "")]
    [DataRow("</a", "")]
    [DataRow("chatauth.js/", "'></script>")]
    [DataRow("&#4", "'></script>")]
    [DataRow("a b=c ", "></script>")]
    public void In_time_however_long_the_text_is(string piece, string end)
    {
        string text = "<script src='" + string.Concat(Enumerable.Repeat(piece, 1_100_000 / piece.Length)) + end;
#pragma warning disable RS0030 // the time that passes is what is measured
        long start = Stopwatch.GetTimestamp();
        Count(text);
        Count(text["<script src='".Length..]);
        Count("<script " + text["<script src='".Length..]);
        Assert.IsLessThan(20, Stopwatch.GetElapsedTime(start).TotalSeconds);
#pragma warning restore RS0030
    }

    [TestMethod]
    [DataRow("type", " ")]
    [DataRow("type", "java")]
    [DataRow("src", "chatauth-1")]
    [DataRow("src", "{{ ")]
    [DataRow("data-token-url", " ")]
    [DataRow("data-token-url", "{{a}}")]
    [DataRow("data-token-url", "{{ a | append: ")]
    [DataRow("data-token-url", "{{ a | append: 'b' ")]
    [DataRow("data-token-url", "{% a %}b")]
    public void In_time_however_long_an_attribute_is(string name, string piece)
    {
        string value = string.Concat(Enumerable.Repeat(piece, 900_000 / piece.Length));
#pragma warning disable RS0030 // the time that passes is what is measured
        long start = Stopwatch.GetTimestamp();
        Count($"<script src='/chatauth.js' {name}='{value}x'></script>");
        Count($"<script {name}='{value}x' src='/chatauth.js'></script>");
        Assert.IsLessThan(20, Stopwatch.GetElapsedTime(start).TotalSeconds);
#pragma warning restore RS0030
    }

    [TestMethod]
    public void Without_an_error_wherever_the_text_ends_or_begins()
    {
        const string Text = "<p a='{{ b }}'><!-- c --><script {% if d %}src=\"/chatauth.js\" data-token-url = "
            + "'/_services/auth/token'{% else %}async{% endif %}>e</script></p>{% comment %}f{% endcomment %}<!g>";
        for (int start = 0; start <= Text.Length; start++)
        {
            for (int end = start; end <= Text.Length; end++)
            {
                Count(Text[start..end]);
            }
        }

        Assert.AreEqual((1, 1), Count(Text));
    }

    private static (int Tags, int AskPortal) Count(string html)
    {
        LiquidText text = new(html, new[]
        {
            ("Chat/Token", BuiltIn), ("Chat/New", "/_api/serverlogics/chatauth-token"), ("chat base", "/_services"),
        }.ToLookup(each => each.Item1, each => each.Item2, StringComparer.OrdinalIgnoreCase));
        ScriptTag[] tags = [.. ScriptTag.In(text).Where(tag => tag.IsChatAuth)];
        return (tags.Length, tags.Count(tag => tag.AsksPortal(text)));
    }
}
