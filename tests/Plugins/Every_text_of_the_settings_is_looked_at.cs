using ChatAuth.Plugins.Claims;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Plugins.Tests;

/// <summary>The characters and placeholders that each of the three rules refuses, up to their bounds.</summary>
[TestClass]
public class Every_text_of_the_settings_is_looked_at
{
    private const string Compared = "compared";
    private const string Written = "written";
    private const string Constant = "constant";

    private static readonly string[] Rules = [Compared, Written, Constant];

    private static string At(int point) =>
        point is >= 0xD800 and <= 0xDFFF ? ((char)point).ToString() : char.ConvertFromUtf32(point);

    private static string Taken(string rule, string text) => rule switch
    {
        Compared => SettingText.Compared(text, "member"),
        Written => SettingText.Written(text, "member"),
        _ => SettingText.Constant(text, "member"),
    };

    private static string? Refusal(string rule, string text)
    {
        try
        {
            Assert.AreEqual(text, Taken(rule, text));
            return null;
        }
        catch (ChatAuthException refused)
        {
            return refused.Message;
        }
    }

    private static void IsRefused(string rule, string text, string because)
    {
        var refusal = Refusal(rule, text);
        Assert.IsNotNull(refusal, $"{rule} takes it");
        Assert.Contains("member", refusal);
        Assert.Contains(because, refusal);
    }

    private static void IsTaken(string rule, string text) => Assert.IsNull(Refusal(rule, text), $"{rule} refuses it");

    [TestMethod]
    [DataRow(0x20), DataRow(0x09), DataRow(0x0A), DataRow(0x85), DataRow(0xA0), DataRow(0x200B), DataRow(0x2060)]
    [DataRow(0xFEFF), DataRow(0x2800), DataRow(0x115F), DataRow(0x1160), DataRow(0x3164), DataRow(0xFFA0)]
    [DataRow(0x3000), DataRow(0x2028)]
    public void A_blank_is_refused_at_either_end(int point)
    {
        foreach (var rule in Rules)
        {
            IsRefused(rule, At(point) + "a", $"U+{point:X4}, an outer blank");
            IsRefused(rule, "a" + At(point), $"U+{point:X4}, an outer blank");
            IsRefused(rule, At(point), "an outer blank");
        }
    }

    [TestMethod]
    public void Inside_a_text_a_blank_is_one_of_U_0020_where_machines_compare()
    {
        foreach (var rule in Rules)
        {
            IsTaken(rule, "a b");
        }

        foreach (var point in new[] { 0xA0, 0x3000, 0x2800 })
        {
            IsRefused(Compared, $"a{At(point)}b", "a blank that is not U+0020");
            IsTaken(Written, $"a{At(point)}b");
            IsTaken(Constant, $"a{At(point)}b");
        }
    }

    [TestMethod]
    [DataRow(0x09), DataRow(0x0A), DataRow(0x0D), DataRow(0x2028), DataRow(0x2029)]
    public void A_tab_or_line_end_stands_in_a_constant_only(int point)
    {
        IsTaken(Constant, $"a{At(point)}b");
        IsRefused(Compared, $"a{At(point)}b", "a control character");
        IsRefused(Written, $"a{At(point)}b", "a control character");
    }

    [TestMethod]
    [DataRow(0x00), DataRow(0x08), DataRow(0x0B), DataRow(0x1F), DataRow(0x7F), DataRow(0x9F)]
    public void A_control_character_stands_nowhere(int point)
    {
        foreach (var rule in Rules)
        {
            IsRefused(rule, $"a{At(point)}b", "a control character");
        }
    }

    [TestMethod]
    [DataRow(0xD800), DataRow(0xDBFF), DataRow(0xDC00), DataRow(0xDFFF), DataRow(0xFFFD), DataRow(0xFFFE)]
    [DataRow(0xFFFF), DataRow(0xFDD0), DataRow(0xFDEF), DataRow(0x1FFFE), DataRow(0x10FFFF)]
    public void What_is_no_character_stands_nowhere(int point)
    {
        foreach (var rule in Rules)
        {
            IsRefused(rule, $"a{At(point)}b", "which is no character");
            IsRefused(rule, "a" + At(point), "which is no character");
            IsRefused(rule, At(point), "which is no character");
        }
    }

