using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using ChatAuth.Keys;
using ChatAuth.Plugins.Jose;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Keys;

/// <summary><c>chatauth key new</c> and <c>key public</c>.</summary>
[TestClass]
public sealed class A_key_is_made
{
    // The clock of CommandRun.
    private const long Now = 1_800_000_000;

    [TestMethod]
    public async Task IsAJwkSetThatSignsFromNowOnAsync()
    {
        using TemporaryFolder folder = new();

        CommandRun run = await CommandRun.OfAsync(["key", "new", "--out", folder.File("key.json")]);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        byte[] bytes = await File.ReadAllBytesAsync(folder.File("key.json"));
        Assert.AreEqual((byte)'{', bytes[0], "no byte order mark");
        JsonElement key = JsonDocument.Parse(bytes).RootElement.GetProperty("keys").EnumerateArray().Single();
        string names = string.Join(' ', key.EnumerateObject().Select(member => member.Name));
        Assert.AreEqual("kty use alg kid nbf exp n e d p q dp dq qi", names);
        Assert.AreEqual(
            $"RSA sig RS256 {Now} {Now + (365 * 86400)}", $"{key.GetProperty("kty")} {key.GetProperty("use")} "
                + $"{key.GetProperty("alg")} {key.GetProperty("nbf")} {key.GetProperty("exp")}");
        Jwk parsed = JwkSet.ParseKeyFile(Encoding.UTF8.GetString(bytes)).Keys[0];
        Assert.AreEqual(JwkThumbprint.Compute(parsed.Parts.Modulus!, parsed.Parts.Exponent!), parsed.KeyId);
    }

