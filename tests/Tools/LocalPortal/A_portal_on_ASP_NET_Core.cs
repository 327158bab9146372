using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Claims;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.AspNetCore;
using ChatAuth.LocalPortal.Stack;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalPortal;

/// <summary>
/// samples/aspnetcore in a portal, before a Dataverse that answers what the test says. The table that the samples
/// share, tests/vectors/portal-cases.json, says what stands in it.
/// </summary>
[TestClass]
#pragma warning disable CA1001 // the clean-up after each test disposes what it owns
public class A_portal_on_ASP_NET_Core
#pragma warning restore CA1001
{
    private const string AntiforgeryHeader = "__RequestVerificationToken";
    private const string ContactHeader = "Test-Contact";
    private const string Bert = "87b4d06c-abc2-e811-a9b0-000d3a10e09e";

    private static readonly JsonObject Table =
        JsonNode.Parse(File.ReadAllText(RepositoryRoot.File("tests/vectors/portal-cases.json")))!.AsObject();

    private static readonly int[] GivenByTheFramework = [404, 405];

    private readonly StackClock clock = new(new FixedClock(DateTimeOffset.UnixEpoch));
    private readonly ConcurrentQueue<(string Api, string Authorization, JsonNode Parameters)> calls = new();
    private JsonNode? told;
    private string served = string.Empty; // the text of the answer before
    private LocalHost? dataverse;
    private LocalHost? portal;
    private HttpClient? client;

    public static IEnumerable<object[]> Cases =>
        Table["cases"]!.AsArray().Select(one => new object[] { one!["name"]!.GetValue<string>() });

    [TestInitialize]
    public async Task Start() => dataverse = await LocalHost.AnsweringAsync(AnswerAsDataverseAsync);

    [TestCleanup]
    public async Task Stop()
    {
        client!.Dispose();
        await portal!.DisposeAsync();
        await dataverse!.DisposeAsync();
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public async Task Answers_as_the_table_of_the_samples_says(string name)
    {
        JsonNode one = Table["cases"]!.AsArray().Single(each => each!["name"]!.GetValue<string>() == name)!;
        await OpenAsync(chat =>
        {
            chat.TokensPerMinute = one["portal"]?["perMinute"]?.GetValue<int>() ?? chat.TokensPerMinute;
            chat.PublicKeyForm = one["portal"]?["format"]?.GetValue<string>() == "pem"
                ? PublicKeyForm.Pem
                : PublicKeyForm.KeySet;
        });
        string etag = string.Empty;
        foreach (JsonNode? exchange in one["exchanges"]!.AsArray())
        {
            clock.Pass(TimeSpan.FromSeconds(exchange!["after"]?.GetValue<int>() ?? 0));
            told = exchange["dataverse"] ?? told;
            int before = calls.Count;
            using HttpResponseMessage response = await AskAsync(exchange["request"]!.AsObject(), etag);
            etag = response.Headers.ETag?.Tag ?? etag;
            served = await response.Content.ReadAsStringAsync();
            await CompareAsync(exchange["answer"]!, response);
            Assert.AreEqual(exchange["calls"]!.GetValue<int>(), calls.Count - before, exchange.ToJsonString());
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
    public async Task Asks_as_its_application_user()
    {
        await OpenAsync(_ => { });
        using HttpResponseMessage response = await AskAsync(new JsonObject { ["path"] = "/token" });
        Assert.AreEqual("Bearer application", calls.Single().Authorization);
    }

    [TestMethod]
    public async Task Names_the_visitor_by_user_name_where_it_knows_no_contact()
    {
        await OpenAsync(
            chat => chat.Visitor = user => new ChatVisitor(null, user.FindFirstValue(ClaimTypes.NameIdentifier)));
        using HttpResponseMessage response = await AskAsync(new JsonObject { ["path"] = "/token", ["text"] = "" });
        Assert.AreEqual("""{"UserName":"bert"}""", calls.Single().Parameters.ToJsonString());
    }

    [TestMethod]
    public async Task Answers_a_visitor_whom_it_does_not_know_with_401()
    {
        await OpenAsync(chat => chat.Visitor = _ => null);
        using HttpResponseMessage response = await AskAsync(new JsonObject { ["path"] = "/token" });
        Assert.AreEqual(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.IsEmpty(calls);
    }

    [TestMethod]
    public async Task Allows_no_other_origin_even_where_the_portal_does()
    {
        await OpenAsync(_ => { }, isOpenToOthers: true);
        using HttpRequestMessage request =
            new(HttpMethod.Get, "/auth/publickey") { Headers = { { "Origin", "https://evil.example" } } };
        using HttpResponseMessage response = await client!.SendAsync(request);
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        Assert.IsNull(Header(response, "Access-Control-Allow-Origin"));
        using HttpRequestMessage other =
            new(HttpMethod.Get, "/antiforgery") { Headers = { { "Origin", "https://evil.example" } } };
        using HttpResponseMessage open = await client.SendAsync(other);
        Assert.IsNotNull(Header(open, "Access-Control-Allow-Origin"));
    }

    private async Task AnswerAsDataverseAsync(HttpContext http)
    {
        string api = http.Request.Path.Value!.Split('/')[^1];
        using StreamReader body = new(http.Request.Body);
        JsonNode parameters = JsonNode.Parse(await body.ReadToEndAsync())!;
        calls.Enqueue((api, http.Request.Headers.Authorization.ToString(), parameters));
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

    private async Task OpenAsync(Action<ChatAuthOptions> configure, bool isOpenToOthers = false)
    {
        portal = await LocalHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(clock);
                builder.Services.AddChatAuth(chat =>
                {
                    chat.Environment = dataverse!.Url;
                    chat.Credential = new StaticCredential("application");
                    configure(chat);
                });
                if (isOpenToOthers)
                {
                    builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.AllowAnyOrigin()));
                }
            },
            site =>
            {
                site.UseRouting();
                if (isOpenToOthers)
                {
                    site.UseCors();
                }

                site.Use((http, next) =>
                {
                    if (http.Request.Headers[ContactHeader] is [{ } contact])
                    {
                        http.User = new ClaimsPrincipal(new ClaimsIdentity(
                            [
                                new Claim(ChatAuthOptions.ContactClaim, contact),
                                new Claim(ClaimTypes.NameIdentifier, contact == Bert ? "bert" : contact),
                            ],
                            "test"));
                    }

                    return next(http);
                });
                site.MapChatAuth("/auth");
                site.MapGet("/antiforgery", (HttpContext http, IAntiforgery antiforgery) =>
                    antiforgery.GetAndStoreTokens(http).RequestToken);
            });
        client = new HttpClient { BaseAddress = portal.Url };
    }

    // What a request leaves out is taken from the table's own, by its path.
    private async Task<HttpResponseMessage> AskAsync(JsonObject request, string etag = "")
    {
        string path = request["path"]!.GetValue<string>();
        JsonNode? usual = Table["requests"]![path.Split('?')[0]];
        JsonNode? Part(string name) => request.ContainsKey(name) ? request[name] : usual?[name];

        using HttpRequestMessage message = new(HttpMethod.Parse(Part("method")!.GetValue<string>()), "/auth" + path);
        string? visitor = Part("visitor")?.GetValue<string>();
        string? antiforgery = Part("antiforgery")?.GetValue<string>();
        Add(message, ContactHeader, visitor);
        Add(message, AntiforgeryHeader, antiforgery switch
        {
            "own" => await OwnTokenAsync(visitor),
            "served" => served,
            _ => antiforgery,
        });
        foreach ((string name, JsonNode? value) in Part("headers")?.AsObject() ?? [])
        {
            string origin = portal!.Url.GetLeftPart(UriPartial.Authority);
            Add(message, name, value!.GetValue<string>()
                .Replace("{origin}", origin, StringComparison.Ordinal)
                .Replace("{etag}", etag, StringComparison.Ordinal));
        }

        if (Part("text")?.GetValue<string>() is { } text)
        {
            string body = string.Concat(Enumerable.Repeat(text, Part("repeat")?.GetValue<int>() ?? 1));
            message.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return await client!.SendAsync(message);
    }

    private async Task<string> OwnTokenAsync(string? visitor)
    {
        using HttpRequestMessage message = new(HttpMethod.Get, "/antiforgery");
        Add(message, ContactHeader, visitor);
        using HttpResponseMessage response = await client!.SendAsync(message);
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
        int status = expected["status"]!.GetValue<int>();
        Assert.AreEqual(status, (int)response.StatusCode, where + body);
        if (!GivenByTheFramework.Contains(status))
        {
            CompareHeaders(Table["every"]!, response, where);
        }

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
                Assert.AreEqual(value?.GetValue<string>(), actual, name + where);
            }
        }
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values)
            || response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : null;
}
