using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalPortal;

/// <summary>
/// The table that the samples share, tests/vectors/portal-cases.json, which says what stands in it, and the Dataverse
/// that answers what a case says.
/// </summary>
internal sealed partial class PortalTable : IAsyncDisposable
{
    /// <summary>The header in which a test says who is signed in, by the contact's id.</summary>
    public const string ContactHeader = "Test-Contact";

    /// <summary>A visitor of the table who is signed in and has no contact.</summary>
    public const string WithoutContact = "without-contact";

    // The sign-in that a case lets fail, to a client that asks Dataverse without one.
    private const string SignInHeader = "Test-Sign-In";

    private const string AntiforgeryHeader = "__RequestVerificationToken";

    private static readonly JsonObject Json =
        JsonNode.Parse(File.ReadAllText(RepositoryRoot.File("tests/vectors/portal-cases.json")))!.AsObject();

    private static readonly int[] GivenByTheFramework = [404, 405];

    private LocalHost dataverse = null!;
    private string served = string.Empty; // the text of the answer before

    private PortalTable()
    {
    }

    /// <summary>The calls that Dataverse was asked, in their order.</summary>
    public ConcurrentQueue<(string Api, string Authorization, JsonNode Parameters)> Calls { get; } = new();

    /// <summary>What Dataverse answers to a user, by access token.</summary>
    public ConcurrentDictionary<string, JsonNode> ToldUsers { get; } = new();

    /// <summary>What Dataverse answers else; null for what the table says.</summary>
    public JsonNode? Told { get; set; }

    /// <summary>Dataverse's address.</summary>
    public Uri Dataverse => dataverse.Url;

    /// <summary>Names of cases, for DynamicData.</summary>
    /// <param name="parts">Members of the table.</param>
    public static IEnumerable<object[]> Names(params string[] parts) => parts.SelectMany(part =>
        Json[part]!.AsArray().Select(one => new object[] { one!["name"]!.GetValue<string>() }));

    /// <summary>What may be an address of a window, or what may not.</summary>
    /// <param name="kind">good or bad.</param>
    public static IEnumerable<string> WindowAddresses(string kind) =>
        Json["windowAddresses"]![kind]!.AsArray().Select(address => address!.GetValue<string>());

    /// <summary>The case of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static JsonNode Case(string name) => Json.SelectMany(part => part.Value as JsonArray ?? [])
        .Single(one => one is JsonObject && one["name"]!.GetValue<string>() == name)!;

    /// <summary>Starts a Dataverse.</summary>
    public static async Task<PortalTable> StartAsync()
    {
        PortalTable table = new();
        table.dataverse = await LocalHost.AnsweringAsync(table.AnswerAsync);
        return table;
    }

    /// <summary>Asks a portal as a case says, and compares.</summary>
    /// <param name="one">The case.</param>
    /// <param name="client">To the portal, which was opened for this case.</param>
    /// <param name="pass">Lets time pass for the portal.</param>
    /// <param name="set">Sets its time of day alone.</param>
    /// <param name="takeLog">What the portal logged since the last time.</param>
    public async Task PlayAsync(
        JsonNode one,
        HttpClient client,
        Func<TimeSpan, Task> pass,
        Func<TimeSpan, Task> set,
        Func<Task<string[]>> takeLog)
    {
        string etag = string.Empty;
        foreach (JsonNode? exchange in one["exchanges"]!.AsArray())
        {
            await set(TimeSpan.FromSeconds(exchange!["clock"]?.GetValue<int>() ?? 0));
            await pass(TimeSpan.FromSeconds(exchange["after"]?.GetValue<int>() ?? 0));
            Told = exchange["dataverse"] ?? Told;
            foreach ((string user, JsonNode? answer) in exchange["users"]?.AsObject() ?? [])
            {
                ToldUsers[user] = answer!;
            }

            int before = Calls.Count;
            using HttpResponseMessage response = await AskAsync(client, exchange["request"]!.AsObject(), etag);
            etag = response.Headers.ETag?.Tag ?? etag;
            served = await response.Content.ReadAsStringAsync();
            await CompareAsync(exchange["answer"]!, response);
            Assert.AreEqual(exchange["calls"]!.GetValue<int>(), Calls.Count - before, exchange.ToJsonString());
            string[] lines = await takeLog();
            if (exchange["log"] is { } logged)
            {
                CompareLines([.. logged.AsArray().Select(line => line!.GetValue<string>())], lines);
            }

            if (exchange["asked"]?["by"]?.GetValue<string>() is { } asker)
            {
                Assert.AreEqual("Bearer " + asker, Calls.Last().Authorization, exchange.ToJsonString());
            }
            else if (exchange["asked"] is { } asked)
            {
                Assert.AreEqual(asked["api"]!.GetValue<string>(), Calls.Last().Api);
                Assert.IsTrue(
                    JsonNode.DeepEquals(Plain(asked["parameters"]), Plain(Calls.Last().Parameters)),
                    Calls.Last().Parameters.ToJsonString());
            }
        }
    }

    // Context variables are a text of JSON, in which one value can be written in more than one way.
    private static JsonNode? Plain(JsonNode? parameters)
    {
        JsonNode? plain = parameters?.DeepClone();
        if (plain?["ContextVariables"]?.GetValue<string>() is { } json)
        {
            plain["ContextVariables"] = JsonNode.Parse(json);
        }

        return plain;
    }

