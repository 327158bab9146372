using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.Keys;
using ChatAuth.Plugins.Jose;
using ChatAuth.Tools.Tests.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>What stands at a publishing target before deploy, rotate, revoke and uninstall come to it.</summary>
[TestClass]
public sealed class Keys_go_where_nobody_elses_are : EnvironmentUnderTest
{
    private const string Address = "https://static.contosohelp.com/publickey.json";
    private const string PortalAddress = "https://contosohelp.com/auth/publickey";

    private static RSAParameters Stranger => PreparedKeys.At(80);

    private static KeyFile StrangersKey => KeyFile.From(Stranger, 0, int.MaxValue);

    // What the static host serves; null for nothing.
    private Func<HttpResponseMessage>? host;

    public static IEnumerable<object[]> Strangers()
    {
        string pkcs8;
        using (RSA rsa = RSA.Create(Stranger))
        {
            pkcs8 = rsa.ExportPkcs8PrivateKeyPem();
        }

        string jwks = PublicKeyFormats.Jwks(StrangersKey.Keys);
        return
        [
            ["a private PEM", pkcs8, "CHATAUTH5208", false],
            ["a key file", StrangersKey.Write(), "CHATAUTH5208", false],
            ["the public PEM of another application", PublicKeyFormats.Pem(StrangersKey.Keys[0]), "CHATAUTH5206", true],
            ["another environment's key set", PublicKeyFormats.KeySet(StrangersKey.Keys), "CHATAUTH5206", true],
            ["a JWK set", jwks, "CHATAUTH5206", true],
            [
                "an EC key",
                """{"keys":[{"kty":"EC","kid":"a","crv":"P-256","x":"AQ","y":"AQ"}]}""",
                "CHATAUTH5206", true,
            ],
            ["a symmetric key", """{"keys":[{"kty":"oct","kid":"a","k":"AQ"}]}""", "CHATAUTH5208", false],
            ["a thesis", "my thesis", "CHATAUTH5205", false],
            ["an error", """{"keys":[],"error":"busy"}""", "CHATAUTH5205", false],
        ];
    }

