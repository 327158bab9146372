using System;
using System.Linq;
using ChatAuth.Plugins.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.Plugins.Tests.Claims;

[TestClass]
public class Context_variables_are_mapped
{
    private const string Requests =
        """
        {"text":{"request":"string"},"count":{"request":"number"},"flag":{"request":"boolean"},"fixed":{"value":1}}
        """;

    [TestMethod]
    public void The_contact_is_there_by_default() =>
        Assert.AreEqual($$"""{"portalcontactid":"{{Call.Bert:D}}"}""", new Call().Payload()["lwicontexts"]!.Text);

    [TestMethod]
    public void Constants_stand_as_they_were_written() => Assert.AreEqual(
        """{"a":"x","b":1.50,"c":false,"d":true,"e":""}""",
        new Call().WithVariables(
            """{"a":{"value":"x"},"b":{"value":1.50},"c":{"value":false},"d":{"value":true},"e":{"value":""}}""")
            .Payload()["lwicontexts"]!.Text);

    [TestMethod]
    public void Without_a_value_the_claim_is_left_out()
    {
        Assert.IsNull(new Call().WithVariables("{}").Payload()["lwicontexts"]);
        Assert.IsNull(
            new Call().WithVariables("""{"a":{"column":"middlename"},"b":{"request":"string"}}""")
                .Payload()["lwicontexts"]);
    }

    [TestMethod]
    public void A_column_one_hop_away_comes_with_the_same_query()
    {
        var account = Guid.NewGuid();
        var call = new Call().WithVariables(
            """
            {"company":{"column":"parentcustomerid:account.name"},
             "number":{"column":"parentcustomerid:account.accountnumber"},
             "owner":{"column":"ownerid:systemuser.fullname"}}
            """);
        call.Contact["parentcustomerid"] = new EntityReference("account", account);
        call.Platform.Rows.Add(
            new Entity("account", account) { ["accountid"] = account, ["name"] = "Contoso", ["accountnumber"] = "A1" });
        var variables = call.Variables();
        Assert.AreEqual("Contoso", variables["company"]!.Text);
        Assert.AreEqual("A1", variables["number"]!.Text);
        Assert.IsNull(variables["owner"]);
        var query = call.Platform.Queries.Single();
        Assert.HasCount(2, query.LinkEntities);
        Assert.IsTrue(query.LinkEntities.All(link => link.JoinOperator == JoinOperator.LeftOuter));
    }

    [TestMethod]
    public void Claims_come_from_the_same_sources_in_the_same_query()
    {
        var account = Guid.NewGuid();
        var call = new Call().WithEntry(
            """
            {"claims":{"tier":{"value":"gold"},"vip":{"value":true},"nick":{"column":"firstname"},
                       "company":{"column":"parentcustomerid:account.name"},
                       "branch":{"column":"ownerid:systemuser.fullname"}},
             "contextVariables":{"company":{"column":"parentcustomerid:account.name"}}}
            """);
        call.Contact["parentcustomerid"] = new EntityReference("account", account);
        call.Platform.Rows.Add(new Entity("account", account) { ["accountid"] = account, ["name"] = "Contoso" });
        var payload = call.Payload();
        Assert.AreEqual("gold", payload["tier"]!.Text);
        Assert.AreSame(JsonValue.True, payload["vip"]);
        Assert.AreEqual(call.Contact["firstname"], payload["nick"]!.Text);
        Assert.AreEqual("Contoso", payload["company"]!.Text);
        Assert.IsNull(payload["branch"]);
        Assert.AreEqual("""{"company":"Contoso"}""", payload["lwicontexts"]!.Text);
        Assert.HasCount(1, call.Platform.Queries);
    }

