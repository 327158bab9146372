using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.Pack;
using ChatAuth.Plugins.Json;
using ChatAuth.Tokens;
using ChatAuth.Tools.Tests.Network;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Security;

/// <summary>What came back: a token, or a refusal.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Text">The token, or the refusal's message.</param>
internal sealed partial record Reply(int Status, string Text)
{
    /// <summary>The code of a refusal, or the HTTP status of one that has none; null for a token.</summary>
    public string? Code =>
        Status == 200 ? null
            : Coded().Match(Text) is { Success: true } match ? match.Groups[1].Value
            : FormattableString.Invariant($"{Status}");

    [GeneratedRegex(@"^CHATAUTH(\d{4}): ")]
    private static partial Regex Coded();
}

/// <summary>
/// An organization with the solution imported and a step of chatauth_IssueChatToken that signs with keys of the RFCs;
/// no sockets.
/// </summary>
internal sealed class IssuingOrganization : IDisposable
{
    public const string Message = "chatauth_IssueChatToken";

    /// <summary>The step that deploy would make, enabled.</summary>
    public static readonly Guid Step = new("c0000000-0000-0000-0000-000000000001");

    private static readonly Guid SecureConfiguration = new("c0000000-0000-0000-0000-000000000002");

    private readonly HttpClient http;

    /// <summary>Imports the solution and registers the step.</summary>
    /// <param name="configuration">Settings of the step.</param>
    /// <param name="keys">Its keys; when null, <see cref="Keys"/> with the key of RFC 7515 alone.</param>
    public IssuingOrganization(string configuration, string? keys = null)
    {
        Local = new LocalOrganization(Clock);
        http = new HttpClient(new DataverseHost(Local));
        Import(SolutionPackage.Product().Pack(managed: true));
        Local.AddRow(
            "sdkmessageprocessingstepsecureconfig", SecureConfiguration, ("secureconfig", keys ?? Keys(Key("first"))));
        Register(Step, Message, 40, configuration);
    }

    public MovableClock Clock { get; } = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public LocalOrganization Local { get; }

    public long Now => Clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Both keys that tests sign with, as a verifier knows them.</summary>
    public static IReadOnlyList<VerificationKey> PublicKeys { get; } =
        ChatAuth.Tokens.PublicKeys.Parse(SetOf(Guid.Empty, Key("first"), Key("second"))).Keys;

    /// <summary>A key as it stands in a set: "first" is that of RFC 7515 A.2, "second" that of RFC 7520 4.1.</summary>
    public static JsonObject Key(string kid, long nbf = 0, long exp = int.MaxValue)
    {
        var vector = JsonNode.Parse(
            File.ReadAllText(
                RepositoryRoot.File(
                    kid == "first" ? "tests/vectors/rfc7515-a.2.json" : "tests/vectors/rfc7520-4.1.json")))!["jwk"]!;
        string[] parts = ["kty", "n", "e", "d", "p", "q", "dp", "dq", "qi"];
        var key =
            new JsonObject(parts.Select(part => new KeyValuePair<string, JsonNode?>(part, vector[part]!.DeepClone())))
            {
                ["kid"] = kid,
                ["alg"] = "RS256",
                ["use"] = "sig",
                ["nbf"] = nbf,
                ["exp"] = exp,
            };
        return key;
    }

    /// <summary>A secure configuration of this organization.</summary>
    public string Keys(params JsonObject[] keys) => SetOf(Local.Id, keys);

    /// <summary>A secure configuration.</summary>
    public static string SetOf(Guid organization, params JsonObject[] keys) =>
        new JsonObject
        {
            ["organization"] = organization.ToString("D"),
            ["keys"] = new JsonArray([.. keys]),
        }.ToJsonString();

    /// <summary>Registers a plug-in, with the keys, on a message.</summary>
    public void Register(
        Guid step, string message, int stage, string? configuration, string type = "ChatAuth.Plugins.IssueChatToken")
    {
        var rows = Local.Rows.Now;
        Local.AddRow(
            "sdkmessageprocessingstep",
            step,
            ("name", message),
            ("mode", 0),
            ("stage", stage),
            ("rank", 1),
            ("supporteddeployment", 0),
            ("configuration", configuration),
            ("sdkmessageid", new EntityReference("sdkmessage", rows.Named("sdkmessage", "name", message)!.Id)),
            ("eventhandler", new EntityReference("plugintype", rows.Named("plugintype", "typename", type)!.Id)),
            ("sdkmessageprocessingstepsecureconfigid",
                new EntityReference("sdkmessageprocessingstepsecureconfig", SecureConfiguration)));
    }

    /// <summary>Changes a step, so that its plug-in instance is made anew.</summary>
    public void Change(Guid step, params (string Column, object? Value)[] values) =>
        Local.ChangeRow("sdkmessageprocessingstep", step, values);

    /// <summary>Puts other settings into the step.</summary>
    public void Configure(string? configuration) => Change(Step, ("configuration", configuration));

    /// <summary>Puts other keys into the secure configuration and touches the step, as deploy does.</summary>
    public void Store(string? keys)
    {
        Local.ChangeRow("sdkmessageprocessingstepsecureconfig", SecureConfiguration, ("secureconfig", keys));
        Change(Step, ("description", "touched"));
    }

    /// <summary>Gives the step its secure configuration back.</summary>
    public void Secure() => Change(
        Step, ("sdkmessageprocessingstepsecureconfigid",
            new EntityReference("sdkmessageprocessingstepsecureconfig", SecureConfiguration)));

    /// <summary>Imports a solution.</summary>
    public void Import(byte[] zip)
    {
        Local.Imports.Start(zip);
        Clock.Move(Local.ImportDuration);
        Local.Imports.Settle();
    }

    /// <summary>Calls a custom API.</summary>
    /// <param name="user">Whose token the call carries.</param>
    /// <param name="body">Request parameters.</param>
    /// <param name="message">The API.</param>
    /// <param name="output">The response property that counts.</param>
    /// <param name="headers">Further headers.</param>
    public async Task<Reply> AskAsync(
        LocalUser user, IReadOnlyDictionary<string, object> body, string message =
            Message, string output = "Token", params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request =
            new(HttpMethod.Post, new Uri("https://local.example/api/data/v9.2/" + message));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", user.Token);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var status = (int)response.StatusCode;
        return new Reply(
            status, status == 200 ? json.RootElement.GetProperty(output).GetString()
                ?? string.Empty : json.RootElement.GetProperty("error").GetProperty("message").GetString()!);
    }

    /// <summary>The contact a token is for, once its signature, its times and its context variable agree.</summary>
    public Guid Subject(string text)
    {
        var token = ChatAuth.Tokens.Token.Parse(text);
        TokenVerification.Verify(token, PublicKeys, Clock.GetUtcNow());
        var subject = token.Payload["sub"]!.Text;
        return JsonReader.Parse(token.Payload["lwicontexts"]!.Text)["portalcontactid"]!.Text == subject
            ? Guid.ParseExact(subject, "D")
            : throw new InvalidOperationException("sub and portalcontactid name two contacts");
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();
}
