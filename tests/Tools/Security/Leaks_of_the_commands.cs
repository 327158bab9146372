using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.Keys;
using ChatAuth.Plugins.Tests;
using ChatAuth.Tools.Tests.Deployment;
using ChatAuth.Tools.Tests.LocalPortal;
using ChatAuth.Tools.Tests.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Security;

/// <summary>
/// Commands fail in every way on marked keys, tokens, passphrases and personal data; no mark is printed and no file
/// holds one but those that were asked for.
/// </summary>
[TestClass]
public sealed class Leaks_of_the_commands : EnvironmentUnderTest
{
    private const string Personal = "Zr8-Ottokar-Xq7Wv";
    private const string Passphrase = "Kp4-Passphrase-Ym2Tj";

    private static readonly string[] Private = ["d", "p", "q", "dp", "dq", "qi"];

    [TestMethod]
    [DataRow(HttpStatusCode.BadRequest)]
    [DataRow(HttpStatusCode.Unauthorized)]
    [DataRow(HttpStatusCode.Forbidden)]
    [DataRow(HttpStatusCode.NotFound)]
    [DataRow(HttpStatusCode.PreconditionFailed)]
    [DataRow(HttpStatusCode.InternalServerError)]
    public async Task A_Dataverse_that_repeats_what_it_was_sent(HttpStatusCode status)
    {
        List<Mark> marks = [new(Organization.Administrator.Token)];
        List<CommandRun> runs = [];
        bool repeats = true;
        Network.Before = async request =>
        {
            string body = request.Content == null ? string.Empty : await request.Content.ReadAsStringAsync();
            bool holdsKeys = body.Contains("secureconfig\"", StringComparison.Ordinal);
            marks.AddRange(holdsKeys ? MarksIn(JsonNode.Parse(body)!["secureconfig"]!.GetValue<string>()) : []);
            string message = $"Cannot convert '{body}' of {request.Headers.Authorization}.";
            return repeats && holdsKeys ? new HttpResponseMessage(status)
            {
                Content = new StringContent(
                    new JsonObject { ["error"] = new JsonObject { ["message"] = message } }.ToJsonString()),
            } : null;
        };
        runs.Add(await RunAsync("deploy"));
        repeats = false;
        await DoAsync("deploy");
        repeats = true;
        runs.Add(await RunAsync("rotate", "--lead", "2h"));
        runs.Add(await RunAsync("revoke", StoredKeys()[0]!["kid"]!.GetValue<string>(), "--force"));

        Assert.IsTrue(runs.All(run => run.ExitCode == 1), string.Concat(runs));
        Assert.IsGreaterThan(12, marks.Count);
        IsUnmarked(string.Concat(runs), marks);
        Assert.AreEqual("chatauth.json publickey.json", FilesOf(Folder));
        IsUnmarked(await File.ReadAllTextAsync(KeyFilePath), marks);
    }

