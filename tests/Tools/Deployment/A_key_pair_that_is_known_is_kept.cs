using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.LocalDataverse.State;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary><c>deploy --key</c> and <c>rotate --key</c>: the chat service has the public key already.</summary>
[TestClass]
public sealed class A_key_pair_that_is_known_is_kept : EnvironmentUnderTest
{
    private static readonly RSA Known = RSA.Create(PreparedKeys.At(80));
    private static readonly RSA Another = RSA.Create(PreparedKeys.At(81));

    [TestMethod]
    public async Task By_deploy_and_a_second_run_changes_nothing()
    {
        string file = await ImportAsync(Known);
        await DoAsync("deploy", "--key", file);
        Assert.IsTrue(IsKnown(StoredKeys().Single()!, Known));
        await IssueVerifiedAsync();

        await DoAsync("deploy", "--key", file);
        Assert.IsEmpty(Network.Writes);
        StringAssert.Contains((await DoAsync("rotate", "--key", file)).Out, "signs already");
    }

    [TestMethod]
    public async Task By_rotate_after_the_lead()
    {
        await DoAsync("deploy");
        string old = await IssueVerifiedAsync();
        await DoAsync("rotate", "--key", await ImportAsync(Known));
        Assert.AreEqual(old, await IssueVerifiedAsync());
        Clock.Move(TimeSpan.FromHours(24));
        Assert.AreNotEqual(old, await IssueVerifiedAsync());
        Assert.IsTrue(IsKnown(StoredKeys()[1]!, Known));
    }

    [TestMethod]
    [CICondition(ConditionMode.Include, IgnoreMessage = Sweep.Reason)]
    [DataRow("deploy")]
    [DataRow("rotate")]
    public async Task Broken_off_at_any_write_it_is_taken_by_the_next_run(string command)
    {
        string file = await ImportAsync(Known);
        if (command == "rotate")
        {
            await DoAsync("deploy");
        }

        RowSnapshot start = Organization.Rows.Now;
        string published = Folder.File("publickey.json");
        byte[]? before = File.Exists(published) ? await File.ReadAllBytesAsync(published) : null;
        int broken = 0;
        int writes;
        do
        {
            Organization.Rows.Return(start);
            File.Delete(published);
            await (before == null ? Task.CompletedTask : File.WriteAllBytesAsync(published, before));
            (writes, broken) = (0, broken + 1);
            Network.Before = request => request.Method != HttpMethod.Get && ++writes == broken
                ? throw new HttpRequestException("broken") : Task.FromResult<HttpResponseMessage?>(null);
            CommandRun run = await RunAsync(command, "--key", file);
            Assert.AreEqual(writes < broken ? 0 : 1, run.ExitCode, run.Error);
            Network.Before = null;
            await DoAsync(command, "--key", file);
            await IssueVerifiedAsync();
            Assert.IsTrue(IsKnown(StoredKeys()[^1]!, Known), $"broken at write {broken}");
            Assert.HasCount(command == "rotate" ? 2 : 1, StoredKeys());
        }
        while (writes >= broken);
        Assert.IsGreaterThan(4, broken);
    }

    [TestMethod]
    public async Task Its_end_is_that_of_the_file()
    {
        await DoAsync("deploy", "--key", await ImportAsync(Known, "--expires-in", "30d"));
        Assert.AreEqual(
            Clock.GetUtcNow().AddDays(30).ToUnixTimeSeconds(), StoredKeys().Single()!["exp"]!.GetValue<long>(), 300.0);
        Assert.AreEqual(
            2, (await RunAsync("rotate", "--key", await ImportAsync(Another), "--expires-in", "9d")).ExitCode);
    }

    [TestMethod]
    public async Task It_is_pending_until_every_place_serves_it()
    {
        Settings["publish"] = new JsonArray(
            new JsonObject { ["file"] = "publickey.json", ["url"] = "https://static.contosohelp.com/publickey.json" });
        Network.Before = request => Task.FromResult(request.RequestUri!.Host != "static.contosohelp.com" ? null
            : new HttpResponseMessage(System.Net.HttpStatusCode.NotFound));
        CommandRun run =
            await RunAsync("deploy", "--timeout", "1m", "--key", await ImportAsync(Known));
        Assert.AreEqual("CHATAUTH5201", run.Codes);
        Assert.AreEqual(253402300799, StoredKeys().Single()!["nbf"]!.GetValue<long>());
    }

