using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Plugins.Jose;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Tokens;

/// <summary><c>chatauth token verify</c>.</summary>
[TestClass]
public sealed class A_token_is_verified
{
    private static readonly Jwk Signing =
        new(SampleToken.Key.ExportParameters(true), null, SampleToken.Now - 1000, SampleToken.Now + 1000);

    private static string Pem => SampleToken.Key.ExportSubjectPublicKeyInfoPem();

    private static string OtherJwk => "{\"kty\":\"RSA\",\"kid\":\"other\",\"n\":\"" + SampleToken.Part(
        SampleToken.Key.ExportParameters(false).Modulus!) + "\",\"e\":\"AQAB\"}";

    [TestMethod]
    public async Task IsAcceptedWithEveryFormatOfItsKeyAsync()
    {
        string jwks = PublicKeyFormats.Jwks([Signing]);
        string[] formats =
        [
            Pem, SampleToken.Key.ExportRSAPublicKeyPem(), Pem.Split("-----")[2].ReplaceLineEndings(string.Empty),
            PublicKeyFormats.Pem(Signing),
            PublicKeyFormats.KeySet([Signing]), jwks, jwks["{\"keys\":[".Length..^2], "\uFEFF" + Pem,
            jwks.Replace("]}", "," + OtherJwk + "]}", StringComparison.Ordinal),
        ];
        foreach (string keys in formats)
        {
            CommandRun run = await VerifyAsync(SampleToken.Of(), keys);

            Assert.AreEqual(0, run.ExitCode, run.Error + keys);
            StringAssert.Contains(
                run.Out, "contosohelp.com says that the visitor is contact 87b4d06c-abc2-e811-a9b0-000d3a10e09e, until "
                    + "2027-01-15 08:14:00 UTC (in 14 minutes).");
        }
    }