    [TestMethod]
    [DataRow(0xFDCF), DataRow(0xFDF0), DataRow(0xFFFC), DataRow(0x1F600), DataRow(0x10000), DataRow(0x1FFFD)]
    public void Its_neighbours_stand_anywhere(int point)
    {
        foreach (var rule in Rules)
        {
            IsTaken(rule, $"a{At(point)}b");
            IsTaken(rule, At(point) + "b");
            IsTaken(rule, "a" + At(point));
        }
    }

    [TestMethod]
    [DataRow(0xAD), DataRow(0x200D), DataRow(0x202E), DataRow(0x034F), DataRow(0x17B4), DataRow(0x17B5)]
    [DataRow(0x180B), DataRow(0x180F), DataRow(0xFE00), DataRow(0xFE0F), DataRow(0x2065), DataRow(0xFFF0)]
    [DataRow(0xFFF8), DataRow(0xE0000), DataRow(0xE0001), DataRow(0xE0FFF)]
    public void What_nobody_sees_is_refused_where_machines_compare(int point)
    {
        IsRefused(Compared, $"a{At(point)}b", "which nobody sees");
        IsTaken(Written, $"a{At(point)}b");
        IsTaken(Constant, $"a{At(point)}b");
    }

    [TestMethod]
    [DataRow(0x0350), DataRow(0x17B3), DataRow(0x17B6), DataRow(0x180A), DataRow(0x1810), DataRow(0xFDFF)]
    [DataRow(0xFE10), DataRow(0x2064 - 0x64), DataRow(0xFFEF), DataRow(0xFFF9 + 3), DataRow(0xDFFFD), DataRow(0xE1000)]
    public void What_stands_beside_it_is_judged_by_itself(int point)
    {
        var refusal = Refusal(Compared, $"a{At(point)}b") ?? "";
        Assert.DoesNotContain("which nobody sees", refusal);
    }

    [TestMethod]
    [DataRow("${X}", "${…}"), DataRow("a${X}", "${…}"), DataRow("$(X)", "$(…)"), DataRow("a $(_x) b", "$(…)")]
    [DataRow("@Microsoft.KeyVault(x)", "@Microsoft.…(…)")]
    public void A_placeholder_that_nothing_filled_stands_nowhere(string text, string told)
    {
        foreach (var rule in Rules)
        {
            IsRefused(rule, text, told);
        }
    }

    [TestMethod]
    [DataRow("#{X}#", "#{…}#"), DataRow("{{X}}", "{{…}}"), DataRow("$[x]", "$[…]"), DataRow("${", "${…}")]
    [DataRow("$(5)", "$(…)"), DataRow("${}", "${…}"), DataRow("$(", "$(…)")]
    public void What_may_be_one_stands_where_people_write_only(string text, string told)
    {
        IsRefused(Compared, text, told);
        IsTaken(Written, text);
        IsTaken(Constant, text);
    }

    [TestMethod]
    [DataRow("'x"), DataRow("x'"), DataRow("\"x"), DataRow("x\"")]
    public void A_quotation_mark_at_either_end_is_refused_where_machines_compare(string text)
    {
        IsRefused(Compared, text, "an outer quotation mark");
        IsTaken(Written, text);
        IsTaken(Compared, "x" + text + "x");
    }

    [TestMethod]
    public void The_second_of_two_is_seen_too()
    {
        IsRefused(Written, "$(5) and $(X)", "$(…)");
        IsRefused(Written, "$() and $(X)", "$(…)");
        IsTaken(Written, "a) $(");
    }

