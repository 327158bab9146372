using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Doctor;

[TestClass]
public sealed class Names_do_not_match_the_workstream : SoundEnvironment
{
    [TestMethod]
    [DataRow("cart", "cart")]
    [DataRow("Cart", "Cart")]
    [DataRow("shopping cart", "shopping cart")]
    [DataRow("shown", "shown")] // by its display name
    [DataRow("name", "")] // Omnichannel's own
    [DataRow("CaseNumber", "")]
    public async Task It_is_content_with_a_name_that_is_there(string variable, string defined)
    {
        Map((variable, "column"));
        Define(defined.Length == 0 || defined == "shown" ? "other" : defined, "shown");
        await DeployedAsync();
        await FindsAsync();
    }

    [TestMethod]
    [DataRow("cart", "Cart", "(it has 'Cart')")]
    [DataRow("Cart", "cart", "(it has 'cart')")]
    [DataRow("msdyn_cartvalue", "msdyn_cartvalu", "(it has 'msdyn_cartvalu')")]
    [DataRow("cart", "cart ", "(it has 'cart ')")]
    [DataRow("cart", "ca\u00ADrt", "has no context variable 'cart'")]
    [DataRow("cart", "с\u0430rt", "has no context variable 'cart'")]
    [DataRow("cart", "ｃａｒｔ", "has no context variable 'cart'")]
    [DataRow("cart", "basket", "has no context variable 'cart', so its value")]
    [DataRow("e\u0301", "\u00e9", "has no context variable")]
    [DataRow("cart_value", "cart-value", "(it has 'cart-value')")]
    [DataRow("isVip", "isvip", "(it has 'isvip')")]
    [DataRow("msdyn_isvip", "msdyn_is_vip", "(it has 'msdyn_is_vip')")]
    [DataRow("cart", "cart\u200E", "has no context variable 'cart'")]
    [DataRow("cart", "\u202Ecart", "has no context variable 'cart'")]
    [DataRow("cart", "cart\U000E0020", "has no context variable 'cart'")]
    [DataRow("cart", "ca\uFE0Frt", "has no context variable 'cart'")]
    [DataRow("cart", "c\u0251rt", "has no context variable 'cart'")]
    [DataRow("cart", "cart\u00A0", "has no context variable 'cart'")]
    public async Task It_says_which_name_is_not_there(string variable, string defined, string fact)
    {
        Map((variable, "column"));
        Define(defined, null);
        await DeployedAsync();
        string said = await FindsAsync("warning 5491");
        StringAssert.Contains(said, fact);
        StringAssert.Contains(said, "Advanced settings, Context variables");
    }

    [TestMethod]
    public async Task It_looks_at_the_variables_of_every_caller()
    {
        Settings["callers"]!.AsObject().First().Value!["contextVariables"] =
            new JsonObject { ["basket"] = new JsonObject { ["value"] = 1 } };
        await DeployedAsync();
        StringAssert.Contains(await FindsAsync("warning 5491"), "'basket'");
    }

    [TestMethod]
    [DataRow("<condition attribute=\"a\" operator=\"eq\" value=\"${cart}\" />", true)]
    [DataRow("<condition attribute=\"a\" operator=\"eq\" value=\"${Cart}\" />", true)]
    [DataRow("<condition attribute=\"a\" operator=\"eq\" value=\" ${cart} \" />", true)]
    [DataRow("<condition attribute=\"a\" operator=\"in\"><value>x</value><value>${cart}</value></condition>", true)]
    [DataRow("<filter type=\"or\"><condition attribute=\"a\" operator=\"eq\" value=\"${cart}\" /></filter>", true)]
    [DataRow("<condition attribute=\"a\" operator=\"like\" value=\"%${cart}%\" />", true)]
    [DataRow("<condition attribute=\"a\" operator=\"eq\" value=\"${Email}-${cart}\" />", true)]
    [DataRow("<condition attribute=\"a\" operator=\"eq\" value=\"${ cart }\" />", true)]
    [DataRow("<condition attribute=\"a\" operator=\"eq\" value=\"&#36;{cart}\" />", true)]
    [DataRow("<condition attribute='a' operator='eq' value='${CART}' />", true)]
    [DataRow("<x:condition xmlns:x=\"urn:x\" attribute=\"a\" operator=\"eq\" value=\"${cart}\" />", true)]
    [DataRow("<condition attribute=\"a\" operator=\"in\"><value source=\"b\">${cart}</value></condition>", false)]
    [DataRow("<!-- <condition value=\"${cart}\" /> -->", false)]
    [DataRow("<condition attribute=\"a\" operator=\"eq\" value=\"${cart\" />", false)]
    [DataRow("<condition attribute=\"a\" operator=\"eq\" value=\"$cart}{cart}\" />", false)]
    [DataRow("<condition attribute=\"a\" operator=\"eq\" value=\"${cart}\" source=\"customer\" />", false)]
    [DataRow("<condition attribute=\"a\" operator=\"eq\" value=\"cart\" />", false)]
    [DataRow("<condition attribute=\"a\" operator=\"eq\" value=\"${Email}\" />", false)]
    [DataRow("<condition attribute=\"a\" operator=\"eq\" value=\"${cart2}\" />", false)]
    [DataRow("<condition attribute=\"cart\" operator=\"eq\" value=\"1\" />", false)]
    public async Task It_says_by_which_of_the_visitors_own_words_records_are_found(string condition, bool isMatched)
    {
        foreach (bool isText in (bool[])[false, true])
        {
            Map(("cart", "request"));
            Define("cart", null);
            string fetch = $"<fetch><entity name=\"contact\"><filter>{condition}</filter></entity></fetch>";
            ChangeRule("<RecordIdentificationRuleSet><RecordIdentificationRule>"
                + "<PrimaryEntity>contact</PrimaryEntity><Fetch>"
                + (isText ? System.Security.SecurityElement.Escape(fetch) : fetch)
                + "</Fetch></RecordIdentificationRule></RecordIdentificationRuleSet>");
            await DeployedAsync();
            string said = await FindsAsync(isMatched ? ["warning 5492"] : []);
            Assert.AreEqual(isMatched, said.Contains("identifies records by 'cart'", StringComparison.Ordinal));
            await ReturnToSoundness();
        }
    }