    [TestMethod]
    public async Task Keys_that_are_not_taken()
    {
        using TemporaryFolder folder = new();
        RSAParameters parts = SampleToken.Key.ExportParameters(includePrivateParameters: true);
        string sound =
            KeyFile.From(parts, 0, SampleToken.Now * 2 > int.MaxValue ? int.MaxValue : SampleToken.Now * 2).Write();
        string pem = SampleToken.Key.ExportPkcs8PrivateKeyPem();
        using RSA another = RSA.Create(PreparedKeys.At(0));
        List<Mark> marks = [.. MarksIn(sound), new(Passphrase), new("Wrong-" + Passphrase)];
        JsonObject changed = JsonNode.Parse(sound)!.AsObject();
        (changed["keys"]![0]!["dp"], changed["keys"]![0]!["kid"]) =
            (changed["keys"]![0]!["dq"]!.GetValue<string>(), null);
        Dictionary<string, string> files = new()
        {
            ["cut.json"] = sound[..^40],
            ["differs.json"] = changed.ToJsonString(),
            ["private-as-kid.json"] = sound.Replace(
                "\"kid\":\"", "\"kid\":\"" + changed["keys"]![0]!["d"]!.GetValue<string>(), StringComparison.Ordinal),
            ["cut.pem"] = pem[..^200],
            ["two.pem"] = pem + another.ExportPkcs8PrivateKeyPem(),
            ["encrypted.pem"] = SampleToken.Key.ExportEncryptedPkcs8PrivateKeyPem(
                Passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000)),
            ["pem.json"] = pem,
        };
        StringBuilder printed = new();
        foreach ((string name, string text) in files)
        {
            await File.WriteAllTextAsync(folder.File(name), text);
            string[] command = name.EndsWith(".pem", StringComparison.Ordinal)
                ? ["key", "import", folder.File(name), "--out", folder.File("never.json")]
                : ["key", "public", folder.File(name)];
            CommandRun run = await CommandRun.OfAsync(
                command, environment: variable => variable == "CHATAUTH_PEM_PASSPHRASE" ? "Wrong-" + Passphrase : null);
            Assert.AreEqual(name == "pem.json" ? 0 : 1, run.ExitCode, name + ": its public part may be written");
            printed.Append(run);
        }

