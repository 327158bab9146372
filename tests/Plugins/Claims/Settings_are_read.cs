using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Plugins.Tests.Claims;

[TestClass]
public class Settings_are_read
{
    private const string Callers = "\"callers\":{\"6f0c1f0e-0000-0000-0000-000000000001\":{}}";

    [TestMethod]
    [DataRow(null, 2001)]
    [DataRow(" ", 2001)]
    [DataRow("{", 2002)]
    [DataRow("[]", 2002)]
    [DataRow("""{"issuer":"i","issuerr":"i",CALLERS}""", 2003)]
    [DataRow("""{"issuer":"i","callers":{"6f0c1f0e-0000-0000-0000-000000000001":{"callers":{}}}}""", 2003)]
    [DataRow("""{"issuer":"i","callers":{"6f0c1f0e-0000-0000-0000-000000000001":{"contacts":"context"}}}""", 2003)]
    [DataRow("""{"issuer":"i","callers":{"6f0c1f0e-0000-0000-0000-000000000001":{"until":4}}}""", 2003)]
    [DataRow("""{CALLERS}""", 2004)]
    [DataRow("""{"issuer":"i"}""", 2004)]
    [DataRow("""{"issuer":"",CALLERS}""", 2005)]
    [DataRow("""{"issuer":" ",CALLERS}""", 2005)]
    [DataRow("""{"issuer":5,CALLERS}""", 2005)]
    [DataRow("""{"issuer":"i","audience":"",CALLERS}""", 2005)]
    [DataRow("""{"issuer":"i","audience":["a"],CALLERS}""", 2005)]
    [DataRow("""{"issuer":"i","callers":{}}""", 2005)]
    [DataRow("""{"issuer":"i","callers":[]}""", 2005)]
    [DataRow("""{"issuer":"i","callers":{"portal":{}}}""", 2005)]
    [DataRow("""{"issuer":"i","callers":{"PowerPages":{}}}""", 2005)]
    [DataRow("""{"issuer":"i","callers":{"00000000-0000-0000-0000-000000000000":{}}}""", 2005)]
    [DataRow("""{"issuer":"i","callers":{"{6f0c1f0e-0000-0000-0000-000000000001}":{}}}""", 2005)]
    [DataRow(
        """
        {"issuer":"i","callers":{"6f0c1f0e-0000-0000-0000-000000000001":{},"6F0C1F0E-0000-0000-0000-000000000001":{}}}
        """,
        2005)]
    [DataRow("""{"issuer":"i","callers":{"6f0c1f0e-0000-0000-0000-000000000001":"parameter"}}""", 2005)]
    [DataRow("""{"issuer":"i","tokenLifetimeSeconds":59,CALLERS}""", 2006)]
    [DataRow("""{"issuer":"i","tokenLifetimeSeconds":3601,CALLERS}""", 2006)]
    [DataRow("""{"issuer":"i","tokenLifetimeSeconds":"900",CALLERS}""", 2006)]
    [DataRow("""{"issuer":"i","tokenLifetimeSeconds":900.0,CALLERS}""", 2006)]
    [DataRow("""{"issuer":"i","tokenLifetimeSeconds":-900,CALLERS}""", 2006)]
    public void What_is_wrong_is_told_by_code(string? settings, int code)
    {
        var call = new Call { Settings = settings?.Replace("CALLERS", Callers)! };
        call.IsRefused(code);
        Assert.IsEmpty(call.Platform.Queries);
    }