    [TestMethod]
    public async Task A_column_may_find_records()
    {
        Map(("cart", "column"));
        Define("cart", null);
        ChangeRule("<a><condition value=\"${cart}\"/></a>");
        await DeployedAsync();
        await FindsAsync();
    }

    [TestMethod]
    [DataRow("<a", "its identification rule is no XML")]
    [DataRow("<!DOCTYPE a [<!ENTITY b \"${cart}\">]><a>&b;</a>", "its identification rule is no XML")]
    public async Task It_says_what_it_could_not_read(string rule, string reason)
    {
        ChangeRule(rule);
        StringAssert.Contains(await FindsAsync("warning 5493"), reason);
    }

    [TestMethod]
    public async Task It_says_that_a_widget_has_no_workstream()
    {
        Organization.ChangeRow("msdyn_livechatconfig", Widget, ("msdyn_liveworkstreamid", null));
        StringAssert.Contains(await FindsAsync("warning 5493"), "the widget has no workstream");
    }

    [TestMethod]
    [DataRow("msdyn_ocliveworkstreamcontextvariables", HttpStatusCode.NotFound)]
    [DataRow("msdyn_liveworkstreams", HttpStatusCode.NotFound)]
    [DataRow("msdyn_ocliveworkstreamcontextvariables", HttpStatusCode.Forbidden)]
    [DataRow("msdyn_liveworkstreams", HttpStatusCode.Forbidden)]
    public async Task It_says_that_a_table_is_missing_or_may_not_be_read(string table, HttpStatusCode status)
    {
        Before = request => request.RequestUri!.AbsolutePath.Contains("/" + table, StringComparison.Ordinal)
            ? new HttpResponseMessage(status) { Content = new StringContent("{}") } : null;
        StringAssert.Contains(await FindsAsync("warning 5493"), $"was refused with {(int)status}");
    }

    [TestMethod]
    [DataRow("http://contosohelp.com/auth/publickey", true)]
    [DataRow("HTTP://contosohelp.com/x", true)]
    [DataRow(" http://contosohelp.com/x", true)]
    [DataRow("http://localhost.contosohelp.com/x", true)]
    [DataRow("http://127.0.0.1.contosohelp.com/x", true)]
    [DataRow("http://10.0.0.1/x", true)]
    [DataRow("http://[::2]/x", true)]
    [DataRow("http://localhost/x", false)]
    [DataRow("http://127.0.0.1:5080/x", false)]
    [DataRow("https://contosohelp.com/x", false)]
    public async Task A_record_that_reads_keys_in_clear_is_told(string address, bool isTold)
    {
        Organization.AddRow("msdyn_authenticationsettings", Guid.NewGuid(), ("msdyn_name", "Other"),
            ("msdyn_publickeyurl", address));
        string said = await FindsAsync(isTold ? ["warning 5490"] : []);
        Assert.AreEqual(isTold, said.Contains("'Other' read the public keys over http", StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task Deploys_own_record_in_clear_is_an_error()
    {
        Organization.ChangeRow("msdyn_authenticationsettings",
            Organization.Rows.Now.All("msdyn_authenticationsettings").Single().Id,
            ("msdyn_publickeyurl", "http://contosohelp.com/x"));
        await FindsAsync("error 5432", "error 5490");
    }

    [TestMethod]
    public async Task Deploy_says_it_before_it_begins()
    {
        Map(("cart", "column"));
        CommandRun run = await RunAsync("deploy", "--dry-run");
        StringAssert.Contains(run.Error, "CHATAUTH5491");
    }

    private async Task DeployedAsync()
    {
        ServeFile();
        CommandRun run = await RunAsync("deploy");
        Assert.AreEqual(0, run.ExitCode, run.Error);
    }

    private void Map(params (string Name, string Kind)[] variables) => Settings["contextVariables"] =
        new JsonObject(variables.Select(variable => new System.Collections.Generic.KeyValuePair<string, JsonNode?>(
            variable.Name,
            new JsonObject { [variable.Kind] = variable.Kind == "column" ? "firstname" : "string" })));

    private static void Define(string name, string? displayName) => Organization.AddRow(
        "msdyn_ocliveworkstreamcontextvariable", Guid.NewGuid(), ("msdyn_name", name),
        ("msdyn_displayname", displayName ?? "x"),
        ("msdyn_liveworkstreamid", new EntityReference("msdyn_liveworkstream", Workstream)));

    private static void ChangeRule(string rule) =>
        Organization.ChangeRow("msdyn_liveworkstream", Workstream, ("msdyn_recordidentificationrule", rule));
}
