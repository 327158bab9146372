using System;
using System.Linq;
using System.Net;
using System.Net.Http;
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
    public async Task By_one_write_that_would_be_made_anyway_and_none_while_it_counts()
    {
        await DoAsync("deploy");
        Assert.AreEqual(
            2, Network.Writes.Count(write => write == "PATCH sdkmessageprocessingsteps"), "one of each step");
        await DoAsync("deploy", "--prove");
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task Of_another_contact_than_before()
    {
        await DoAsync("deploy");
        Guid other = Organization.AddRow("contact", Guid.NewGuid(), ("firstname", "Ann")).Id;
        Settings["testContact"] = other.ToString("D");
        StringAssert.EndsWith((await DoAsync("deploy", "--prove")).Error, Proven);
        StringAssert.Contains(Configuration(), $"\"only\":\"{other:D}\"");
        Assert.DoesNotContain(Bert, Configuration());
    }

    [TestMethod]
    public async Task Again_where_an_instance_does_not_know_the_entry_yet()
    {
        int refused = 0;
        Network.Before = request => Task.FromResult(IsOf(request, "chatauth_IssueChatToken") && ++refused < 3
            ? Answer(HttpStatusCode.BadRequest, new JsonObject
            {
                ["error"] = new JsonObject { ["message"] = "CHATAUTH1002: The caller is not listed. List it." },
            }) : null);
        StringAssert.EndsWith((await DoAsync("deploy")).Error, Proven);
        Assert.AreEqual(3, refused);
    }

    [TestMethod]
    public async Task And_a_token_that_the_published_keys_do_not_verify_proves_nothing()
    {
        await DoAsync("deploy");
        string[] parts = (await IssueAsync()).Split('.');
        Network.Before = request => Task.FromResult(IsOf(request, "chatauth_IssueChatToken")
            ? Answer(HttpStatusCode.OK, new JsonObject { ["Token"] = $"{parts[0]}.{parts[1]}.{new string('A', 342)}" })
            : null);
        CommandRun run = await RunAsync("deploy", "--prove");
        Assert.AreEqual((1, "CHATAUTH4303"), (run.ExitCode, run.Codes), run.Error);
        Assert.DoesNotContain("proven: ", run.Error);
    }

    [TestMethod]
    public async Task And_a_plug_in_that_answers_with_other_keys_than_are_published_is_told()
    {
        await DoAsync("deploy");
        Network.Before = request => Task.FromResult(IsOf(request, "chatauth_GetPublicKeys")
            ? Answer(HttpStatusCode.OK, new JsonObject { ["KeySet"] = "[]" }) : null);
        Assert.AreEqual("CHATAUTH5011", (await RunAsync("deploy")).Codes);
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

    private static bool IsOf(HttpRequestMessage request, string api) =>
        request.RequestUri!.AbsolutePath.EndsWith("/" + api, StringComparison.Ordinal);

    private static HttpResponseMessage Answer(HttpStatusCode status, JsonObject body) =>
        new(status) { Content = new StringContent(body.ToJsonString(), null, "application/json") };

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
