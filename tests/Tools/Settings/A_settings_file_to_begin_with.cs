using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.Plugins;
using ChatAuth.Settings;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Settings;

[TestClass]
public sealed class A_settings_file_to_begin_with
{
    [TestMethod]
    public async Task Is_read_as_it_stands_and_has_its_schema_beside_it()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("conf/chatauth.json");
        CommandRun run = await CommandRun.OfAsync(["init", "--settings", path]);
        Assert.AreEqual(0, run.ExitCode, run.Error);

        SettingsFile file = SettingsFile.Read(
            path, name => name switch
            {
                "PORTAL_APPLICATION_ID" => "6f0c1f0e-0000-0000-0000-000000000001",
                "PUBLIC_KEY_URL" => "https://contosohelp.com/auth/publickey",
                _ => null,
            });
        Assert.HasCount(1, IssueSettings.Parse(file.StepConfiguration));
        Assert.AreEqual("https://contosohelp.com/auth/publickey", file.Publish.Single().Url!.AbsoluteUri);
        StringAssert.Contains(await File.ReadAllTextAsync(path), "\"$schema\": \"./chatauth.schema.json\"");
        Assert.IsNotNull(
            JsonNode.Parse(
                await File.ReadAllTextAsync(folder.File("conf/chatauth.schema.json")))!["properties"]!["issuer"]);
    }

    [TestMethod]
    [DataRow("chatauth.json", "CHATAUTH4003")]
    [DataRow("chatauth.schema.json", "CHATAUTH4003")]
    public async Task Never_replaces_one(string existing, string code)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File(existing), "mine");
        CommandRun run = await CommandRun.OfAsync(["init", "--settings", folder.File("chatauth.json")]);
        Assert.AreEqual((1, code), (run.ExitCode, run.Codes));
        CollectionAssert.AreEqual(new[] { folder.File(existing) }, Directory.GetFiles(folder.Path));
        Assert.AreEqual("mine", await File.ReadAllTextAsync(folder.File(existing)));
    }

    [TestMethod]
    public async Task May_stand_beside_another_one_of_the_same_schema()
    {
        using TemporaryFolder folder = new();
        foreach (string file in new[] { folder.File("test.json"), folder.File("production.json") })
        {
            CommandRun run = await CommandRun.OfAsync(["init", "--settings", file]);
            Assert.AreEqual(0, run.ExitCode, run.Error);
            Assert.IsTrue(File.Exists(file));
        }
    }

    [TestMethod]
    [DataRow("page", "Page", "https://contosohelp.com/auth/publickey", true, "page of the site")]
    [DataRow("webfile", "WebFile", "https://contosohelp.com/publickey.json", true, "file directly below")]
    [DataRow("aspnetcore", "Portal", "https://contosohelp.com/auth/publickey", false, "portal")]
    [DataRow("node", "Portal", "https://contosohelp.com/auth/publickey", false, "portal")]
    [DataRow("netframework", "Portal", "https://contosohelp.com/auth/publickey", false, "portal")]
    [DataRow("static", "File", "https://contosohelp.com/publickey.json", false, "file that you upload")]
    public async Task Fits_the_portal(string portal, string kind, string address, bool isSite, string comment)
    {
        using TemporaryFolder folder = new();
        foreach (string url in new[] { "https://contosohelp.com", address, "https://contosohelp.com/other" })
        {
            string path = folder.File($"{url.Length}/chatauth.json");
            CommandRun run = await CommandRun.OfAsync(["init", "--settings", path, "--portal", portal, "--url", url]);
            Assert.AreEqual(0, run.ExitCode, run.Error);
            SettingsFile file = SettingsFile.Read(
                path, name => name == "POWER_PAGES_SITE" ? "Contoso" : "6f0c1f0e-0000-0000-0000-000000000001");
            TargetSettings target = file.Publish.Single();
            string keys = url.EndsWith("other", System.StringComparison.Ordinal) ? url : address;
            Assert.AreEqual((kind, keys), ($"{target.Kind}", target.Url!.AbsoluteUri));
            Assert.AreEqual(isSite ? 1 : 0, file.Portals.Count);
            StringAssert.Contains(file.StepConfiguration, "\"issuer\":\"contosohelp.com\"");
            StringAssert.Contains(file.StepConfiguration, isSite ? "\"context\"" : "\"parameter\"");
            string text = await File.ReadAllTextAsync(path);
            StringAssert.Contains(text, $"\"publicKeyUrl\": \"{keys}\"");
            StringAssert.Matches(text, new(
                $"This one is a {comment}[^:]*: {System.Text.RegularExpressions.Regex.Escape(address)}, for example"));
        }
    }

    [TestMethod]
    [DataRow("--portal", "php")]
    [DataRow("--url", "http://contosohelp.com")]
    [DataRow("--url", "contosohelp.com")]
    [DataRow("--portal", "webfile", "--url", "https://contosohelp.com/keys/publickey.json")]
    public async Task Takes_no_other_portal_and_no_address_that_cannot_be_looked_at(params string[] options)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("chatauth.json");
        Assert.AreEqual(2, (await CommandRun.OfAsync(["init", "--settings", path, .. options])).ExitCode);
        Assert.IsFalse(File.Exists(path));
    }

    [TestMethod]
    public async Task Has_the_issuer_that_was_given_or_none_that_no_one_reads()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("chatauth.json");
        Assert.AreEqual("CHATAUTH2012",
            (await CommandRun.OfAsync(["init", "--settings", path, "--issuer", " a"])).Codes);
        Assert.IsFalse(File.Exists(path));
        Assert.AreEqual(0, (await CommandRun.OfAsync(["init", "--settings", path, "--issuer", "a \"b\" c"])).ExitCode);
        StringAssert.Contains(await File.ReadAllTextAsync(path), "\"issuer\": \"a \\u0022b\\u0022 c\"");
    }

    [TestMethod]
    public async Task Gives_an_older_one_its_schema()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("chatauth.json"), "mine");
        Assert.AreEqual(0,
            (await CommandRun.OfAsync(["init", "--schema-only", "--settings", folder.File("chatauth.json")])).ExitCode);
        Assert.IsTrue(File.Exists(folder.File("chatauth.schema.json")));
    }

    [TestMethod]
    [DataRow("// a\n{\"issuer\":\"x//y\", // b \"\n\"callers\":{\"powerpages\":{}}} // c", null)]
    [DataRow("{\"issuer\":\"x\\\"//y\",\"callers\":{\"powerpages\":{}}}", null)]
    [DataRow(
        "{\"issuer\":\"x\",/* a */\"callers\":{\"powerpages\":{}}}",
        "CHATAUTH5101: chatauth.json:1:15 is not a JSON object (a member name in quotes expected)")]
    [DataRow(
        "{\"issuer\":\"x\", // a\n}",
        "CHATAUTH5101: chatauth.json:2:1 is not a JSON object (a member name in quotes expected)")]
    [DataRow("{\"issuer\":\"x // a\n\"}", "CHATAUTH5101: ")]
    public void May_have_comments_to_the_end_of_a_line_and_nothing_else(string text, string? error)
    {
        if (error == null)
        {
            StringAssert.StartsWith(
                SettingsFile.Parse(text, "chatauth.json", _ => null).StepConfiguration, "{\"issuer\":\"x");
            Assert.DoesNotContain(" a", SettingsFile.Parse(text, "chatauth.json", _ => null).StepConfiguration);
        }
        else
        {
            StringAssert.StartsWith(
                Assert.ThrowsExactly<CommandException>(
                    () => SettingsFile.Parse(text, "chatauth.json", _ => null)).Message, error);
        }
    }
}
