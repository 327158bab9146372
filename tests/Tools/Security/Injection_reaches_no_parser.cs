using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using ChatAuth.Tools.Tests.Deployment;
using Microsoft.IdentityModel.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ChatAuth.Tools.Tests.Security;

/// <summary>
/// Names, columns and context variables that are syntax to somebody: four independent parsers read each token back to
/// the very values that went in.
/// </summary>
[TestClass]
public sealed class Injection_reaches_no_parser : EnvironmentUnderTest
{
    private static readonly string[] Hostile =
    [
        "\"", "\\", "\\\"", "\",\"sub\":\"87b4d06c-abc2-e811-a9b0-000d3a10e09f\",\"x\":\"", "\"}],\"iss\":\"evil\"",
        "\u2028\u2029", "\0", "a\0b", "\u0001\u001f\u007f\u0085", "\ud83d\ude00", "\udbff\udfff",
        "\u202eevil\u202c\u200f\u200e", "\ufeff", "\ufffe\uffff", "e\u0301é", "<script>alert('1')</script>&amp;",
        "{\"sub\":\"other\",\"lwicontexts\":\"{}\"}", "[]", "null", "true", "1e3", "__proto__", "constructor",
        "\\u0022,\\u0022", "%22%2C", "${ISSUER}", "{0}", "\r\nSet-Cookie: x", "'; DROP TABLE contact--", "/*", "//",
    ];

    // Values of a whole number's and a fraction's variable, each exact in a double.
    private static readonly string[] Numbers = [
        "0", "-0", "9007199254740991", "-9007199254740991", "1.5", "1e3", "1E-7", "0.1", "4.9e-324",
        "1.7976931348623157e308", "0e99",
    ];

    private static readonly string[] Names = [
        "__proto", "constructor", "hasOwnProperty", "sub", "iss", "a\"b", "a\\b", "\ud83d\ude00", "</script>",
        "\u00e9\u6771", "{\"x\":1}",
    ];

    private readonly List<string> payloads = [];
    private readonly List<string> expected = [];

    [TestMethod]
    public async Task Into_any_of_four_parsers()
    {
        await IssueAllAsync();
        CollectionAssert.AreEqual(expected, payloads.SelectMany(ByFramework).ToArray(), "System.Text.Json");
        CollectionAssert.AreEqual(expected, payloads.SelectMany(ByNewtonsoft).ToArray(), "Newtonsoft.Json");
        await File.WriteAllLinesAsync(Folder.File("payloads"), payloads);
        CollectionAssert.AreEqual(
            expected,
            ReadBy("node", RepositoryRoot.File("tests/Tools/Security/parse-back.mjs"), Folder.File("payloads")),
            "Node");
        CollectionAssert.AreEqual(
            expected, ReadBy(
                OperatingSystem.IsWindows() ? "python" : "python3",
                RepositoryRoot.File("tests/Tools/Security/parse_back.py"),
                Folder.File("payloads")), "Python");
    }

    [TestMethod]
    [DataRow("""{"v":"\ud83d"}""")]
    [DataRow("""{"v":"\ude00\ud83d"}""")]
    [DataRow("""{"\ud83d":"x"}""")]
    [DataRow("""{"v":"x","v":"y"}""")]
    [DataRow("""{"v":"x","\u0076":"y"}""")]
    public async Task Half_a_pair_and_a_name_that_stands_twice_are_refused(string request)
    {
        Settings["contextVariables"] = new JsonObject { ["v"] = new JsonObject { ["request"] = "string" } };
        await DoAsync("deploy");
        using WebApi portal = new(Environment, Portal.Token, Clock);
        WebApiException refusal = await Assert.ThrowsExactlyAsync<WebApiException>(
            () => ChatTokens.IssueAsync(portal, Guid.Parse(Bert), request, CancellationToken.None));
        Assert.AreEqual("CHATAUTH1012", refusal.Errors.Single().Code);
    }

