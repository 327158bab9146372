using System;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class Rows_over_the_Web_API : Organization
{
    private static readonly string[] Read = [
        "fullname", "numberofchildren", "creditlimit", "birthdate", "donotemail", "createdon", "statuscode",
        "statecode",
    ];
    private static readonly Guid Bert = new("87b4d06c-abc2-e811-a9b0-000d3a10e09e");

    [TestMethod]
    public async Task A_created_row_is_named_by_OData_EntityId_and_can_be_read()
    {
        var created = await Post(
            "contacts", new
            {
                firstname = "Ann",
                lastname = "Öl",
                numberofchildren = 2,
                creditlimit = 1.5,
                birthdate = "1980-02-03",
                donotemail = true,
            });
        var read = await Get(created.Headers["OData-EntityId"].Split("/v9.2/")[1]);
        Assert.AreEqual(204, created.Status);
        Assert.AreEqual("Ann Öl|2|1.5|1980-02-03|True|2030-01-02T03:04:05Z|1|0",
            string.Join('|', Read.Select(c => read.Json.GetProperty(c).ToString())));
        StringAssert.EndsWith(
            read.Text("@odata.context"), "/api/data/v9.2/$metadata#contacts/$entity", StringComparison.Ordinal);
        StringAssert.StartsWith(read.Text("@odata.etag"), "W/\"", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Prefer_returns_the_created_row()
    {
        var answer = await Send(Administrator, "POST", "contacts?$select=lastname", new { lastname = "X" },
            ("Prefer", "return=representation"));
        Assert.AreEqual(201, answer.Status);
        Assert.AreEqual("X", answer.Text("lastname"));
        Assert.AreEqual("return=representation", answer.Headers["Preference-Applied"]);
    }

    [TestMethod]
    public async Task Empty_columns_are_null_and_lookups_are_read_as_value()
    {
        var account = Local.AddRow("account", Guid.NewGuid(), ("name", "A")).Id;
        Local.AddRow("contact", Bert, ("lastname", "Hair"));
        var bound = await Patch(
            $"contacts({Bert})", new System.Collections.Generic.Dictionary<string, object>
            {
                ["parentcustomerid_account@odata.bind"] = $"/accounts({account})",
            });
        var read = await Get($"contacts({Bert})?$select=firstname,_parentcustomerid_value");
        Assert.AreEqual(204, bound.Status);
        Assert.AreEqual(account.ToString(), read.Text("_parentcustomerid_value"));
        Assert.AreEqual(JsonValueKind.Null, read.Json.GetProperty("firstname").ValueKind);
        Assert.AreEqual(Bert.ToString(), read.Text("contactid"));
        Assert.IsFalse(read.Json.TryGetProperty("lastname", out _));
    }

    [TestMethod]
    [DataRow("{\"nosuch\":1}", 400, "0x80048d19", DisplayName = "unknown column")]
    [DataRow("{\"lastname\":1}", 400, "0x80048d19", DisplayName = "number for text")]
    [DataRow("{\"numberofchildren\":\"1\"}", 400, "0x80048d19", DisplayName = "text for number")]
    [DataRow("{\"donotemail\":1}", 400, "0x80048d19", DisplayName = "number for yes or no")]
    [DataRow("{\"birthdate\":\"yesterday\"}", 400, "0x80048d19", DisplayName = "no date")]
    [DataRow("{\"birthdate\":\"1980-02-03T00:00:00Z\"}", 400, "0x80048d19", DisplayName = "time for a day")]
    [DataRow("{\"lastname\":\"a\",\"lastname\":\"b\"}", 400, "0x80048d19", DisplayName = "a property twice")]
    [DataRow("{\"lastname\":", 400, "0x80048d19", DisplayName = "broken JSON")]
    [DataRow("[]", 400, "0x80048d19", DisplayName = "no object")]
    [DataRow("{\"fullname\":\"x\"}", 400, "0x80040203", DisplayName = "computed column")]
    [DataRow("{\"createdon\":\"2020-01-01T00:00:00Z\"}", 400, "0x80040203", DisplayName = "computed time")]
    [DataRow("{\"preferredcontactmethodcode\":9}", 400, "0x8004431a", DisplayName = "choice outside its numbers")]
    [DataRow("{\"statecode\":1,\"statuscode\":1}", 400, "0x80048408", DisplayName = "status of another state")]
    [DataRow(
        "{\"firstname\":\"012345678901234567890123456789012345678901234567890\"}",
        400,
        "0x80044331",
        DisplayName = "51 characters of 50")]
    [DataRow(
        "{\"_parentcustomerid_value\":\"87b4d06c-abc2-e811-a9b0-000d3a10e09e\"}",
        400,
        "0x80048d19",
        DisplayName = "lookup by value")]
    [DataRow(
        "{\"parentcustomerid@odata.bind\":\"/accounts(87b4d06c-abc2-e811-a9b0-000d3a10e09e)\"}",
        400,
        "0x80048d19",
        DisplayName = "polymorphic lookup without its target")]
    [DataRow(
        "{\"parentcustomerid_account@odata.bind\":\"/contacts(87b4d06c-abc2-e811-a9b0-000d3a10e09e)\"}",
        400,
        "0x80048d19",
        DisplayName = "row of another table")]
    [DataRow(
        "{\"parentcustomerid_account@odata.bind\":\"/accounts(87b4d06c-abc2-e811-a9b0-000d3a10e09e)\"}",
        404,
        "0x80040217",
        DisplayName = "row that is not there")]
    public async Task A_wrong_body_is_refused(string body, int status, string code)
    {
        var answer = await Post("contacts", body);
        Assert.AreEqual((status, code), (answer.Status, answer.Code), answer.Message);
    }

    [TestMethod]
    public async Task A_taken_id_is_refused()
    {
        Local.AddRow("contact", Bert);
        var answer = await Post("contacts", new { contactid = Bert });
        Assert.AreEqual((412, "0x80040237"), (answer.Status, answer.Code));
    }

    [TestMethod]
    public async Task Patch_without_condition_creates_or_updates()
    {
        var first = await Patch($"contacts({Bert})", new { lastname = "A" });
        var second = await Patch($"contacts({Bert})", new { firstname = "B" });
        var read = await Get($"contacts({Bert})?$select=fullname");
        Assert.AreEqual((204, 204, "B A"), (first.Status, second.Status, read.Text("fullname")));
    }

    [TestMethod]
    public async Task If_Match_star_never_creates_and_If_None_Match_star_never_updates()
    {
        var update = await Patch($"contacts({Bert})", new { lastname = "A" }, ("If-Match", "*"));
        var create = await Patch($"contacts({Bert})", new { lastname = "A" }, ("If-None-Match", "*"));
        var again = await Patch($"contacts({Bert})", new { lastname = "B" }, ("If-None-Match", "*"));
        Assert.AreEqual((404, 204, 412), (update.Status, create.Status, again.Status));
    }

    [TestMethod]
    public async Task An_old_ETag_is_refused()
    {
        Local.AddRow("contact", Bert);
        var etag = (await Get($"contacts({Bert})")).Text("@odata.etag")!;
        var first = await Patch($"contacts({Bert})", new { lastname = "A" }, ("If-Match", etag));
        var second = await Patch($"contacts({Bert})", new { lastname = "B" }, ("If-Match", etag));
        var delete = await Send(Administrator, "DELETE", $"contacts({Bert})", null, ("If-Match", etag));
        Assert.AreEqual((204, 412, "0x80060882", 412), (first.Status, second.Status, second.Code, delete.Status));
    }

    [TestMethod]
    public async Task A_body_with_another_id_than_the_address_is_refused()
    {
        var answer = await Patch($"contacts({Bert})", new { contactid = Guid.NewGuid() });
        Assert.AreEqual(400, answer.Status);
    }

    [TestMethod]
    public async Task A_deleted_row_is_gone()
    {
        Local.AddRow("contact", Bert);
        var delete = await Delete($"contacts({Bert})");
        var read = await Get($"contacts({Bert})");
        Assert.AreEqual((204, 404, "0x80040217"), (delete.Status, read.Status, read.Code));
    }

    [TestMethod]
    public async Task Deleting_a_row_that_others_refer_to_is_not_known()
    {
        Local.AddRow("contact", Bert);
        Local.AddRow("adx_externalidentity", Guid.NewGuid(), ("adx_username", "u"),
            ("adx_contactid", new EntityReference("contact", Bert)));
        var answer = await Delete($"contacts({Bert})");
        Assert.AreEqual((501, true),
            (answer.Status, answer.Message.StartsWith("LocalDataverse does not know", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task A_deactivated_row_takes_its_states_first_status()
    {
        await Patch($"contacts({Bert})", new { statecode = 1 });
        var read = await Get($"contacts({Bert})?$select=statuscode");
        Assert.AreEqual(2, read.Json.GetProperty("statuscode").GetInt32());
    }

    [TestMethod]
    [DataRow("contacts", "customapis", DisplayName = "custom APIs come with solutions")]
    [DataRow("contacts", "systemusers", DisplayName = "users")]
    public async Task Rows_nobody_here_creates_are_not_known(string known, string unknown)
    {
        var fine = await Post(known, new { });
        var answer = await Post(unknown, new { });
        Assert.AreEqual((204, 501), (fine.Status, answer.Status));
    }

    [TestMethod]
    [DataRow("GET", "contacts(87b4d06c-abc2-e811-a9b0-000d3a10e09e)", "If-None-Match", "*")]
    [DataRow("POST", "contacts", "If-Match", "*")]
    [DataRow("GET", "contacts", "Prefer", "return=representation")]
    [DataRow("GET", "contacts(87b4d06c-abc2-e811-a9b0-000d3a10e09e)", "Prefer", "odata.maxpagesize=1")]
    [DataRow("POST", "contacts", "Prefer", "odata.maxpagesize=1")]
    [DataRow("GET", "WhoAmI()", "Prefer", "odata.maxpagesize=1")]
    [DataRow("GET", "EntityDefinitions?$select=LogicalName", "Prefer", "odata.maxpagesize=1")]
    [DataRow("GET", "contacts", "Prefer", "odata.maxpagesize=0")]
    [DataRow("GET", "contacts", "Prefer", "odata.maxpagesize=x")]
    [DataRow("GET", "contacts", "Prefer", "odata.maxpagesize=1,return=representation")]
    [DataRow("GET", "contacts", "MSCRM.SolutionUniqueName", "x")]
    [DataRow("GET", "contacts", "X-Something", "x")]
    public async Task Headers_that_might_change_the_answer_are_not_known(
        string method, string path, string name, string value)
    {
        var answer = await Send(Administrator, method, path, method == "POST" ? new { } : null, (name, value));
        Assert.AreEqual(501, answer.Status);
    }
}