    [TestMethod]
    public async Task A_place_that_serves_it_already_serves_no_strangers_key()
    {
        await File.WriteAllTextAsync(Folder.File("chatauth.json"), "{}");
        Settings["authenticationSettings"] = new JsonObject { ["publicKeyUrl"] = "https://contosohelp.com/pem" };
        Network.Before = request => Task.FromResult(request.RequestUri!.Host != "contosohelp.com" ? null
            : new HttpResponseMessage
            {
                Content = new System.Net.Http.StringContent(Known.ExportSubjectPublicKeyInfoPem()),
            });
        Organization.PublicKeyUrlAnswers = _ => true;
        StringAssert.Contains((await RunAsync("deploy")).Codes, "CHATAUTH5207");
        await DoAsync("deploy", "--key", await ImportAsync(Known));
    }

    [TestMethod]
    public async Task A_revoked_one_is_refused_before_the_first_write_under_whatever_kid()
    {
        string file = await ImportAsync(Known);
        await DoAsync("deploy", "--key", file);
        await DoAsync("rotate", "--lead", "0s", "--force");
        await DoAsync("revoke", StoredKeys()[0]!["kid"]!.GetValue<string>());
        JsonNode renamed = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        renamed["keys"]![0]!["kid"] = "renamed";
        await File.WriteAllTextAsync(file, renamed.ToJsonString());

        CommandRun run = await RunAsync("rotate", "--key", file);
        Assert.AreEqual("CHATAUTH5307", run.Codes);
        Assert.IsEmpty(Network.Writes);
        await DoAsync("revoke", StoredKeys()[0]!["kid"]!.GetValue<string>(), "--force");
        Assert.AreEqual("CHATAUTH5307", (await RunAsync("deploy", "--key", file)).Codes);
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task One_whose_kid_another_key_has_or_had_is_refused_before_the_first_write(bool isFormer)
    {
        await DoAsync("deploy");
        string taken = StoredKeys()[0]!["kid"]!.ToString();
        for (int i = 0; i < (isFormer ? 2 : 0); i++)
        {
            Clock.Move(TimeSpan.FromDays(3));
            await DoAsync("rotate", "--lead", "0s", "--force");
        }

        string file = await ImportAsync(Known);
        await ChangeAsync(file, key => key["kid"] = taken);
        CommandRun run = await RunAsync("rotate", "--lead", "0s", "--force", "--key", file);
        Assert.AreEqual("CHATAUTH5307", run.Codes);
        StringAssert.Contains(run.Error, "its kid is, or was, that of another key there");
        Assert.IsEmpty(Network.Writes);
        await IssueVerifiedAsync();
    }

    [TestMethod]
    public async Task One_that_ended_here_is_taken_again_with_a_later_end()
    {
        await DoAsync("deploy", "--key", await ImportAsync(Known, "--expires-in", "1m"));
        Clock.Move(TimeSpan.FromMinutes(2));
        await DoAsync("deploy", "--key", await ImportAsync(Known, "--expires-in", "9d"));
        await IssueVerifiedAsync();
        Assert.HasCount(1, StoredKeys());
    }

    [TestMethod]
    public async Task Where_it_is_pasted_already_nobody_is_asked_to_paste_it_again()
    {
        Settings["liveAssist"] = new JsonObject { ["key"] = "line" };
        Settings.Remove("publish");
        CommandRun run = await AnswerAsync("\n", "deploy", "--key", await ImportAsync(Known));
        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Error, "and save there, unless it is there already (key ");
    }

    [TestMethod]
    public async Task It_keeps_the_kid_that_it_has_here()
    {
        string file = await ImportAsync(Known);
        await DoAsync("deploy", "--key", file);
        string before = await IssueAsync();
        string known = await IssueVerifiedAsync();
        await DoAsync("rotate", "--lead", "0s", "--force");
        Clock.Move(TimeSpan.FromMinutes(1));
        await ChangeAsync(file, key => key["kid"] = "renamed");
        await DoAsync("rotate", "--lead", "0s", "--force", "--key", file);
        StringAssert.Contains(
            (await DoAsync("rotate", "--key", file)).Out, $"Key {known} signs already.");
        Assert.AreEqual(known, await IssueVerifiedAsync());
        Assert.AreEqual(
            0, (await CommandRun.OfAsync(["token", "verify", before, "--key", KeyFilePath], clock: Clock)).ExitCode);
    }

    [TestMethod]
    public async Task A_file_that_is_none_is_told_with_what_is_to_be_done()
    {
        string file = await ImportAsync(Known);
        await ChangeAsync(file, key => ((JsonObject)key).Remove("d"));
        CommandRun run = await RunAsync("deploy", "--key", file);
        Assert.AreEqual("CHATAUTH4201", run.Codes);
        StringAssert.Contains(run.Error, file + " is no key file (Key ");
        StringAssert.Contains(run.Error, "Make one with chatauth key new or key import.");
    }