    [TestMethod]
    [DataRow("%X%", "%…%"), DataRow("__x_1__", "__…__"), DataRow("@a.b@", "@…@"), DataRow("<your host>", "<…>")]
    [DataRow("{_x}", "{…}"), DataRow("[[a-b]]", "[[…]]"), DataRow("$AB", "$…"), DataRow("$A_0", "$…")]
    [DataRow("$ENV:x", "$…"), DataRow("@{x", "@{…}"), DataRow("<%x", "<%…%>"), DataRow("x%24%7bx", "encoded")]
    [DataRow("%24%28x", "encoded"), DataRow("%23%7Bx", "encoded"), DataRow("%7B%7bx", "encoded")]
    [DataRow("https://%X%", "%…%"), DataRow("https://%X%/a", "%…%"), DataRow("https://a.%X%.b/c", "%…%")]
    [DataRow("a.__X__.b", "__…__"), DataRow("://{x}", "{…}"), DataRow("{%x", "{%…%}"), DataRow("{#x", "{#…#}")]
    [DataRow("%{x", "%{…}"), DataRow("@(x", "@(…)"), DataRow("%(x", "%(…)"), DataRow("<<x", "<<…>>")]
    [DataRow("((x", "((…))"), DataRow("$x$", "$…$"), DataRow("!x!", "!…!"), DataRow("#x#", "#…#")]
    [DataRow("[x('y')]", "[…]"), DataRow("[[a]", "[…]"), DataRow("$AB-c", "$…"), DataRow("https://a/$AB", "$…")]
    [DataRow("$$AB", "$…")]
    public void What_a_replacer_left_is_refused_where_machines_compare(string text, string told)
    {
        IsRefused(Compared, text, told);
        IsTaken(Written, text);
        IsTaken(Constant, text);
    }

    [TestMethod]
    [DataRow("%%"), DataRow("%1%"), DataRow("%a/b%"), DataRow("%a"), DataRow("a%"), DataRow("____"), DataRow("__a_")]
    [DataRow("a@b"), DataRow("<a"), DataRow("a>"), DataRow("{a"), DataRow("{}"), DataRow("[[a"), DataRow("$A")]
    [DataRow("$Ab"), DataRow("$A-B"), DataRow("$env"), DataRow("https://a/%X%"), DataRow("%X%/a"), DataRow("%24%7C")]
    [DataRow("a://b/c.{x}/d"), DataRow("x%X%"), DataRow("%X%x"), DataRow("x$AB"), DataRow("$ABc"), DataRow("[a")]
    [DataRow("a]"), DataRow("#a"), DataRow("!a"), DataRow("https://[fe80::1]/k"), DataRow("x@Microsoft.K(a)")]
    public void What_only_looks_like_it_is_not(string text) => IsTaken(Compared, text);

    [TestMethod]
    public void Nothing_is_looked_at_in_an_empty_text()
    {
        foreach (var rule in Rules)
        {
            IsTaken(rule, "");
        }
    }

    [TestMethod]
    [DataRow(0x24B6, "a"), DataRow(0x24CF, "z"), DataRow(0x24D0, "a"), DataRow(0x24E9, "z")]
    [DataRow(0xFF21, "a"), DataRow(0xFF3A, "z"), DataRow(0xFF41, "a"), DataRow(0xFF5A, "z")]
    [DataRow(0x1D400, "a"), DataRow(0x1D6A3, "z"), DataRow(0x1F130, "a"), DataRow(0x1F149, "z")]
    [DataRow(0x3381, "na"), DataRow(0x33D7, "ph")]
    public void A_letter_that_NFKC_makes_ASCII_is_folded(int point, string letters)
    {
        Assert.AreEqual(letters, CompatibleLetters.Fold(At(point)));
        Assert.AreEqual($"x{letters}y", CompatibleLetters.Fold($"X{At(point)}Y"));
    }

    [TestMethod]
    [DataRow(0x24B5), DataRow(0x24EA), DataRow(0xFF20), DataRow(0xFF3B), DataRow(0xFF40), DataRow(0xFF5B)]
    [DataRow(0x1D6A4), DataRow(0x1F12F), DataRow(0x1F14A), DataRow(0x1D3FF), DataRow(0x80), DataRow(0x7F)]
    [DataRow(0x1F600), DataRow(0xFFFF), DataRow(0x10000)]
    public void What_stands_beside_the_letters_stays(int point) =>
        Assert.AreEqual($"x{At(point)}y", CompatibleLetters.Fold($"X{At(point)}Y"));
}