    [TestMethod]
    [DataRow("""{"issuer":"i\n",CALLERS}""", 2012, "issuer holds U+000A, an outer blank")]
    [DataRow("""{"issuer":"i\u00ad",CALLERS}""", 2012, "issuer holds U+00AD, which nobody sees")]
    [DataRow("""{"issuer":"i\u0001j",CALLERS}""", 2012, "issuer holds U+0001, a control character")]
    [DataRow("""{"issuer":"i\ufffdj",CALLERS}""", 2012, "issuer holds U+FFFD, which is no character")]
    [DataRow("""{"issuer":"i\u2009j",CALLERS}""", 2012, "issuer holds U+2009, a blank that is not U+0020")]
    [DataRow("""{"issuer":"i\udb40\udc41j",CALLERS}""", 2012, "issuer holds U+E0041")]
    [DataRow("""{"issuer":"i","audience":" a",CALLERS}""", 2012, "audience holds U+0020")]
    [DataRow("""{"issuer":"$(Host)",CALLERS}""", 2013, "issuer holds $(…)")]
    [DataRow("""{"issuer":"${Host}",CALLERS}""", 2013, "issuer holds ${…}")]
    [DataRow("""{"issuer":"#{Host}#",CALLERS}""", 2013, "issuer holds #{…}#")]
    [DataRow("""{"issuer":"i","claims":{"sub ":"firstname"},CALLERS}""", 2012, "the name of claims[1] holds U+0020")]
    [DataRow("""{"issuer":"i","claims":{"a":"first\u200bname"},CALLERS}""", 2012, "claims[1] holds U+200B")]
    [DataRow("""{"issuer":"i","claims":{"a":{"value":"a\u0007b"}},CALLERS}""", 2012, "claims[1].value holds U+0007")]
    [DataRow("""{"issuer":"i","claims":{"a":{"value":"a\n"}},CALLERS}""", 2012, "claims[1].value holds U+000A")]
    [DataRow("""{"issuer":"i","claims":{"a":{"value":"$(A)"}},CALLERS}""", 2013, "claims[1].value holds $(…)")]
    [DataRow(
        """{"issuer":"i","callers":{"6f0c1f0e-0000-0000-0000-000000000001 ":{}}}""", 2012, "callers[1] holds U+0020")]
    [DataRow(
        """{"issuer":"i","callers":{"6f0c1f0e-0000-0000-0000-000000000001":{"issuer":"j "}}}""",
        2012,
        "callers[1].issuer holds U+0020")]
    [DataRow(
        """{"issuer":"i","callers":{"powerpages":{"contact":{"externalIdentity":"azuread\u2060"}}}}""",
        2012,
        "callers[1].contact.externalIdentity holds U+2060")]
    [DataRow(
        """{"issuer":"i","callers":{"powerpages":{"contact":{"column":"a\u00adb"}}}}""",
        2012,
        "callers[1].contact.column holds U+00AD")]
    public void A_text_that_nobody_looked_at_is_told_by_member_and_code_point(string settings, int code, string fact)
    {
        var call = new Call { Settings = settings.Replace("CALLERS", Callers) };
        StringAssert.Contains(call.IsRefused(code).Message, fact);
        Assert.IsEmpty(call.Platform.Queries);
    }

    [TestMethod]
    [DataRow("name ", 2012)]
    [DataRow("\u3000name", 2012)]
    [DataRow("na\u00ADme", 2012)]
    [DataRow("na\u034Fme", 2012)]
    [DataRow("na\uFE0Fme", 2012)]
    [DataRow("na\u200Dme", 2012)]
    [DataRow("ｎａｍｅ", 2014)]
    [DataRow("nаme", 2014)] // Cyrillic
    [DataRow("nam\u0435", 2014)]
    [DataRow("emaıl", 2014)]
    [DataRow("ﬁrst", 2014)]
    [DataRow("e\u0301mail", 2014)]
    [DataRow("cart\u007f", 2012)]
    public void A_request_variable_has_a_name_that_is_what_it_looks_like(string name, int code) =>
        new Call().WithVariables($$$"""{"{{{name}}}":{"request":"string"}}""").IsRefused(code);

    [TestMethod]
    [DataRow("ｎａｍｅ", "name")]
    [DataRow("ＮＡＭＥ", "name")]
    [DataRow("ⓝⓐⓜⓔ", "name")]
    [DataRow("𝐞𝐦𝐚𝐢𝐥", "email")]
    [DataRow("𝖕𝖍𝖔𝖓𝖊", "phone")]
    [DataRow("ｃａｓｅNumber", "casenumber")]
    [DataRow("portalcontacti\u2146", "portalcontactid")]
    [DataRow("ca\u017Fenumber", "casenumber")]
    [DataRow("ᵉmail", "email")]
    [DataRow("ｐhone", "phone")]
    [DataRow("\u33D7one", "phone")]
    [DataRow("\u3381me", "name")]
    [DataRow("🄽🄰🄼🄴", "name")]
    [DataRow("ₙₐₘₑ", "name")]
    [DataRow("ℕame", "name")]
    public void Nor_does_unicode_let_a_reserved_name_in(string name, string reserved) => StringAssert.Contains(
        new Call().WithVariables($$$"""{"{{{name}}}":{"request":"string","unicode":true}}""").IsRefused(2008).Message,
        $"Context variable \"{reserved}\" cannot");

