using System;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Doctor;

[TestClass]
public sealed class Other_people_were_here : SoundEnvironment
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public async Task A_step_of_somebody_is_bound_to_the_keys(int state)
    {
        AddStep("Reader", KeysStepId, state, 40, ("sdkmessageprocessingstepsecureconfigid", KeyRow()));
        string said = await FindsAsync("error 5441");
        StringAssert.Contains(said, "'Reader' is not ChatAuth's and is bound to the row of the keys");
    }

    [TestMethod]
    [DataRow("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c21")]
    [DataRow("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c22")]
    public async Task A_step_under_an_id_of_the_probe_is_bound_to_the_keys(string id)
    {
        AddStep(
            "Reader", KeysStepId, 0, 40, ("sdkmessageprocessingstepid", new Guid(id)),
            ("sdkmessageprocessingstepsecureconfigid", KeyRow()));
        StringAssert.Contains(await FindsAsync("error 5441"), "'Reader' is not ChatAuth's and is bound");
        CommandRun deploy = await RunAsync("deploy");
        Assert.AreEqual("1 CHATAUTH5441", $"{deploy.ExitCode} {deploy.Codes}", deploy.Error);
    }

    [TestMethod]
    public async Task Every_command_that_reads_keys_tells_of_a_second_step()
    {
        AddStep("Second", IssueStepId, 0, 40);
        foreach (string[] command in (string[][])[["keys"], ["rotate", "--until", "published"]])
        {
            CommandRun run = await RunAsync(command);
            StringAssert.Contains(
                run.Out + run.Error, "warning CHATAUTH5409: The step 'Second' on chatauth_IssueChatToken");
        }

        CommandRun deploy = await RunAsync("deploy");
        Assert.AreEqual("1 CHATAUTH5409", $"{deploy.ExitCode} {deploy.Codes}", deploy.Error);
    }

    [TestMethod]
    [DataRow("stage", 20)]
    [DataRow("stage", 10)]
    [DataRow("sdkmessageid", 0)]
    [DataRow("eventhandler", 0)]
    public async Task Deploy_puts_a_step_right_by_deleting_and_creating_it(string column, int value)
    {
        var other = Organization.Rows.Now.Get("sdkmessageprocessingstep", KeysStepId);
        ChangeStep(IssueStepId, (column, column == "stage" ? value : other[column]));
        StringAssert.Contains(await FindsAsync("error 5405"), "Run chatauth deploy, which deletes it");
        CommandRun dry = await RunAsync("deploy", "--dry-run");
        StringAssert.Contains(dry.Out, "will: delete the step of chatauth_IssueChatToken, which ");
        StringAssert.Contains(dry.Out, "is:   step of chatauth_IssueChatToken not there");
        StringAssert.Contains(dry.Out, "will: create the step of chatauth_IssueChatToken");
        CommandRun run = await RunAsync("deploy");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Out + run.Error, "delete the step of chatauth_IssueChatToken, which ");
        await FindsAsync();
    }

    [TestMethod]
    [DataRow(false, 1)]
    [DataRow(true, 0)]
    public async Task Steps_that_were_registered_by_hand_are_taken_over_only_when_told(bool isTold, int exitCode)
    {
        AddStep("By hand 1", IssueStepId, 0, 40);
        AddStep("By hand 2", KeysStepId, 0, 40);
        Organization.Rows.Change(draft =>
        {
            draft.Remove("sdkmessageprocessingstep", KeysStepId);
            draft.Remove("sdkmessageprocessingstep", IssueStepId);
            draft.Remove("sdkmessageprocessingstepsecureconfig", KeyRowId);
            return true;
        });
        Serve("[]");
        CommandRun run = isTold ? await RunAsync("deploy", "--until", "published", "--force", "CHATAUTH5440")
            : await RunAsync("deploy", "--until", "published");
        Assert.AreEqual(exitCode, run.ExitCode, run.Error);
        string[] names =
        [
            .. Organization.Rows.Now.All("sdkmessageprocessingstep").Select(row => (string)row["name"]!).Order(),
        ];
        CollectionAssert.AreEqual(
            isTold ? new[] { "ChatAuth: chatauth_GetPublicKeys", "ChatAuth: chatauth_IssueChatToken" }
                : ["By hand 1", "By hand 2"],
            names);
        if (!isTold)
        {
            Assert.AreEqual("CHATAUTH5440 CHATAUTH5440", run.Codes, run.Error);
        }
    }

    [TestMethod]
    public async Task Keys_that_somebody_planted_are_taken_only_when_told()
    {
        object? planted =
            Organization.Rows.Now.Get("sdkmessageprocessingstepsecureconfig", KeyRowId)["secureconfig"];
        Organization.Rows.Change(draft =>
        {
            draft.Remove("sdkmessageprocessingstep", KeysStepId);
            draft.Remove("sdkmessageprocessingstep", IssueStepId);
            draft.Remove("sdkmessageprocessingstepsecureconfig", KeyRowId);
            return true;
        });
        Organization.AddRow("sdkmessageprocessingstepsecureconfig", KeyRowId, ("secureconfig", planted));
        string kid = StoredKeys().Keys[0].KeyId;

        CommandRun refused = await RunAsync("deploy");
        Assert.AreEqual("1 CHATAUTH5440", $"{refused.ExitCode} {refused.Codes}", refused.Error);
        StringAssert.Contains(
            refused.Error,
            $"The keys {kid} were put in place by user {Organization.System.Id:D} on {Clock.GetUtcNow():yyyy-MM-dd}");
        CommandRun taken = await RunAsync("deploy", "--force", "CHATAUTH5440");
        Assert.AreEqual(0, taken.ExitCode, taken.Error);
        Assert.AreEqual(kid, StoredKeys().Keys[0].KeyId);
    }

    [TestMethod]
    public async Task A_newer_solution_is_installed()
    {
        Organization.Rows.Change(draft =>
        {
            var row = draft.Rows.Named("solution", "uniquename", "ChatAuth")!;
            return draft.Put("solution", row.Id, row.Values.SetItem("version", "9.0.0.0"));
        });
        StringAssert.Contains(await FindsAsync("warning 5443"), "is 9.0.0.0, newer than ");
    }

    [TestMethod]
    public async Task The_assembly_is_another()
    {
        Organization.Rows.Change(draft =>
        {
            var row = draft.Rows.All("pluginassembly").Single();
            byte[] bytes = Convert.FromBase64String((string)row["content"]!);
            bytes[^1] ^= 1;
            return draft.Put(
                "pluginassembly", row.Id, row.Values.SetItem("content", Convert.ToBase64String(bytes)));
        });
        StringAssert.Contains(await FindsAsync("error 5442"), "its bytes differ");
    }

    [TestMethod]
    public async Task A_plugin_type_of_another_assembly_has_the_name_of_ours()
    {
        EntityReference own = (EntityReference)Organization.Rows.Now
            .Get("sdkmessageprocessingstep", IssueStepId)["eventhandler"]!;
        EntityReference theirs = AddType("Evil");
        await FindsAsync(); // it is nobody's

        ChangeStep(IssueStepId, ("eventhandler", theirs));
        StringAssert.Contains(await FindsAsync("error 5405"), "runs another plug-in");
        CommandRun run = await RunAsync("deploy");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual(own.Id, ((EntityReference)Organization.Rows.Now
            .Get("sdkmessageprocessingstep", IssueStepId)["eventhandler"]!).Id);
    }

    [TestMethod]
    public async Task The_assembly_is_there_twice()
    {
        AddType("ChatAuth.Plugins");
        StringAssert.Contains(await FindsAsync("error 5442"), "ChatAuth.Plugins is there twice");
        CommandRun run = await RunAsync("deploy");
        Assert.AreEqual("1 CHATAUTH5442", $"{run.ExitCode} {run.Codes}", run.Error);
    }

    // A type with the name of ours in an assembly of somebody's.
    private static EntityReference AddType(string assembly)
    {
        Guid id = Put("pluginassembly", ("name", assembly), ("version", "2.0.0.0"), ("content", "TVo="));
        return new EntityReference("plugintype", Put(
            "plugintype", ("typename", "ChatAuth.Plugins.IssueChatToken"),
            ("pluginassemblyid", new EntityReference("pluginassembly", id))));
    }

    // Of tables whose rows come with solutions alone.
    private static Guid Put(string table, params (string Column, object? Value)[] values)
    {
        Guid id = Guid.NewGuid();
        Organization.Rows.Change(draft => draft.Put(table, id, values));
        return id;
    }

    private static EntityReference KeyRow() => new("sdkmessageprocessingstepsecureconfig", KeyRowId);

    private static void AddStep(
        string name, Guid like, int state, int stage, params (string Column, object? Value)[] more)
    {
        var own = Organization.Rows.Now.Get("sdkmessageprocessingstep", like);
        Organization.AddRow(
            "sdkmessageprocessingstep",
            more.FirstOrDefault(column => column.Column == "sdkmessageprocessingstepid").Value as Guid?
                ?? Guid.NewGuid(),
            [
                ("name", name), ("mode", 0), ("stage", stage), ("rank", 9), ("supporteddeployment", 0),
                ("sdkmessageid", own["sdkmessageid"]), ("eventhandler", own["eventhandler"]), ("statecode", state),
                ("statuscode", state + 1), .. more.Where(column => column.Column != "sdkmessageprocessingstepid"),
            ]);
    }
}
