using System;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Doctor;

[TestClass]
public sealed class The_solution_and_its_steps_are_not_right : SoundEnvironment
{
    [TestMethod]
    public async Task Nothing_was_deployed()
    {
        Serve("[]");
        Assert.AreEqual(0, (await RunAsync("uninstall", "--yes")).ExitCode);
        await FindsAsync("error 5401", "error 5403", "error 5403", "error 5411", "error 5431", "error 5434");
    }

    [TestMethod]
    public async Task The_solution_is_old()
    {
        Organization.Rows.Change(draft =>
        {
            var row = draft.Rows.Named("solution", "uniquename", "ChatAuth")!;
            return draft.Put("solution", row.Id, row.Values.SetItem("version", "0.0.9.0"));
        });
        StringAssert.Contains(await FindsAsync("warning 5402"), "is 0.0.9.0, older than ");
    }

    [TestMethod]
    public async Task A_step_is_missing()
    {
        Organization.Rows.Change(draft =>
        {
            draft.Remove("sdkmessageprocessingstep", KeysStepId);
            return true;
        });
        StringAssert.Contains(await FindsAsync("error 5403"), "The step of chatauth_GetPublicKeys");
    }

    [TestMethod]
    public async Task A_step_is_disabled()
    {
        ChangeStep(IssueStepId, ("statecode", 1), ("statuscode", 2));
        StringAssert.Contains(await FindsAsync("error 5404"), "The step of chatauth_IssueChatToken");
    }

    [TestMethod]
    public async Task A_step_is_at_the_wrong_stage()
    {
        ChangeStep(IssueStepId, ("stage", 20));
        await FindsAsync("error 5405");
    }

    [TestMethod]
    public async Task A_step_is_on_the_wrong_message_and_runs_the_wrong_plugin()
    {
        var other = Organization.Rows.Now.Get("sdkmessageprocessingstep", KeysStepId);
        ChangeStep(IssueStepId, ("sdkmessageid", other["sdkmessageid"]), ("eventhandler", other["eventhandler"]));
        await FindsAsync("error 5405", "error 5405");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task A_step_reads_another_secure_configuration(bool another)
    {
        Guid id =
            Organization.AddRow("sdkmessageprocessingstepsecureconfig", Guid.NewGuid(), ("secureconfig", "{}")).Id;
        ChangeStep(
            KeysStepId, ("sdkmessageprocessingstepsecureconfigid",
                another ? new EntityReference("sdkmessageprocessingstepsecureconfig", id) : null));
        await FindsAsync("error 5406");
    }

    [TestMethod]
    public async Task A_step_was_not_touched_for_its_keys()
    {
        ChangeStep(KeysStepId, ("description", "keys 0"));
        await FindsAsync("warning 5407");
    }

    [TestMethod]
    [DataRow(0, "error 5409")]
    [DataRow(1, "warning 5409")]
    public async Task A_step_of_somebody_else_is_on_a_message(int state, string expected)
    {
        var own = Organization.Rows.Now.Get("sdkmessageprocessingstep", KeysStepId);
        Organization.AddRow("sdkmessageprocessingstep", Guid.NewGuid(), ("name", "Listener"), ("mode", 0),
            ("stage", 40), ("rank", 9), ("supporteddeployment", 0),
            ("sdkmessageid", own["sdkmessageid"]), ("eventhandler", own["eventhandler"]), ("statecode", state),
            ("statuscode", state + 1));
        StringAssert.Contains(await FindsAsync(expected), "'Listener' on chatauth_GetPublicKeys");
    }

    [TestMethod]
    public async Task A_flow_waits_for_a_message()
    {
        Organization.AddRow(
            "callbackregistration", Guid.NewGuid(), ("name", "flow"), ("sdkmessagename", "chatauth_IssueChatToken"),
            ("entityname", "none"));
        Organization.AddRow(
            "callbackregistration", Guid.NewGuid(), ("name", "other"), ("entityname", "account"), ("message", 1));
        StringAssert.Contains(await FindsAsync("error 5410"), "'flow' hands what chatauth_IssueChatToken answers");
    }

    [TestMethod]
    public async Task Unmanaged_customizations_are_blocked()
    {
        Organization.BlocksUnmanagedCustomizations = true;
        await FindsAsync("warning 5437");
        Organization.BlocksUnmanagedCustomizations = false;
        await FindsAsync();
    }

    [TestMethod]
    [DataRow(1, "Exception")]
    [DataRow(2, "All")]
    public async Task The_plugin_trace_is_on(int level, string name)
    {
        Organization.ChangeRow("organization", Organization.Id, ("plugintracelogsetting", level));
        StringAssert.Contains(await FindsAsync("error 5435"), $"is set to {name}, ");
    }

    [TestMethod]
    public async Task The_plugin_trace_holds_the_keys()
    {
        Organization.Pipeline.Trace.HoldsSecureConfiguration = true;
        Organization.ChangeRow("organization", Organization.Id, ("plugintracelogsetting", 2));
        Assert.AreEqual(0, (await RunAsync("deploy", "--force", "CHATAUTH5435")).ExitCode); // asks for the public keys
        Organization.ChangeRow("organization", Organization.Id, ("plugintracelogsetting", 0));
        string said = await FindsAsync("error 5436");
        Assert.DoesNotContain(ChatAuth.Plugins.Jose.Base64Url.Encode(StoredKeys().Keys[0].Parts.D!), said);

        // Its row is found by a filter; what it holds stays where it is.
        Assert.IsTrue(Requests.Where(request => request.Contains("/plugintracelogs?", StringComparison.Ordinal))
            .All(
                request => request.Contains("$select=plugintracelogid&", StringComparison.Ordinal) && request.Contains(
                    "secureconfiguration ne null", StringComparison.Ordinal)));
    }
}
