using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.LocalPortal.ServerLogic;
using Jint.Runtime;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalPortal;

[TestClass]
public sealed class A_server_logic_file_runs : IDisposable
{
    private static readonly Guid Bert = new("87b4d06c-abc2-e811-a9b0-000d3a10e09e");
    private static readonly string Product =
        File.ReadAllText(RepositoryRoot.File("Solution/portal/server-logic/chatauth-token.js"));

    private readonly RecordedDataverse dataverse = new();
    private readonly HttpClient client;
    private readonly List<string> log = [];

    public A_server_logic_file_runs() => client = new HttpClient(dataverse, disposeHandler: false)
    {
        BaseAddress = new Uri("https://contoso.crm.dynamics.com"),
    };

    public void Dispose()
    {
        client.Dispose();
        dataverse.Dispose();
    }

    [TestMethod]
    public void The_product_s_own_gives_token_and_expiry_for_the_contact_of_the_session()
    {
        dataverse.Answer = (HttpStatusCode.OK, """{"Token":"a.b.c","ExpiresAt":"2027-01-15T08:15:00Z"}""");
        string text = Run(Product, body: """{"contextVariables":{"msdyn_isvip":"ü"},"ContactId":"another"}""");
        Assert.AreEqual("""{"token":"a.b.c","expiresAt":"2027-01-15T08:15:00Z"}""", text);
        Assert.AreEqual("POST /api/data/v9.2/chatauth_IssueChatToken " + Bert, dataverse.Request);
        JsonObject parameters = JsonNode.Parse(dataverse.Body!)!.AsObject();
        Assert.AreEqual(Bert.ToString("D"), parameters["ContactId"]!.GetValue<string>());
        Assert.AreEqual("""{"msdyn_isvip":"ü"}""", parameters["ContextVariables"]!.GetValue<string>());
    }

    [TestMethod]
    public void The_product_s_own_passes_the_code_of_a_refusal_on_and_logs_what_to_do()
    {
        dataverse.Answer = (HttpStatusCode.Forbidden,
            """{"error":{"code":"0x80040265","message":"CHATAUTH1010: The visitor's contact is inactive."}}""");
        Assert.AreEqual(
            """{"status":403,"message":"CHATAUTH1010: The site was refused a chat token."}""", Run(Product));
        CollectionAssert.AreEqual(
            new[]
            {
                "Error: chatauth_IssueChatToken failed, status 403: CHATAUTH1010: The visitor's contact is inactive.",
            },
            log);
    }

    [TestMethod]
    public void The_product_s_own_says_when_Dataverse_cannot_be_reached()
    {
        dataverse.Answer = null;
        Assert.AreEqual(502, JsonNode.Parse(Run(Product))!["status"]!.GetValue<int>());
    }

    [TestMethod]
    public void Sees_no_user_where_nobody_is_signed_in()
    {
        Assert.AreEqual(401, JsonNode.Parse(Run(Product, isSignedIn: false))!["status"]!.GetValue<int>());
        Assert.IsNull(dataverse.Request);
        Assert.AreEqual("true", Run("function post() { return String(Server.User === null); }", isSignedIn: false));
    }

    [TestMethod]
    [DataRow("GET", "get")]
    [DataRow("PUT", "put")]
    [DataRow("PATCH", "patch")]
    [DataRow("DELETE", "del")]
    public void Has_a_function_for_each_method(string method, string function)
    {
        Assert.AreEqual(
            function, Run($"function {function}() {{ return Server.Context.FunctionName; }}", method: method));
        Assert.AreEqual(405, JsonNode.Parse(Run(Product, method: method))!["status"]!.GetValue<int>());
    }

    [TestMethod]
    [DataRow("Server.Context.HttpMethod", "POST")]
    [DataRow("Server.Context.Url", "https://contosohelp.com/_api/serverlogics/x?id=7")]
    [DataRow("Server.Context.QueryParameters['id']", "7")]
    [DataRow("Server.Context.Headers['X-One']", "1")]
    [DataRow("Server.Context.ServerLogicName", "x")]
    [DataRow("Server.SiteSetting.Get('a')", "b")]
    [DataRow("String(Server.SiteSetting.Get('none'))", "null")]
    [DataRow("String(Server.Connector.Dataverse.CreateRecord)", "undefined")]
    public void Reaches_what_the_platform_documents(string expression, string expected) =>
        Assert.AreEqual(expected, Run($"function post() {{ return {expression}; }}"));