    [TestMethod]
    public async Task One_of_composite_primes_is_refused()
    {
        string file = await ImportAsync(Known);
        JsonNode key = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        key["keys"]![0]!["e"] = "Aw";
        await File.WriteAllTextAsync(file, key.ToJsonString());
        CommandRun run = await RunAsync("deploy", "--key", file);
        Assert.AreEqual("CHATAUTH4212", run.Codes);
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    [DataRow("deploy")]
    [DataRow("rotate")]
    public async Task It_takes_nobodys_place(string command)
    {
        await DoAsync("deploy");
        if (command == "rotate")
        {
            Network.Before = request => request.RequestUri!.AbsolutePath.Contains(
                "steps(", StringComparison.Ordinal) && request.Method.Method == "PATCH"
                ? throw new System.Net.Http.HttpRequestException("broken")
                : Task.FromResult<HttpResponseMessage?>(null);
            await RunAsync("rotate");
            Network.Before = null;
            Assert.HasCount(2, StoredKeys());
        }

        CommandRun run = await RunAsync(command, "--key", await ImportAsync(Known));
        Assert.AreEqual("CHATAUTH4401", run.Codes);
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task One_that_signed_before_signs_again()
    {
        string file = await ImportAsync(Known);
        await DoAsync("deploy", "--key", file);
        string known = await IssueVerifiedAsync();
        await DoAsync("rotate", "--lead", "0s", "--force");
        Assert.AreNotEqual(known, await IssueVerifiedAsync());
        Clock.Move(TimeSpan.FromMinutes(1));
        await DoAsync("rotate", "--lead", "0s", "--force", "--key", file);
        Assert.AreEqual(known, await IssueVerifiedAsync());
    }

    [TestMethod]
    public async Task One_of_the_original_is_refused_in_its_copy()
    {
        string file = await ImportAsync(Known);
        await DoAsync("deploy", "--key", file);
        JsonNode copied = JsonNode.Parse(
            Organization.Rows.Now.All("sdkmessageprocessingstepsecureconfig").Single().Text("secureconfig")!)!;
        copied["organization"] = Guid.NewGuid();
        Organization.ChangeRow(
            "sdkmessageprocessingstepsecureconfig", Guid.Parse(KeyRow.Id), ("secureconfig", copied.ToJsonString()));
        Assert.AreEqual("CHATAUTH5307", (await RunAsync("deploy", "--key", file, "--force", "CHATAUTH5206")).Codes);
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task A_file_with_two_keys_or_an_end_that_has_passed_is_refused()
    {
        JsonNode one = JsonNode.Parse(await File.ReadAllTextAsync(await ImportAsync(Known)))!;
        JsonNode other = JsonNode.Parse(await File.ReadAllTextAsync(await ImportAsync(Another)))!;
        one["keys"]!.AsArray().Add(other["keys"]![0]!.DeepClone());
        await File.WriteAllTextAsync(Folder.File("two.json"), one.ToJsonString());
        Assert.AreEqual("CHATAUTH4207", (await RunAsync("deploy", "--key", Folder.File("two.json"))).Codes);
        string past = await ImportAsync(Known, "--expires-in", "1m");
        Clock.Move(TimeSpan.FromMinutes(2));
        Assert.AreEqual("CHATAUTH4203", (await RunAsync("deploy", "--key", past)).Codes);
    }

    [TestMethod]
    public async Task No_row_is_written_that_the_plug_in_would_refuse()
    {
        await DoAsync("deploy");
        KeyFile full = KeyFile.Empty(Organization.Id).AlsoRevoked(Enumerable.Range(0, 17_000).Select(
            number => new Plugins.Jose.PastKey($"kid{number}", $"thumbprint{number}", 1)));
        using WebApi dataverse = new(Environment, Deployer.Token, Clock);
        KeyRow row = (await KeyRow.ReadAsync(dataverse, CancellationToken.None))!;
        CommandException refusal = await Assert.ThrowsExactlyAsync<CommandException>(
            () => row.ReplaceAsync(dataverse, full, CancellationToken.None));
        Assert.AreEqual("CHATAUTH3002", refusal.Errors.Single().Code);
        await IssueVerifiedAsync();
    }

    private static async Task ChangeAsync(string file, Action<JsonNode> change)
    {
        JsonNode set = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        change(set["keys"]![0]!);
        await File.WriteAllTextAsync(file, set.ToJsonString());
    }

    private static bool IsKnown(JsonNode jwk, RSA key) => jwk["n"]!.ToString()
        == Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(key.ExportParameters(false).Modulus);

    private async Task<string> ImportAsync(RSA key, params string[] options)
    {
        string name = Path.GetRandomFileName();
        await File.WriteAllTextAsync(Folder.File(name + ".pem"), key.ExportPkcs8PrivateKeyPem());
        CommandRun run = await CommandRun.OfAsync(
            ["key", "import", Folder.File(name + ".pem"), "--out", Folder.File(name), .. options], clock: Clock);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return Folder.File(name);
    }
}