    [TestMethod]
    [DataRow(true, ".gitignore", "", true)]
    [DataRow(true, ".gitignore", "*.json", false)]
    [DataRow(true, ".gitignore", "!key.json", true)]
    [DataRow(true, "keys/.gitignore", "key.json", false)]
    [DataRow(true, ".git/info/exclude", "/keys/", false)]
    [DataRow(false, ".gitignore", "", false)]
    public async Task IsWarnedOfWhereGitWouldTakeItAsync(bool isRepository, string rules, string rule, bool isWarned)
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("keys"));
        if (isRepository)
        {
            using Process? git = Found("git", "init", "--quiet", folder.Path);
            if (git == null)
            {
                Assert.Inconclusive("git is not installed.");
            }

            await git.WaitForExitAsync();
        }

        await File.WriteAllTextAsync(folder.File(rules), rule);
        CommandRun run = await CommandRun.OfAsync(["key", "new", "--out", folder.File("keys/key.json")]);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual(isWarned, run.Error.Contains("warning: git would take ", StringComparison.Ordinal), run.Error);
    }

    [TestMethod]
    [DataRow("2048", 256)]
    [DataRow("3072", 384)]
    [DataRow("4096", 512)]
    public async Task HasTheBitsAskedForAsync(string bits, int bytes)
    {
        using TemporaryFolder folder = new();
        await CommandRun.OfAsync(["key", "new", "--bits", bits, "--out", folder.File("key.json")]);

        Assert.HasCount(bytes, KeyFile.Read(folder.File("key.json")).PublishedAt(Now)[0].Parts.Modulus!);
    }

    [TestMethod]
    public async Task CanBeReadByItsOwnerOnlyAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Windows has no mode bits; the folder's permissions hold.");
            return;
        }

        using TemporaryFolder folder = new();
        await CommandRun.OfAsync(["key", "new", "--out", folder.File("key.json")]);

        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("key.json")));
    }

    [TestMethod]
    public async Task NeverOverwritesAsync()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("key.json"), "precious");

        CommandRun run = await CommandRun.OfAsync(["key", "new", "--out", folder.File("key.json")]);

        Assert.AreEqual("1 CHATAUTH4003", $"{run.ExitCode} {run.Codes}");
        Assert.AreEqual("precious", await File.ReadAllTextAsync(folder.File("key.json")));
    }

    [TestMethod]
    public async Task IsNotWrittenWhereThereIsNoFolderAsync()
    {
        using TemporaryFolder folder = new();

        CommandRun run = await CommandRun.OfAsync(["key", "new", "--out", folder.File("missing/key.json")]);

        Assert.AreEqual("1 CHATAUTH4002", $"{run.ExitCode} {run.Codes}");
    }

    [TestMethod]
    public async Task ShowsItsPublicHalfOnStderrOnlyAsync()
    {
        using TemporaryFolder folder = new();

        CommandRun run = await CommandRun.OfAsync(["key", "new", "--out", folder.File("key.json")]);

        Assert.AreEqual("", run.Out);
        StringAssert.Contains(run.Error, "-----BEGIN PUBLIC KEY-----");
        string secret = JsonDocument.Parse(await File.ReadAllTextAsync(folder.File("key.json"))).RootElement
            .GetProperty("keys")[0]
            .GetProperty("d")
            .GetString()!;
        Assert.DoesNotContain(secret[..32], run.Error);
    }

    [TestMethod]
    [DataRow("60s", 60L)]
    [DataRow("5m", 300L)]
    [DataRow("24h", 86400L)]
    [DataRow("365d", 31536000L)]
    [DataRow("52w", 31449600L)]
    public void LivesAsLongAsAskedFor(string text, long seconds) => Assert.AreEqual(seconds, Lifetime.Parse(text));

    [TestMethod]
    [DataRow("")]
    [DataRow("d")]
    [DataRow("365")]
    [DataRow("0s")]
    [DataRow("0d")]
    [DataRow("-1d")]
    [DataRow("1.5d")]
    [DataRow("1y")]
    [DataRow(" 1d")]
    [DataRow("1D")]
    [DataRow("٣d")]
    [DataRow("9223372036854775807w")]
    [DataRow("99999999999999999999d")]
    public async Task DoesNotLiveForWhatIsNoLifetimeAsync(string text)
    {
        using TemporaryFolder folder = new();

        CommandRun run =
            await CommandRun.OfAsync(["key", "new", "--expires-in", text, "--out", folder.File("key.json")]);

        Assert.AreEqual(2, run.ExitCode);
        Assert.IsFalse(File.Exists(folder.File("key.json")));
    }

    [TestMethod]
    [DataRow(Jwk.LatestExpiresAt - Now, "0 ")]
    [DataRow(Jwk.LatestExpiresAt - Now + 1, "1 CHATAUTH4202")]
    public async Task DoesNotLiveBeyondTheLastDateAsync(long seconds, string outcome)
    {
        using TemporaryFolder folder = new();

        CommandRun run =
            await CommandRun.OfAsync(["key", "new", "--expires-in", $"{seconds}s", "--out", folder.File("key.json")]);

        Assert.AreEqual(outcome, $"{run.ExitCode} {run.Codes}");
    }

    [TestMethod]
    [DataRow("--bits", "1024")]
    [DataRow("--bits", "2049")]
    [DataRow("--passphrase", "x")]
    public async Task IsNotMadeByBadUseAsync(string option, string value)
    {
        using TemporaryFolder folder = new();

        Assert.AreEqual(
            2, (await CommandRun.OfAsync(["key", "new", option, value, "--out", folder.File("key.json")])).ExitCode);
        Assert.AreEqual(2, (await CommandRun.OfAsync(["key", "new"])).ExitCode);
    }

    [TestMethod]
    public async Task IsPublishedInEveryFormatAsync()
    {
        using TemporaryFolder folder = new();
        await CommandRun.OfAsync(["key", "new", "--out", folder.File("key.json")]);
        KeyFile file = KeyFile.Read(folder.File("key.json"));

        string pem = (await Public(folder, "pem")).Out;
        string line = (await Public(folder, "line")).Out.TrimEnd('\n');
        JsonElement entry =
            JsonDocument.Parse((await Public(folder, "keyset")).Out).RootElement.EnumerateArray().Single();
        JsonElement jwk = JsonDocument.Parse(
            (await Public(folder, "jwks")).Out).RootElement.GetProperty("keys").EnumerateArray().Single();

        Assert.AreEqual($"-----BEGIN PUBLIC KEY-----{line}-----END PUBLIC KEY-----",
            pem.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.AreEqual(
            pem, Encoding.ASCII.GetString(Convert.FromBase64String(entry.GetProperty("publicKey").GetString()!)));
        Assert.AreEqual(file.KeyId, entry.GetProperty("kid").GetString());
        Assert.AreEqual(Now + (365 * 86400), entry.GetProperty("expiry").GetInt64());
        Assert.AreEqual("kty use alg kid n e", string.Join(' ', jwk.EnumerateObject().Select(member => member.Name)));
    }

    [TestMethod]
    public async Task IsPublicToOpensslTooAsync()
    {
        using TemporaryFolder folder = new();
        await CommandRun.OfAsync(["key", "new", "--out", folder.File("key.json")]);
        await File.WriteAllTextAsync(folder.File("public.pem"), (await Public(folder, "pem")).Out);

        StringAssert.Contains(
            OpenSsl.Run("pkey", "-pubin", "-in", folder.File("public.pem"), "-noout", "-text"), "2048 bit");
    }

    [TestMethod]
    [DataRow("keyset")]
    [DataRow("jwks")]
    [DataRow("pem")]
    [DataRow("line")]
    public async Task IsNotPublishedAfterItsEndAsync(string format)
    {
        using TemporaryFolder folder = new();
        await CommandRun.OfAsync(["key", "new", "--expires-in", "60s", "--out", folder.File("key.json")]);

        CommandRun last = await PublicAt(Now + 59);
        CommandRun ended = await PublicAt(Now + 60);

        Assert.AreEqual("0 ", $"{last.ExitCode} {last.Codes}");
        Assert.AreNotEqual(string.Empty, last.Out);
        Assert.AreEqual("1 CHATAUTH4203 ", $"{ended.ExitCode} {ended.Codes} {ended.Out}");

        Task<CommandRun> PublicAt(long now) => CommandRun.OfAsync(
            ["key", "public", folder.File("key.json"), "--format", format],
            clock: new FixedClock(DateTimeOffset.FromUnixTimeSeconds(now)));
    }

    [TestMethod]
    public async Task IsOneOfSeveralWhereTheFormatHoldsOneAsync()
    {
        using TemporaryFolder folder = new();
        string[] keys =
            [.. new[] { Now - 100, Now + 100, Now + 200 }.Select((notBefore, number) => KeyFile.From(
                PreparedKeys.At(80 + number), notBefore, Now + 1000).Write())
            .Select(text => text["{\"keys\":[".Length..^2])];
        await File.WriteAllTextAsync(folder.File("key.json"), "{\"keys\":[" + string.Join(',', keys) + "]}");
        await File.WriteAllTextAsync(folder.File("pending.json"), "{\"keys\":[" + string.Join(',', keys[1..]) + "]}");

        KeyFile signing = KeyFile.Read(folder.File("key.json"));
        string line = (await Public(folder, "line")).Out;
        CommandRun none = await CommandRun.OfAsync(["key", "public", folder.File("pending.json"), "--format", "pem"]);

        Assert.AreEqual(3, JsonDocument.Parse((await Public(folder, "keyset")).Out).RootElement.GetArrayLength());
        Assert.AreEqual(PublicKeyFormats.Pem(signing.PublishedAt(Now)[0]).Replace("\r\n", "", StringComparison.Ordinal),
            $"-----BEGIN PUBLIC KEY-----{line.TrimEnd('\n')}-----END PUBLIC KEY-----");
        Assert.AreEqual("1 CHATAUTH4204", $"{none.ExitCode} {none.Codes}");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("[]")]
    [DataRow("{\"keys\":[]}")]
    [DataRow("{\"keys\":[{}]}")]
    public async Task IsNotReadFromAnotherFileAsync(string text)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("key.json"), text);

        CommandRun run = await Public(folder, "keyset");

        Assert.AreEqual("1 CHATAUTH4308", $"{run.ExitCode} {run.Codes}");
    }

    [TestMethod]
    public void CarriesItsOrganizationInASecureConfiguration()
    {
        Guid organization = Guid.NewGuid();
        KeyFile file = KeyFile.From(PreparedKeys.At(81), Now, Now + 60);

        Assert.AreEqual(organization, JwkSet.Parse(file.Write(organization)).Organization);
    }

    private static Task<CommandRun> Public(TemporaryFolder folder, string format) =>
        CommandRun.OfAsync(["key", "public", folder.File("key.json"), "--format", format]);

    private static Process? Found(string program, params string[] args)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, args));
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
