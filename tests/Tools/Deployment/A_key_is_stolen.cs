using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.LocalDataverse.State;
using ChatAuth.Plugins.Jose;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>
/// The key that signed first is known to be stolen; another one signs. Whatever breaks, overtakes or hinders the
/// revocation, it is gone.
/// </summary>
[TestClass]
public sealed class A_key_is_stolen : EnvironmentUnderTest
{
    private const string RowSet = "sdkmessageprocessingstepsecureconfigs";
    private const string StepSet = "sdkmessageprocessingsteps(";

    private static readonly Guid RowId = new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c10");
    private static readonly Guid IssueTokenId = new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c11");
    private static readonly Guid PublishKeysId = new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c12");

    // What 0.1.0's own program left in row and steps, killed at a request of a revocation, and a mark of it.
    private static readonly JsonNode Recorded =
        JsonNode.Parse(File.ReadAllText(RepositoryRoot.File("tests/golden/revocation-0.1.0.json")))!;

    private readonly Dictionary<string, Func<string?>> hosts = [];
    private string stolen = string.Empty;

    [TestInitialize]
    public async Task Deploy()
    {
        await DoAsync("deploy");
        stolen = await IssueVerifiedAsync();
        await DoAsync("rotate", "--lead", "0s", "--force");
        Clock.Move(TimeSpan.FromMinutes(1));
        Network.Before = ServeHosts;
    }

    [TestMethod]
    [DataRow(RowSet, "deploy")]
    [DataRow(RowSet, "rotate")]
    [DataRow(StepSet, "deploy")]
    [DataRow(StepSet, "rotate")]
    public async Task And_what_follows_a_broken_revocation_does_not_undo_it(string brokenAt, string next)
    {
        Network.Before = request => Is(request, HttpMethod.Patch, brokenAt)
            ? throw new HttpRequestException(HttpRequestError.ConnectionError, "the connection broke")
            : ServeHosts(request);
        Assert.AreEqual(1, (await RunAsync("revoke", stolen)).ExitCode);
        Network.Before = ServeHosts;

        await DoAsync(next);

        await EnsureGoneAsync();
    }

    [TestMethod]
    [DynamicData(nameof(Places))]
    public async Task And_what_was_held_while_it_was_revoked_does_not_bring_it_back(string held, int request)
    {
        int number = 0;
        Network.Before = async sent =>
        {
            if (++number == request)
            {
                Network.Before = ServeHosts;
                await DoAsync("revoke", stolen);
            }

            return await ServeHosts(sent);
        };
        await RunAsync(held);
        if (number >= request)
        {
            await EnsureGoneAsync();
        }
    }

    public static IEnumerable<object[]> Places =>
        from held in new[] { "deploy", "rotate" }
        from request in Enumerable.Range(1, 8)
        select new object[] { held, request };

    [TestMethod]
    public async Task And_a_target_that_cannot_be_written_does_not_keep_it_at_the_next_one()
    {
        string second = Folder.File("second.json");
        Settings["publish"]!.AsArray().Add(new JsonObject { ["file"] = "second.json", ["local"] = true });
        await DoAsync("deploy");
        File.Delete(KeyFilePath);
        Directory.CreateDirectory(KeyFilePath);

        CommandRun run = await RunAsync("revoke", stolen);

        Assert.AreEqual("CHATAUTH4002", run.Codes, run.Error);
        Assert.DoesNotContain(stolen, await File.ReadAllTextAsync(second));
        EnsureNotInRow();
        Directory.Delete(KeyFilePath);
        await DoAsync("revoke", stolen);
        await EnsureGoneAsync();
    }

    [TestMethod]
    public async Task And_a_target_that_cannot_be_read_does_not_keep_it_at_the_next_one()
    {
        Settings["publish"]!.AsArray().Insert(0, new JsonObject { ["page"] = "Fabrikam" });

        CommandRun run = await RunAsync("revoke", stolen);

        Assert.AreEqual("CHATAUTH5012", run.Codes, run.Error);
        await EnsureGoneAsync();
    }

