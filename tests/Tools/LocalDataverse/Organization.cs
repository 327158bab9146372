using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Security;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

/// <summary>What the Web API answered.</summary>
internal sealed record Answer(int Status, JsonElement Json, IReadOnlyDictionary<string, string> Headers)
{
    public string Code => Json.GetProperty("error").GetProperty("code").GetString()!;

    public string Message => Json.GetProperty("error").GetProperty("message").GetString()!;

    public string? Text(string name) => Json.GetProperty(name).GetString();
}

/// <summary>A served organization on a clock that stands still; base of the test classes.</summary>
public abstract class Organization
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseCookies = false });
    private LocalDataverseServer? server;

    internal MovableClock Clock { get; } = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    internal LocalOrganization Local { get; private set; } = null!;

    internal LocalUser Administrator => Local.Administrator;

    [TestInitialize]
    public async Task Start()
    {
        Local = new LocalOrganization(Clock);
        server = await LocalDataverseServer.StartAsync(Local, 0);
        await Prepare();
    }

    [TestCleanup]
    public async Task Stop() => await server!.DisposeAsync();

    protected virtual Task Prepare() => Task.CompletedTask;

    internal Task<Answer> Get(string path, LocalUser? user = null) => Send(user ?? Administrator, "GET", path);

    internal Task<Answer> Post(string path, object body, LocalUser? user = null) =>
        Send(user ?? Administrator, "POST", path, body);

    internal Task<Answer> Patch(string path, object body, params (string, string)[] headers) =>
        Send(Administrator, "PATCH", path, body, headers);

    internal Task<Answer> Delete(string path) => Send(Administrator, "DELETE", path);

    internal Task<Answer> Send(LocalUser user, string method, string path, object? body = null,
        params (string Name, string Value)[] headers) =>
        SendToken(user.Token, method, path, body, headers);

    internal async Task<Answer> SendToken(
        string? token, string method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request =
            new HttpRequestMessage(new HttpMethod(method), new Uri(server!.Url, "/api/data/v9.2/" + path));
        request.Headers.Authorization = token == null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (body != null)
        {
            request.Content = body is byte[] bytes ? new ByteArrayContent(bytes) : new StringContent(
                body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
            request.Content.Headers.ContentType ??= new MediaTypeHeaderValue("application/octet-stream");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        using var json = JsonDocument.Parse(
            text.Length == 0 || response.Content.Headers.ContentType?.MediaType == "application/octet-stream"
                ? JsonSerializer.Serialize(new { text })
                : text);
        return new Answer((int)response.StatusCode, json.RootElement.Clone(),
            response.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value)));
    }

    /// <summary>Imports a solution and returns its finished asyncoperation row.</summary>
    internal async Task<Answer> Import(TestSolution solution)
    {
        var started = await Post("ImportSolutionAsync", Parameters(solution));
        Assert.AreEqual(200, started.Status);
        Clock.Move(Local.ImportDuration);
        return await Get($"asyncoperations({started.Text("AsyncOperationId")})");
    }

    internal static object Parameters(TestSolution solution) => new
    {
        OverwriteUnmanagedCustomizations = false,
        PublishWorkflows = false,
        CustomizationFile = Convert.ToBase64String(solution.Zip()),
        ImportJobId = Guid.NewGuid(),
    };

    /// <summary>A step's row as a request body.</summary>
    internal async Task<Dictionary<string, object?>> Step(
        string name, string type = "Probe", int stage = 40, string message = "test_Probe")
    {
        var messages = await Get($"sdkmessages?$select=sdkmessageid&$filter=name eq '{message}'");
        return new Dictionary<string, object?>
        {
            ["name"] = name,
            ["mode"] = 0,
            ["stage"] = stage,
            ["rank"] = 1,
            ["supporteddeployment"] = 0,
            ["invocationsource"] = 0,
            ["asyncautodelete"] = false,
            ["sdkmessageid@odata.bind"] =
                $"/sdkmessages({messages.Json.GetProperty("value")[0].GetProperty("sdkmessageid").GetString()})",
            ["eventhandler_plugintype@odata.bind"] = $"/plugintypes({TestSolution.TypeId(type)})",
        };
    }

    /// <summary>Creates a step and returns its path.</summary>
    internal async Task<string> AddStep(
        string name, string type = "Probe", int stage = 40, Action<Dictionary<string, object?>>? change = null)
    {
        var step = await Step(name, type, stage);
        change?.Invoke(step);
        var answer = await Post("sdkmessageprocessingsteps", step);
        Assert.AreEqual(204, answer.Status, answer.Status == 204 ? string.Empty : answer.Message);
        return answer.Headers["OData-EntityId"].Split("/v9.2/")[1];
    }

    internal Task<Answer> Probe(string mode, LocalUser? user = null) => Post("test_Probe", new { Mode = mode }, user);

    internal async Task<string> Report(string mode, LocalUser? user = null)
    {
        var answer = await Probe(mode, user);
        Assert.AreEqual(200, answer.Status, answer.Status == 200 ? string.Empty : answer.Message);
        return answer.Text("Report")!;
    }
}