    /// <summary>Asks as a visitor does.</summary>
    /// <param name="client">To the portal.</param>
    /// <param name="request">What it leaves out is taken from the table's own, by its path.</param>
    /// <param name="etag">Of the answer before.</param>
    public async Task<HttpResponseMessage> AskAsync(HttpClient client, JsonObject request, string etag = "")
    {
        string path = request["path"]!.GetValue<string>();
        JsonNode? usual = Json["requests"]![path.Split('?')[0]];
        JsonNode? Part(string name) => request.ContainsKey(name) ? request[name] : usual?[name];

        // As it is written: a browser leaves the escapes of an address alone.
        string origin = client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        Uri address = new(
            origin + (request["target"]?.GetValue<string>() ?? "/auth" + Long(path)),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using HttpRequestMessage message = new(HttpMethod.Parse(Part("method")!.GetValue<string>()), address);
        string? visitor = Part("visitor")?.GetValue<string>();
        string? antiforgery = Part("antiforgery")?.GetValue<string>();
        Add(message, ContactHeader, visitor);
        Add(message, AntiforgeryHeader, antiforgery switch
        {
            "own" => await OwnTokenAsync(client, visitor),
            "served" => served,
            _ => antiforgery,
        });
        foreach ((string name, JsonNode? value) in Part("headers")?.AsObject() ?? [])
        {
            Add(message, name, value!.GetValue<string>()
                .Replace("{origin}", origin, StringComparison.Ordinal)
                .Replace("{etag}", etag, StringComparison.Ordinal));
        }

        if (Part("text")?.GetValue<string>() is { } text)
        {
            string body = string.Concat(Enumerable.Repeat(text, Part("repeat")?.GetValue<int>() ?? 1));
            message.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return await client.SendAsync(message);
    }

    /// <summary>A header of an answer as it came; null when it is not there.</summary>
    public static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values)
            || response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : null;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => dataverse.DisposeAsync();

    private static async Task<string> OwnTokenAsync(HttpClient client, string? visitor)
    {
        using HttpRequestMessage message = new(HttpMethod.Get, "/auth/antiforgery");
        Add(message, ContactHeader, visitor);
        Add(message, "Sec-Fetch-Site", "same-origin");
        using HttpResponseMessage response = await client.SendAsync(message);
        return await response.Content.ReadAsStringAsync();
    }

    private static void Add(HttpRequestMessage message, string name, string? value)
    {
        if (value != null)
        {
            Assert.IsTrue(message.Headers.TryAddWithoutValidation(name, value));
        }
    }

    private static async Task CompareAsync(JsonNode expected, HttpResponseMessage response)
    {
        string body = await response.Content.ReadAsStringAsync();
        string where = expected.ToJsonString();
        if (expected["nowhere"] != null)
        {
            Assert.IsGreaterThanOrEqualTo(400, (int)response.StatusCode, $"{response.RequestMessage!.RequestUri}");
            Assert.IsNull(Header(response, "Location"));
            return;
        }

        int status = expected["status"]!.GetValue<int>();
        Assert.AreEqual(status, (int)response.StatusCode, where + body);
        if (!GivenByTheFramework.Contains(status))
        {
            CompareHeaders(Json["every"]!, response, where);
        }

        CompareHeaders(expected["closed"] == null ? null : Json["closed"], response, where);
        CompareHeaders(expected["headers"], response, where);
        if (expected["text"]?.GetValue<string>() is { } text)
        {
            Assert.AreEqual(text, body, where);
        }

        if (expected["refusal"]?.GetValue<string>() is { } refusal)
        {
            JsonObject refused = new() { ["Content-Type"] = "application/json", ["Cache-Control"] = "no-store" };
            CompareHeaders(refused, response, where);
            JsonObject said = new() { ["status"] = status, ["message"] = refusal };
            Assert.IsTrue(JsonNode.DeepEquals(said, JsonNode.Parse(body)), body);
        }
    }

    private static void CompareHeaders(JsonNode? expected, HttpResponseMessage response, string where)
    {
        foreach ((string name, JsonNode? value) in expected?.AsObject() ?? [])
        {
            string? actual = name == "Content-Type"
                ? response.Content.Headers.ContentType?.MediaType
                : Header(response, name);
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

    private static void CompareLines(string[] expected, string[] lines)
    {
        Assert.HasCount(expected.Length, lines, string.Join('\n', lines));
        foreach ((string line, string wanted) in lines.Zip(expected))
        {
            Assert.IsTrue(
                wanted.EndsWith('*') ? line.StartsWith(wanted[..^1], StringComparison.Ordinal) : line == wanted, line);
        }
    }

    private static string Long(string text) => StateOfLength().Replace(
        text, state => new string('s', int.Parse(state.Groups[1].Value, CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"\{state:(\d+)\}")]
    private static partial Regex StateOfLength();

    private async Task AnswerAsync(HttpContext http)
    {
        string api = http.Request.Path.Value!.Split('/')[^1];
        using StreamReader body = new(http.Request.Body);
        JsonNode parameters = JsonNode.Parse(await body.ReadToEndAsync())!;
        string authorization = http.Request.Headers.Authorization.ToString();
        JsonNode answer = ToldUsers.GetValueOrDefault(authorization["Bearer ".Length..]) ?? Told
            ?? Json["dataverse"]![api]!;
        if (answer["signIn"]?.GetValue<string>() is { } failure)
        {
            // A portal whose user does not sign in by the test's credential: no call of Dataverse.
            http.Response.Headers[SignInHeader] = failure;
            return;
        }

        Calls.Enqueue((api, authorization, parameters));
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
}