    [TestMethod]
    public async Task And_a_target_that_holds_something_else_is_told()
    {
        await File.WriteAllTextAsync(KeyFilePath, "my thesis");
        Assert.AreEqual("CHATAUTH5205", (await RunAsync("revoke", stolen)).Codes);
        EnsureNotInRow();
        Assert.AreEqual("my thesis", await File.ReadAllTextAsync(KeyFilePath));
    }

    [TestMethod]
    public async Task And_a_target_that_does_not_answer_is_told()
    {
        Settings["publish"]![0] = new JsonObject
        {
            ["file"] = "publickey.json",
            ["url"] = "https://static.contosohelp.com/publickey.json",
        };
        hosts["static.contosohelp.com"] = () => File.ReadAllText(KeyFilePath);
        await DoAsync("deploy");
        hosts["static.contosohelp.com"] = () => throw new HttpRequestException("no network");

        Assert.AreEqual("CHATAUTH5309", (await RunAsync("revoke", stolen, "--timeout", "1m")).Codes);

        await EnsureGoneAsync();
    }

    [TestMethod]
    public async Task And_unmanaged_customizations_are_blocked()
    {
        Organization.BlocksUnmanagedCustomizations = true;
        await IssueAsync();
        CommandRun run = await DoAsync("revoke", stolen);
        StringAssert.Contains(run.Error, "by disabling and enabling it");
        await EnsureGoneAsync();
        Assert.AreEqual(0, Organization.Rows.Now.Get("sdkmessageprocessingstep", IssueTokenId).Number("statecode"));
    }

    [TestMethod]
    public async Task And_Dataverse_keeps_no_versions()
    {
        Organization.Unknowns.KeepsNoVersions = true;
        await DoAsync("revoke", stolen);
        await EnsureGoneAsync();
    }

    [TestMethod]
    public async Task And_the_row_cannot_be_written_so_no_token_is_issued_by_it()
    {
        await DoAsync("revoke", await IssueVerifiedAsync(), "--force");
        await DoAsync("deploy");
        Network.Before = request => Is(request, HttpMethod.Patch, RowSet)
            ? Task.FromResult<HttpResponseMessage?>(new HttpResponseMessage(HttpStatusCode.Forbidden))
            : ServeHosts(request);
        stolen = await IssueVerifiedAsync();

        CommandRun run = await RunAsync("revoke", stolen, "--force");

        StringAssert.Contains(run.Codes, "CHATAUTH5001");
        Assert.DoesNotContain(stolen, Served().Keys);
        await Assert.ThrowsExactlyAsync<CommandException>(IssueAsync);
        Network.Before = ServeHosts;
        await DoAsync("revoke", stolen, "--force");
        await DoAsync("deploy");
        await EnsureGoneAsync();
    }

    [TestMethod]
    public async Task And_nobody_can_look_once_more_at_the_end_which_is_told()
    {
        bool isTouched = false;
        Network.Before = request =>
        {
            bool isRefused = isTouched && request.RequestUri!.Host == Environment.Host;
            isTouched |= Is(request, HttpMethod.Patch, IssueTokenId.ToString());
            return isRefused ? Task.FromResult<HttpResponseMessage?>(new HttpResponseMessage(HttpStatusCode.Forbidden))
                : ServeHosts(request);
        };

        Assert.AreEqual("CHATAUTH5001", (await RunAsync("revoke", stolen)).Codes);

        Network.Before = ServeHosts;
        await DoAsync("revoke", stolen);
        await EnsureGoneAsync();
    }

    [TestMethod]
    public async Task And_while_it_is_waited_for_it_is_put_back_as_UTF_16()
    {
        byte[] old = Encoding.Unicode.GetPreamble()
            .Concat(Encoding.Unicode.GetBytes(await File.ReadAllTextAsync(KeyFilePath))).ToArray();
        Settings["authenticationSettings"] =
            new JsonObject { ["publicKeyUrl"] = "https://chat.contosohelp.com/keys" };
        hosts["chat.contosohelp.com"] = () =>
        {
            hosts["chat.contosohelp.com"] = () => "[]";
            File.WriteAllBytes(KeyFilePath, old);
            return "[]";
        };

        await DoAsync("revoke", stolen);

        await EnsureGoneAsync();
    }