    [TestMethod]
    public void Of_ASCII_a_blank_and_a_tilde_are_letters_of_a_name() =>
        Assert.AreEqual("""{"a b":"L","a~b":3}""", new Call().WithVariables(
            """{"a b":{"request":"string"},"a~b":{"request":"number"}}""",
            """{"a b":"L","a~b":3}""").Payload()["lwicontexts"]!.Text);

    [TestMethod]
    public void Unicode_lets_other_names_in()
    {
        Assert.AreEqual("""{"Größe":"L","サイズ":3}""", new Call().WithVariables(
            """{"Größe":{"request":"string","unicode":true},"サイズ":{"unicode":true,"request":"number"}}""",
            """{"Größe":"L","サイズ":3}""").Payload()["lwicontexts"]!.Text);
        Assert.AreEqual("""{"größe":"L"}""", new Call().WithVariables("""{"größe":{"value":"L"}}""")
            .Payload()["lwicontexts"]!.Text);
        new Call().WithVariables("""{"a":{"value":"L","unicode":true}}""").IsRefused(2005);
        new Call().WithVariables("""{"a":{"request":"string","unicode":"true"}}""").IsRefused(2005);
        new Call().WithVariables("""{"a":{"request":"string","unicode":true,"value":1}}""").IsRefused(2005);
        new Call().WithVariables("""{"größe":{"request":"string","unicode":false}}""").IsRefused(2014);
    }

    [TestMethod]
    [DataRow(60)]
    [DataRow(3600)]
    public void A_lifetime_within_the_range_is_taken(int seconds) =>
        Assert.AreEqual((Call.NowNumeric + seconds).ToString(System.Globalization.CultureInfo.InvariantCulture),
            new Call().WithEntry($$"""{"tokenLifetimeSeconds":{{seconds}}}""").Payload()["exp"]!.Text);

    [TestMethod]
    [DataRow("iss")]
    [DataRow("sub")]
    [DataRow("aud")]
    [DataRow("exp")]
    [DataRow("nbf")]
    [DataRow("iat")]
    [DataRow("jti")]
    [DataRow("lwicontexts")]
    [DataRow("Sub")]
    [DataRow("LWIContexts")]
    public void A_claim_that_ChatAuth_writes_cannot_be_mapped(string claim) =>
        new Call().WithEntry($$$"""{"claims":{"{{{claim}}}":"firstname"}}""").IsRefused(2007);

    [TestMethod]
    [DataRow("[]")]
    [DataRow("""{"":"firstname"}""")]
    [DataRow("""{"a":5}""")]
    [DataRow("""{"a":""}""")]
    [DataRow("""{"a":"FirstName"}""")]
    [DataRow("""{"a":"first name"}""")]
    [DataRow("""{"a":"1name"}""")]
    [DataRow("""{"a":"parentcustomerid:account.name"}""")]
    [DataRow("""{"":{"value":"x"}}""")]
    [DataRow("""{"a":{"request":"string"}}""")]
    [DataRow("""{"a":{"column":"firstname","value":"x"}}""")]
    [DataRow("""{"a":{"value":null}}""")]
    [DataRow("""{"a":{}}""")]
    [DataRow("""{"a":["firstname"]}""")]
    public void A_claim_takes_a_column_or_a_constant_and_no_request(string claims) =>
        new Call().WithEntry($$"""{"claims":{{claims}}}""").IsRefused(2005);

    [TestMethod]
    [DataRow("a", 1)]
    [DataRow("z_az09", 1)]
    [DataRow("a", 128)]
    public void A_logical_name_has_1_to_128_letters_digits_and_underscores(string name, int times)
    {
        var column = string.Concat(Enumerable.Repeat(name, times));
        var call = new Call().WithEntry(
            $$$"""
            {"claims":{"nick":"{{{column}}}"},
             "contextVariables":{"hop":{"column":"{{{column}}}:{{{column}}}.{{{column}}}"} } }
            """);
        call.Contact[column] = "Berti";
        Assert.AreEqual("Berti", call.Payload()["nick"]!.Text);
        if (column.Length == 128)
        {
            new Call().WithEntry($$$"""{"claims":{"nick":"{{{column}}}b"}}""").IsRefused(2005);
        }
    }

