using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading.Tasks;
using ChatAuth.Plugins.Jose;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Keys;

/// <summary><c>chatauth key import</c> with keys as openssl and .NET write them.</summary>
[TestClass]
public sealed class A_key_is_imported
{
    // Any passphrase; it opens keys that exist for one test.
    private const string Passphrase = "correct horse";

    private static readonly RSA Rsa = RSA.Create(PreparedKeys.At(80));

    [TestMethod]
    [DataRow("-traditional", DisplayName = "PKCS#1")]
    [DataRow("-text", DisplayName = "PKCS#8 with text around it")]
    public async Task IsTheOneThatOpensslMadeAsync(string form)
    {
        using TemporaryFolder folder = new();
        OpenSsl.Run(
            "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", folder.File("made.pem"));
        OpenSsl.Run("pkey", "-in", folder.File("made.pem"), form, "-out", folder.File("in.pem"));

        CommandRun run = await ImportAsync(folder);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("", run.Out);
        CommandRun pem = await CommandRun.OfAsync(["key", "public", folder.File("key.json"), "--format", "pem"]);
        Assert.AreEqual(OpenSsl.Run("pkey", "-in", folder.File("made.pem"), "-pubout"),
            pem.Out.Replace("\r\n", "\n", StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task OpensWithThePassphraseOfTheEnvironmentAsync()
    {
        using TemporaryFolder folder = new();
        OpenSsl.Run("genpkey", "-algorithm", "RSA", "-aes-256-cbc", "-pass", "pass:" + Passphrase, "-out",
            folder.File("in.pem"));

        CommandRun run = await ImportAsync(folder, Passphrase);

        Assert.AreEqual(0, run.ExitCode, run.Error);
    }

    [TestMethod]
    [DataRow(null, "CHATAUTH4208")]
    [DataRow("wrong", "CHATAUTH4209")]
    public async Task StaysClosedWithoutItAsync(string? passphrase, string code)
    {
        using TemporaryFolder folder = new();
        PbeParameters encryption = new(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000);
        await File.WriteAllTextAsync(
            folder.File("in.pem"), Rsa.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, encryption));

        await RefusedAsync(folder, code, passphrase);
    }

    [TestMethod]
    public async Task IsNoPublicKeyAsync() => await RefusedAsync(Rsa.ExportSubjectPublicKeyInfoPem(), "CHATAUTH4205");

    [TestMethod]
    public async Task IsNoEllipticCurveKeyInPkcs8Async()
    {
        using ECDsa curve = ECDsa.Create();
        await RefusedAsync(curve.ExportPkcs8PrivateKeyPem(), "CHATAUTH4206");
    }

    [TestMethod]
    public async Task IsNoEllipticCurveKeyInItsOwnFormAsync()
    {
        using ECDsa curve = ECDsa.Create();
        await RefusedAsync(curve.ExportECPrivateKeyPem(), "CHATAUTH4206");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("hello")]
    [DataRow("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    public async Task IsNoTextWithoutAKeyAsync(string text) => await RefusedAsync(text, "CHATAUTH4206");

    [TestMethod]
    [DataRow(1024, "CHATAUTH4212")]
    [DataRow(2056, "CHATAUTH4212")]
    public async Task HasFrom2048To4096BitsAsync(int bits, string code)
    {
        using RSA rsa = RSA.Create(bits);
        await RefusedAsync(rsa.ExportPkcs8PrivateKeyPem(), code);
    }

    [TestMethod]
    public async Task IsOneKeyOnlyAsync() =>
        await RefusedAsync(Rsa.ExportPkcs8PrivateKeyPem() + "\n" + Rsa.ExportRSAPrivateKeyPem(), "CHATAUTH4207");

    [TestMethod]
    public async Task IsNotEncryptedTheOldWayAsync()
    {
        using TemporaryFolder folder = new();
        OpenSsl.Run(
            "genrsa", "-traditional", "-aes128", "-passout", "pass:" + Passphrase, "-out", folder.File("in.pem"),
            "2048");

        await RefusedAsync(folder, "CHATAUTH4210", Passphrase);
    }

    [TestMethod]
    public async Task HasPartsThatBelongTogetherAsync()
    {
        byte[] der = Rsa.ExportRSAPrivateKey();
        RSAParameters parts = Rsa.ExportParameters(true);
        int at = der.AsSpan().LastIndexOf(parts.InverseQ.AsSpan().TrimStart((byte)0));
        der[at + 20] ^= 1;
        string pem = PemEncoding.WriteString("RSA PRIVATE KEY", der);

        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("in.pem"), pem);
        CommandRun run = await ImportAsync(folder);

        // Some runtimes refuse such a key when they import it, others leave it to the plug-in's rule.
        Assert.AreEqual(1, run.ExitCode);
        CollectionAssert.Contains((string[])["CHATAUTH3006", "CHATAUTH4206"], run.Codes);
        Assert.IsFalse(File.Exists(folder.File("key.json")));
    }

    [TestMethod]
    public async Task IsNamedByItsThumbprintAsync()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("in.pem"), Rsa.ExportPkcs8PrivateKeyPem());
        RSAParameters parts = Rsa.ExportParameters(false);

        CommandRun run = await ImportAsync(folder);

        StringAssert.Contains(run.Error, JwkThumbprint.Compute(parts.Modulus!, parts.Exponent!));
    }

    [TestMethod]
    public async Task TellsNothingOfThePrivateKeyAsync()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("in.pem"), Rsa.ExportPkcs8PrivateKeyPem());
        RSAParameters parts = Rsa.ExportParameters(true);

        CommandRun run = await ImportAsync(folder);

        foreach (byte[]? secret in (byte[]?[])[parts.D, parts.P, parts.Q])
        {
            Assert.DoesNotContain(Convert.ToBase64String(secret!)[..32], run.Out + run.Error);
            Assert.DoesNotContain(Plugins.Jose.Base64Url.Encode(secret!)[..32], run.Out + run.Error);
        }
    }

    private static async Task RefusedAsync(string pem, string code)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("in.pem"), pem);
        await RefusedAsync(folder, code, null);
    }

    private static async Task RefusedAsync(TemporaryFolder folder, string code, string? passphrase)
    {
        CommandRun run = await ImportAsync(folder, passphrase);

        Assert.AreEqual($"1 {code}", $"{run.ExitCode} {run.Codes}", run.Error);
        Assert.IsFalse(File.Exists(folder.File("key.json")));
        Assert.HasCount(1, run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToArray());
    }

    private static Task<CommandRun> ImportAsync(TemporaryFolder folder, string? passphrase = null) =>
        CommandRun.OfAsync(
        ["key", "import", folder.File("in.pem"), "--out", folder.File("key.json")],
        environment: name => name == "CHATAUTH_PEM_PASSPHRASE" ? passphrase : null);
}
