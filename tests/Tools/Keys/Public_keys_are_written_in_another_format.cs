using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Security.Cryptography;
using System.Threading.Tasks;
using ChatAuth.Plugins.Jose;
using ChatAuth.Tools.Tests.Network;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Keys;

/// <summary><c>chatauth key public</c> of keys that somebody has published.</summary>
[TestClass]
public sealed class Public_keys_are_written_in_another_format : IDisposable
{
    // The time of CommandRun's clock.
    private const long Now = 1_800_000_000;

    private static readonly RSA Rsa = RSA.Create(PreparedKeys.At(80));
    private static readonly Jwk Key = new(Rsa.ExportParameters(true), null, 0, Now + 1000);
    private static readonly Jwk Other = new(PreparedKeys.At(81), "other", 0, Now + 2000);

    private readonly TemporaryFolder folder = new();

    private static string Pem => Rsa.ExportSubjectPublicKeyInfoPem();

    private static string Line => Pem.Split("-----")[2].ReplaceLineEndings(string.Empty);

    private static Dictionary<string, Func<string>> Forms { get; } = new()
    {
        ["PEM"] = () => Pem,
        ["PEM with CRLF"] = () => PublicKeyFormats.Pem(Key),
        ["PEM, PKCS#1"] = Rsa.ExportRSAPublicKeyPem,
        ["line"] = () => Line,
        ["private PEM"] = Rsa.ExportPkcs8PrivateKeyPem,
        ["key set"] = () => PublicKeyFormats.KeySet([Key]),
        ["JWK set"] = () => PublicKeyFormats.Jwks([Key]),
        ["JWK"] = () => PublicKeyFormats.Jwks([Key])["{\"keys\":[".Length..^2],
        ["JWK set with others"] = () => PublicKeyFormats.Jwks([Key]).Replace(
            "[{", "[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"},{", StringComparison.Ordinal),
    };

    public static IEnumerable<object[]> FormNames => Forms.Keys.Select(name => new object[] { name });

    public void Dispose() => folder.Dispose();

    [TestMethod]
    [DataRow("key.json", 1)]
    [DataRow("key.pem", 1)]
    [DataRow("key.pfx", 1)]
    [DataRow("notes.txt", 1)]
    [DataRow("empty", 0)]
    [DataRow("public.json", 0)]
    public async Task Nothing_but_public_keys_is_overwritten(string name, int exitCode)
    {
        using TemporaryFolder folder = new();
        using RSA rsa = RSA.Create(PreparedKeys.At(82));
        await File.WriteAllTextAsync(folder.File("key.pem"), rsa.ExportPkcs8PrivateKeyPem());
        await File.WriteAllBytesAsync(folder.File("key.pfx"), rsa.ExportPkcs8PrivateKey());
        await File.WriteAllTextAsync(folder.File("notes.txt"), "What I know of keys");
        await File.WriteAllTextAsync(folder.File("empty"), string.Empty);
        await CommandRun.OfAsync(["key", "import", folder.File("key.pem"), "--out", folder.File("key.json")]);
        await CommandRun.OfAsync(["key", "public", folder.File("key.json"), "--out", folder.File("public.json")]);
        byte[] before = await File.ReadAllBytesAsync(folder.File(name));
        CommandRun run = await CommandRun.OfAsync(
            ["key", "public", folder.File("key.json"), "--format", "line", "--out", folder.File(name)]);
        Assert.AreEqual(exitCode, run.ExitCode, run.Error);
        Assert.AreEqual(exitCode == 0 ? string.Empty : "CHATAUTH4003", run.Codes);
        byte[] after = await File.ReadAllBytesAsync(folder.File(name));
        Assert.AreEqual(exitCode != 0, Enumerable.SequenceEqual(before, after));
    }

    [TestMethod]
    [DynamicData(nameof(FormNames))]
    public async Task From_whatever_form_they_have(string form)
    {
        string text = Forms[form]();
        Assert.AreEqual(Line + "\n", (await PublicAsync(text, "line")).Out);
        Assert.AreEqual(PublicKeyFormats.Pem(Key), (await PublicAsync(text, "pem")).Out);
        Assert.AreEqual(PublicKeyFormats.Jwks([Key]) + "\n", (await PublicAsync(text, "jwks")).Out);
        string keySet = (await PublicAsync(text, "keyset")).Out;
        Assert.AreEqual(
            form == "key set" ? PublicKeyFormats.KeySet([Key]) + "\n"
                : PublicKeyFormats.KeySet([new Jwk(Key.Parts, null, 0, int.MaxValue)]) + "\n",
            keySet);
    }

    [TestMethod]
    public async Task From_an_address()
    {
        using StaticHost host = new(folder.Path);
        await File.WriteAllTextAsync(folder.File("keys.json"), PublicKeyFormats.KeySet([Key, Other]));
        CommandRun run = await CommandRun.OfAsync(
            ["key", "public", "https://static.contosohelp.com/keys.json", "--format", "jwks"], network: host);
        Assert.AreEqual(PublicKeyFormats.Jwks([Key, Other]) + "\n", run.Out, run.Error);
    }

    [TestMethod]
    public async Task And_an_address_that_shows_a_private_key_is_an_incident()
    {
        using StaticHost host = new(folder.Path);
        await File.WriteAllTextAsync(folder.File("key.pem"), Rsa.ExportPkcs8PrivateKeyPem());
        CommandRun run = await CommandRun.OfAsync(
            ["key", "public", "https://static.contosohelp.com/key.pem"], network: host);
        Assert.AreEqual("CHATAUTH4314", run.Codes);
        Assert.AreEqual(string.Empty, run.Out);
    }

    [TestMethod]
    public async Task But_of_several_keys_one_format_needs_to_know_which()
    {
        string set = PublicKeyFormats.KeySet([Key, Other]);
        Assert.AreEqual("CHATAUTH4204", (await PublicAsync(set, "line")).Codes);
        Assert.AreEqual(PublicKeyFormats.KeySet([Key, Other]) + "\n", (await PublicAsync(set, "keyset")).Out);
    }

    [TestMethod]
    public async Task And_without_those_that_have_expired()
    {
        Jwk past = new(Other.Parts, "past", 0, Now);
        Assert.AreEqual(Line + "\n", (await PublicAsync(PublicKeyFormats.KeySet([Key, past]), "line")).Out);
        Assert.AreEqual("CHATAUTH4203", (await PublicAsync(PublicKeyFormats.KeySet([past]), "line")).Codes);
    }

    [TestMethod]
    [DataRow("<html></html>", "CHATAUTH4309")]
    [DataRow("", "CHATAUTH4308")]
    [DataRow("{\"keys\":[]}", "CHATAUTH4308")]
    [DataRow("a letter to somebody", "CHATAUTH4308")]
    public async Task And_what_is_no_key_is_named(string text, string code) =>
        Assert.AreEqual(code, (await PublicAsync(text, "line")).Codes);

    private async Task<CommandRun> PublicAsync(string text, string format)
    {
        await File.WriteAllTextAsync(folder.File("key"), text);
        return await CommandRun.OfAsync(["key", "public", folder.File("key"), "--format", format]);
    }
}
