using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

[TestClass]
public sealed class Something_stands_in_the_way : EnvironmentUnderTest
{
    [TestMethod]
    [DataRow("rotate")]
    [DataRow("revoke", "x")]
    [DataRow("keys")]
    public async Task Nothing_is_deployed(params string[] command) =>
        Assert.AreEqual("CHATAUTH5301", (await RunAsync(command)).Codes);

    [TestMethod]
    public async Task The_access_token_has_expired()
    {
        Network.Before = _ =>
            Task.FromResult<HttpResponseMessage?>(new HttpResponseMessage(HttpStatusCode.Unauthorized));
        Assert.AreEqual("CHATAUTH5014", (await RunAsync("deploy")).Codes);
    }

    [TestMethod]
    public async Task A_URL_never_serves_the_key_and_nothing_signs()
    {
        Settings["publish"]![0]!["url"] = "https://contosohelp.com/publickey.json";
        Settings["publish"]![0]!.AsObject().Remove("local");
        Network.Before = request => Task.FromResult(
            request.RequestUri!.Host == "contosohelp.com" ? new HttpResponseMessage(HttpStatusCode.NotFound) : null);
        DateTimeOffset start = Clock.GetUtcNow();

        CommandRun run = await RunAsync("deploy", "--timeout", "3m");

        Assert.AreEqual("CHATAUTH5201", run.Codes, run.Error);
        Assert.IsGreaterThanOrEqualTo(TimeSpan.FromMinutes(3), Clock.GetUtcNow() - start);
        Assert.AreEqual(253402300799, StoredKeys()[0]!["nbf"]!.GetValue<long>());
        await Assert.ThrowsExactlyAsync<CommandException>(IssueAsync);
    }

    [TestMethod]
    public async Task A_URL_serves_the_key_late_and_is_waited_for()
    {
        Settings["publish"]![0]!["url"] = "https://contosohelp.com/publickey.json";
        Settings["publish"]![0]!.AsObject().Remove("local");
        DateTimeOffset late = Clock.GetUtcNow().AddMinutes(10);
        Network.Before = async request => request.RequestUri!.Host != "contosohelp.com" ? null
            : Clock.GetUtcNow() < late ? new HttpResponseMessage(HttpStatusCode.NotFound)
            : new HttpResponseMessage(
                HttpStatusCode.OK)
            { Content = new StringContent(await File.ReadAllTextAsync(KeyFilePath)) };
        await DoAsync("deploy");
        await IssueVerifiedAsync();
    }

    [TestMethod]
    public async Task A_file_of_other_content_is_not_overwritten()
    {
        await File.WriteAllTextAsync(KeyFilePath, "my thesis");
        Assert.AreEqual("CHATAUTH5205", (await RunAsync("deploy")).Codes);
        Assert.AreEqual("my thesis", await File.ReadAllTextAsync(KeyFilePath));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("{}")]
    public async Task The_secure_configuration_cannot_be_read_and_is_not_overwritten(string text)
    {
        await DoAsync("deploy");
        Organization.ChangeRow(
            "sdkmessageprocessingstepsecureconfig",
            Guid.Parse("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c10"),
            ("secureconfig", text.Length == 0 ? null : text));
        Assert.AreEqual("CHATAUTH5304", (await RunAsync("deploy")).Codes);
        Assert.IsEmpty(Network.Writes);
        await DoAsync("uninstall", "--yes", "--force", "CHATAUTH5206");
        await DoAsync("deploy");
        await IssueVerifiedAsync();
    }

    [TestMethod]
    public async Task The_keys_are_those_of_another_organization()
    {
        await DoAsync("deploy");
        JsonNode copied = JsonNode.Parse(
            Organization.Rows.Now.Get("sdkmessageprocessingstepsecureconfig",
                Guid.Parse("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c10")).Text("secureconfig")!)!;
        string kid = StoredKeys()[0]!["kid"]!.GetValue<string>();
        copied["organization"] = Guid.NewGuid();
        Organization.ChangeRow(
            "sdkmessageprocessingstepsecureconfig",
            Guid.Parse("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c10"),
            ("secureconfig", copied.ToJsonString()));

        Assert.AreEqual("CHATAUTH3003", (await RunAsync("rotate")).Codes);

        // The file has the original's keys, which are live.
        Assert.AreEqual("CHATAUTH5206", (await RunAsync("deploy")).Codes);
        Settings["publish"]![0]!["file"] = "copy.json";
        await DoAsync("deploy");
        Assert.AreNotEqual(kid, await IssueVerifiedAsync(Folder.File("copy.json")));
        Assert.HasCount(1, StoredKeys());
    }

    [TestMethod]
    public async Task Dataverse_is_busy_and_is_asked_again()
    {
        int request = 0;
        Network.Before = _ =>
        {
            HttpResponseMessage? busy = ++request % 2 == 1 ? new HttpResponseMessage(
                request % 4 == 1 ? HttpStatusCode.TooManyRequests : HttpStatusCode.ServiceUnavailable) : null;
            busy?.Headers.Add("Retry-After", "7");
            return Task.FromResult(busy);
        };
        await DoAsync("deploy");
        Network.Before = null;
        await IssueVerifiedAsync();
    }

    [TestMethod]
    public async Task Dataverse_stays_busy_and_the_command_ends()
    {
        Network.Before = _ =>
            Task.FromResult<HttpResponseMessage?>(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        Assert.AreEqual("CHATAUTH5001", (await RunAsync("deploy")).Codes);
    }

    [TestMethod]
    public async Task A_refusal_names_request_message_and_remedy_without_the_query()
    {
        Organization.BlocksUnmanagedCustomizations = true;
        CommandRun run = await RunAsync("deploy", "--force", "CHATAUTH5437");
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Error, "POST sdkmessageprocessingsteps was refused with 4");
        Assert.DoesNotContain("$select", run.Error);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("no\n")]
    public async Task Nobody_says_yes_to_an_uninstallation(string answer)
    {
        await DoAsync("deploy");
        Assert.AreEqual("CHATAUTH5306", (await AnswerAsync(answer, "uninstall")).Codes);
        Assert.IsEmpty(Network.Writes);
        Assert.AreEqual(0, (await AnswerAsync("yes\n", "uninstall")).ExitCode);
    }

    [TestMethod]
    public async Task A_zip_is_not_the_solution()
    {
        Settings["solution"] = "chatauth.json";
        Assert.AreEqual("CHATAUTH5010", (await RunAsync("deploy")).Codes);
    }
}
