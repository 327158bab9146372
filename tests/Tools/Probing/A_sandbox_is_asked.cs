using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;
using ChatAuth.Probing;
using ChatAuth.Tools.Tests.Network;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Probing;

[TestClass]
#pragma warning disable CA1001 // the clean-up after each test disposes what it owns
public sealed class A_sandbox_is_asked
#pragma warning restore CA1001
{
    private const string AsItIs =
        $"""
        Does an RSA class of the sandbox sign? yes
        Are PortalsContactId and IsPortalsClientCall set when server logic calls a custom API? not asked
        Does the enhanced authorization of a site cover a custom API that its server logic calls? not asked
        Is AuthenticatedUserId empty or equal to InitiatingUserId in a plain call? yes
        Does a changed secure-configuration row alone renew cached plug-in instances? no
        Can rows of steps be guarded by an ETag? yes
        Does a step that is created with statecode 1 arrive disabled? yes
        Does a managed upgrade keep the secure configuration of the steps? yes
        Does a step on a custom API bind to its message again when a solution with it is imported? yes
        Is the solution imported where English is not provisioned? not asked
        {Binds} not asked
        Does a plug-in trace row hold the secure configuration in clear? no
        """;

    private const string Binds = "Can somebody who may register steps, but is no administrator, bind a step of their "
        + "own plug-in to our secure configuration?";

    private const string StepsBind =
        "Does a step on a custom API bind to its message again when a solution with it is imported?";

    private static readonly Dictionary<string, Action<LocalOrganization>> Switches = new()
    {
        ["renews"] = o => o.Pipeline.Instances.SecureConfigurationRenews = true,
        ["traces"] = o => o.Pipeline.Trace.HoldsSecureConfiguration = true,
        ["unsigned"] = o => o.Unknowns.SigningFails = true,
        ["authenticated"] = o => o.Unknowns.AuthenticatedUserDiffers = true,
        ["upgrade"] = o => o.Unknowns.UpgradeDropsSecureConfiguration = true,
        ["message ids"] = o => o.Unknowns.ExportsMessageIds = true,
        ["steps refused"] = o => o.Unknowns.ImportedSteps = ImportedSteps.AreRefused,
        ["steps left out"] = o => o.Unknowns.ImportedSteps = ImportedSteps.AreLeftOut,
        ["steps unbound"] = o => o.Unknowns.ImportedSteps = ImportedSteps.NameNoMessage,
        ["German"] = o => o.Languages = [1031],
        ["enabled"] = o => o.Unknowns.StepsArriveEnabled = true,
        ["versions"] = o => o.Unknowns.KeepsNoVersions = true,
    };

    private ProbeWorld world = null!;

    [TestInitialize]
    public void Start() => world = new ProbeWorld();

    [TestCleanup]
    public void Stop()
    {
        world.AssertRows(world.Dump(world.Imported), "something is left behind");
        world.Dispose();
    }

    [TestMethod]
    public async Task As_it_is() =>
        Assert.AreEqual(AsItIs.ReplaceLineEndings("\n"), Answers(await world.ProbeAsync(0, "--trace")));

    [TestMethod]
    [DataRow("unsigned", "Does an RSA class of the sandbox sign? no")]
    [DataRow(
        "authenticated",
        "Does an RSA class of the sandbox sign? could not be told",
        "Is AuthenticatedUserId empty or equal to InitiatingUserId in a plain call? no")]
    [DataRow("renews", "Does a changed secure-configuration row alone renew cached plug-in instances? yes")]
    [DataRow("versions", "Can rows of steps be guarded by an ETag? no")]
    [DataRow("enabled", "Does a step that is created with statecode 1 arrive disabled? no")]
    [DataRow("upgrade", "Does a managed upgrade keep the secure configuration of the steps? no")]
    [DataRow("message ids", StepsBind + " no")]
    [DataRow("steps refused", StepsBind + " no")]
    [DataRow("steps left out", StepsBind + " no")]
    [DataRow("steps unbound", StepsBind + " no")]
    [DataRow("German", "Is the solution imported where English is not provisioned? yes")]
    [DataRow("traces", "Does a plug-in trace row hold the secure configuration in clear? yes")]
    public async Task With_one_unknown_turned_the_other_way(string unknown, params string[] changed)
    {
        Switches[unknown](world.Organization);
        string[] answers = Answers(await world.ProbeAsync(0, "--trace")).Split('\n');
        CollectionAssert.AreEqual(changed, answers.Except(AsItIs.ReplaceLineEndings("\n").Split('\n')).ToArray());
        Assert.HasCount(AsItIs.Split('\n').Length, answers);
    }

    [TestMethod]
    [DataRow("message ids", "the exported step has the id of its message, which differs elsewhere")]
    [DataRow("steps refused", "the solution is imported without the step only")]
    [DataRow("steps left out", "the solution was imported and the step was left out")]
    [DataRow("steps unbound", "the step was imported and is not bound to the message")]
    public async Task Why_a_step_does_not_bind_is_told(string unknown, string evidence)
    {
        Switches[unknown](world.Organization);
        StringAssert.Contains(
            (await world.ProbeAsync(0)).Out, $"| {StepsBind} | no | {evidence} |", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task An_import_that_fails_for_another_reason_says_nothing_of_steps()
    {
        using Replies failing = new(
            world.Hosts,
            request => request.Contains("ImportSolutionAsync", StringComparison.Ordinal)
                ? (HttpStatusCode.OK, $$"""{"AsyncOperationId":"{{Guid.Empty}}"}""")
                : request.Contains("asyncoperations", StringComparison.Ordinal)
                ? (HttpStatusCode.OK, """{"statecode":3,"statuscode":31,"friendlymessage":"another import runs"}""")
                : null);
        using FaultyNetwork network = new(failing);
        CommandRun run = (await world.ProbeAsync(network))!;
        StringAssert.Contains(
            run.Out, $"| {StepsBind} | could not be told | the solution is not imported without the step either |",
            StringComparison.Ordinal);
        StringAssert.Contains(
            run.Out, "keep the secure configuration of the steps? | could not be told | ended in CHATAUTH5003 |",
            StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow(null, "this environment does not have enhanced authorization")]
    [DataRow(0, "no site of this environment has it on")]
    [DataRow(1, "no site of this environment has it on")]
    [DataRow(2, "no site of this environment has it on")]
    [DataRow(3, "takes a visitor, and 1 of the sites here have it on")]
    public async Task Whether_a_site_could_answer_is_told(int? value, string evidence)
    {
        if (value is { } state)
        {
            world.Organization.AddRow(
                "powerpagesite", Guid.NewGuid(), ("name", "Contoso"),
                ("enhancedauthorization", new OptionSetValue(state)));
            world.Imported = world.Organization.Rows.Now;
        }

        using Replies replies = new(
            world.Hosts,
            request => value == null && request.Contains("powerpagesites?", StringComparison.Ordinal)
                ? (HttpStatusCode.BadRequest,
                    """{"error":{"code":"0x80060888","message":"Could not find a property named 'x'."}}""")
                : null);
        using FaultyNetwork network = new(replies);
        CommandRun run = (await world.ProbeAsync(network))!;
        StringAssert.Contains(run.Out, $"its server logic calls? | not asked | {evidence}", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow(false, new string[0], "yes", "a step of that user was created with the row")]
    [DataRow(false, new[] { "prvReadSdkMessageProcessingStepSecureConfig" }, "yes",
        "a step of that user was created with the row")]
    [DataRow(true, new string[0], "no", "a step without the row is taken, with it refused with 403 0x80040220, bound "
        + "to it later refused with 403 0x80040220")]
    [DataRow(true, new[] { "prvAppendToSdkMessageProcessingStepSecureConfig" }, "yes",
        "a step of that user was created with the row")]
    public async Task Whether_a_customizer_can_bind_a_step_to_the_row(
        bool isGuarded, string[] more, string answer, string evidence)
    {
        world.Organization.Unknowns.SecureConfigurationsAreGuarded = isGuarded;
        LocalUser customizer = Add(
            [
                "prvReadSdkMessage", "prvReadPluginType", "prvCreateSdkMessageProcessingStep",
                "prvReadSdkMessageProcessingStep", "prvWriteSdkMessageProcessingStep", .. more,
            ]);
        CommandRun run = await world.ProbeAsync(0, "--as", $"{customizer.Id}");
        StringAssert.Contains(run.Out, $"| {Binds} | {answer} | {evidence} |", StringComparison.Ordinal);
        Assert.DoesNotContain($"{customizer.Id}", run.Out + run.Error);
    }

    [TestMethod]
    public async Task Whether_one_can_is_not_told_by_who_registers_no_steps_at_all()
    {
        CommandRun run = await world.ProbeAsync(
            0, "--as", $"{Add(["prvReadSdkMessage", "prvReadPluginType"]).Id}");
        StringAssert.Contains(run.Out, $"| {Binds} | could not be told | that user may not register steps, refused "
            + "with 403 0x80040220: name one with the role System Customizer |", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Nor_by_an_administrator_or_by_nobody()
    {
        CommandRun run = await world.ProbeAsync(0, "--as", $"{world.Organization.Administrator.Id}");
        StringAssert.Contains(run.Out, $"| {Binds} | could not be told | that user reads secure configurations, as a "
            + "System Administrator does: name another |", StringComparison.Ordinal);
        StringAssert.Contains(
            (await world.ProbeAsync(0, "--as", $"{Guid.NewGuid()}")).Out,
            $"| {Binds} | could not be told | Dataverse does not let the probe act as that user, refused with 404 ",
            StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task By_a_person_no_token_is_asked_for()
    {
        world.Prober = world.Organization.Administrator;
        string answers = Answers(await world.ProbeAsync(0, "--trace"));
        Assert.AreEqual(
            AsItIs.ReplaceLineEndings("\n")
                .Replace("sandbox sign? yes", "sandbox sign? not asked", StringComparison.Ordinal), answers);
    }

    [TestMethod]
    public async Task The_trace_stays_off_unless_it_may_be_switched_on()
    {
        List<int> levels = [];
        using FaultyNetwork network = new(world.Hosts) { Watch = () => Watch(levels) };
        CommandRun run = (await world.ProbeAsync(network))!;
        StringAssert.EndsWith(Answers(run), "in clear? not asked", StringComparison.Ordinal);
        CollectionAssert.DoesNotContain(levels, 1);

        using FaultyNetwork traced = new(world.Hosts) { Watch = () => Watch(levels) };
        await world.ProbeAsync(traced, "--trace");
        CollectionAssert.AreEqual(
            new[] { 0, 1, 0 }, levels.Where((level, i) => i == 0 || levels[i - 1] != level).ToArray());
    }

    [TestMethod]
    public async Task A_trace_that_is_on_is_looked_at_and_stays_on()
    {
        world.Organization.ChangeRow(
            "organization", world.Organization.Id, ("plugintracelogsetting", new OptionSetValue(1)));
        StringAssert.EndsWith(Answers(await world.ProbeAsync(0)), "in clear? no", StringComparison.Ordinal);
        Assert.AreEqual(
            1, world.Organization.Rows.Now.Get("organization", world.Organization.Id).Number("plugintracelogsetting"));
        world.Organization.ChangeRow(
            "organization", world.Organization.Id, ("plugintracelogsetting", new OptionSetValue(0)));
        foreach (Row row in world.Organization.Rows.Now.All("plugintracelog").ToList())
        {
            Assert.AreNotEqual(
                ProbeRows.PublishKeys.Id, row.Reference("pluginstepid"), "the rows of the step are left behind");
            world.Organization.Operations.Delete(
                world.Organization.Administrator, Schema.Known.Table("plugintracelog"), row.Id);
        }
    }

    [TestMethod]
    public async Task The_table_names_versions_and_nothing_of_the_environment()
    {
        CommandRun run = await world.ProbeAsync(0, "--trace");
        Assert.MatchesRegex(
            $"^chatauth {ProductVersion.OfCommand}, solution {ProductVersion.OfSolution}, Dataverse 9\\.2 "
                + "\\(LocalDataverse\\), 2030-01-02\n\n\\| question \\| answer \\| evidence "
                + "\\|\n\\|---\\|---\\|---\\|\n", run.Out);
        Assert.DoesNotMatchRegex("[0-9a-f]{8}-[0-9a-f]{4}|contoso|prober|Bert|http", run.Out);
    }

    [TestMethod]
    public async Task As_JSON()
    {
        JsonNode table = JsonNode.Parse((await world.ProbeAsync(0, "--trace", "--json")).Out)!;
        Assert.AreEqual(AsItIs.ReplaceLineEndings("\n"),
            string.Join('\n', table["answers"]!.AsArray().Select(row => $"{row!["question"]} {row["answer"]}")));
        Assert.AreEqual("9.2 (LocalDataverse)", table["dataverse"]!.GetValue<string>());
    }

    [TestMethod]
    public async Task Where_steps_cannot_be_made_the_table_says_which_questions_failed()
    {
        world.Organization.BlocksUnmanagedCustomizations = true;
        world.Imported = world.Organization.Rows.Now;
        CommandRun run = await world.ProbeAsync(1, "--trace");
        StringAssert.Contains(run.Out, "| could not be told | ended in CHATAUTH5001 |", StringComparison.Ordinal);
        StringAssert.EndsWith(run.Codes, "CHATAUTH5001 CHATAUTH5502", StringComparison.Ordinal);
    }

    // Answers some requests in the network's place.
    private sealed class Replies(HttpMessageHandler network, Func<string, (HttpStatusCode Status, string Text)?> answer)
        : HttpMessageHandler
    {
        private readonly HttpMessageInvoker network = new(network, disposeHandler: false);

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (answer(request.RequestUri!.ToString()) is not { } reply)
            {
                return await network.SendAsync(request, cancellationToken);
            }

            return new HttpResponseMessage(reply.Status)
            {
                RequestMessage = request,
                Content = new StringContent(reply.Text, null, "application/json"),
            };
        }

        protected override void Dispose(bool disposing)
        {
            network.Dispose();
            base.Dispose(disposing);
        }
    }

    private Task Watch(List<int> levels)
    {
        levels.Add(
            world.Organization.Rows.Now.Get("organization", world.Organization.Id).Number("plugintracelogsetting"));
        return Task.CompletedTask;
    }

    private LocalUser Add(string[] privileges)
    {
        LocalUser user = world.Organization.AddApplicationUser("customizer", Guid.NewGuid(), privileges);
        world.Imported = world.Organization.Rows.Now;
        return user;
    }

    private static string Answers(CommandRun run) => string.Join(
        '\n', run.Out.Split('\n').SkipWhile(line => line != "|---|---|---|").Skip(1).Where(line => line.Length > 0)
            .Select(line => string.Join(' ', line.Split(" | ")[..2]).TrimStart('|', ' ')));
}
