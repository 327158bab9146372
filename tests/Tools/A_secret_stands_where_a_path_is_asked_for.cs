using System.Security.Cryptography;
using System.Threading.Tasks;
using ChatAuth.Tools.Tests.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests;

/// <summary>What is no file is not repeated: it may be the secret itself.</summary>
[TestClass]
public sealed class A_secret_stands_where_a_path_is_asked_for
{
    [TestMethod]
    [DataRow("correct horse battery")]
    [DataRow("Tr0ub4dor&3")]
    [DataRow("abc8Q~jh7KJHkjh.98hKJHkjhkjh_KJH~kjh-sdf")]
    [DataRow("dGhpcyBpcyBhIHNlY3JldA==")]
    [DataRow("dGhpcy/BpcyBhIHN+lY3JldA==")]
    [DataRow("key: s3cr3t\nmore")]
    [DataRow("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl")]
    [DataRow("{\"keys\":[{\"d\":\"c2VjcmV0\"}]}")]
    public async Task And_is_not_repeated(string secret)
    {
        string[][] commands =
        [
            ["key", "import", secret, "--out", "never.json"],
            ["key", "public", secret],
            ["token", "verify", SampleToken.Of(), "--key", secret],
            ["token", "inspect", secret],
        ];
        foreach (string[] command in commands)
        {
            CommandRun run = await CommandRun.OfAsync(command);
            Assert.DoesNotContain(secret[..8], run.Out + run.Error, string.Join(' ', command[..2]));
        }
    }

    [TestMethod]
    public async Task Nor_is_a_PEM()
    {
        using RSA rsa = RSA.Create(PreparedKeys.At(80));
        string pem = rsa.ExportPkcs8PrivateKeyPem();
        CommandRun run = await CommandRun.OfAsync(["key", "import", pem, "--out", "never.json"]);
        Assert.AreEqual("1 CHATAUTH4001", $"{run.ExitCode} {run.Codes}");
        Assert.DoesNotContain(pem[40..60], run.Out + run.Error);
    }

    [TestMethod]
    [DataRow("missing.pem", "is not there")]
    [DataRow("nowhere/key.json", "is not there")]
    [DataRow("/tmp/nokey", "is not there")]
    [DataRow(".", "is a folder, not a file")]
    public async Task But_a_path_is(string path, string fact)
    {
        CommandRun run = await CommandRun.OfAsync(["key", "import", path, "--out", "never.json"]);
        Assert.AreEqual("1 CHATAUTH4001", $"{run.ExitCode} {run.Codes}");
        StringAssert.Contains(run.Error, $"{path} {fact}.");
    }
}
