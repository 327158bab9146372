using System;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Doctor;

[TestClass]
public sealed class Chat_or_the_machine_is_not_set_up : SoundEnvironment
{
    private static readonly Guid Row = new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c13");

    [TestMethod]
    public async Task There_are_no_chat_authentication_settings()
    {
        Organization.ChangeRow("msdyn_livechatconfig", Widget, ("msdyn_authsettingsid", null));
        Organization.Rows.Change(draft =>
        {
            draft.Remove("msdyn_authenticationsettings", Row);
            return true;
        });
        await FindsAsync("error 5431", "error 5434");
    }

    [TestMethod]
    public async Task They_say_something_else()
    {
        Settings["authenticationSettings"]!["javaScriptFunction"] = "authoriseChatWithCallback";
        await FindsAsync("error 5432");
    }

    [TestMethod]
    [DataRow("other")]
    [DataRow("auth.getauthenticationtoken")]
    [DataRow("chatauth.reset")]
    [DataRow("window.chatauth.getAuthenticationToken")]
    public async Task They_name_a_function_that_the_page_does_not_offer(string function)
    {
        Organization.ChangeRow("msdyn_authenticationsettings", Row, ("msdyn_javascriptclientfunction", function));
        StringAssert.Contains(await FindsAsync("error 5485"), function);
        Settings["authenticationSettings"]!["javaScriptFunction"] = function;
        await FindsAsync("error 5485");
    }

    [TestMethod]
    [DataRow("chatauth.getAuthenticationToken")]
    [DataRow("chatauth.getToken")]
    [DataRow("auth.getAuthenticationToken")]
    [DataRow("authoriseChatWithCallback")]
    [DataRow("lpGetAuthenticationToken")]
    public async Task They_name_any_of_the_functions_that_the_page_offers(string function)
    {
        Organization.ChangeRow("msdyn_authenticationsettings", Row, ("msdyn_javascriptclientfunction", function));
        await FindsAsync();
        string script = await File.ReadAllTextAsync(RepositoryRoot.File("Solution/portal/chatauth.js"));
        Assert.Contains(function.Replace("chatauth.", "function ", StringComparison.Ordinal), script);
    }

    [TestMethod]
    public async Task No_widget_uses_them()
    {
        Settings["authenticationSettings"]!["widgets"] = new JsonArray();
        await FindsAsync();
        Organization.ChangeRow("msdyn_livechatconfig", Widget, ("msdyn_authsettingsid", null));
        await FindsAsync("error 5433");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task A_widget_uses_none_or_others(bool others)
    {
        Guid other = Organization.AddRow("msdyn_authenticationsettings", Guid.NewGuid(), ("msdyn_name", "other")).Id;
        Organization.ChangeRow("msdyn_livechatconfig", Widget,
            ("msdyn_authsettingsid", others ? new EntityReference("msdyn_authenticationsettings", other) : null));
        await FindsAsync("error 5434");
    }

    [TestMethod]
    public async Task A_widget_is_not_there()
    {
        Settings["authenticationSettings"]!["widgets"]!.AsArray().Add("Other");
        StringAssert.Contains(await FindsAsync("error 5012"),
            "There is no chat widget 'Other'");
    }

    [TestMethod]
    [DataRow(-31, "31 s behind that")]
    [DataRow(31, "31 s ahead of that")]
    public async Task The_clock_is_off(int seconds, string fact)
    {
        Desk = new FixedClock(Clock.GetUtcNow().AddSeconds(seconds));
        StringAssert.Contains(await FindsAsync("warning 5439"), fact);
    }

    [TestMethod]
    [DataRow(-30)]
    [DataRow(30)]
    public async Task The_clock_is_off_by_little(int seconds)
    {
        Desk = new FixedClock(Clock.GetUtcNow().AddSeconds(seconds));
        await FindsAsync();
    }

    [TestMethod]
    public async Task Whoever_asks_may_not_read_what_is_to_be_checked()
    {
        Doctor = Organization.AddPerson("reader", "prvReadSolution", "prvReadContact");
        string[] unread = [.. System.Linq.Enumerable.Repeat("error 5448", 12)];
        string said = await FindsAsync([.. unread, "warning 5493", "error 5448", "error 5448"]);
        StringAssert.Contains(said, "Not checked: plug-in trace. GET organizations(");
        StringAssert.Contains(said, "was refused with 403");
        StringAssert.Contains(
            said, "Checked: solution, context variables of workstreams, status reasons of contacts, clock.\n");
    }

    [TestMethod]
    public async Task Nobody_is_signed_in()
    {
        Doctor = Doctor with { Token = "expired" };
        CommandRun run = await RunAsync("doctor", "--json");
        Assert.AreEqual((1, "CHATAUTH5014", string.Empty), (run.ExitCode, run.Codes, run.Out));
    }
}
