using System;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse.Security;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Doctor;

[TestClass]
public sealed class The_settings_do_not_fit_the_environment : SoundEnvironment
{
    [TestMethod]
    public async Task The_step_has_others()
    {
        Settings["issuer"] = "other.com";
        Settings["tokenLifetimeSeconds"] = 60;
        string said = await FindsAsync("error 5408");
        StringAssert.Contains(said, "than the settings file: issuer, tokenLifetimeSeconds.");
        Assert.DoesNotContain("other.com", said);
    }

    [TestMethod]
    public async Task The_step_has_the_same_in_other_words()
    {
        ChangeStep(
            IssueStepId, ("configuration",
                " " + Organization.Rows.Now.Get("sdkmessageprocessingstep", IssueStepId).Text("configuration")));
        await FindsAsync();
    }

    [TestMethod]
    [DataRow("""{"issuer":"contosohelp.com"}""")]
    [DataRow("""{"issuer":"contosohelp.com","callers":{}}""")]
    public async Task The_step_has_no_callers(string configuration)
    {
        ChangeStep(IssueStepId, ("configuration", configuration));
        await FindsAsync("error 5423");
    }

    [TestMethod]
    [DataRow(null, "CHATAUTH2001")]
    [DataRow("{", "CHATAUTH2002")]
    [DataRow("""{"callers":{"powerpages":{}}}""", "CHATAUTH2004")]
    public async Task The_plugin_refuses_those_of_the_step(string? configuration, string code)
    {
        ChangeStep(IssueStepId, ("configuration", configuration));
        StringAssert.Contains(await FindsAsync("error 5424"), code);
    }

    [TestMethod]
    public async Task A_caller_is_no_user()
    {
        Guid unknown = Guid.NewGuid();
        await CallAsync(unknown);
        StringAssert.Contains(await FindsAsync("error 5425"), unknown.ToString("D"));
    }

    [TestMethod]
    public async Task A_caller_is_disabled()
    {
        Organization.Rows.Change(
            draft => draft.Put(
                "systemuser", Portal.Id, draft.Rows.Get("systemuser", Portal.Id).Values.SetItem("isdisabled", true)));
        await FindsAsync("error 5426");
    }

    [TestMethod]
    public async Task A_caller_may_not_read_contacts()
    {
        LocalUser poor = Organization.AddApplicationUser("poor", Guid.NewGuid(), "prvReadAccount");
        await CallAsync(poor.ApplicationId!.Value);
        StringAssert.Contains(await FindsAsync("error 5427"), $"{poor.ApplicationId:D} lacks prvReadContact,");
    }

    [TestMethod]
    public async Task A_caller_may_not_read_a_table_that_is_mapped()
    {
        LocalUser poor = Organization.AddApplicationUser("poor", Guid.NewGuid(), "prvReadContact");
        await CallAsync(
            poor.ApplicationId!.Value, new JsonObject
            {
                ["contact"] = new JsonObject { ["externalIdentity"] = "local" },
                ["contextVariables"] = Variable("parentcustomerid:account.name"),
            });
        string said = await FindsAsync("error 5427", "error 5427");
        StringAssert.Contains(said, "lacks prvReadAccount,");
        StringAssert.Contains(said, "lacks prvReadadx_externalidentity,");
    }

    [TestMethod]
    [DataRow("nickname", "The column nickname of contact,")]
    [DataRow("employer:account.name", "The column employer of contact,")]
    [DataRow("parentcustomerid:account.nickname", "The column nickname of account,")]
    public async Task A_mapped_column_does_not_exist(string path, string fact)
    {
        await MapAsync(path);
        StringAssert.Contains(await FindsAsync("error 5429"), fact);
    }

    [TestMethod]
    public async Task A_mapped_table_does_not_exist()
    {
        await MapAsync("parentcustomerid:company.name");
        StringAssert.Contains(await FindsAsync("error 5428"), "The table company,");
    }

    [TestMethod]
    public async Task A_mapped_column_is_secured_and_left_out_of_tokens()
    {
        await MapAsync("governmentid");
        StringAssert.Contains(await FindsAsync("warning 5430"), "governmentid of contact");
    }

    [TestMethod]
    public async Task The_column_that_names_the_visitor_does_not_exist()
    {
        await CallAsync(
            Portal.ApplicationId!.Value, new JsonObject { ["contact"] = new JsonObject { ["column"] = "nickname" } });
        await FindsAsync("error 5429");
    }

    [TestMethod]
    public async Task Contacts_have_a_status_reason_of_their_own()
    {
        Organization.AddRow("contact", Guid.NewGuid(), ("lastname", "Hair"), ("statecode", 1), ("statuscode", 2));
        Organization.AddRow("contact", Guid.NewGuid(), ("lastname", "Hair"));
        await FindsAsync();
        Organization.AddRow("contact", Guid.NewGuid(), ("lastname", "Hair"), ("statuscode", 100000000));
        Assert.DoesNotContain("Hair", await FindsAsync("warning 5438"));
    }

    private Task MapAsync(string path) =>
        CallAsync(Portal.ApplicationId!.Value, new JsonObject { ["contextVariables"] = Variable(path) });

    private static JsonObject Variable(string path) => new() { ["custom"] = new JsonObject { ["column"] = path } };

    // The step is told too, so that nothing else is found.
    private Task CallAsync(Guid application, JsonObject? entry = null)
    {
        Settings["callers"] = new JsonObject { [application.ToString("D")] = entry ?? [] };
        ChangeStep(
            IssueStepId, (
                "configuration", new JsonObject
                {
                    ["issuer"] = "contosohelp.com",
                    ["callers"] = Settings["callers"]!.DeepClone(),
                }.ToJsonString()));
        return Task.CompletedTask;
    }
}
