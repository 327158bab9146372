using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class A_step_is_registered : Organization
{
    protected override Task Prepare() => Import(new TestSolution());

    [TestMethod]
    [DataRow("stage", 30, 400, DisplayName = "the platform's stage")]
    [DataRow("stage", 50, 400, DisplayName = "an old stage")]
    [DataRow("stage", 7, 400, DisplayName = "no stage")]
    [DataRow("mode", 1, 501, DisplayName = "asynchronous")]
    [DataRow("supporteddeployment", 1, 501, DisplayName = "offline")]
    [DataRow("invocationsource", 1, 501, DisplayName = "child pipeline")]
    [DataRow("asyncautodelete", true, 501, DisplayName = "deleted when done")]
    [DataRow("filteringattributes", "x", 400, DisplayName = "column that is not known")]
    [DataRow(
        "sdkmessageid@odata.bind",
        "/sdkmessages(87b4d06c-abc2-e811-a9b0-000d3a10e09e)",
        404,
        DisplayName = "message that does not exist")]
    [DataRow(
        "eventhandler_plugintype@odata.bind",
        "/plugintypes(87b4d06c-abc2-e811-a9b0-000d3a10e09e)",
        404,
        DisplayName = "plug-in type that does not exist")]
    [DataRow(
        "sdkmessageprocessingstepsecureconfigid@odata.bind",
        "/sdkmessageprocessingstepsecureconfigs(87b4d06c-abc2-e811-a9b0-000d3a10e09e)",
        404,
        DisplayName = "secure configuration that does not exist")]
    [DataRow(
        "eventhandler_serviceendpoint@odata.bind",
        "/serviceendpoints(87b4d06c-abc2-e811-a9b0-000d3a10e09e)",
        501,
        DisplayName = "service endpoint")]
    public async Task A_step_that_cannot_run_is_refused(string column, object value, int status)
    {
        var step = await Step("a");
        step[column] = value;
        Assert.AreEqual(status, (await Post("sdkmessageprocessingsteps", step)).Status);
    }

    [TestMethod]
    [DataRow("mode")]
    [DataRow("stage")]
    [DataRow("rank")]
    [DataRow("supporteddeployment")]
    [DataRow("sdkmessageid@odata.bind")]
    [DataRow("eventhandler_plugintype@odata.bind")]
    public async Task A_step_without_a_required_column_is_refused(string column)
    {
        var step = await Step("a");
        step.Remove(column);
        Assert.AreEqual((400, "0x80040203"),
            (await Post("sdkmessageprocessingsteps", step)) is var answer ? (answer.Status, answer.Code) : default);
    }

    [TestMethod]
    public async Task A_custom_API_that_takes_no_steps_refuses_them() =>
        Assert.AreEqual(400, (await Post("sdkmessageprocessingsteps", await Step("a", message: "test_Closed"))).Status);

    [TestMethod]
    public async Task An_existing_step_cannot_be_changed_into_one_that_cannot_run()
    {
        var step = await AddStep("a");
        Assert.AreEqual(400, (await Patch(step, new { stage = 30 })).Status);
    }

    [TestMethod]
    public async Task It_is_read_as_it_was_written()
    {
        var secure = await Secure("s");
        var step = await AddStep("a", change: Configure("u", secure));
        var row = (await Get(step)).Json;
        Assert.AreEqual(secure, row.GetProperty("_sdkmessageprocessingstepsecureconfigid_value").GetString());
        Assert.AreEqual(TestSolution.TypeId("Probe").ToString(), row.GetProperty("_eventhandler_value").GetString());
        Assert.AreEqual(TestSolution.TypeId("Probe").ToString(), row.GetProperty("_plugintypeid_value").GetString());
        Assert.AreEqual("u", row.GetProperty("configuration").GetString());
    }

    [TestMethod]
    public async Task Its_configurations_come_through_the_constructor()
    {
        await AddStep("a", change: Configure("unsecure", await Secure("secure")));
        StringAssert.StartsWith(await Report("configuration"), "unsecure|secure|", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("OneArgument", "one:unsecure")]
    [DataRow("NoArgument", "none")]
    [DataRow(
        "Timed", "unsecuresecure2030-01-02T03:04:06.0000000Z", DisplayName = "on a test's clock with the test's time")]
    public async Task The_constructor_is_chosen_by_what_there_is(string type, string expected)
    {
        await AddStep("a", type, change: Configure("unsecure", await Secure("secure")));
        Assert.AreEqual(expected, await Report("none"));
    }

    [TestMethod]
    public async Task Its_instance_is_kept_and_not_renewed_by_the_secure_configuration_alone()
    {
        var secure = await Secure("old");
        var step = await AddStep("a", change: Configure("u", secure));
        var first = await Report("configuration");
        await Patch($"sdkmessageprocessingstepsecureconfigs({secure})", new { secureconfig = "new" });
        var second = await Report("configuration");
        await Patch(step, new { description = "touched" });
        var third = await Report("configuration");
        Assert.AreEqual(first, second);
        StringAssert.StartsWith(third, "u|new|", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task The_other_answer_to_the_unknown_can_be_switched_on()
    {
        Local.Pipeline.Instances.SecureConfigurationRenews = true;
        var secure = await Secure("old");
        await AddStep("a", change: Configure("u", secure));
        await Report("configuration");
        await Patch($"sdkmessageprocessingstepsecureconfigs({secure})", new { secureconfig = "new" });
        StringAssert.StartsWith(await Report("configuration"), "u|new|", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Every_step_has_its_own_instance_and_many_threads_share_it()
    {
        await AddStep("a", change: Configure("u", await Secure("s")));
        var reports = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Report("configuration")));
        Assert.AreEqual(1, reports.Distinct().Count());
    }

    [TestMethod]
    public async Task A_new_assembly_renews_the_instance()
    {
        await AddStep("a");
        var first = await Report("configuration");
        await Import(new TestSolution(version: "1.1.0.0"));
        Assert.AreNotEqual(first, await Report("configuration"));
    }

    [TestMethod]
    public async Task Its_secure_configuration_cannot_be_deleted_before_it()
    {
        var secure = await Secure("s");
        var step = await AddStep("a", change: Configure("u", secure));
        var refused = await Delete($"sdkmessageprocessingstepsecureconfigs({secure})");
        Assert.AreEqual((400, "0x80040227"), (refused.Status, refused.Code));
        await Delete(step);
        Assert.AreEqual(204, (await Delete($"sdkmessageprocessingstepsecureconfigs({secure})")).Status);
    }

    [TestMethod]
    public async Task A_deleted_step_does_not_run_and_leaves_its_secure_configuration()
    {
        var secure = await Secure("s");
        var step = await AddStep("a", change: Configure("u", secure));
        await Delete(step);
        Assert.IsNull((await Probe("configuration")).Text("Report"));
        Assert.AreEqual("s", (await Get($"sdkmessageprocessingstepsecureconfigs({secure})")).Text("secureconfig"));
    }

    private static Action<Dictionary<string, object?>> Configure(string unsecure, string secure) => step =>
    {
        step["configuration"] = unsecure;
        step["sdkmessageprocessingstepsecureconfigid@odata.bind"] = $"/sdkmessageprocessingstepsecureconfigs({secure})";
    };

    private async Task<string> Secure(string text)
    {
        var answer = await Post("sdkmessageprocessingstepsecureconfigs", new { secureconfig = text });
        return answer.Headers["OData-EntityId"].Split('(')[1].TrimEnd(')');
    }
}