    [TestMethod]
    public void Columns_of_two_tables_do_not_mix()
    {
        var (account, owner) = (Guid.NewGuid(), Guid.NewGuid());
        var call = new Call().WithVariables(
            """
            {"company":{"column":"parentcustomerid:account.name"},
             "number":{"column":"parentcustomerid:account.accountnumber"},
             "owner":{"column":"ownerid:systemuser.fullname"}}
            """);
        call.Contact["parentcustomerid"] = new EntityReference("account", account);
        call.Contact["ownerid"] = new EntityReference("systemuser", owner);
        call.Platform.Rows.Add(
            new Entity("account", account) { ["accountid"] = account, ["name"] = "Contoso", ["accountnumber"] = "A1" });
        call.Platform.Rows.Add(new Entity("systemuser", owner) { ["systemuserid"] = owner, ["fullname"] = "Olga" });
        Assert.AreEqual("""{"company":"Contoso","number":"A1","owner":"Olga"}""", call.Payload()["lwicontexts"]!.Text);
        Assert.IsTrue(call.Platform.Queries.Single().LinkEntities.All(link => char.IsLetter(link.EntityAlias[0])),
            "an alias is a name");
    }

    [TestMethod]
    public void The_request_fills_the_variables_mapped_to_it()
    {
        var variables = new Call().WithVariables(Requests, """{"flag":true,"text":"1\u00e9","count":-2.5e3}""")
            .Payload()["lwicontexts"]!.Text;
        Assert.AreEqual("""{"text":"1é","count":-2.5e3,"flag":true,"fixed":1}""", variables);
    }

    [TestMethod]
    [DataRow("""{"other":"1"}""", 1013)]
    [DataRow("""{"fixed":1}""", 1013)]
    [DataRow("""{"Text":"1"}""", 1013)]
    [DataRow("""{"portalcontactid":"1"}""", 1013)]
    [DataRow("""{"text":1}""", 1014)]
    [DataRow("""{"text":null}""", 1014)]
    [DataRow("""{"text":{}}""", 1014)]
    [DataRow("""{"text":["a"]}""", 1014)]
    [DataRow("""{"count":"1"}""", 1014)]
    [DataRow("""{"flag":"true"}""", 1014)]
    [DataRow("""{"count":1e400}""", 1016)]
    [DataRow("""{"count":9007199254740992}""", 1016)]
    [DataRow("""{"text":"1","text":"2"}""", 1012)]
    [DataRow("""{"text":"\ud800"}""", 1012)]
    [DataRow("""{"text":"1",}""", 1012)]
    [DataRow("[]", 1012)]
    [DataRow("\"text\"", 1012)]
    [DataRow("{", 1012)]
    public void Whatever_else_the_request_holds_is_refused_before_the_query(string request, int code)
    {
        var call = new Call().WithVariables(Requests, request);
        Assert.AreEqual(PluginHttpStatusCode.BadRequest, call.IsRefused(code).HttpStatus);
        Assert.IsEmpty(call.Platform.Queries);
    }

    [TestMethod]
    public void A_value_has_at_most_4000_characters()
    {
        Assert.IsNotNull(new Call().WithVariables(Requests, $$"""{"text":"{{new string('x', 4000)}}"}""").Token());
        var refusal = new Call().WithVariables(Requests, $$"""{"text":"{{new string('x', 4001)}}"}""").IsRefused(1015);
        Assert.DoesNotContain("xxx", refusal.Message);
        new Call().WithVariables(Requests, $$"""{"count":{{new string('1', 4001)}}}""").IsRefused(1015);
        var call = new Call().WithVariables("""{"note":{"column":"description"}}""");
        call.Contact["description"] = new string('x', 4000);
        Assert.AreEqual(4000, call.Variables()["note"]!.Text.Length);
        call = new Call().WithVariables("""{"note":{"column":"description"}}""");
        call.Contact["description"] = new string('x', 4001);
        call.IsRefused(2011);
    }

    [TestMethod]
    public void The_parameter_has_at_most_65536_characters()
    {
        new Call().WithVariables(Requests, new string(' ', 65536)).Token();
        new Call().WithVariables(Requests, "{" + new string(' ', 65535)).IsRefused(1012);
        new Call().WithVariables(Requests, "{" + new string(' ', 65536)).IsRefused(1011);
    }

    [TestMethod]
    public void No_message_repeats_what_the_visitor_sent()
    {
        var refusal = new Call().WithVariables(Requests, """{"text":"1","secret":"secret"}""").IsRefused(1013);
        StringAssert.Contains(refusal.Message, "Member 2 of ContextVariables");
        Assert.DoesNotContain("secret", refusal.Message);
    }
}