    [TestMethod]
    public async Task IsReadFromStdinAsync()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("key"), Pem);

        CommandRun run = await CommandRun.OfAsync(
            ["token", "verify", "-", "--key", folder.File("key")], input: SampleToken.Of() + "\n");

        Assert.AreEqual(0, run.ExitCode, run.Error);
    }

    [TestMethod]
    [DataRow("none", "4302")]
    [DataRow("HS256", "4302")]
    [DataRow("RS512", "4302")]
    [DataRow("rs256", "4302")]
    public async Task IsOfRs256OnlyAsync(string algorithm, string code) =>
        await RefusedAsync(
            SampleToken.Of(SampleToken.Header.Replace("RS256", algorithm, StringComparison.Ordinal)), Pem, code);

    [TestMethod]
    public async Task IsNotSignedWithThePublicKeyAsSecretAsync()
    {
        string input = SampleToken.Part("{\"alg\":\"HS256\"}"u8.ToArray()) + "." + SampleToken
            .Part(Encoding.UTF8.GetBytes(SampleToken.Claims));
        string signature =
            SampleToken.Part(HMACSHA256.HashData(Encoding.ASCII.GetBytes(Pem), Encoding.ASCII.GetBytes(input)));

        await RefusedAsync(input + "." + signature, Pem, "4302");
    }

    [TestMethod]
    public async Task HasTheSignatureOfItsTextAsync()
    {
        string[] parts = SampleToken.Of().Split('.');
        string changed = SampleToken.Part(
            Encoding.UTF8.GetBytes(SampleToken.Claims.Replace("Bert", "Eve", StringComparison.Ordinal)));

        await RefusedAsync($"{parts[0]}.{changed}.{parts[2]}", Pem, "4303");
        await RefusedAsync($"{parts[0]}.{parts[1]}.", Pem, "4303");
        await RefusedAsync($"{parts[0]}.{parts[1]}.{parts[2][..^2]}", Pem, "4303");
    }

    [TestMethod]
    public async Task IsNotAnotherKeysAsync()
    {
        using RSA other = RSA.Create(PreparedKeys.At(81));

        await RefusedAsync(SampleToken.Of(), other.ExportSubjectPublicKeyInfoPem(), "4303");
    }

    [TestMethod]
    [DataRow(-900, 0, "4304")]
    [DataRow(-900, 1, null)]
    [DataRow(0, 900, null)]
    [DataRow(1, 900, "4305")]
    public async Task IsValidFromNotBeforeUntilJustBeforeItsEndAsync(int notBefore, int expiresAt, string? code) =>
        await RefusedAsync(
            SampleToken.Of(payload: SampleToken.Payload(SampleToken.Now + notBefore, SampleToken.Now + expiresAt)),
            Pem,
            code);

    [TestMethod]
    [DataRow("\"exp\":1800000840", "\"exp\":\"1800000840\"", "4301")]
    [DataRow("\"exp\":1800000840", "\"exp\":1800000840.5", "4301")]
    [DataRow("\"exp\":1800000840", "\"exp\":-1", "4301")]
    [DataRow("\"exp\":1800000840", "\"ext\":1", "4301")]
    [DataRow("\"nbf\":1799999940", "\"nbf\":null", "4301")]
    [DataRow("\"nbf\":1799999940", "\"nbf\":1799999940000", "4301")]
    [DataRow("\"nbf\":1799999940,", "", null)]
    public async Task HasTimesInWholeSecondsAsync(string old, string replacement, string? code) =>
        await RefusedAsync(
            SampleToken.Of(payload: SampleToken.Claims.Replace(old, replacement, StringComparison.Ordinal)), Pem, code);

    [TestMethod]
    public async Task NamesAKeyOfTheSetAsync()
    {
        string withoutKid = SampleToken.Header.Replace("kid", "xid", StringComparison.Ordinal);
        string jwks = PublicKeyFormats.Jwks([Signing]);

        await RefusedAsync(
            SampleToken.Of(SampleToken.Header.Replace(SampleToken.KeyId, "unknown", StringComparison.Ordinal)),
            jwks,
            "4306");
        await RefusedAsync(
            SampleToken.Of(SampleToken.Header.Replace("\"" + SampleToken.KeyId + "\"", "1", StringComparison.Ordinal)),
            jwks,
            "4301");
        await RefusedAsync(SampleToken.Of(withoutKid), jwks, null);
        await RefusedAsync(
            SampleToken.Of(withoutKid), jwks.Replace("]}", "," + OtherJwk + "]}", StringComparison.Ordinal), "4307");
    }

    [TestMethod]
    public async Task HasAKeyThatHasNotExpiredAsync()
    {
        Jwk expired = new(SampleToken.Key.ExportParameters(true), null, 0, SampleToken.Now);

        await RefusedAsync(SampleToken.Of(), PublicKeyFormats.KeySet([expired]), "4311");
    }

    [TestMethod]
    [DataRow("exp", "1800000840000")]
    [DataRow("exp", "253402300800000")]
    [DataRow("exp", "9223372036854775807")]
    [DataRow("exp", "253402300800")]
    [DataRow("exp", "999999999999")]
    [DataRow("exp", "1000000000000")]
    [DataRow("exp", "1800000840.5")]
    [DataRow("exp", "18000008400000000000000")]
    public Task Has_an_end_in_seconds(string claim, string value) => RefusedAsync(
        SampleToken.Of(payload: SampleToken.Claims.Replace(
            "\"exp\":1800000840", $"\"{claim}\":{value}", StringComparison.Ordinal)),
        Pem,
        "4301");

    [TestMethod]
    public async Task Begins_with_no_byte_order_mark()
    {
        await RefusedAsync(SampleToken.Of("\uFEFF" + SampleToken.Header), Pem, "4301");
        await RefusedAsync(SampleToken.Of(payload: "\uFEFF" + SampleToken.Claims), Pem, "4301");
    }

    [TestMethod]
    [DataRow("{\"alg\":\"none\",")]
    [DataRow("{\"kid\":\"other\",")]
    public Task Names_no_member_of_its_header_twice(string begin) => RefusedAsync(
        SampleToken.Of(SampleToken.Header.Replace("{", begin, StringComparison.Ordinal)), Pem, "4301");

    [TestMethod]
    [DataRow("contosohelp.com", null, null, null)]
    [DataRow("contosohelp.com", "chat", "\"chat\"", null)]
    [DataRow(null, "chat", "[\"other\",\"chat\"]", null)]
    [DataRow("ContosoHelp.com", null, null, "4315")]
    [DataRow("https://contosohelp.com", null, null, "4315")]
    [DataRow("contosohelp.com ", null, null, "4315")]
    [DataRow("", null, null, "4315")]
    [DataRow(null, "chat", null, "4315")]
    [DataRow(null, "chat", "\"Chat\"", "4315")]
    [DataRow(null, "chat", "[]", "4315")]
    [DataRow(null, "chat", "[\"chats\",7]", "4315")]
    [DataRow(null, "7", "7", "4315")]
    [DataRow(null, "chat", "{\"chat\":1}", "4315")]
    public async Task Is_of_the_issuer_and_for_the_audience_that_are_asked_for(
        string? issuer, string? audience, string? aud, string? code)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("key"), Pem);
        string token = SampleToken.Of(payload: aud == null ? null
            : SampleToken.Claims.Replace("{\"iss\"", $"{{\"aud\":{aud},\"iss\"", StringComparison.Ordinal));
        await File.WriteAllTextAsync(folder.File("token"), "\uFEFF" + token + "\n");
        string[] command =
        [
            "token", "verify", folder.File("token"), "--key", folder.File("key"),
            .. issuer == null ? (string[])[] : ["--issuer", issuer],
            .. audience == null ? (string[])[] : ["--audience", audience],
        ];
        CommandRun run = await CommandRun.OfAsync(command);
        Assert.AreEqual(code == null ? "0 " : "1 CHATAUTH" + code, $"{run.ExitCode} {run.Codes}", run.Error);
    }

    [TestMethod]
    public async Task HasNoCriticalHeaderAsync() =>
        await RefusedAsync(
            SampleToken.Of(
                SampleToken.Header.Replace("{", "{\"crit\":[\"b64\"],\"b64\":true,", StringComparison.Ordinal)),
            Pem,
            "4301");

    [TestMethod]
    [DataRow("")]
    [DataRow("{}")]
    [DataRow("[]")]
    [DataRow("{\"keys\":[]}")]
    [DataRow("[{\"kid\":\"a\",\"publicKey\":\"!\"}]")]
    [DataRow("{\"kty\":\"EC\"}")]
    [DataRow("{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}")]
    [DataRow("hello")]
    [DataRow("{\"kty\"")]
    public async Task IsNotVerifiedByWhatIsNoKeyAsync(string keys) =>
        await RefusedAsync(SampleToken.Of(), keys, "4308");

    [TestMethod]
    public async Task IsNotVerifiedByAmbiguousKeysAsync()
    {
        string jwks = PublicKeyFormats.Jwks([Signing, Signing]);

        await RefusedAsync(SampleToken.Of(), jwks, "4308");
        await RefusedAsync(SampleToken.Of(), Pem + "\n" + Pem, "4308");
        await RefusedAsync(SampleToken.Of(), jwks.Replace("\"kid\"", "\"xid\"", StringComparison.Ordinal), "4308");
    }

    [TestMethod]
    [DataRow("text/plain", "PEM", 200, null)]
    [DataRow("text/html", "PEM", 200, null)]
    [DataRow("text/html", "<!doctype html><title>Sign in</title>", 200, "4309")]
    [DataRow("text/plain", "\n <html>", 200, "4309")]
    [DataRow("text/html", "Please sign in", 200, "4309")]
    [DataRow("text/plain", "gone", 404, "4310")]
    [DataRow("text/plain", "LARGE", 200, "4310")]
    public async Task IsVerifiedFromAPublicKeyUrlAsync(string type, string content, int status, string? code)
    {
        using StringContent body =
            new(content == "PEM" ? Pem : content == "LARGE" ? new string('A', 300_000) : content, Encoding.UTF8, type);
        using HttpResponseMessage answer = new((HttpStatusCode)status) { Content = body };
        using Answering network = new(answer);

        CommandRun run = await CommandRun.OfAsync(
            ["token", "verify", SampleToken.Of(), "--key", "https://contosohelp.com/auth/publickey"], network: network);

        Assert.AreEqual(code is null ? "0 " : $"1 CHATAUTH{code}", $"{run.ExitCode} {run.Codes}", run.Error);
    }

    [TestMethod]
    public async Task IsNotVerifiedFromAUrlThatDoesNotAnswerAsync()
    {
        using Answering network = new(null);

        CommandRun run = await CommandRun.OfAsync(
            ["token", "verify", SampleToken.Of(), "--key", "https://contosohelp.com/auth/publickey"], network: network);

        Assert.AreEqual("1 CHATAUTH4310", $"{run.ExitCode} {run.Codes}");
    }

    [TestMethod]
    public async Task IsNotVerifiedWithoutAKeyAsync() =>
        Assert.AreEqual(2, (await CommandRun.OfAsync(["token", "verify", SampleToken.Of()])).ExitCode);

    [TestMethod]
    public async Task IsNotVerifiedFromAFileThatIsNotThereAsync()
    {
        using TemporaryFolder folder = new();

        CommandRun run =
            await CommandRun.OfAsync(["token", "verify", SampleToken.Of(), "--key", folder.File("missing")]);

        Assert.AreEqual("1 CHATAUTH4001", $"{run.ExitCode} {run.Codes}");
    }

    private static async Task RefusedAsync(string token, string keys, string? code)
    {
        CommandRun run = await VerifyAsync(token, keys);

        Assert.AreEqual(code is null ? "0 " : $"1 CHATAUTH{code}", $"{run.ExitCode} {run.Codes}", run.Error);
        Assert.AreEqual(code is null, run.Out.Length > 0);
    }

    private static async Task<CommandRun> VerifyAsync(string token, string keys)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("keys"), keys);
        return await CommandRun.OfAsync(["token", "verify", token, "--key", folder.File("keys")]);
    }

    private sealed class Answering(HttpResponseMessage? answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            answer is null ? throw new HttpRequestException("connection refused") : Task.FromResult(answer);
    }
}
