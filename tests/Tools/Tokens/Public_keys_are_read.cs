using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Plugins.Jose;
using ChatAuth.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Tokens;

/// <summary>The one reader of public keys: what it takes, skips, reports and says.</summary>
[TestClass]
public sealed class Public_keys_are_read
{
    private static readonly Uri Address = new("https://contosohelp.com/auth/publickey");
    private static readonly Jwk Key = new(SampleToken.Key.ExportParameters(true), null, 0, SampleToken.Now + 1000);
    private static readonly Lazy<RSA> Small = new(() => RSA.Create(1024));
    private static readonly Lazy<RSA> Other = new(() => RSA.Create(PreparedKeys.At(81)));

    private static string Ours => PublicKeyFormats.Jwks([Key])["{\"keys\":[".Length..^2];

    [TestMethod]
    [DataRow("""{"kty":"EC","crv":"P-256","kid":"a","x":"AQ","y":"AQ"}""")]
    [DataRow("""{"kty":"OKP","crv":"Ed25519","kid":"a","x":"AQ"}""")]
    [DataRow("""{"kty":"AKP","alg":"ML-DSA-44","kid":"a","pub":"AQ"}""")]
    [DataRow("""{"kty":"RSA","use":"enc","kid":"a","n":"OTHER","e":"AQAB"}""")]
    [DataRow("""{"kty":"RSA","key_ops":["encrypt"],"kid":"a","n":"OTHER","e":"AQAB"}""")]
    [DataRow("""{"kty":"RSA","alg":"RS384","kid":"a","n":"OTHER","e":"AQAB"}""")]
    [DataRow("""{"kty":"RSA","alg":"PS256","kid":"a","n":"OTHER","e":"AQAB"}""")]
    [DataRow("""{"kty":"RSA","alg":256,"kid":"a","n":"OTHER","e":"AQAB"}""")]
    [DataRow("""{"kty":"RSA","kid":"a","n":"SMALL","e":"AQAB"}""")]
    [DataRow("""{"kty":"RSA","kid":"a","n":"OTHER","e":"AQ"}""")]
    [DataRow("""{"kty":"RSA","kid":"a","n":"OTHER","e":"AQAA"}""")]
    [DataRow("""{"kty":"RSA","n":"OTHER","e":"AQAB"}""")]
    [DataRow("""{"kty":"RSA","kid":"","n":"OTHER","e":"AQAB"}""")]
    [DataRow("""{"kty":"RSA","kid":7,"n":"OTHER","e":"AQAB"}""")]
    [DataRow("""{"kty":"RSA","kid":"a","exp":"soon","n":"OTHER","e":"AQAB"}""")]
    [DataRow("""{"kty":"RSA","kid":"a","n":"!","e":"AQAB"}""")]
    [DataRow("""{"kty":"RSA","kid":"a","e":"AQAB"}""")]
    [DataRow("""{"kty":"rsa","kid":"a","n":"OTHER","e":"AQAB"}""")]
    [DataRow("""{"kid":"a"}""")]
    [DataRow("""{}""")]
    [DataRow("""null""")]
    [DataRow("""[]""")]
    [DataRow("""1""")]
    public void A_foreign_member_does_not_condemn_a_set(string foreign)
    {
        foreach (string members in new[] { Ours + "," + Filled(foreign), Filled(foreign) + "," + Ours })
        {
            PublicKeys read = PublicKeys.Parse("{\"keys\":[" + members + "]}");
            Assert.IsNull(read.Fault);
            Assert.AreEqual(Key.KeyId, read.Keys.Single().KeyId);
            Assert.HasCount(1, read.Skipped);
            Assert.IsEmpty(read.Exposed);
            Assert.AreEqual(
                foreign.Contains("OTHER", StringComparison.Ordinal)
                    && !foreign.Contains("\"rsa\"", StringComparison.Ordinal),
                read.Holds(Other.Value.ExportParameters(false).Modulus!));
        }
    }

