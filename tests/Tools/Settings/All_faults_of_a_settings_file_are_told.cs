using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Settings;

[TestClass]
public sealed class All_faults_of_a_settings_file_are_told : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.File("conf.json");

    public void Dispose() => folder.Dispose();

    [TestMethod]
    public async Task In_one_run_with_line_and_column()
    {
        string[] told = await ReadAsync("""
            // a comment "with a quotation mark
            {
              "issuer": " contoso",
              "tokenLifetimeSeconds": 5,
              "claims": { "iss": "firstname", "email": "Not A Column" },
              "contextVariables": { "name": { "request": "string" }, "ä": { "column": "x", "value": 1 } },
              "callers": {
                "${APP}": { "contact": "parameter" },
                "6f0c1f0e-0000-0000-0000-000000000001": { "contact": "nobody", "isuer": "x" },
                "6f0c1f0e-0000-0000-0000-000000000002": { "tokenLifetimeSeconds": 9 }
              },
              "publish": [ { "file": "a" }, { "page": "x", "format": "pdf", "urll": "y" }, { "portal": "http://x" } ],
              "testContcat": "a",
              "testContact": "b",
              "authenticationSettings": { "widgets": ["a", 5] }
            }
            """);
        CollectionAssert.AreEquivalent(
            new[]
            {
                "5105 8:5", "5102 13:3", "2012 3:3", "5102 9:68", "2005 9:47", "2006 4:3",
                "2007 5:15", "2005 5:35",
                "2008 6:35", "2005 6:80", "2006 10:47", "5104 12:18", "5104 15:48", "5102 12:65", "5104 12:48",
                "5104 12:82",
                "5103 15:3", "5104 14:3",
            },
            told.Select(line => line[8..12] + " " + line.Split(Path + ":")[1].Split(')')[0]).ToArray(),
            string.Join('\n', told));
        StringAssert.Contains(
            told.Single(line => line.Contains(".contact must", StringComparison.Ordinal)),
            "callers.6f0c1f0e-0000-0000-0000-000000000001.contact must be");
        Assert.IsTrue(told.Where(line => line.Contains("CHATAUTH2", StringComparison.Ordinal)).All(
            line => !line.Contains("chatauth.json", StringComparison.Ordinal)
                && !line.Contains("chatauth deploy", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("""{}""", "5103 1:70 5103 1:70")]
    [DataRow("""{ "path": "a", "redirectUris": [] }""", "5104 1:89 5104 1:102")]
    [DataRow("""{ "redirectUris": ["https://a/#b", 5, "https://a#"] }""", "5104 1:106 5104 1:122 5104 1:125 5103 1:70")]
    [DataRow("""{ "path": "/a", "redirectUri": ["https://a"] }""", "5102 1:103")]
    [DataRow("""{ "path": "/a?b", "clientId": " ", "redirectUris": ["https://a"] }""", "5104 1:89 5104 1:105")]
    [DataRow("""{ "path": "https://a/b?c", "redirectUris": ["https://a"] }""", "5104 1:89")]
    [DataRow("""{ "path": "https://a/b#c", "redirectUris": ["https://a"] }""", "5104 1:89")]
    [DataRow("""{ "path": "http://a/b", "redirectUris": ["https://a"] }""", "5104 1:89")]
    [DataRow("""{ "path": "//a/b", "redirectUris": ["https://a"] }""", "5104 1:89")]
    public async Task Of_a_window_of_its_own(string window, string codes)
    {
        string[] told = await ReadAsync(
            """{"issuer":"x","callers":{"powerpages":{}},"liveAssist":{"key":"line","externalWindow":""" + window
                + "}}");
        Assert.AreEqual(
            codes,
            string.Join(' ', told.Select(line => line[8..12] + " " + line.Split(Path + ":")[1].Split(')')[0])),
            string.Join('\n', told));
    }

    [TestMethod]
    [DataRow("{\n  \"issuer\": \"x\",\n}", "CHATAUTH5101", ":3:1 is not a JSON object")]
    [DataRow("{\"publish\":[]}", "CHATAUTH5103 CHATAUTH5103", "callers is missing (")]
    [DataRow("[]", "CHATAUTH5104", "The settings file must be an object (")]
    [DataRow("{\"issuer\":\"x\",\"callers\":{}}", "CHATAUTH2005", "callers must be an object with at least one")]
    [DataRow(
        "{\"issuer\":\"x\",\"callers\":{\"me\":{},\"you\":{}}}", "CHATAUTH2005 CHATAUTH2005", "callers[2] must be")]
    [DataRow(
        "{\"issuer\":\"x\",\"callers\":{\"powerpages\":{}},\"contextVariables\":{"
            + "\"\uFF4E\uFF41me\":{\"request\":\"string\",\"unicode\":true}}}",
        "CHATAUTH2008", "\"name\" cannot be taken")]
    public async Task Whatever_kind_they_are_of(string text, string codes, string part)
    {
        await File.WriteAllTextAsync(Path, text);
        CommandRun run = await RunAsync();
        Assert.AreEqual(codes, run.Codes, run.Error);
        StringAssert.Contains(run.Error, part);
    }

    [TestMethod]
    public async Task But_of_a_file_that_is_not_there_how_to_make_one()
    {
        CommandRun run = await RunAsync();
        Assert.AreEqual(
            $"CHATAUTH4001: There is no settings file {Path}. Run chatauth init, which writes one to begin with, or "
                + "name another by --settings.\n",
            run.Error);
    }

    private async Task<string[]> ReadAsync(string text)
    {
        await File.WriteAllTextAsync(Path, text);
        CommandRun run = await RunAsync();
        Assert.AreEqual(1, run.ExitCode);
        return [.. run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private Task<CommandRun> RunAsync() => CommandRun.OfAsync(
        ["doctor", "--settings", Path, "--url", "https://contoso.crm.dynamics.com"],
        environment: name => name == "CHATAUTH_ACCESS_TOKEN" ? "x" : null);
}
