using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Keys;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;
using ChatAuth.Tools.Tests.Network;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Doctor;

/// <summary>
/// An environment that was deployed once, for all tests, and is put back to that state before each; base of the test
/// classes.
/// </summary>
[DoNotParallelize] // one environment for all tests: deploying to another for each would take a minute
#pragma warning disable CA1001 // the clean-up after each test disposes what it owns
public abstract partial class SoundEnvironment
#pragma warning restore CA1001
{
    internal const string KeyUrl = "https://static.contosohelp.com/publickey.json";
    internal static readonly Guid KeyRowId = new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c10");
    internal static readonly Guid IssueStepId = new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c11");
    internal static readonly Guid KeysStepId = new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c12");

    private static RowSnapshot? sound;
    private static DateTimeOffset soundTime;
    private static string? soundKeys;
    private static Func<HttpResponseMessage> keys = () => new HttpResponseMessage(HttpStatusCode.NotFound);

    private TemporaryFolder? folder;

    internal static MovableClock Clock { get; } =
        new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero)) { MovesByItself = true };

    internal static LocalOrganization Organization { get; } = new(Clock);

    internal static LocalUser Portal { get; } = Organization.AddApplicationUser(
        "portal", Guid.NewGuid(), "prvReadContact", "prvReadAccount", "prvReadadx_externalidentity");

    internal static Guid Workstream { get; } =
        Organization.AddRow("msdyn_liveworkstream", Guid.NewGuid(), ("msdyn_name", "Chats")).Id;

    // As other tests map it.
    internal static Guid CustomVariable { get; } =
        Organization.AddRow("msdyn_ocliveworkstreamcontextvariable", Guid.NewGuid(),
        ("msdyn_name", "custom"), ("msdyn_liveworkstreamid", new EntityReference("msdyn_liveworkstream", Workstream)))
        .Id;

    internal static Guid Widget { get; } = Organization.AddRow("msdyn_livechatconfig", Guid.NewGuid(),
        ("msdyn_name", "Chat"), ("msdyn_liveworkstreamid", new EntityReference("msdyn_liveworkstream", Workstream))).Id;

    private static readonly DataverseHost Dataverse = new(Organization);
    private static readonly KeyHost PublicKeys = new();
    private static readonly Hosts Hosts =
        new Hosts().Add("contoso.crm.dynamics.com", Dataverse).Add("static.contosohelp.com", PublicKeys);
    private static readonly Watch Network = new(Hosts);

    /// <summary>The settings file's document; tests change it before they run doctor.</summary>
    internal JsonObject Settings { get; private set; } = null!;

    internal LocalUser Doctor { get; set; } = null!;

    /// <summary>The clock of the machine that doctor runs on.</summary>
    internal TimeProvider Desk { get; set; } = null!;

    /// <summary>Method, path and query of every request of the commands since the test began.</summary>
    internal static IReadOnlyList<string> Requests => Network.Requests;

    /// <summary>Answers in the network's place.</summary>
    internal static Func<HttpRequestMessage, HttpResponseMessage?>? Before { set => Network.Before = value; }

    /// <summary>What the public key URL answers.</summary>
    internal static Func<HttpResponseMessage> Keys { set => keys = value; }

    [TestInitialize]
    public async Task ReturnToSoundness()
    {
        folder = new TemporaryFolder();
        Doctor = Organization.Administrator;
        Before = null;
        Desk = Clock;
        Settings = new JsonObject
        {
            ["issuer"] = "contosohelp.com",
            ["callers"] = new JsonObject
            {
                [Portal.ApplicationId!.Value.ToString("D")] = new JsonObject { ["contact"] = "parameter" },
            },
            ["publish"] = new JsonArray(new JsonObject { ["file"] = "publickey.json", ["url"] = KeyUrl }),
            ["authenticationSettings"] =
                new JsonObject { ["publicKeyUrl"] = KeyUrl, ["widgets"] = new JsonArray("Chat") },
        };
        if (sound == null)
        {
            await DeployAsync();
        }

        Clock.Move(soundTime - Clock.GetUtcNow());
        Organization.Rows.Return(sound!);
        Organization.Pipeline.Trace.HoldsSecureConfiguration = false;
        Serve(soundKeys!);
    }

    [TestCleanup]
    public void TidyUp() => folder!.Dispose();

    /// <summary>Lets the public key URL answer with a text.</summary>
    /// <param name="text">The text; null for the keys of the sound environment.</param>
    /// <param name="cacheControl">The header; null for none.</param>
    /// <param name="users">What a portal says of its application users; null for nothing.</param>
    internal static void Serve(string? text, string? cacheControl = null, string? users = null) => Keys = () =>
    {
        HttpResponseMessage response = new(HttpStatusCode.OK) { Content = new StringContent(text ?? soundKeys!) };
        if (users != null)
        {
            response.Headers.Add("ChatAuth-Application-Users", users);
        }

        response.Headers.CacheControl = cacheControl == null ? null : CacheControlHeaderValue.Parse(cacheControl);
        return response;
    };

    /// <summary>Lets the public key URL answer with what a command wrote last.</summary>
    internal void ServeFile()
    {
        string file = folder!.File("publickey.json");
        Keys = () => new HttpResponseMessage(
            HttpStatusCode.OK)
        { Content = new StringContent(File.Exists(file) ? File.ReadAllText(file) : "[]") };
    }

    /// <summary>The keys in secure configuration.</summary>
    internal static KeyFile StoredKeys() =>
        KeyFile.Parse(Organization.Rows.Now.Get("sdkmessageprocessingstepsecureconfig", KeyRowId).Text("secureconfig"));

    /// <summary>Replaces the keys in secure configuration, and nothing else.</summary>
    internal static void Store(KeyFile stored, Guid? organization = null) =>
        Organization.ChangeRow("sdkmessageprocessingstepsecureconfig", KeyRowId,
            ("secureconfig", stored.Write(organization ?? Organization.Id)));

    internal static void ChangeStep(Guid step, params (string, object?)[] values) =>
        Organization.ChangeRow("sdkmessageprocessingstep", step, values);

    /// <summary>
    /// Runs doctor twice, and holds what it says to a person and to a pipeline against what it is to find.
    /// </summary>
    /// <param name="expected">Severity and the last four digits of the code of each finding, for example <c>error
    /// 5401</c>.</param>
    /// <returns>What it said to a person.</returns>
    internal async Task<string> FindsAsync(params string[] expected)
    {
        RowSnapshot rows = Organization.Rows.Now;
        Network.Requests.Clear();
        CommandRun run = await RunAsync("doctor");
        CommandRun json = await RunAsync("doctor", "--json");

        string[] said =
            [.. Block().Matches(run.Out).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}")];
        CollectionAssert.AreEqual(expected, said, run.Out + run.Error);
        JsonNode document = JsonNode.Parse(json.Out)!;
        CollectionAssert.AreEqual(
            expected, document["findings"]!.AsArray().Select(
                finding => $"{finding!["severity"]} {finding["code"]!.GetValue<string>()[^4..]}").ToArray());
        foreach (JsonNode? finding in document["findings"]!.AsArray())
        {
            StringAssert.Contains(run.Out, $"  {finding!["fact"]}\n  {finding["remedy"]}\n");
        }

        int errors = expected.Count(finding => finding.StartsWith("error", StringComparison.Ordinal));
        Assert.AreEqual(errors, document["errors"]!.GetValue<int>());
        Assert.AreEqual((errors > 0 ? 1 : 0, errors > 0 ? "CHATAUTH5449" : string.Empty), (run.ExitCode, run.Codes));
        Assert.AreEqual((run.ExitCode, run.Codes), (json.ExitCode, json.Codes));
        Assert.AreSame(rows, Organization.Rows.Now);
        Assert.IsNotEmpty(Requests);
        Assert.IsTrue(Requests.All(request => request.StartsWith("GET ", StringComparison.Ordinal)));
        return run.Out;
    }

    internal async Task<CommandRun> RunAsync(params string[] args)
    {
        await File.WriteAllTextAsync(folder!.File("chatauth.json"), Settings.ToJsonString());
        return await CommandRun.OfAsync(
            [.. args, "--settings", folder.File("chatauth.json"), "--url", "https://contoso.crm.dynamics.com"],
            clock: Desk,
            environment: name => name == "CHATAUTH_ACCESS_TOKEN" ? Doctor.Token : null,
            network: Network);
    }

    private async Task DeployAsync()
    {
        ServeFile();
        CommandRun run = await RunAsync("deploy");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        soundKeys = await File.ReadAllTextAsync(folder!.File("publickey.json"));
        soundTime = DateTimeOffset.FromUnixTimeSeconds(Clock.GetUtcNow().AddHours(1).ToUnixTimeSeconds());
        sound = Organization.Rows.Now;
    }

    [GeneratedRegex(
        "^(error|warning) CHATAUTH([0-9]{4}), for (?:a person|chatauth (?:deploy|rotate|revoke)) to mend$",
        RegexOptions.Multiline)]
    private static partial Regex Block();

    private sealed class Watch(HttpMessageHandler hosts) : DelegatingHandler(hosts)
    {
        public List<string> Requests { get; } = [];

        public Func<HttpRequestMessage, HttpResponseMessage?>? Before { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Before?.Invoke(request) is { } instead)
            {
                return Task.FromResult(instead);
            }

            Requests.Add($"{request.Method} {Uri.UnescapeDataString(request.RequestUri!.PathAndQuery)}");
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class KeyHost : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(keys());
    }
}