    [TestMethod]
    [DataRow("portalcontactid")]
    [DataRow("name")]
    [DataRow("email")]
    [DataRow("phone")]
    [DataRow("casenumber")]
    [DataRow("Name")]
    [DataRow("CaseNumber")]
    [DataRow("PORTALCONTACTID")]
    public void A_variable_that_Omnichannel_links_by_cannot_come_from_the_request(string name)
    {
        new Call().WithVariables($$$"""{"{{{name}}}":{"request":"string"}}""").IsRefused(2008);
        Assert.IsNotNull(new Call().WithVariables($$$"""{"{{{name}}}":{"column":"contactid"}}""").Token());
    }

    [TestMethod]
    [DataRow("[]")]
    [DataRow("""{"":{"value":1}}""")]
    [DataRow("""{"a":"x"}""")]
    [DataRow("""{"a":{}}""")]
    [DataRow("""{"a":{"value":1,"column":"firstname"}}""")]
    [DataRow("""{"a":{"values":1}}""")]
    [DataRow("""{"a":{"value":null}}""")]
    [DataRow("""{"a":{"value":{}}}""")]
    [DataRow("""{"a":{"value":[1]}}""")]
    [DataRow("""{"a":{"value":1e400}}""")]
    [DataRow("""{"a":{"column":5}}""")]
    [DataRow("""{"a":{"column":"a:b"}}""")]
    [DataRow("""{"a":{"column":"a.b"}}""")]
    [DataRow("""{"a":{"column":"a:b.c.d"}}""")]
    [DataRow("""{"a":{"column":"a:b:c.d"}}""")]
    [DataRow("""{"a":{"column":"A:b.c"}}""")]
    [DataRow("""{"a":{"column":"a:B.c"}}""")]
    [DataRow("""{"a":{"column":"a:b.C"}}""")]
    [DataRow("""{"a":{"request":"text"}}""")]
    [DataRow("""{"a":{"request":"String"}}""")]
    [DataRow("""{"a":{"request":true}}""")]
    public void A_variable_has_one_source(string variables) => new Call().WithVariables(variables).IsRefused(2005);

    [TestMethod]
    public void There_are_at_most_100_variables_with_names_of_100_and_values_of_4000_characters()
    {
        Assert.IsNotNull(new Call().WithVariables(Variables(100)).Token());
        new Call().WithVariables(Variables(101)).IsRefused(2005);
        Assert.IsNotNull(
            new Call().WithVariables($$$"""{"{{{new string('n', 100)}}}":{"value":"{{{new string('v', 4000)}}}"}}""")
                .Token());
        new Call().WithVariables($$$"""{"{{{new string('n', 101)}}}":{"value":1}}""").IsRefused(2005);
        new Call().WithVariables($$$"""{"n":{"value":"{{{new string('v', 4001)}}}"}}""").IsRefused(2005);
    }

    [TestMethod]
    [DataRow("\"cookie\"")]
    [DataRow("5")]
    [DataRow("{}")]
    [DataRow("""{"externalIdentity":""}""")]
    [DataRow("""{"externalIdentity":"a","column":"b"}""")]
    [DataRow("""{"provider":"a"}""")]
    [DataRow("""{"column":5}""")]
    [DataRow("""{"column":"User Name"}""")]
    public void A_contact_rule_is_one_of_four(string rule) =>
        new Call().WithEntry($$"""{"contact":{{rule}}}""").IsRefused(2005);

    [TestMethod]
    public void No_message_repeats_a_value_of_the_settings()
    {
        var refusal = new Call().WithEntry("""{"secretsetting":"secretvalue"}""").IsRefused(2003);
        Assert.DoesNotContain("secret", refusal.Message);
        StringAssert.Contains(refusal.Message, "Member 1 of callers[1]");
    }

    private static string Variables(int count) =>
        "{" + string.Join(",", Enumerable.Range(0, count).Select(i => $$$"""  "v{{{i}}}":{"value":{{{i}}}}""")) + "}";
}