    [TestMethod]
    [DataRow("""{"kid":"a","publicKey":"!","expiry":1}""")]
    [DataRow("""{"kid":"a","publicKey":"SGVsbG8=","expiry":1}""")]
    [DataRow("""{"kid":"a","expiry":1}""")]
    [DataRow("""{"kid":"a","publicKey":null}""")]
    [DataRow("""{"kty":"EC","kid":"a"}""")]
    [DataRow("\"text\"")]
    public void Nor_does_a_bad_entry_a_key_set(string entry)
    {
        string keySet = PublicKeyFormats.KeySet([Key]);
        PublicKeys read = PublicKeys.Parse("[" + entry + "," + keySet[1..]);
        Assert.IsNull(read.Fault);
        Assert.AreEqual(Key.KeyId, read.Keys.Single().KeyId);
        Assert.AreEqual(Key.ExpiresAt, read.Keys.Single().ExpiresAt);
        Assert.HasCount(1, read.Skipped);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(" \r\n")]
    [DataRow("[]")]
    [DataRow("[ ]\n")]
    [DataRow("{\"keys\":[]}")]
    [DataRow("{ \"keys\" : [ ] }")]
    public void An_empty_set_is_no_fault_and_verifies_nothing(string text)
    {
        PublicKeys read = PublicKeys.Parse(text);
        Assert.IsTrue(read.IsEmpty);
        Assert.IsNull(read.Fault);
        Assert.AreEqual(
            "CHATAUTH4308", Assert.ThrowsExactly<CommandException>(() => read.Verifying("it")).Errors[0].Code);
    }

    [TestMethod]
    [DataRow("hello")]
    [DataRow("{}")]
    [DataRow("{\"keys\":{}}")]
    [DataRow("{\"keys\":[],\"error\":\"busy\"}")]
    [DataRow("[1]")]
    [DataRow("[[]]")]
    [DataRow("{\"kty\":\"EC\"}")]
    [DataRow("{\"keys\":[{\"kty\":\"EC\"}]}")]
    [DataRow("{\"kty\"")]
    [DataRow("-----BEGIN CERTIFICATE-----\nAQAB\n-----END CERTIFICATE-----")]
    [DataRow("<html>Sign in</html>")]
    public void What_holds_no_key_is_neither_empty_nor_keys(string text)
    {
        PublicKeys read = PublicKeys.Parse(text);
        Assert.IsFalse(read.IsEmpty);
        Assert.IsNotNull(read.Fault);
        Assert.IsEmpty(read.Keys);
        Assert.IsNotNull(read.ErrorAt("it"));
    }

    [TestMethod]
    public void Private_parts_are_reported_in_every_form()
    {
        RSAParameters parts = SampleToken.Key.ExportParameters(true);
        string n = SampleToken.Part(parts.Modulus!);
        string pkcs8 = SampleToken.Key.ExportPkcs8PrivateKeyPem();
        string whole = ChatAuth.Keys.KeyFile.From(parts, 0, SampleToken.Now).Write();
        (string Text, bool IsOurs)[] texts =
        [
            (whole, true),
            ("{\"keys\":[" + JsonNode.Parse(whole)!["keys"]![0]!.ToJsonString() + "," + Ours + "]}", true),
            (JsonNode.Parse(whole)!["keys"]![0]!.ToJsonString(), true),
            ($$"""{"keys":[{"kty":"RSA","kid":"a","n":"{{n}}","e":"AQAB","d":"AQ"}]}""", true),
            ($$"""{"keys":[{"kty":"RSA","kid":"a","n":"{{n}}","e":"AQAB","p":"AQ"}]}""", true),
            ($$"""{"keys":[{"kty":"RSA","kid":"a","n":"{{n}}","e":"AQAB","q":"AQ"}]}""", true),
            ($$"""{"keys":[{"kty":"RSA","alg":"RS512","kid":"a","n":"{{n}}","e":"AQAB","d":"AQ"},{{Ours}}]}""", true),
            ("{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AQ\"}," + Ours + "]}", false),
            ("{\"keys\":[{\"kty\":\"EC\",\"kid\":\"a\",\"d\":\"AQ\"}," + Ours + "]}", false),
            ("{\"keys\":[{\"kty\":\"AKP\",\"kid\":\"a\",\"priv\":\"AQ\"}," + Ours + "]}", false),
            (pkcs8, true),
            (SampleToken.Key.ExportRSAPrivateKeyPem(), true),
            (SampleToken.Key.ExportSubjectPublicKeyInfoPem() + "\n" + pkcs8, true),
            ("subject=/CN=contoso\n" + pkcs8, true),
            (pkcs8.Split("-----")[2].ReplaceLineEndings(string.Empty), true),
            (SampleToken.Key.ExportEncryptedPkcs8PrivateKeyPem(
                "open", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)), false),
            ($$"""[{"kid":"a","publicKey":"{{Convert.ToBase64String(Encoding.ASCII.GetBytes(pkcs8))}}"}]""", true),
            (new JsonObject { ["private_key"] = pkcs8 }.ToJsonString(), false),
            ("<pre>" + pkcs8 + "</pre>", false),
        ];
        foreach ((string text, bool isOurs) in texts)
        {
            PublicKeys read = PublicKeys.Parse(text);
            Assert.IsNotEmpty(read.Exposed, text);
            Assert.AreEqual(isOurs, read.Exposed.Any(key => key.Key?.HasNumber(parts.Modulus!) == true), text);
            Assert.IsFalse(
                SafeText.SharesPiece(string.Concat(read.Exposed.Select(key => key.What)) + read.Fault, pkcs8));
        }