    [TestMethod]
    [DataRow("function post() { return 7; }")]
    [DataRow("function post() { }")]
    [DataRow("function post() { throw new Error('x'); }")]
    public void That_returns_no_string_fails(string source) => Assert.Throws<JavaScriptException>(() => Run(source));

    [TestMethod]
    [DataRow("function post() { return eval('1'); }")]
    [DataRow("// setTimeout(")]
    [DataRow("var a = 'startswith(';")]
    public void That_holds_a_forbidden_word_is_refused(string source) =>
        Assert.Throws<FormatException>(() => new ServerLogicFile("x", source));

    [TestMethod]
    public void That_calls_itself_for_ever_fails_and_leaves_the_process_alive() =>
        Assert.Throws<JavaScriptException>(() => Run("function post() { return '' + post(); }"));

    [TestMethod]
    public void That_runs_for_ever_fails_in_time() => Assert.Throws<TimeoutException>(() => Run(
        new ServerLogicFile("x", "function post() { for (;;); }") { Timeout = TimeSpan.FromMilliseconds(50) }));

    [TestMethod]
    public void That_takes_more_than_ten_megabytes_fails() => Assert.Throws<MemoryLimitExceededException>(
        () => Run("function post() { var text = 'x'; for (;;) { text = text + text; } }"));

    [TestMethod]
    public void May_take_as_long_as_a_site_lets_it() =>
        Assert.AreEqual(TimeSpan.FromSeconds(120), new ServerLogicFile("x", string.Empty).Timeout);

    [TestMethod]
    public void May_catch_what_fails_behind_Server() => Assert.AreEqual("caught", Run("""
        function post() {
          try { return Server.Connector.Dataverse.InvokeCustomApi('', 'x'); } catch (e) { return 'caught'; }
        }
        """));

    [TestMethod]
    public void Keeps_nothing_from_one_call_to_the_next()
    {
        ServerLogicFile file = new("x", "var n = 0; function post() { n = n + 1; return '' + n; }");
        Assert.AreEqual("1", Run(file));
        Assert.AreEqual("1", Run(file));
    }

    private string Run(string source, string method = "POST", string body = "", bool isSignedIn = true) =>
        Run(new ServerLogicFile("x", source), method, body, isSignedIn);

    private string Run(ServerLogicFile file, string method = "POST", string body = "", bool isSignedIn = true) =>
        file.Run(
            new ServerLogicSite(
                client, name => name == "a" ? "b" : null, (level, text) => log.Add(level + ": " + text)),
            new ServerLogicRequest(
                Guid.NewGuid(),
                method,
                new Uri("https://contosohelp.com/_api/serverlogics/x?id=7"),
                body,
                new Dictionary<string, string> { ["X-One"] = "1" },
                new Dictionary<string, string> { ["id"] = "7" },
                isSignedIn ? Bert : null));

    // Answers the one request; not at all when there is no answer.
    private sealed class RecordedDataverse : HttpMessageHandler
    {
        public (HttpStatusCode Status, string Text)? Answer { get; set; } = (HttpStatusCode.OK, "{}");

        public string? Request { get; private set; }

        public string? Body { get; private set; }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Request = $"{request.Method} {request.RequestUri!.AbsolutePath} "
                + $"{request.Headers.GetValues("LocalDataverse-PortalsContactId").Single()}";
            using StreamReader reader = new(request.Content!.ReadAsStream(cancellationToken), Encoding.UTF8);
            Body = reader.ReadToEnd();
            return Answer is { } answer
                ? new HttpResponseMessage(answer.Status) { Content = new StringContent(answer.Text) }
                : throw new HttpRequestException(HttpRequestError.ConnectionError, "10.0.0.7");
        }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
