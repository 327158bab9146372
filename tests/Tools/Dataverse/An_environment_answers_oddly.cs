using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;
using ChatAuth.LocalPortal.PowerPages;
using ChatAuth.Tools.Tests.Network;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Dataverse;

/// <summary>
/// Each member of each answer that a command reads is of another type once, and each answer is none once: the command
/// ends with a code, and never by a defect of its own.
/// </summary>
[TestClass]
[DoNotParallelize] // one environment for all tests
public sealed partial class An_environment_answers_oddly
{
    private const string HalfPair = "\"\\ud800\"";

    // What stands where something else is expected, as JSON; empty for nothing.
    private static readonly string[] Values =
        ["7", "\"odd\"", "null", "[]", "{}", "true", "[null]", string.Empty, HalfPair, "-1.5", "\"\"", "[[{}]]"];

    private static readonly (int Status, string Type, byte[] Body)[] Answers =
    [
        (200, "text/html", Bytes("<!doctype html><title>Sign in</title>")), (200, "application/json", []),
        (204, "application/json", []), (200, "application/json", Bytes("null")),
        (200, "application/json", Bytes("[]")), (200, "application/json", Bytes("\"value\"")),
        (200, "application/json", Bytes("{\"value\":")), (200, "application/json", Bytes("{\"value\":{}}")),
        (200, "application/json", Bytes("{\"value\":[null]}")), (200, "application/json", Bytes("{\"value\":[7]}")),
        (200, "application/json", Bytes("{\"value\":[],\"value\":[]}")), (200, "application/json", [0xC3, 0x28]),
        (200, "application/json; charset=none", Bytes("{}")), (200, "text/plain", Bytes(new string('[', 5000))),
        (400, "application/json", Bytes("{\"error\":null}")), (400, "application/json", Bytes("{\"error\":\"x\"}")),
        (400, "application/json", Bytes("{\"error\":{\"message\":7,\"code\":[]}}")),
        (400, "application/json", Bytes("{\"error\":{\"message\":\"a\",\"message\":\"b\"}}")),
        (400, "application/json", Bytes("{\"error\":{\"message\":\"\\udc00\"}}")),
        (403, "application/json", Bytes("[{\"error\":{}}]")), (412, "text/html", Bytes("<p>no</p>")),
        (404, "application/json", Bytes("7")),
    ];