    // Each hostile text in a column and in a visitor's variables; each hostile name as a claim's and as a variable's.
    private async Task IssueAllAsync()
    {
        string[] claims = [.. Names.Where(name => name is not ("sub" or "iss"))];
        Settings["claims"] =
            new JsonObject(claims.Select(name => KeyValuePair.Create<string, JsonNode?>(name, "emailaddress1")));
        Settings["contextVariables"] =
            new JsonObject(Names
            .Select(name => KeyValuePair.Create<string, JsonNode?>(name,
                new JsonObject { ["request"] = "string", ["unicode"] = true }))
            .Append(KeyValuePair.Create<string, JsonNode?>("number", new JsonObject { ["request"] = "number" }))
            .Append(KeyValuePair.Create<string, JsonNode?>("flag", new JsonObject { ["value"] = true })));
        await DoAsync("deploy");
        using WebApi portal = new(Environment, Portal.Token, Clock);

        // A column may hold half a pair, where a longer name was cut: it becomes U+FFFD.
        foreach ((string text, string column) in Hostile.Select(text => (text, text)).Append(("x", "cut\ud83d")))
        {
            Guid contact = Guid.NewGuid();
            Organization.AddRow("contact", contact, ("emailaddress1", column));
            string number = Numbers[payloads.Count % Numbers.Length];
            string request = "{" + string.Join(
                ',', Names.Select(
                    name =>
                        System.Text.Json.JsonSerializer.Serialize(name) + ":" + System.Text.Json.JsonSerializer
                            .Serialize(text))) + ",\"number\":" + number + "}";
            string payload =
                (await ChatTokens.IssueAsync(portal, contact, request, CancellationToken.None)).Split('.')[1];
            payloads.Add(payload);

            string claim = column.Replace("cut\ud83d", "cut\ufffd", StringComparison.Ordinal);
            JsonElement times = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(payload)).RootElement;
            string context = times.GetProperty("lwicontexts").GetString()!;
            expected.AddRange([
                Line("payload", "iss", "contosohelp.com"), Line("payload", "sub", contact.ToString("D")),
                .. new[] { "iat", "nbf", "exp" }.Select(
                    name => Line("payload", name, times.GetProperty(name).GetDouble())),
                Line("payload", "jti", times.GetProperty("jti").GetString()!),
                .. claims.Select(name => Line("payload", name, claim)), Line("payload", "lwicontexts", context),
                .. Names.Select(name => Line("context", name, text)), Line("context", "number",
                    double.Parse(number, CultureInfo.InvariantCulture)), $"context/{Hex("flag")}?true",
            ]);
        }
    }

    private static IEnumerable<string> ByFramework(string payload)
    {
        JsonElement claims = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(payload)).RootElement;
        return Dump(claims, "payload").Concat(
            Dump(JsonDocument.Parse(claims.GetProperty("lwicontexts").GetString()!).RootElement, "context"));
    }

    private static IEnumerable<string> Dump(JsonElement members, string path) =>
        members.EnumerateObject().Select(member => member.Value.ValueKind switch
    {
        JsonValueKind.String => Line(path, member.Name, member.Value.GetString()!),
        JsonValueKind.Number => Line(path, member.Name, member.Value.GetDouble()),
        _ => $"{path}/{Hex(member.Name)}?{member.Value.GetRawText()}",
    });

    private static IEnumerable<string> ByNewtonsoft(string payload)
    {
        JObject claims = Newtonsoft(Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(payload)));
        return Dump(claims, "payload").Concat(Dump(Newtonsoft((string)claims["lwicontexts"]!), "context"));
    }

    private static JObject Newtonsoft(string json)
    {
        using JsonTextReader reader = new(new StringReader(json)) { DateParseHandling = DateParseHandling.None };
        return JObject.Load(reader);
    }

    private static IEnumerable<string> Dump(JObject members, string path) =>
        members.Properties().Select(member => member.Value.Type switch
    {
        JTokenType.String => Line(path, member.Name, (string)member.Value!),
        JTokenType.Boolean => $"{path}/{Hex(member.Name)}?{((bool)member.Value ? "true" : "false")}",
        _ => Line(path, member.Name, (double)member.Value),
    });

    private static string Line(string path, string name, string value) => $"{path}/{Hex(name)}={Hex(value)}";

    // A number as the bits of its double: what is equal in one parser's notation need not be in another's. Zero has one
    // sign: Python reads -0 as a whole number.
    private static string Line(string path, string name, double value) =>
        $"{path}/{Hex(name)}#{BitConverter.DoubleToInt64Bits(value + 0.0):x16}";

    private static string Hex(string text) => Convert.ToHexStringLower(Encoding.BigEndianUnicode.GetBytes(text));

    private static string[] ReadBy(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(
                    program, arguments)
                { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.AreEqual(0, process.ExitCode, error.Result);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Win32Exception)
        {
            Assert.Inconclusive(program + " is not on the path of this machine.");
            throw;
        }
    }
}