    [TestMethod]
    public async Task And_the_chat_service_s_own_address_serves_it()
    {
        Settings["authenticationSettings"] =
            new JsonObject { ["publicKeyUrl"] = "https://chat.contosohelp.com/keys" };
        string old = await File.ReadAllTextAsync(KeyFilePath);
        hosts["chat.contosohelp.com"] = () => old;

        CommandRun run = await RunAsync("revoke", stolen, "--timeout", "1m");

        Assert.AreEqual("CHATAUTH5309", run.Codes, run.Error);
        hosts["chat.contosohelp.com"] = () => File.ReadAllText(KeyFilePath);
        await DoAsync("revoke", stolen);
        await EnsureGoneAsync();
    }

    [TestMethod]
    public async Task And_a_target_that_was_taken_out_serves_it()
    {
        Settings["publish"]!.AsArray().Add(
            new JsonObject { ["file"] = "old.json", ["url"] = "https://old.contosohelp.com/keys" });
        hosts["old.contosohelp.com"] = () => File.ReadAllText(Folder.File("old.json"));
        await DoAsync("deploy");
        Settings["publish"]!.AsArray().RemoveAt(1);

        CommandRun run = await RunAsync("revoke", stolen);

        Assert.AreEqual("CHATAUTH5309", run.Codes, run.Error);
        StringAssert.Contains(run.Error, "https://old.contosohelp.com/keys");
        StringAssert.Contains((await DoAsync("keys")).Out, "revoked");
        StringAssert.Contains((await RunAsync("doctor")).Out, "CHATAUTH5471");
        await DoAsync("rotate");
        await DoAsync("revoke", stolen, "--forget", "https://old.contosohelp.com/keys");
        await EnsureGoneAsync();
        Assert.DoesNotContain("old.contosohelp.com", Stored());
    }

    [TestMethod]
    public async Task And_an_address_in_use_is_not_forgotten() => Assert.AreEqual(
        "CHATAUTH5310", (await RunAsync("revoke", stolen, "--forget", "https://nowhere.contosohelp.com/")).Codes);

    [TestMethod]
    public async Task And_an_old_address_that_was_seen_without_keys_is_forgotten()
    {
        Settings["publish"]!.AsArray().Add(
            new JsonObject { ["file"] = "old.json", ["url"] = "https://old.contosohelp.com/keys" });
        hosts["old.contosohelp.com"] = () => File.ReadAllText(Folder.File("old.json"));
        await DoAsync("deploy");
        StringAssert.Contains(Stored(), "old.contosohelp.com");
        Settings["publish"]!.AsArray().RemoveAt(1);
        hosts["old.contosohelp.com"] = () => null;

        await DoAsync("revoke", stolen);

        Assert.DoesNotContain("old.contosohelp.com", Stored());
    }

    [TestMethod]
    public async Task And_what_failed_is_told_also_where_an_old_address_cannot_be_forgotten()
    {
        Settings["publish"]!.AsArray().Add(
            new JsonObject { ["file"] = "old.json", ["url"] = "https://old.contosohelp.com/keys" });
        hosts["old.contosohelp.com"] = () => File.ReadAllText(Folder.File("old.json"));
        await DoAsync("deploy");
        Settings["publish"]!.AsArray().RemoveAt(1);
        hosts["old.contosohelp.com"] = () => null;
        await File.WriteAllTextAsync(KeyFilePath, "my thesis");
        int writes = 0;
        Network.Before = request => Is(request, HttpMethod.Patch, RowSet) && ++writes > 2
            ? Task.FromResult<HttpResponseMessage?>(new HttpResponseMessage(HttpStatusCode.Forbidden))
            : ServeHosts(request);

        CommandRun run = await RunAsync("revoke", stolen);

        EnsureNotInRow();
        Assert.AreEqual("CHATAUTH5205 CHATAUTH5001", string.Join(' ', run.Codes.Split(' ').Distinct()), run.Error);
    }