    [TestMethod]
    [DynamicData(nameof(Strangers))]
    public async Task What_is_a_strangers_is_left_alone(string name, string text, string code, bool mayBeForced)
    {
        await File.WriteAllTextAsync(KeyFilePath, text);
        Assert.AreEqual(code, (await RunAsync("deploy")).Codes, name);
        Assert.IsEmpty(Network.Writes);
        Assert.AreEqual(2, (await RunAsync("deploy", "--force", "CHATAUTH5208")).ExitCode, name);
        CommandRun forced = await RunAsync("deploy", "--force", "CHATAUTH5206");
        Assert.AreEqual(mayBeForced ? string.Empty : code, forced.Codes, name);
        if (!mayBeForced)
        {
            Assert.AreEqual(text, await File.ReadAllTextAsync(KeyFilePath));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Strangers))]
    public async Task Nor_is_it_overwritten_or_deleted_later(string name, string text, string code, bool mayBeForced)
    {
        await DoAsync("deploy");
        await File.WriteAllTextAsync(KeyFilePath, text);
        Network.Forget();
        Assert.AreEqual(code, (await RunAsync("rotate")).Codes, name);
        Assert.IsEmpty(Network.Writes);
        string kid = StoredKeys()[0]!["kid"]!.GetValue<string>();

        // A revocation does all else, and says what is left.
        CommandRun revoked = await RunAsync("revoke", kid, "--force");
        Assert.AreEqual(1, revoked.ExitCode, name);
        StringAssert.Contains(revoked.Error, code);
        Assert.HasCount(0, StoredKeys());
        Assert.AreEqual(text, await File.ReadAllTextAsync(KeyFilePath));
        CommandRun uninstalled = await RunAsync("uninstall", "--yes");
        StringAssert.Contains(uninstalled.Error, code);
        Assert.AreEqual(text, await File.ReadAllTextAsync(KeyFilePath));
        Assert.IsNotNull(mayBeForced);
    }

    [TestMethod]
    public async Task What_is_empty_is_nobodys_and_is_written()
    {
        foreach (string text in new[] { string.Empty, "[]", "{\"keys\":[]}" })
        {
            await File.WriteAllTextAsync(KeyFilePath, text);
            await DoAsync("deploy");
            Assert.HasCount(1, Served());
        }
    }

    [TestMethod]
    public async Task What_another_process_writes_to_the_file_meanwhile_stays()
    {
        await DoAsync("deploy");
        string text = PublicKeyFormats.KeySet(StrangersKey.Keys);
        bool isWritten = true;
        for (int request = 1; isWritten; request++)
        {
            (isWritten, int number) = (false, 0);
            Network.Before = async _ =>
            {
                if (++number == request)
                {
                    isWritten = true;
                    await File.WriteAllTextAsync(KeyFilePath, text);
                }

                return null;
            };
            File.Delete(KeyFilePath);
            CommandRun run = await RunAsync("rotate");
            if (isWritten)
            {
                Assert.AreEqual(text, await File.ReadAllTextAsync(KeyFilePath), $"request {request}: {run.Error}");
            }
        }
    }

    [TestMethod]
    public async Task Keys_of_another_environment_at_the_address_are_not_uploaded_over()
    {
        Upload();
        Serve(PublicKeyFormats.KeySet(StrangersKey.Keys));
        Assert.AreEqual("CHATAUTH5206", (await RunAsync("deploy", "--until", "published")).Codes);
        Assert.IsEmpty(Network.Writes);
        Assert.IsFalse(File.Exists(KeyFilePath));
    }

    [TestMethod]
    public async Task Without_any_place_nothing_is_deployed_or_rotated()
    {
        await DoAsync("deploy");
        Settings["publish"] = new JsonArray();
        Network.Forget();
        Assert.AreEqual("CHATAUTH5210", (await RunAsync("rotate", "--lead", "0s", "--force")).Codes);
        Assert.AreEqual("CHATAUTH5210", (await RunAsync("deploy")).Codes);
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task A_file_is_uploaded_between_two_runs_and_no_key_is_doubled()
    {
        Upload();
        await DoAsync("deploy", "--until", "published");
        await DoAsync("deploy", "--until", "published");
        Assert.HasCount(1, StoredKeys());
        Assert.AreEqual("CHATAUTH5201", (await RunAsync("deploy", "--timeout", "1m")).Codes);
        await Assert.ThrowsExactlyAsync<CommandException>(IssueAsync);
        Serve(await File.ReadAllTextAsync(KeyFilePath));
        await DoAsync("deploy");
        string first = await IssueVerifiedAsync();

        // On another runner, as pipelines are: the file is not there.
        File.Delete(KeyFilePath);
        await DoAsync("rotate", "--until", "published");
        await DoAsync("rotate", "--until", "published");
        Assert.HasCount(2, StoredKeys());
        Assert.AreEqual("CHATAUTH5201", (await RunAsync("rotate", "--timeout", "1m")).Codes);
        Clock.Move(TimeSpan.FromDays(2));
        Assert.AreEqual(first, await IssueVerifiedAsync());
        Serve(await File.ReadAllTextAsync(KeyFilePath));
        StringAssert.Contains((await DoAsync("rotate")).Error, "is to be uploaded again");
        Assert.HasCount(2, StoredKeys());
        Clock.Move(TimeSpan.FromHours(25));
        Assert.AreNotEqual(first, await IssueVerifiedAsync());
    }

    [TestMethod]
    [DataRow(null, "29m", true)]
    [DataRow(null, "30m", false)]
    [DataRow("public, max-age=7200", "239m", true)]
    [DataRow("public, max-age=7200", "240m", false)]
    [DataRow("max-age=60, s-maxage=3600", "119m", true)]
    [DataRow("max-age=60, s-maxage=3600", "120m", false)]
    [DataRow("no-store", "0s", false)]
    [DataRow("max-age=\"7200\"", "239m", true)]
    [DataRow("max-age=7200; public", "239m", true)]
    [DataRow("max-age=60.5, s-maxage=7200", "239m", true)]
    [DataRow("private, no-cache=\"Set-Cookie\", max-age=7200", "239m", true)]
    [DataRow("max-age=99999999999", "364d", true)]
    [DataRow("max-age=-5", "30m", false)]
    public async Task A_file_needs_twice_the_lifetime_that_its_host_names(string? cache, string lead, bool isRefused)
    {
        Upload();
        await DoAsync("deploy", "--until", "published");
        Serve(await File.ReadAllTextAsync(KeyFilePath), cache);
        await DoAsync("deploy");
        CommandRun run = await RunAsync("rotate", "--until", "published", "--lead", lead);
        Assert.AreEqual(isRefused ? "CHATAUTH5202" : string.Empty, run.Codes, run.Error);
        CommandRun forced =
            await RunAsync("rotate", "--until", "published", "--lead", lead, "--force", "CHATAUTH5202");
        Assert.AreEqual(string.Empty, forced.Codes);
    }

    [TestMethod]
    public async Task A_portal_serves_its_keys_itself_and_needs_an_hour()
    {
        Settings["publish"] = new JsonArray(new JsonObject { ["portal"] = PortalAddress });
        host = () => Answer(PublicKeyFormats.KeySet(Published()));
        await DoAsync("deploy");
        Assert.AreEqual("CHATAUTH5202", (await RunAsync("rotate", "--lead", "59m")).Codes);
        await DoAsync("rotate", "--lead", "60m");
        Assert.HasCount(2, StoredKeys());
        await DoAsync("revoke", StoredKeys()[1]!["kid"]!.GetValue<string>());
    }

    [TestMethod]
    [DataRow("file", false, "Upload each file of \"publish\", then run ")]
    [DataRow("file", true, "Paste its line and upload each file of \"publish\", then run ")]
    [DataRow("portal", false, "Run ")]
    [DataRow("portal", true, "Paste its line, then run ")]
    public async Task What_is_left_to_a_person_is_told_where_they_are_published(string kind, bool isPasted, string left)
    {
        Upload();
        Settings["publish"] = kind == "file" ? Settings["publish"]!.DeepClone()
            : new JsonArray(new JsonObject { ["portal"] = PortalAddress });
        if (isPasted)
        {
            Settings["liveAssist"] = new JsonObject { ["key"] = "line" };
        }

        host = () => Answer(PublicKeyFormats.KeySet(Published()));
        StringAssert.Contains((await DoAsync("deploy", "--until", "published")).Out, $". {left}chatauth deploy");
        await DoAsync("deploy", "--yes");

        string[] rotate = isPasted ? ["rotate", "--cutover"] : ["rotate"];
        CommandRun run = await DoAsync([.. rotate, "--until", "published", "--lead", "24h"]);
        StringAssert.Contains(run.Out, $". {left}chatauth {string.Join(' ', rotate)} again");
    }

    [TestMethod]
    public async Task A_foreign_member_beside_ours_holds_up_nothing_and_a_strangers_key_does()
    {
        string foreign = """{"kty":"EC","kid":"a","crv":"P-256","x":"AQ","y":"AQ"}""";
        Settings["publish"] = new JsonArray(new JsonObject { ["portal"] = PortalAddress, ["format"] = "jwks" });
        host = () => Answer(PublicKeyFormats.Jwks(Published())
            .Replace("]}", "," + foreign + "]}", StringComparison.Ordinal).Replace(
                "[,", "[", StringComparison.Ordinal));
        await DoAsync("deploy");
        foreign = PublicKeyFormats.Jwks(StrangersKey.Keys)["{\"keys\":[".Length..^2];
        Assert.AreEqual("CHATAUTH5207", (await RunAsync("rotate")).Codes);
        Assert.AreEqual("CHATAUTH5207", (await RunAsync("deploy")).Codes);
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("gzip")]
    [DataRow("br")]
    public async Task A_key_that_is_served_in_a_form_that_hides_it_is_not_gone(string? coding)
    {
        Upload();
        await DoAsync("deploy", "--until", "published");
        string stolen = await File.ReadAllTextAsync(KeyFilePath);
        Serve(stolen);
        await DoAsync("deploy");
        host = () => Packed(stolen, coding);
        string kid = StoredKeys()[0]!["kid"]!.GetValue<string>();
        CommandRun run = await RunAsync("revoke", kid, "--force", "--timeout", "1m");
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Error, "CHATAUTH5309");
        Serve("[]");
        await DoAsync("revoke");
    }

    public static IEnumerable<object[]> FormsThatOthersRead()
    {
        using RSA rsa = RSA.Create(PreparedKeys.At(81));
        string another = rsa.ExportSubjectPublicKeyInfoPem();
        string Certificate(RSA key) => new CertificateRequest(
            "CN=chat", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(99)).ExportCertificatePem();
        string Pem(RSA key) => key.ExportSubjectPublicKeyInfoPem();
        string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
        string N(RSA key) => SampleToken.Part(key.ExportParameters(false).Modulus!);
        string ecs = string.Concat(Enumerable.Repeat("""{"kty":"EC","kid":"e","crv":"P-256","x":"A","y":"A"},""", 400));
        return
        [
            .. new (string Form, Func<RSA, string> Text)[]
            {
                ("two blocks of PEM", key => another + "\n" + Pem(key)),
                ("a certificate", Certificate),
                ("a certificate in an entry", key => $$"""[{"kid":"a","publicKey":"{{Base64(Certificate(key))}}"}]"""),
                ("an entry of DER", key =>
                    $$"""[{"kid":"a","publicKey":"{{Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}}"}]"""),
                ("a JWK of a certificate", key => $$"""{"keys":[{"kty":"RSA","x5c":["{{N(key)}}"]}]}"""),
                ("a padded number", key => $$"""{"keys":[{"kty":"RSA","e":"AQAB","n":"{{N(key)}}=="}]}"""),
                ("a comma too many", key => $$"""{"keys":[{"kty":"RSA","e":"AQAB","n":"{{N(key)}}"},]}"""),
                ("a member twice", key => $$"""{"keys":[{"kty":"RSA","kty":"RSA","e":"AQAB","n":"{{N(key)}}"}]}"""),
                ("a set in a set", key => new JsonObject
                {
                    ["data"] = JsonNode.Parse($$"""{ "keys": [{ "kty": "RSA", "e": "AQAB", "n": "{{N(key)}}" }] }"""),
                }.ToJsonString()),
                ("behind 400 others", key => $$"""{"keys":[{{ecs}}{"kty":"RSA","e":"AQAB","n":"{{N(key)}}"}]}"""),
                ("a JSON string", key => JsonValue.Create(Pem(key))!.ToJsonString()),
                ("behind a page of the host", _ => "<html>We are back in an hour.</html>"),
            }.Select(form => new object[] { form.Form, form.Text }),
        ];
    }

    [TestMethod]
    [DynamicData(nameof(FormsThatOthersRead))]
    public async Task Nor_is_one_in_a_form_that_others_may_read(string form, Func<RSA, string> text)
    {
        Upload();
        await DoAsync("deploy", "--until", "published");
        Serve(await File.ReadAllTextAsync(KeyFilePath));
        await DoAsync("deploy");
        Jwk stolen = KeyFile.Parse(StoredRow()).Keys[0];
        using RSA rsa = RSA.Create(stolen.Parts);
        Serve(text(rsa));

        CommandRun run = await RunAsync("revoke", stolen.KeyId, "--force", "--timeout", "1m");

        Assert.AreEqual("CHATAUTH5309", run.Codes, form + run.Error);
        Serve("[]");
        await DoAsync("revoke");
    }

    [TestMethod]
    public async Task A_portal_that_refuses_since_its_step_is_gone_does_not_keep_an_uninstall_from_ending()
    {
        Settings["publish"] = new JsonArray(new JsonObject { ["portal"] = PortalAddress });
        host = () => Organization.Rows.Now.All("sdkmessageprocessingstep").Any()
            ? Answer(PublicKeyFormats.KeySet(Published())) : new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        await DoAsync("deploy");
        Func<HttpRequestMessage, Task<HttpResponseMessage?>> usual = Network.Before!;
        Network.Before = request => request.Method == HttpMethod.Delete
            && request.RequestUri!.AbsolutePath.Contains("secureconfigs", StringComparison.Ordinal)
                ? throw new HttpRequestException("the connection broke")
                : usual(request);
        Assert.AreEqual(1, (await RunAsync("uninstall", "--yes")).ExitCode);
        Assert.IsTrue(Organization.Rows.Now.All("sdkmessageprocessingstepsecureconfig").Any());
        Network.Before = usual;

        await DoAsync("uninstall", "--yes");

        Assert.IsFalse(Organization.Rows.Now.All("sdkmessageprocessingstepsecureconfig").Any());
    }

    [TestMethod]
    public async Task A_host_that_shows_a_page_of_its_own_does_not_keep_an_uninstall_from_ending()
    {
        Upload();
        host = () => Answer(File.Exists(KeyFilePath) ? File.ReadAllText(KeyFilePath) : "<html>The site</html>");
        await DoAsync("deploy");
        await DoAsync("uninstall", "--yes");
    }

    [TestMethod]
    public async Task A_place_that_is_named_no_more_is_told_at_each_run_until_it_is_seen_without_keys()
    {
        Upload();
        Settings["publish"]!.AsArray().Add(new JsonObject { ["file"] = "trial.json", ["local"] = true });
        host = () => Answer(File.ReadAllText(KeyFilePath));
        await DoAsync("deploy");
        Settings["publish"]!.AsArray().RemoveAt(0);
        foreach (Func<HttpResponseMessage> answer in new[]
        {
            host, () => Answer("<html>We are back in an hour.</html>"), () => Answer("It works!"),
            () => throw new HttpRequestException("no network"),
        })
        {
            host = answer;
            foreach (string command in new[] { "deploy", "rotate", "revoke" })
            {
                StringAssert.Contains((await DoAsync(command)).Error, "CHATAUTH5472: " + Address, command);
            }
        }

        Serve("[]");
        Assert.DoesNotContain("CHATAUTH5472", (await DoAsync("deploy")).Error);
        Assert.DoesNotContain(Address, StoredRow());
    }

    [TestMethod]
    public async Task A_file_that_an_editor_saved_as_UTF_16_is_ours()
    {
        await DoAsync("deploy");
        await File.WriteAllTextAsync(KeyFilePath, await File.ReadAllTextAsync(KeyFilePath), Encoding.Unicode);
        await DoAsync("uninstall", "--yes");
        Assert.IsFalse(File.Exists(KeyFilePath));
    }

    [TestMethod]
    public async Task An_address_that_shows_a_private_key_is_told_by_every_command()
    {
        Upload();
        await DoAsync("deploy", "--until", "published");
        Serve(await File.ReadAllTextAsync(KeyFilePath));
        await DoAsync("deploy");
        string kid = StoredKeys()[0]!["kid"]!.GetValue<string>();
        JsonObject row = JsonNode.Parse(StoredRow())!.AsObject();
        Serve(new JsonObject { ["keys"] = row["keys"]!.DeepClone() }.ToJsonString());
        foreach (string command in new[] { "keys", "deploy" })
        {
            CommandRun run = await RunAsync(command);
            StringAssert.Contains(run.Error, "CHATAUTH4314", command);
            StringAssert.Contains(run.Error, kid, command);
        }

        StringAssert.Contains((await RunAsync("doctor")).Out, "CHATAUTH5480");
    }

    [TestMethod]
    public async Task The_key_URL_of_chat_is_looked_at_before_a_key_signs_and_named_when_no_target_has_it()
    {
        Settings["authenticationSettings"] = new JsonObject { ["publicKeyUrl"] = PortalAddress };
        host = () => Answer(PublicKeyFormats.KeySet(StrangersKey.Keys));
        CommandRun run = await RunAsync("deploy");
        Assert.AreEqual("CHATAUTH5207", run.Codes);
        Assert.IsEmpty(Network.Writes);
    }

    private string StoredRow() => Organization.Rows.Now
        .Get("sdkmessageprocessingstepsecureconfig", Guid.Parse("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c10"))
        .Text("secureconfig")!;

    // As a portal has them of chatauth_GetPublicKeys.
    private IReadOnlyList<Jwk> Published() =>
        Organization.Rows.Now.All("sdkmessageprocessingstepsecureconfig").Any()
            ? KeyFile.Parse(StoredRow()).PublishedAt(Clock.GetUtcNow().ToUnixTimeSeconds())
            : [];

    private void Upload() => Settings["publish"] = new JsonArray(
        new JsonObject { ["file"] = "publickey.json", ["url"] = Address });

    [TestInitialize]
    public void Listen() => Network.Before = request => Task.FromResult(
        !request.RequestUri!.Host.EndsWith("contosohelp.com", StringComparison.Ordinal) ? null
            : host?.Invoke() ?? new HttpResponseMessage(HttpStatusCode.NotFound));

    private void Serve(string text, string? cache = null) => host = () => Answer(text, cache);

    private static HttpResponseMessage Answer(string text, string? cache = null)
    {
        HttpResponseMessage answer = new(HttpStatusCode.OK) { Content = new StringContent(text) };
        if (cache != null)
        {
            Assert.IsTrue(answer.Headers.TryAddWithoutValidation("Cache-Control", cache));
        }

        return answer;
    }

    private static HttpResponseMessage Packed(string text, string? coding)
    {
        using MemoryStream packed = new();
        using (Stream packer = coding == "br"
            ? new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true)
            : new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            packer.Write(Encoding.ASCII.GetBytes(text));
        }

        HttpResponseMessage answer =
            new(HttpStatusCode.OK) { Content = new ByteArrayContent(packed.ToArray()) };
        if (coding != null)
        {
            answer.Content.Headers.ContentEncoding.Add(coding);
        }

        return answer;
    }
}
