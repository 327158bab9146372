using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class A_plugin_is_traced : Organization
{
    private string step = string.Empty;

    protected override async Task Prepare()
    {
        await Import(new TestSolution());
        var secure = (
            await Post("sdkmessageprocessingstepsecureconfigs",
                new { secureconfig = "the secret" })).Headers["OData-EntityId"].Split("/v9.2")[1];
        step = await AddStep("a", change: body =>
        {
            body["configuration"] = "the settings";
            body["sdkmessageprocessingstepsecureconfigid@odata.bind"] = secure;
        });
    }

    [TestMethod]
    [DataRow(0, "")]
    [DataRow(1, "invalid:403")]
    [DataRow(2, "none invalid:403")]
    public async Task The_level_says_of_which_calls(int level, string traced)
    {
        if (level != 0)
        {
            await LevelAsync(level);
        }

        foreach (var mode in new[] { "none", "invalid:403" })
        {
            await Probe(mode);
        }

        Assert.AreEqual(
            traced, string.Join(
                ' ', (await Rows()).Select(
                    r => r.GetProperty("exceptiondetails").ValueKind == JsonValueKind.Null ? "none" : "invalid:403")
                    .Order()
                    .Reverse()));
    }

    [TestMethod]
    public async Task A_row_says_which_step_ran_for_what_and_what_it_traced()
    {
        await LevelAsync(2);
        await Probe("trace");
        var row = (await Rows()).Single();
        Assert.AreEqual(
            $"ChatAuth.TestPlugins.Probe|test_Probe|{{verbatim}}{Environment.NewLine}5 formatted|the "
                + $"settings|1|0|1|{step.Split('(', ')')[1]}|2030-01-02T03:04:06Z",
            string.Join(
                '|', new[]
                {
                    "typename",
                    "messagename",
                    "messageblock",
                    "configuration",
                    "operationtype",
                    "mode",
                    "depth",
                    "pluginstepid",
                    "createdon",
                }.Select(c => row.GetProperty(c).ToString())));
    }

    [TestMethod]
    [DataRow(false, null)]
    [DataRow(true, "the secret")]
    public async Task Whether_it_holds_the_secure_configuration_is_unknown(bool holds, string? secure)
    {
        Local.Pipeline.Trace.HoldsSecureConfiguration = holds;
        await LevelAsync(1);
        await Probe("invalid:403");
        Assert.AreEqual(secure, (await Rows()).Single().GetProperty("secureconfiguration").GetString());
    }

    [TestMethod]
    public async Task Rows_are_read_and_deleted_only()
    {
        await LevelAsync(2);
        await Probe("none");
        var row = $"plugintracelogs({(await Rows()).Single().GetProperty("plugintracelogid").GetString()})";
        Assert.AreEqual(501, (await Patch(row, new { typename = "x" })).Status);
        Assert.AreEqual(501, (await Post("plugintracelogs", new { typename = "x" })).Status);
        Assert.AreEqual(403, (await Get(row, Local.AddPerson("nobody"))).Status);
        Assert.AreEqual(204, (await Delete(row)).Status);
        Assert.AreEqual(204, (await Delete(step)).Status);
    }

    private async Task LevelAsync(int level) =>
        Assert.AreEqual(204, (await Patch($"organizations({Local.Id})", new { plugintracelogsetting = level })).Status);

    private async Task<IReadOnlyList<JsonElement>> Rows() =>
        [.. (await Get("plugintracelogs")).Json.GetProperty("value").EnumerateArray()];
}