    [TestMethod]
    public async Task And_a_workstation_two_days_behind_changes_no_date()
    {
        string signing = await IssueVerifiedAsync();
        Workstation = new MovableClock(Clock.GetUtcNow().AddDays(-2)) { MovesByItself = true };
        long now = Clock.GetUtcNow().ToUnixTimeSeconds();

        await DoAsync("rotate");

        Assert.AreEqual(signing, await IssueVerifiedAsync());
        JsonNode next = StoredKeys()[^1]!;
        Assert.AreEqual(now + 86400, next["nbf"]!.GetValue<long>(), 60);
        Assert.AreEqual(now + (365 * 86400), next["exp"]!.GetValue<long>(), 60);
        Assert.HasCount(3, Served());
    }

    public static IEnumerable<object[]> HalfRevoked =>
        from state in Recorded["states"]!.AsArray()
        from next in new[] { "deploy", "rotate", "revoke" }
        select new object[] { state!["killed"]!.GetValue<string>(), next };

    [TestMethod]
    [DynamicData(nameof(HalfRevoked))]
    public async Task And_0_1_0_was_killed_while_it_revoked_it(string killed, string next)
    {
        JsonNode state = Recorded["states"]!.AsArray().Single(each => each!["killed"]!.GetValue<string>() == killed)!;
        JsonObject row = new()
        {
            ["organization"] = JsonNode.Parse(Stored())!["organization"]!.DeepClone(),
            ["keys"] = StoredKeys().DeepClone(),
        };
        string both = KeysMark.Of(KeyFile.Parse(row.ToJsonString()));
        if (state["row"]!.AsArray().Count == 1)
        {
            row["keys"]!.AsArray().RemoveAt(0);
        }

        string signing = KeysMark.Of(KeyFile.Parse(row.ToJsonString()));
        Organization.ChangeRow(
            "sdkmessageprocessingstepsecureconfig", RowId, ("secureconfig", row.ToJsonString()));
        foreach ((Guid id, string member) in new[]
        {
            (IssueTokenId, "issueChatToken"), (PublishKeysId, "getPublicKeys"),
        })
        {
            int disabled = state[member]!["statecode"]!.GetValue<int>();
            string mark = state[member]!["description"]!.GetValue<string>()
                .Replace("{both}", both, StringComparison.Ordinal)
                .Replace("{signing}", signing, StringComparison.Ordinal)
                .Replace("{stolen}", stolen, StringComparison.Ordinal);
            Organization.ChangeRow(
                "sdkmessageprocessingstep", id, ("description", mark),
                ("statecode", new Microsoft.Xrm.Sdk.OptionSetValue(disabled)),
                ("statuscode", new Microsoft.Xrm.Sdk.OptionSetValue(1 + disabled)));
        }

        Organization.ChangeRow("sdkmessageprocessingstep", PublishKeysId, ("configuration", null));
        string found = (await RunAsync("doctor")).Out;
        StringAssert.Contains(found, "CHATAUTH5471", killed);
        Assert.AreEqual(both != signing, !found.Contains("CHATAUTH5470", StringComparison.Ordinal), killed);

        await DoAsync(next == "revoke" ? ["revoke", stolen] : [next]);

        await EnsureGoneAsync();
        string before = await IssueVerifiedAsync();
        await DoAsync("rotate");
        Assert.AreEqual(before, await IssueVerifiedAsync());
        Assert.AreEqual(stolen, JsonNode.Parse(Stored())!["revoked"]![0]!["kid"]!.GetValue<string>());
    }

    [TestMethod]
    public void And_its_mark_is_that_of_0_1_0()
    {
        string row = Stored();
        foreach ((int index, JsonNode? line) in Recorded["mark"]!["of"]!.AsArray().Index())
        {
            JsonObject keys = JsonNode.Parse(row)!.AsObject();
            string[] parts = line!.GetValue<string>().Split(' ');
            JsonNode key = keys["keys"]![index]!;
            (key["kid"], key["nbf"], key["exp"]) = (
                parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture),
                long.Parse(parts[2], CultureInfo.InvariantCulture));
            row = keys.ToJsonString();
        }