    private static readonly MovableClock Clock =
        new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero)) { MovesByItself = true };

    private static readonly LocalOrganization Organization = new(Clock);
    private static readonly DataverseHost Dataverse = new(Organization);
    private static readonly OddNetwork Network = new(new Hosts());
    private static readonly TemporaryFolder Folder = new();
    private static PortalSite site = null!;
    private static RowSnapshot empty = null!;
    private static RowSnapshot deployed = null!;

    [ClassInitialize]
    public static async Task Deploy(TestContext context)
    {
        LocalUser portal = Organization.AddApplicationUser(
            "portal", Guid.NewGuid(), "prvReadContact", "prvReadAccount", "prvReadadx_externalidentity");
        Organization.AddRow("msdyn_livechatconfig", Guid.NewGuid(), ("msdyn_name", "Chat"));
        Organization.ChangeRow("organization", Organization.Id, ("blockedattachments", "exe"));
        Guid enhanced = EmptySite.AddTo(Organization, "Contoso", "contosohelp.com");
        EmptySite.AddTo(Organization, "Fabrikam", "fabrikam.com", isEnhanced: false);
        site = new PortalSite(Organization, enhanced);
        Network.Hosts.Add("contoso.crm.dynamics.com", Dataverse).Add("contosohelp.com", site);
        JsonObject settings = new()
        {
            ["issuer"] = "contosohelp.com",
            ["callers"] = new JsonObject
            {
                [portal.ApplicationId!.Value.ToString("D")] = new JsonObject { ["contact"] = "parameter" },
            },
            ["publish"] = new JsonArray(
                new JsonObject { ["file"] = "publickey.json", ["local"] = true },
                new JsonObject { ["page"] = "Contoso" }),
            ["portals"] = new JsonArray(
                new JsonObject { ["site"] = "Contoso" }, new JsonObject { ["site"] = "Fabrikam" }),
            ["authenticationSettings"] = new JsonObject
            {
                ["publicKeyUrl"] = "https://contosohelp.com/auth/publickey",
                ["widgets"] = new JsonArray("Chat"),
            },
            ["liveAssist"] = new JsonObject { ["key"] = "line" },
        };
        await File.WriteAllTextAsync(Folder.File("chatauth.json"), settings.ToJsonString());
        empty = Organization.Rows.Now;
        CommandRun run = await RunAsync("deploy");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        deployed = Organization.Rows.Now;
    }

    [ClassCleanup]
    public static void TidyUp()
    {
        Folder.Dispose();
        Network.Dispose();
    }

    [TestMethod]
    [CICondition(ConditionMode.Include, IgnoreMessage = Sweep.Reason)]
    [DataRow("doctor")]
    [DataRow("keys")]
    [DataRow("liveassist")]
    [DataRow("deploy")]
    [DataRow("rotate --cutover --dry-run")]
    [DataRow("uninstall --dry-run")]
    [DataRow("builtin configure --site Contoso --thumbprint 0F1E2D3C4B5A69788796A5B4C3D2E1F00F1E2D3C --dry-run")]
    [DataRow("builtin configure --site Fabrikam --thumbprint 0F1E2D3C4B5A69788796A5B4C3D2E1F00F1E2D3C")]
    public async Task And_the_command_ends_with_a_code(string line)
    {
        string[] words = line.Split(' ');
        RowSnapshot before = words is ["deploy"] ? empty : deployed;
        HashSet<string> members = [];
        int requests = 0;
        Network.Change = (request, text) =>
        {
            requests++;
            members.UnionWith(MembersOf(request, text));
            return null;
        };
        Organization.Rows.Return(before);
        CommandRun sound = await RunAsync(words);
        Assert.IsTrue(sound.ExitCode is 0 or 1 or 3 && members.Count > 1, sound.Error);

        List<string> defects = [];
        int turn = line.Length; // so that every command begins with another value
        foreach (string member in members.Order(StringComparer.Ordinal))
        {
            string value = Values[turn++ % Values.Length];
            await TryAsync($"{member} = {value}", (request, text) => Changed(request, text, member, value));
        }

        for (int which = 1; which <= requests; which++)
        {
            int left = which;
            (int status, string type, byte[] body) = Answers[turn++ % Answers.Length];
            await TryAsync($"answer {which} = {status} {Encoding.Latin1.GetString(body)}", (_, _) =>
                --left == 0 ? new HttpResponseMessage((HttpStatusCode)status)
                {
                    Content = new ByteArrayContent(body) { Headers = { { "Content-Type", type } } },
                }
                : null);
        }

        Assert.IsEmpty(defects, string.Join('\n', defects));

        async Task TryAsync(string what, Func<HttpRequestMessage, string, HttpResponseMessage?> change)
        {
            Organization.Rows.Return(before);
            Network.Change = change;
            CommandRun run = await RunAsync(words);
            if (run.ExitCode is not (0 or 1 or 3) || run.Error.Contains("CHATAUTH4999", StringComparison.Ordinal)
                || run.Out.Contains("CHATAUTH4999", StringComparison.Ordinal))
            {
                defects.Add($"{what}: {run.ExitCode} {run.Error.Trim()}");
            }
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static Task<CommandRun> RunAsync(params string[] words) => CommandRun.OfAsync(
        [
            .. words,
            .. words is ["builtin", ..] ? Array.Empty<string>() : ["--settings", Folder.File("chatauth.json")],
            "--url", "https://contoso.crm.dynamics.com",
        ],
        clock: Clock,
        environment: name => name == "CHATAUTH_ACCESS_TOKEN" ? Organization.Administrator.Token : null,
        network: Network);

    // Set and path of each value in an answer, whichever row it stands in.
    private static IEnumerable<string> MembersOf(HttpRequestMessage request, string text)
    {
        if (request.RequestUri!.Host != "contoso.crm.dynamics.com" || !text.StartsWith('{'))
        {
            return [];
        }

        return Below(JsonNode.Parse(text)!, Set(request));

        static IEnumerable<string> Below(JsonNode node, string path) => node switch
        {
            JsonObject members => members.SelectMany(member =>
                Below(member.Value ?? JsonValue.Create(0), $"{path}.{member.Key}").Append($"{path}.{member.Key}")),
            JsonArray entries => entries.SelectMany(entry => Below(entry ?? JsonValue.Create(0), path)),
            _ => [],
        };
    }

    private static string Set(HttpRequestMessage request) =>
        Ids().Replace(request.RequestUri!.AbsolutePath.Split("/v9.2/")[^1], "()");

    private static HttpResponseMessage? Changed(HttpRequestMessage request, string text, string member, string value)
    {
        string set = Set(request);
        if (!member.StartsWith(set + ".", StringComparison.Ordinal) || !text.StartsWith('{'))
        {
            return null;
        }

        const string Mark = "\"the value that is odd\"";
        JsonNode answer = JsonNode.Parse(text)!;
        Change(answer, set);
        return new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(answer.ToJsonString().Replace(Mark, value, StringComparison.Ordinal)),
        };

        void Change(JsonNode? node, string path)
        {
            foreach (JsonNode? entry in node as JsonArray ?? [])
            {
                Change(entry, path);
            }

            foreach ((string name, JsonNode? child) in (node as JsonObject)?.ToArray() ?? [])
            {
                if ($"{path}.{name}" != member)
                {
                    Change(child, $"{path}.{name}");
                }
                else if (value.Length == 0)
                {
                    node!.AsObject().Remove(name);
                }
                else
                {
                    node![name] = JsonNode.Parse(Mark);
                }
            }
        }
    }

    [GeneratedRegex(@"\([^)]*\)")]
    private static partial Regex Ids();

    private sealed class OddNetwork(Hosts hosts) : DelegatingHandler(hosts)
    {
        public Hosts Hosts { get; } = hosts;

        public Func<HttpRequestMessage, string, HttpResponseMessage?> Change { get; set; } = (_, _) => null;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            string text = await response.Content.ReadAsStringAsync(cancellationToken);
            return Change(request, text) ?? response;
        }
    }
}
