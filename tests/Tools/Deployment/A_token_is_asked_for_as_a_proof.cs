using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

[TestClass]
public sealed class A_token_is_asked_for_as_a_proof : EnvironmentUnderTest
{
    private const string Proven = "proven: a token for the test contact verifies with the published keys\n";

    [TestInitialize]
    public void NameContact() => Settings["testContact"] = Bert;

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task By_a_person_or_a_pipeline_that_nobody_has_listed(bool isPipeline)
    {
        if (isPipeline)
        {
            Deployer = Organization.AddApplicationAdministrator("pipeline", Guid.NewGuid());
        }

        CommandRun run = await DoAsync("deploy");
        StringAssert.EndsWith(run.Error, Proven);
        Assert.DoesNotContain("eyJ", run.Out + run.Error);
        string entry = $"\"user:{Deployer.Id:D}\":{{\"contact\":{{\"only\":\"{Bert}\"}},\"until\":";
        StringAssert.Contains(Configuration(), entry);
        Assert.AreEqual(0, await AskAsync());
        await IssueVerifiedAsync();

        // What a proof left behind is no change.
        CommandRun again = await DoAsync("deploy");
        Assert.IsEmpty(Network.Writes);
        StringAssert.Contains(again.Error, "not proven again, since nothing was changed");
        Assert.AreEqual("Everything is as the settings file says; nothing was changed.\n", again.Out);
        StringAssert.Contains((await RunAsync("doctor")).Out, "warning CHATAUTH5450");

        Clock.Move(TimeSpan.FromMinutes(10));
        Assert.AreEqual(1002, await AskAsync());
        Assert.DoesNotContain("CHATAUTH5450", (await RunAsync("doctor")).Out);

        CommandRun proven = await DoAsync("deploy", "--prove");
        CollectionAssert.AreEqual(new[] { "PATCH sdkmessageprocessingsteps" }, Network.Writes.ToArray());
        StringAssert.EndsWith(proven.Error, Proven);
        Assert.AreEqual(0, await AskAsync());

        // The next write drops it.
        await DoAsync("rotate", "--lead", "0s", "--force");
        Assert.DoesNotContain("user:", Configuration());
        Assert.AreEqual(1002, await AskAsync());
    }

    [TestMethod]
    public async Task By_a_listed_caller_as_itself()
    {
        Deployer = Organization.AddApplicationAdministrator("pipeline", Guid.NewGuid());
        Settings["callers"]![Deployer.ApplicationId!.Value.ToString("D")] = new JsonObject();
        StringAssert.EndsWith((await DoAsync("deploy")).Error, Proven);
        Assert.DoesNotContain("user:", Configuration());
        await DoAsync("deploy", "--prove");
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task But_not_by_one_that_is_listed_to_name_no_contact()
    {
        Deployer = Organization.AddApplicationAdministrator("pipeline", Guid.NewGuid());
        Settings["callers"]![Deployer.ApplicationId!.Value.ToString("D")] = new JsonObject { ["contact"] = "context" };
        StringAssert.Contains(
            (await DoAsync("deploy")).Error, "not proven: no token was asked for, since whoever runs this is listed");
        Assert.DoesNotContain("user:", Configuration());
    }

    [TestMethod]
    public async Task But_of_nobody_where_the_settings_name_no_contact()
    {
        Settings.Remove("testContact");
        StringAssert.Contains((await DoAsync("deploy")).Error,
            "not proven: no token was asked for, since the settings file names no \"testContact\"\n");
        Assert.DoesNotContain("user:", Configuration());
    }

    [TestMethod]
    public async Task But_not_where_steps_cannot_be_written()
    {
        await DoAsync("deploy");
        Clock.Move(TimeSpan.FromMinutes(10));
        Organization.BlocksUnmanagedCustomizations = true;
        StringAssert.Contains((await DoAsync("deploy", "--prove")).Error,
            "not proven: no token was asked for, since unmanaged customizations are blocked");
    }

    [TestMethod]
    public async Task And_an_entry_that_lies_far_ahead_is_a_change()
    {
        await DoAsync("deploy");
        long far = Clock.GetUtcNow().AddHours(2).ToUnixTimeSeconds();
        string planted = Configuration().Split("\"until\":")[0] + $"\"until\":{far}}}}}}}";
        Organization.ChangeRow("sdkmessageprocessingstep", Step, ("configuration", planted));
        Assert.AreEqual(1002, await AskAsync());
        StringAssert.Contains((await RunAsync("doctor")).Out, "error CHATAUTH5450, for chatauth deploy to mend");
        StringAssert.Contains((await DoAsync("deploy")).Error, Proven);
        Assert.DoesNotContain($"{far}", Configuration());
    }

    [TestMethod]
    public async Task A_settings_file_has_no_entry_for_a_moment()
    {
        Settings["callers"]![$"user:{Deployer.Id:D}"] =
            new JsonObject { ["contact"] = new JsonObject { ["only"] = Bert }, ["until"] = 1 };
        Assert.AreEqual("CHATAUTH5104", (await RunAsync("deploy")).Codes);
    }

    private static readonly Guid Step = new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c11");

    private string Configuration() =>
        Organization.Rows.Now.Get("sdkmessageprocessingstep", Step).Text("configuration")!;

    // As the deployer: 0 for a token, else the plug-in's code.
    private async Task<int> AskAsync()
    {
        using WebApi dataverse = new(Environment, Deployer.Token, Clock);
        try
        {
            await ChatTokens.IssueAsync(dataverse, Guid.Parse(Bert), null, CancellationToken.None);
            return 0;
        }
        catch (WebApiException refusal)
        {
            return int.Parse(refusal.PluginCode![^4..], System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