        Assert.AreEqual(Recorded["mark"]!["is"]!.GetValue<string>(), KeysMark.Of(KeyFile.Parse(row)));
    }

    [TestMethod]
    public async Task And_a_write_that_was_overtaken_sets_the_row_back()
    {
        // The mark names the key that was revoked last, and the step's configuration every other one.
        string before = Stored();
        string second = await IssueVerifiedAsync();
        await DoAsync("revoke", stolen);
        await DoAsync("rotate", "--lead", "0s", "--force");
        Clock.Move(TimeSpan.FromMinutes(1));
        await DoAsync("revoke", second);
        Organization.ChangeRow("sdkmessageprocessingstepsecureconfig", RowId, ("secureconfig", before));

        StringAssert.Contains((await RunAsync("doctor")).Out, "CHATAUTH5470");
        await DoAsync("deploy");

        await EnsureGoneAsync();
        Assert.DoesNotContain(second, Served().Keys);
    }

    [TestMethod]
    public async Task And_members_that_this_version_does_not_know_stay()
    {
        JsonObject row = JsonNode.Parse(Stored())!.AsObject();
        row["later"] = new JsonObject { ["x"] = 1 };
        row["keys"]![1]!["later"] = "y";
        Organization.ChangeRow("sdkmessageprocessingstepsecureconfig", RowId, ("secureconfig", row.ToJsonString()));

        await DoAsync("revoke", stolen);
        await DoAsync("rotate");

        JsonNode after = JsonNode.Parse(Stored())!;
        Assert.AreEqual(1, after["later"]!["x"]!.GetValue<int>());
        Assert.AreEqual("y", after["keys"]![0]!["later"]!.GetValue<string>());
        Assert.AreEqual(stolen, after["revoked"]![0]!["thumbprint"]!.GetValue<string>());
    }

    [TestMethod]
    public async Task And_three_thousand_were_before()
    {
        JsonObject row = JsonNode.Parse(Stored())!.AsObject();
        row["revoked"] = new JsonArray(
            [.. Enumerable.Range(0, 3000).Select(i => new JsonObject { ["kid"] = $"{i}", ["thumbprint"] = $"{i}" })]);
        Organization.ChangeRow("sdkmessageprocessingstepsecureconfig", RowId, ("secureconfig", row.ToJsonString()));

        await DoAsync("revoke", stolen);
        await EnsureGoneAsync();
        await DoAsync("rotate", "--lead", "0s", "--force");
        await IssueVerifiedAsync();
        Assert.HasCount(3001, JsonNode.Parse(Stored())!["revoked"]!.AsArray());
    }

    [TestMethod]
    public async Task And_it_is_not_taken_in_again_under_another_kid()
    {
        JsonObject old = StoredKeys()[0]!.DeepClone().AsObject();
        await DoAsync("revoke", stolen);
        old["kid"] = "mine";
        await File.WriteAllTextAsync(
            Folder.File("key.json"), new JsonObject { ["keys"] = new JsonArray(old) }.ToJsonString());

        CommandException refused = Assert.ThrowsExactly<CommandException>(
            () => KeyFile.Parse(Stored()).With(KeyFile.Read(Folder.File("key.json"))));

        Assert.AreEqual("CHATAUTH5307", refused.Errors.Single().Code);
    }

    [TestMethod]
    public async Task And_it_had_left_by_its_own_end_already()
    {
        Clock.Move(TimeSpan.FromDays(2));
        await DoAsync("rotate", "--lead", "0s", "--force");
        EnsureNotInRow();

        await DoAsync("revoke", stolen);

        Assert.AreEqual(stolen, JsonNode.Parse(Stored())!["revoked"]![0]!["kid"]!.GetValue<string>());
        Assert.IsEmpty(JsonNode.Parse(Stored())!["former"]!.AsArray());
        await EnsureGoneAsync();
    }

    [TestMethod]
    public async Task And_a_row_that_holds_it_again_issues_no_token_where_instances_read_it()
    {
        string before = Stored();
        await DoAsync("revoke", stolen);
        JsonObject both = JsonNode.Parse(Stored())!.AsObject();
        both["keys"] = JsonNode.Parse(before)!["keys"]!.DeepClone();
        Organization.Pipeline.Instances.SecureConfigurationRenews = true;
        Organization.ChangeRow("sdkmessageprocessingstepsecureconfig", RowId, ("secureconfig", both.ToJsonString()));

        CommandException refused = await Assert.ThrowsAsync<CommandException>(IssueAsync);

        Assert.AreEqual("CHATAUTH3010", refused.Errors.Single().Code);
        await DoAsync("revoke");
        await EnsureGoneAsync();
    }

    [TestMethod]
    [DataRow("file", "CHATAUTH5206")]
    [DataRow("portal", "CHATAUTH5207")]
    public async Task And_a_restored_backup_brings_it_back_beside_a_place_that_remembers(string kind, string code)
    {
        const string Address = "https://keys.contosohelp.com/publickey.json";
        Settings["publish"] = new JsonArray(kind == "file"
            ? new JsonObject { ["file"] = "publickey.json", ["url"] = Address }
            : new JsonObject { ["portal"] = Address });
        hosts["keys.contosohelp.com"] = () => PublicKeyFormats.KeySet(
            KeyFile.Parse(Stored()).PublishedAt(Clock.GetUtcNow().ToUnixTimeSeconds()));
        await DoAsync("deploy");
        RowSnapshot backup = Organization.Rows.Now;
        await DoAsync("revoke", stolen);
        await DoAsync("rotate");
        string outside = hosts["keys.contosohelp.com"]()!;
        byte[] file = await File.ReadAllBytesAsync(KeyFilePath);

        Organization.Rows.Return(backup);
        hosts["keys.contosohelp.com"] = () => outside;

        string found = (await RunAsync("doctor")).Out;
        StringAssert.Contains(found, "restored from a backup");
        StringAssert.Contains(found, StrangerIn(outside));
        foreach (string command in new[] { "deploy", "rotate" })
        {
            CommandRun refused = await RunAsync(command);
            StringAssert.Contains(refused.Codes, code, command);
            StringAssert.Contains(refused.Error, "restored from a backup", command);
            Assert.IsEmpty(Network.Writes, command);
            CollectionAssert.AreEqual(file, await File.ReadAllBytesAsync(KeyFilePath), command);
        }

        // Revoked again, as SECURITY.md says; then whoever knows that no other environment publishes there goes on.
        await RunAsync("revoke", stolen);
        EnsureNotInRow();
        hosts["keys.contosohelp.com"] = kind == "file" ? () => File.ReadAllText(KeyFilePath)
            : () => PublicKeyFormats.KeySet(
                KeyFile.Parse(Stored()).PublishedAt(Clock.GetUtcNow().ToUnixTimeSeconds()));
        await DoAsync("deploy", "--force", "CHATAUTH5206");
        Assert.DoesNotContain(stolen, hosts["keys.contosohelp.com"]()!);
    }

    private string StrangerIn(string served) => JsonNode.Parse(served)!.AsArray()
        .Select(key => key!["kid"]!.GetValue<string>())
        .Single(kid => !Stored().Contains(kid, StringComparison.Ordinal));

    private static bool Is(HttpRequestMessage request, HttpMethod method, string set) =>
        request.Method == method && request.RequestUri!.AbsolutePath.Contains(set, StringComparison.Ordinal);

    private Task<HttpResponseMessage?> ServeHosts(HttpRequestMessage request) => Task.FromResult(
        !hosts.TryGetValue(request.RequestUri!.Host, out Func<string?>? text) ? null
        : text() is { } served ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(served) }
        : new HttpResponseMessage(HttpStatusCode.NotFound));

    private void EnsureNotInRow() =>
        Assert.DoesNotContain(stolen, StoredKeys().Select(key => key!["kid"]!.GetValue<string>()));

    private string Stored() => Organization.Rows.Now.Get("sdkmessageprocessingstepsecureconfig", RowId)
        .Text("secureconfig")!;

    // No target has the key, nor the row among its keys, nor a token.
    private async Task EnsureGoneAsync()
    {
        Assert.DoesNotContain(stolen, Served().Keys);
        EnsureNotInRow();
        Assert.AreNotEqual(stolen, await IssueVerifiedAsync());
    }
}