        IsUnmarked(printed.ToString(), marks);
        Assert.AreEqual(string.Join(' ', files.Keys.Order(StringComparer.Ordinal)), FilesOf(folder));
    }

    [TestMethod]
    public async Task A_new_key_is_in_the_file_that_was_asked_for_and_nowhere_else()
    {
        using TemporaryFolder folder = new();
        CommandRun made = await CommandRun.OfAsync(["key", "new", "--out", folder.File("key.json")]);
        CommandRun again = await CommandRun.OfAsync(["key", "new", "--out", folder.File("key.json")]);
        Assert.AreEqual("CHATAUTH4003", again.Codes);
        Mark[] marks = [.. MarksIn(await File.ReadAllTextAsync(folder.File("key.json")))];
        Assert.HasCount(Private.Length, marks);
        IsUnmarked($"{made}{again}", marks);
        Assert.AreEqual("key.json", FilesOf(folder));
    }

    [TestMethod]
    public async Task Tokens_that_are_not_verified()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("key.pem"), SampleToken.Key.ExportSubjectPublicKeyInfoPem());
        string claims = SampleToken.Claims.Replace("Bert", Personal, StringComparison.Ordinal);
        string sound = SampleToken.Of(payload: claims);
        string[] tokens =
        [
            sound[..^8], sound[..^8] + "AAAAAAAA", sound[(sound.IndexOf('.', StringComparison.Ordinal) + 1)..],
            sound + "." + sound, sound.Replace('.', ' '), "{" + sound,
            SampleToken.Of("""{"alg":"none"}""", claims), SampleToken.Of($$"""{"alg":"{{Personal}}"}""", claims),
            SampleToken.Of($$"""{"alg":"RS256","crit":["{{Personal}}"]}""", claims),
            SampleToken.Of(payload: claims[..^1]),
            SampleToken.Of(
                payload: SampleToken.Payload(SampleToken.Now - 900, SampleToken.Now - 1)
                    .Replace("Bert", Personal, StringComparison.Ordinal)),
            SampleToken.Of(
                payload: SampleToken.Payload(SampleToken.Now + 60, SampleToken.Now + 900)
                    .Replace("Bert", Personal, StringComparison.Ordinal)),
            SampleToken.Of(payload: claims.Replace("\"exp\":", "\"ex\":", StringComparison.Ordinal)),
        ];
        foreach (string token in tokens)
        {
            CommandRun run = await CommandRun.OfAsync(["token", "verify", "-", "--key", folder.File("key.pem")], token);
            Assert.AreEqual(1, run.ExitCode, run.Out);
            IsUnmarked(run.ToString(),
                [new(Personal), .. token.Split('.').Where(part => part.Length > 40).Select(part => new Mark(part))]);
            CommandRun badUse =
                await CommandRun.OfAsync(["token", "verify", token, token, "--key", folder.File("key.pem")]);
            Assert.AreEqual(2, badUse.ExitCode);
            IsUnmarked(badUse.ToString(), [new(Personal), new(token)]);
        }
    }

    [TestMethod]
    public async Task Settings_that_the_environment_fills_with_secrets()
    {
        foreach (string file in new[]
        {
            """{"${SECRET}":1}""", """{"issuer":["${SECRET}"],"callers":{}}""",
            """{"issuer":"x","callers":{"${SECRET}":{"contct":1}}}""", """{"issuer":"x","callers":{"${SECRET}":1}}""",
            """{"issuer":"x","callers":{"${SECRET}":{}}}""",
            """{"issuer":"x","callers":{"powerpages":{"${SECRET}":1}}}""",
            """{"issuer":"x","callers":{"powerpages":{"contact":"${SECRET}"}}}""",
            """{"issuer":"x","callers":{"powerpages":{}},"testContact":"${SECRET}"}""",
            """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"file":"x","url":"${SECRET}"}]}""",
            """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"${SECRET}":"x"}]}""",
            """{"issuer":"x","callers":{"powerpages":{}},"authenticationSettings":{"publicKeyUrl":"${SECRET}"}}""",
            """{"issuer":"x","callers":{"powerpages":{}},"claims":{"${SECRET}":"${SECRET}"}}""",
            """{"issuer":"x","callers":{"powerpages":{}},"contextVariables":{"${SECRET}":{"request":"${SECRET}"}}}""",
            """{"${SECRET}":1,"${SECRET}":2}""", """{"${SECRET}":1,"$${SECRET}":2,"x${SECRET}":3}""",
        })
        {
            await File.WriteAllTextAsync(Folder.File("marked.json"), file);
            CommandRun run = await CommandRun.OfAsync(
                ["deploy", "--settings", Folder.File("marked.json"), "--url", "https://localhost"],
                environment: name => name == "SECRET" ? Personal : null);
            Assert.AreEqual(1, run.ExitCode, file);
            Assert.AreNotEqual(string.Empty, run.Codes, file);
            IsUnmarked(run.ToString(), [new(Personal)]);
        }
    }

    [TestMethod]
    [DataRow("CHATAUTH1008", "--contact", "5c0ffee5-1234-4321-9876-abcdefabcdef")]
    [DataRow("CHATAUTH1012", "--context", "{\"" + Personal)]
    [DataRow("CHATAUTH1013", "--context", "{\"" + Personal + "\":\"" + Personal + "\"}")]
    [DataRow("CHATAUTH1014", "--context", "{\"msdyn_isvip\":{\"" + Personal + "\":1}}")]
    public async Task The_round_of_LocalPortal(string code, string option, string value)
    {
        using TemporaryFolder folder = new();
        CommandRun run = await OnceRun.OfAsync(folder, option, value);
        Assert.AreEqual(code, run.Codes);
        IsUnmarked(run.ToString(), [new(Personal), new(value)]);
    }

    [TestMethod]
    public void What_holds_keys_does_not_print_them()
    {
        KeyFile keys = KeyFile.From(SampleToken.Key.ExportParameters(includePrivateParameters: true), 0, int.MaxValue);
        IsUnmarked($"{keys}{keys.Keys[0]}{string.Join(' ', keys.Keys)}", MarksIn(keys.Write()));
    }

    private static IEnumerable<Mark> MarksIn(string set) =>
        JsonNode.Parse(set)!["keys"]!.AsArray().SelectMany(
            key => Private.Select(part => new Mark(Plugins.Jose.Base64Url.Decode(key![part]!.GetValue<string>())!)));

    private static string FilesOf(TemporaryFolder folder) =>
        string.Join(
            ' ', Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order(
                StringComparer.Ordinal));

    private static void IsUnmarked(string text, IEnumerable<Mark> marks)
    {
        foreach (Mark mark in marks)
        {
            Assert.IsNull(mark.In(text), text);
        }
    }
}
