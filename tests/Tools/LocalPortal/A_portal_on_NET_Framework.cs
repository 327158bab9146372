using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.Tools.Tests.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.LocalPortal;

/// <summary>
/// samples/netframework, hosted by ASP.NET on .NET Framework or Mono (tests/NetFramework). The table that the samples
/// share, tests/vectors/portal-cases.json, says what stands in it.
/// </summary>
[TestClass]
#pragma warning disable CA1001 // the clean-up after each test disposes what it owns
public partial class A_portal_on_NET_Framework
#pragma warning restore CA1001
{
    private const string Bert = "87b4d06c-abc2-e811-a9b0-000d3a10e09e";

    private static readonly JsonObject Table =
        JsonNode.Parse(File.ReadAllText(RepositoryRoot.File("tests/vectors/portal-cases.json")))!.AsObject();

    private static readonly int[] GivenByTheFramework = [404, 405];
    private static TemporaryFolder? site;
    private static Process? host;
    private static HttpClientHandler? handler;
    private static HttpClient? portal;

    private readonly ConcurrentQueue<(string Api, JsonNode Parameters)> calls = new();
    private LocalHost? dataverse;
    private JsonNode? told;
    private string served = string.Empty; // the text of the answer before
    private string etag = string.Empty; // the last one there was

    public static IEnumerable<object[]> Cases => All.Select(one => new object[] { one["name"]!.GetValue<string>() });

    private static IEnumerable<JsonNode> All =>
        new[] { "cases", "windows", "apps" }.SelectMany(list => Table[list]!.AsArray()).Select(one => one!);

    [ClassInitialize]
    public static async Task Serve(TestContext context)
    {
        site = new TemporaryFolder();
        string program = RepositoryRoot.File(
            "artifacts/build/bin/ChatAuth.NetFramework.Host/"
                + Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))
                + "/ChatAuth.NetFramework.Host.exe");
        string[] command = OperatingSystem.IsWindows() ? [program, site.Path] : ["mono", program, site.Path];
        try
        {
            host = Process.Start(new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        }
        catch (Win32Exception) when (!OperatingSystem.IsWindows())
        {
            return;
        }

        handler = new HttpClientHandler { AllowAutoRedirect = false, CheckCertificateRevocationList = true };
        portal = new HttpClient(handler) { BaseAddress = new Uri((await host.StandardOutput.ReadLineAsync())!) };
    }

    [ClassCleanup]
    public static async Task End()
    {
        portal?.Dispose();
        handler?.Dispose();
        if (host != null)
        {
            host.StandardInput.Close();
            await host.WaitForExitAsync();
            host.Dispose();
        }

        site?.Dispose();
    }

    [TestInitialize]
    public async Task Start()
    {
        if (portal == null)
        {
            Assert.Inconclusive("mono is not on the path of this machine.");
        }

        dataverse = await LocalHost.AnsweringAsync(AnswerAsDataverseAsync);
    }

    [TestCleanup]
    public async Task Stop() => await (dataverse?.DisposeAsync() ?? default);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public async Task Answers_as_the_table_of_the_samples_says(string name)
    {
        JsonNode one = All.Single(each => each["name"]!.GetValue<string>() == name);
        int perMinute = one["portal"]?["perMinute"]?.GetValue<int>() ?? 30;
        await OpenAsync(
            dataverse!.Url, "application", perMinute, one["portal"]?["format"]?.GetValue<string>(), one["portal"]);
        foreach (JsonNode? exchange in one["exchanges"]!.AsArray())
        {
            using HttpResponseMessage passed = await portal!.GetAsync(
                new Uri($"/test/pass?seconds={exchange!["after"]?.GetValue<int>() ?? 0}", UriKind.Relative));
            told = exchange["dataverse"] ?? told;
            int before = calls.Count;
            using HttpResponseMessage response = await AskAsync(exchange["request"]!.AsObject());
            etag = response.Headers.ETag?.Tag ?? etag;
            served = await response.Content.ReadAsStringAsync();
            Compare(exchange["answer"]!, response, served);
            Assert.AreEqual(exchange["calls"]!.GetValue<int>(), calls.Count - before, exchange.ToJsonString());
            string logged = await portal.GetStringAsync(new Uri("/test/log", UriKind.Relative));
            if (exchange["log"] is { } log)
            {
                string[] lines = [.. log.AsArray().Select(line => line!.GetValue<string>())];
                LogOfUsers.AssertLines(
                    [string.Join('\n', lines)], [logged.ReplaceLineEndings("\n").TrimEnd('\n')]);
            }

            if (exchange["asked"] is { } asked)
            {
                Assert.AreEqual(asked["api"]!.GetValue<string>(), calls.Last().Api);
                Assert.IsTrue(
                    JsonNode.DeepEquals(asked["parameters"], calls.Last().Parameters),
                    calls.Last().Parameters.ToJsonString());
            }
        }
    }

    [TestMethod]
    public async Task Gets_a_token_of_LocalDataverse_for_its_visitor_and_for_nobody_else()
    {
        using IssuingOrganization organization = new(
            """
            {"issuer":"contosohelp.com","callers":{"6f0c1f0e-0000-0000-0000-000000000001":{"contact":"parameter"}}}
            """);
        LocalUser user = organization.Local.AddApplicationUser(
            "portal", new Guid("6f0c1f0e-0000-0000-0000-000000000001"), "prvReadContact");
        organization.Local.AddRow(
            "contact", new Guid(Bert), ("firstname", "Bert"), ("statecode", new OptionSetValue(0)));
        await using LocalDataverseServer server = await LocalDataverseServer.StartAsync(organization.Local, 0);
        await OpenAsync(server.Url, user.Token, 30, format: null);
        using HttpResponseMessage issued = await AskAsync(new JsonObject { ["path"] = "/token" });
        string token = await issued.Content.ReadAsStringAsync();
        Assert.AreEqual(200, (int)issued.StatusCode, token);
        Assert.AreEqual(Bert, ChatAuth.Tokens.Token.Parse(token).Payload["sub"]!.Text);

        // Another contact is not in this Dataverse: the refusal of the plug-in reaches the page by its code.
        using HttpResponseMessage refused = await AskAsync(
            new JsonObject { ["path"] = "/token", ["visitor"] = "5b0e1c8e-3f0a-4b57-8f3c-000000000002" });
        string refusal = await refused.Content.ReadAsStringAsync();
        Assert.IsFalse(refused.IsSuccessStatusCode);
        Assert.Contains("CHATAUTH1008: ", refusal);
    }

    private static async Task OpenAsync(
        Uri environment, string token, int perMinute, string? format, JsonNode? options = null)
    {
        JsonNode? window = options?["externalWindow"];
        string uris = string.Join(' ', window?["redirectUris"]?.AsArray().Select(uri => uri!.GetValue<string>()) ?? []);
        string apps = options?["apps"] == null ? string.Empty : "&apps=1";
        string client = window?["clientId"] is { } id ? "&clientId=" + id.GetValue<string>() : string.Empty;
        using HttpResponseMessage opened = await portal!.GetAsync(new Uri(
            $"/test/open?dataverse={Uri.EscapeDataString(environment.AbsoluteUri)}&token={Uri.EscapeDataString(token)}"
                + $"&perMinute={perMinute}&format={format}&redirectUris={Uri.EscapeDataString(uris)}{client}{apps}",
            UriKind.Relative));
        Assert.IsTrue(opened.IsSuccessStatusCode);
    }

    private async Task AnswerAsDataverseAsync(HttpContext http)
    {
        string api = http.Request.Path.Value!.Split('/')[^1];
        using StreamReader body = new(http.Request.Body);
        calls.Enqueue((api, JsonNode.Parse(await body.ReadToEndAsync())!));
        JsonNode answer = told ?? Table["dataverse"]![api]!;
        if (answer["dropped"] != null)
        {
            http.Abort();
            return;
        }

        if (answer["silent"] != null)
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        }

        http.Response.StatusCode = answer["status"]!.GetValue<int>();
        foreach ((string name, JsonNode? value) in answer["headers"]?.AsObject() ?? [])
        {
            http.Response.Headers[name] = value!.GetValue<string>();
        }

        await http.Response.WriteAsync(answer["text"]?.GetValue<string>() ?? answer["body"]!.ToJsonString());
    }

    // What a request leaves out is taken from the table's own, by its path.
    private async Task<HttpResponseMessage> AskAsync(JsonObject request)
    {
        string path = request["path"]!.GetValue<string>();
        JsonNode? usual = Table["requests"]![path.Split('?')[0]];
        JsonNode? Part(string name) => request.ContainsKey(name) ? request[name] : usual?[name];

        // As it is written: a browser leaves the escapes of an address alone.
        Uri address = new(
            portal!.BaseAddress!.GetLeftPart(UriPartial.Authority) + "/auth" + Long(path),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using HttpRequestMessage message = new(HttpMethod.Parse(Part("method")!.GetValue<string>()), address);
        string? visitor = Part("visitor")?.GetValue<string>();
        string? antiforgery = Part("antiforgery")?.GetValue<string>();
        Add(message, "Test-Contact", visitor);
        Add(message, "__RequestVerificationToken", antiforgery switch
        {
            "own" => await OwnTokenAsync(visitor),
            "served" => served,
            _ => antiforgery,
        });
        foreach ((string name, JsonNode? value) in Part("headers")?.AsObject() ?? [])
        {
            string origin = portal.BaseAddress!.GetLeftPart(UriPartial.Authority);
            Add(message, name, value!.GetValue<string>()
                .Replace("{origin}", origin, StringComparison.Ordinal)
                .Replace("{etag}", etag, StringComparison.Ordinal));
        }

        if (Part("text")?.GetValue<string>() is { } text)
        {
            string body = string.Concat(Enumerable.Repeat(text, Part("repeat")?.GetValue<int>() ?? 1));
            message.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return await portal.SendAsync(message);
    }

    private static string Long(string text) => StateOfLength().Replace(
        text, state => new string('s', int.Parse(state.Groups[1].Value, CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"\{state:(\d+)\}")]
    private static partial Regex StateOfLength();

    private static async Task<string> OwnTokenAsync(string? visitor)
    {
        using HttpRequestMessage message = new(HttpMethod.Get, "/auth/antiforgery");
        Add(message, "Test-Contact", visitor);
        Add(message, "Sec-Fetch-Site", "same-origin");
        using HttpResponseMessage response = await portal!.SendAsync(message);
        return await response.Content.ReadAsStringAsync();
    }

    private static void Add(HttpRequestMessage message, string name, string? value)
    {
        if (value != null)
        {
            Assert.IsTrue(message.Headers.TryAddWithoutValidation(name, value));
        }
    }

    private static void Compare(JsonNode expected, HttpResponseMessage response, string body)
    {
        string where = expected.ToJsonString() + body;
        int status = expected["status"]!.GetValue<int>();
        Assert.AreEqual(status, (int)response.StatusCode, where);
        JsonObject headers = expected["headers"]?.DeepClone().AsObject() ?? [];
        if (!GivenByTheFramework.Contains(status))
        {
            foreach ((string name, JsonNode? value) in Table["every"]!.AsObject())
            {
                headers.TryAdd(name, value?.DeepClone());
            }
        }

        foreach ((string name, JsonNode? value) in expected["closed"] == null ? [] : Table["closed"]!.AsObject())
        {
            headers.TryAdd(name, value?.DeepClone());
        }

        if (expected["refusal"]?.GetValue<string>() is { } refusal)
        {
            headers["Content-Type"] = "application/json";
            headers["Cache-Control"] = "no-store";
            JsonObject said = new() { ["status"] = status, ["message"] = refusal };
            Assert.IsTrue(JsonNode.DeepEquals(said, JsonNode.Parse(body)), where);
        }

        if (expected["text"]?.GetValue<string>() is { } text)
        {
            Assert.AreEqual(text, body, where);
        }

        foreach ((string name, JsonNode? value) in headers)
        {
            string? actual = name == "Content-Type"
                ? response.Content.Headers.ContentType?.MediaType
                : response.Headers.NonValidated.TryGetValues(name, out var values)
                    || response.Content.Headers.NonValidated.TryGetValues(name, out values) ? values.ToString() : null;
            if (value?.GetValue<string>() == "*")
            {
                Assert.IsNotNull(actual, name + where);
            }
            else
            {
                Assert.AreEqual(value is null ? null : Long(value.GetValue<string>()), actual, name + where);
            }
        }
    }
}