        string[] others =
            [Ours, PublicKeyFormats.KeySet([Key]), PublicKeyFormats.Pem(Key), "[]", "hello"];
        foreach (string text in others)
        {
            Assert.IsEmpty(PublicKeys.Parse(text).Exposed, text);
        }
    }

    [TestMethod]
    [DataRow("utf-8")]
    [DataRow("utf-16")]
    [DataRow("utf-16BE")]
    public void Unicode_is_decoded_with_and_without_a_byte_order_mark(string name)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        foreach (string text in new[] { Ours, PublicKeyFormats.KeySet([Key]), PublicKeyFormats.Pem(Key) })
        {
            byte[] bytes = encoding.GetBytes(text);
            Assert.HasCount(1, PublicKeys.Parse(bytes).Keys);
            Assert.HasCount(1, PublicKeys.Parse([.. encoding.GetPreamble(), .. bytes]).Keys);
        }

        Assert.IsTrue(PublicKeys.Parse(encoding.GetBytes("[]")).IsEmpty);
    }

    [TestMethod]
    [DataRow("gzip", "gzip", true)]
    [DataRow("gzip", "x-gzip", true)]
    [DataRow("gzip", "GZIP", true)]
    [DataRow("br", "br", true)]
    [DataRow("zlib", "deflate", true)]
    [DataRow("raw", "deflate", true)]
    [DataRow("none", "identity", true)]
    [DataRow("gzip", "identity, gzip", true)]
    [DataRow("gzip", null, false)]
    [DataRow("none", "gzip", false)]
    [DataRow("none", "br", false)]
    [DataRow("none", "zstd", false)]
    [DataRow("gzip", "gzip, br", false)]
    public async Task Compressed_answers_are_unpacked_and_others_are_not_taken_for_empty(
        string packing, string? coding, bool isRead)
    {
        byte[] body = Packed(Encoding.UTF8.GetBytes(Ours), packing);
        PublicKeys read = await FetchAsync(body, "application/json", coding);
        Assert.AreEqual(isRead, read.Keys.Count == 1);
        Assert.AreEqual(!isRead, read.IsUnreadable);
        Assert.IsFalse(read.IsEmpty);
        Assert.AreEqual(isRead ? null : "CHATAUTH4313", read.ErrorAt("it")?.Code);
    }

    [TestMethod]
    public async Task What_unpacks_to_more_than_keys_have_is_not_read()
    {
        byte[] bomb = Packed(new byte[5_000_000], "gzip");
        PublicKeys read = await FetchAsync(bomb, "application/json", "gzip");
        Assert.IsNotNull(read.Fault);
        Assert.IsFalse(read.IsEmpty);
    }

    [TestMethod]
    public void Bytes_of_no_text_are_undecodable()
    {
        Assert.IsTrue(PublicKeys.Parse([0x5B, 0xFF, 0x5D]).IsUnreadable);
        Assert.IsTrue(PublicKeys.Parse([0xFF, 0xFE, 0x5B]).IsUnreadable);
        Assert.IsFalse(PublicKeys.Parse(new byte[300_000]).IsEmpty);
        Assert.IsNotNull(PublicKeys.Parse(new byte[300_000]).Fault);
    }

    [TestMethod]
    [DataRow(301)]
    [DataRow(302)]
    [DataRow(307)]
    [DataRow(308)]
    public async Task A_redirect_is_told_and_not_followed(int status)
    {
        using HttpResponseMessage answer = new((HttpStatusCode)status);
        answer.Headers.Location = new Uri("https://evil.example/keys");
        using Answering network = new(answer);
        CommandException refusal = await Assert.ThrowsExactlyAsync<CommandException>(
            () => PublicKeys.FetchAsync(Address, network, CancellationToken.None));
        Assert.AreEqual("CHATAUTH4312", refusal.Errors[0].Code);
        Assert.AreEqual(1, network.Asked);
    }

    [TestMethod]
    [DataRow("http://contosohelp.com/auth/publickey")]
    [DataRow("HTTP://contosohelp.com/auth/publickey")]
    [DataRow("http://127.0.0.1.contosohelp.com/")]
    [DataRow("https://user:hunter22@contosohelp.com/")]
    [DataRow("https://contosohelp.com\\@127.0.0.1/")]
    public async Task An_address_at_which_somebody_may_stand_between_is_not_asked(string address)
    {
        using RefusingNetwork network = new();
        foreach (string[] command in (string[][])[
            ["token", "verify", SampleToken.Of(), "--key", address], ["key", "public", address]])
        {
            CommandRun run = await CommandRun.OfAsync(command, network: network);
            Assert.AreEqual("CHATAUTH4310", run.Codes, run.Error);
            StringAssert.Contains(run.Error, "is not an https URL without user name");
            Assert.DoesNotContain("hunter22", run.Error);
        }
    }

    [TestMethod]
    public async Task An_address_that_shows_a_private_key_verifies_nothing_and_a_file_of_ones_own_does()
    {
        using TemporaryFolder folder = new();
        string pem = SampleToken.Key.ExportPkcs8PrivateKeyPem();
        await File.WriteAllTextAsync(folder.File("key.pem"), pem);
        CommandRun own =
            await CommandRun.OfAsync(["token", "verify", SampleToken.Of(), "--key", folder.File("key.pem")]);
        Assert.AreEqual(0, own.ExitCode, own.Error);

        using StringContent content = new(pem);
        using HttpResponseMessage answer = new(HttpStatusCode.OK) { Content = content };
        using Answering network = new(answer);
        CommandRun run = await CommandRun.OfAsync(
            ["token", "verify", SampleToken.Of(), "--key", Address.AbsoluteUri], network: network);
        Assert.AreEqual("1 CHATAUTH4314", $"{run.ExitCode} {run.Codes}");
        Assert.IsEmpty(run.Out);
    }

    private static async Task<PublicKeys> FetchAsync(byte[] body, string type, string? coding)
    {
        using ByteArrayContent content = new(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        if (coding != null)
        {
            content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        }

        using HttpResponseMessage answer = new(HttpStatusCode.OK) { Content = content };
        using Answering network = new(answer);
        return await PublicKeys.FetchAsync(Address, network, CancellationToken.None);
    }

    private static byte[] Packed(byte[] plain, string packing)
    {
        using MemoryStream packed = new();
        using (Stream packer = packing switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "zlib" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "raw" => new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => packed,
        })
        {
            packer.Write(plain);
            packer.Flush();
        }

        return packed.ToArray();
    }

    private static string Filled(string member) => member
        .Replace("OTHER", SampleToken.Part(Other.Value.ExportParameters(false).Modulus!), StringComparison.Ordinal)
        .Replace("SMALL", SampleToken.Part(Small.Value.ExportParameters(false).Modulus!), StringComparison.Ordinal);

    private sealed class Answering(HttpResponseMessage answer) : HttpMessageHandler
    {
        public int Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult(answer);
        }
    }

    private sealed class RefusingNetwork : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("It was asked.");
    }
}
