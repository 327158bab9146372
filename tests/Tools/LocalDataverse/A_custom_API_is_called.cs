using System;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class A_custom_API_is_called : Organization
{
    private static readonly Guid Application = new("6f0c1f0e-0000-0000-0000-000000000001");

    protected override async Task Prepare() =>
        Assert.AreEqual(30, (await Import(new TestSolution())).Json.GetProperty("statuscode").GetInt32());

    [TestMethod]
    public async Task Without_a_step_every_response_property_has_its_types_default()
    {
        var answer = await Post("test_Probe", new { });
        var values = string.Join(
            '|', answer.Json.EnumerateObject().Where(p => p.Name[0] != '@').Select(p => $"{p.Name}={p.Value}"));
        Assert.AreEqual(
            "Amount=0|Choice=|Flag=False|Id=00000000-0000-0000-0000-000000000000|Number=0|Ratio=0|Report=|Texts=|"
                + "Time=0001-01-01T00:00:00Z",
            values);
        StringAssert.EndsWith(answer.Text("@odata.context"), "$metadata#Microsoft.Dynamics.CRM.test_ProbeResponse",
            StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task An_API_without_response_properties_answers_204() =>
        Assert.AreEqual(204, (await Post("test_Closed", new { Needed = "x" })).Status);

    [TestMethod]
    public async Task Values_of_every_type_go_in_and_come_out()
    {
        await AddStep("a");
        var answer = await Post("test_Probe", """
            {"Mode":"echo","Flag":true,"Time":"2020-01-02T04:04:05+01:00","Amount":1.25,"Ratio":0.5,"Number":7,
             "Choice":3,"Id":"87b4d06c-abc2-e811-a9b0-000d3a10e09e","Texts":["a","b"]}
            """);
        var values = string.Join(
            '|', answer.Json.EnumerateObject().Where(p => p.Name[0] != '@').Select(p => p.Value.ToString()));
        Assert.AreEqual(
            "1.25|3|True|87b4d06c-abc2-e811-a9b0-000d3a10e09e|7|0.5||[\"a\",\"b\"]|2020-01-02T03:04:05Z", values);
    }

    [TestMethod]
    [DataRow("test_Probe", "{\"Unknown\":1}")]
    [DataRow("test_Probe", "{\"mode\":\"x\"}")]
    [DataRow("test_Probe", "{\"Mode\":1}")]
    [DataRow("test_Probe", "{\"Number\":\"1\"}")]
    [DataRow("test_Probe", "{\"Number\":1.5}")]
    [DataRow("test_Probe", "{\"Flag\":\"true\"}")]
    [DataRow("test_Probe", "{\"Id\":\"87b4d06cabc2e811a9b0000d3a10e09e\"}")]
    [DataRow("test_Probe", "{\"Time\":\"2020-01-02T03:04:05\"}")]
    [DataRow("test_Probe", "{\"Time\":\"2020-01-02\"}")]
    [DataRow("test_Probe", "{\"Texts\":[1]}")]
    [DataRow("test_Closed", "{}")]
    [DataRow("test_Closed", "{\"Needed\":null}")]
    public async Task Wrong_parameters_are_refused(string api, string body)
    {
        var answer = await Post(api, body);
        Assert.AreEqual(400, answer.Status);
        StringAssert.StartsWith(answer.Code, "0x80", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Its_execute_privilege_is_needed()
    {
        var with = await Probe("none", Local.AddApplicationUser("a", Application, "prvReadContact"));
        var without = await Probe("none", Local.AddApplicationUser("b", Application, "prvReadAccount"));
        Assert.AreEqual((200, 403, "0x80040220"), (with.Status, without.Status, without.Code));
    }

    [TestMethod]
    public async Task It_is_an_action_with_an_exact_name()
    {
        Assert.AreEqual(405, (await Get("test_Probe")).Status);
        Assert.AreEqual(404, (await Post("test_probe", new { })).Status);
        Assert.AreEqual(400, (await Post("test_Probe?$select=Report", new { })).Status);
    }

    [TestMethod]
    [DataRow("Prefer", "return=representation")]
    [DataRow("If-Match", "*")]
    public async Task Conditions_and_preferences_are_not_known(string name, string value) =>
        Assert.AreEqual(501, (await Send(Administrator, "POST", "test_Probe", new { }, (name, value))).Status);

    [TestMethod]
    public async Task Steps_run_by_stage_then_rank()
    {
        await AddStep("c", stage: 40, change: s => s["rank"] = 2);
        await AddStep("b", stage: 40);
        await AddStep("a", stage: 10);
        await AddStep("d", stage: 20);
        Assert.AreEqual("10a,20d,40b,40c", await Report("order"));
    }

    [TestMethod]
    public async Task A_disabled_step_does_not_run_until_it_is_enabled()
    {
        var step = await AddStep("a", change: s =>
        {
            s["statecode"] = 1;
            s["statuscode"] = 2;
        });
        var disabled = await Probe("context");
        await Patch(step, new { statecode = 0, statuscode = 1 });
        Assert.IsNull(disabled.Text("Report"));
        Assert.IsNotNull(await Report("context"));
    }

    [TestMethod]
    [DataRow(0, 400)]
    [DataRow(400, 400)]
    [DataRow(401, 401)]
    [DataRow(403, 403)]
    [DataRow(404, 404)]
    [DataRow(409, 409)]
    [DataRow(429, 429)]
    [DataRow(500, 500)]
    [DataRow(503, 503)]
    public async Task The_plugins_refusal_is_the_answer(int httpStatus, int status)
    {
        await AddStep("a");
        var answer = await Probe($"invalid:{httpStatus}");
        Assert.AreEqual((status, "0x80040265", "refused by the plug-in"), (answer.Status, answer.Code, answer.Message));
    }

    [TestMethod]
    [DataRow("Probe")]
    [DataRow("Broken", DisplayName = "in the constructor")]
    public async Task Another_exception_is_an_ISV_error_without_its_text(string type)
    {
        await AddStep("a", type);
        var answer = await Probe("crash");
        Assert.AreEqual((500, "0x80040265"), (answer.Status, answer.Code));
        Assert.AreEqual(
            "An unexpected error occurred from ISV code. (ErrorType = ClientError) Unexpected exception from plug-in "
                + $"(Execute): ChatAuth.TestPlugins.{type}: System.InvalidOperationException", answer.Message);
    }

    [TestMethod]
    public async Task A_response_property_of_the_wrong_type_is_an_error()
    {
        await AddStep("a");
        var answer = await Probe("wrongtype");
        Assert.AreEqual(500, answer.Status);
        StringAssert.Contains(answer.Message, "Number must be of type System.Int32", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task An_unknown_output_parameter_is_not_returned()
    {
        await AddStep("a");
        Assert.IsFalse((await Probe("unknownoutput")).Json.TryGetProperty("Unknown", out _));
    }

    [TestMethod]
    public async Task The_journal_holds_its_trace_and_counts_its_queries()
    {
        await AddStep("a");
        await Probe("trace");
        Assert.AreEqual("{verbatim}|5 formatted", string.Join('|', Local.Journal.LastOf("test_Probe").Trace));
        await Report("read");
        Assert.AreEqual((200, 1, Administrator.Id),
            (Local.Journal.Last.Status, Local.Journal.Last.OrganizationRequests, Local.Journal.Last.UserId));
    }
}
