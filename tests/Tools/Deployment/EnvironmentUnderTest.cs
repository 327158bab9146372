using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Security;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>
/// An empty LocalDataverse, a settings file with a file target, and every request that the commands make; base of the
/// test classes.
/// </summary>
#pragma warning disable CA1001 // the clean-up after each test disposes what it owns
public abstract class EnvironmentUnderTest
#pragma warning restore CA1001
{
    internal const string Bert = "87b4d06c-abc2-e811-a9b0-000d3a10e09e";

    private LocalDataverseServer? server;
    private TemporaryFolder? folder;

    internal LocalOrganization Organization { get; private set; } = null!;

    internal LocalUser Deployer { get; set; } = null!;

    /// <summary>The Web API's address.</summary>
    internal Uri Environment => server!.Url;

    internal LocalUser Portal { get; private set; } = null!;

    internal MovableClock Clock { get; } =
        new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero)) { MovesByItself = true };

    /// <summary>The clock of the machine that commands run on; usually right.</summary>
    internal TimeProvider? Workstation { get; set; }

    internal WatchedNetwork Network { get; } = new();

    internal Uri Url => server!.Url;

    internal TemporaryFolder Folder => folder!;

    /// <summary>Environment variables of the machine that commands run on.</summary>
    internal Dictionary<string, string> Variables { get; } = [];

    internal string KeyFilePath => Folder.File("publickey.json");

    /// <summary>The settings file's document; tests change it before they run a command.</summary>
    internal JsonObject Settings { get; private set; } = null!;

    [TestInitialize]
    public async Task Start()
    {
        folder = new TemporaryFolder();
        Organization = new LocalOrganization(Clock);
        Deployer = Organization.Administrator;
        Organization.AddRow("contact", Guid.Parse(Bert), ("firstname", "Bert"), ("lastname", "Hair"));
        Portal = Organization.AddApplicationUser("portal", Guid.NewGuid(), "prvReadContact", "prvReadAccount");
        server = await LocalDataverseServer.StartAsync(Organization, 0);
        Settings = new JsonObject
        {
            ["issuer"] = "contosohelp.com",
            ["callers"] = new JsonObject
            {
                [Portal.ApplicationId!.Value.ToString("D")] = new JsonObject { ["contact"] = "parameter" },
            },
            ["publish"] = new JsonArray(new JsonObject { ["file"] = "publickey.json", ["local"] = true }),
        };
    }

    [TestCleanup]
    public async Task Stop()
    {
        await server!.DisposeAsync();
        Network.Dispose();
        folder!.Dispose();
    }

    /// <summary>Runs a command on this environment.</summary>
    internal Task<CommandRun> RunAsync(params string[] args) => AnswerAsync(string.Empty, args);

    /// <summary>Runs a command on this environment and answers what it asks.</summary>
    internal async Task<CommandRun> AnswerAsync(string input, params string[] args)
    {
        await File.WriteAllTextAsync(Folder.File("chatauth.json"), Settings.ToJsonString());
        Network.Forget();
        return await CommandRun.OfAsync(
            [.. args, "--settings", Folder.File("chatauth.json"), "--url", server!.Url.AbsoluteUri],
            input,
            Workstation ?? Clock,
            name => name == "CHATAUTH_ACCESS_TOKEN" ? Deployer.Token : Variables.GetValueOrDefault(name),
            Network);
    }

    /// <summary>Runs a command that must end well.</summary>
    internal async Task<CommandRun> DoAsync(params string[] args)
    {
        CommandRun run = await RunAsync(args);
        Assert.AreEqual(
            args.Contains("--dry-run") && run.Out.Contains("will: ", StringComparison.Ordinal) ? 3 : 0,
            run.ExitCode,
            run.Error);
        return run;
    }

    /// <summary>Asks for a token as the portal.</summary>
    internal Task<string> IssueAsync() => IssueAsync(Portal);

    /// <summary>Asks for a token as a user.</summary>
    internal async Task<string> IssueAsync(LocalUser user)
    {
        using WebApi portal = new(server!.Url, user.Token, Clock);
        return await ChatTokens.IssueAsync(portal, Guid.Parse(Bert), null, CancellationToken.None);
    }

    /// <summary>Issues a token and verifies it with what the file target serves.</summary>
    /// <param name="path">The file; null for the usual one.</param>
    /// <returns>The kid.</returns>
    internal async Task<string> IssueVerifiedAsync(string? path = null)
    {
        string token = await IssueAsync();
        CommandRun run =
            await CommandRun.OfAsync(["token", "verify", token, "--key", path ?? KeyFilePath], clock: Clock);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return JsonNode.Parse(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(token.Split('.')[0]))!["kid"]!
            .GetValue<string>();
    }

    /// <summary>The secure configuration's keys, as they are stored.</summary>
    internal JsonArray StoredKeys() =>
        JsonNode.Parse(
            Organization.Rows.Now.All("sdkmessageprocessingstepsecureconfig").Single().Text("secureconfig")!)!["keys"]!
            .AsArray();

    /// <summary>kids and expiries that the file target holds.</summary>
    internal IReadOnlyDictionary<string, long> Served() => JsonNode.Parse(File.ReadAllText(KeyFilePath))!.AsArray()
        .ToDictionary(key => key!["kid"]!.GetValue<string>(), key => key!["expiry"]!.GetValue<long>());
}

/// <summary>The network, with a list of what went over it.</summary>
internal sealed class WatchedNetwork : DelegatingHandler
{
    private readonly List<string> writes = [];

    /// <summary>Watches the real network.</summary>
    public WatchedNetwork() => InnerHandler = new SocketsHttpHandler();

    /// <summary>Method and path of every request since the command began that could change something.</summary>
    public IReadOnlyList<string> Writes => writes;

    /// <summary>Called before each request; may answer in the network's place.</summary>
    public Func<HttpRequestMessage, Task<HttpResponseMessage?>>? Before { get; set; }

    /// <summary>Begins a new list.</summary>
    public void Forget() => writes.Clear();

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The custom API that is asked for public keys is an action, and changes nothing.
        if (request.Method != HttpMethod.Get
            && !request.RequestUri!.AbsolutePath.Contains("chatauth_", StringComparison.Ordinal))
        {
            writes.Add($"{request.Method} {request.RequestUri.AbsolutePath.Split("/v9.2/")[^1].Split('(')[0]}");
        }

        return (Before == null ? null : await Before(request)) ?? await base.SendAsync(request, cancellationToken);
    }
}
