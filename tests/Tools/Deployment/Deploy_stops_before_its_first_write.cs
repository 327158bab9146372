using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.Checks;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.LocalDataverse.Security;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>
/// Every error that a check may find and a person has to mend, by the table of checks: deploy stops at it, and nothing
/// is written.
/// </summary>
[TestClass]
public sealed class Deploy_stops_before_its_first_write : EnvironmentUnderTest
{
    private static readonly Guid IssueStep = new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c11");
    private const string SecureTable = "sdkmessageprocessingstepsecureconfig";

    private static readonly Guid KeyRow = new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c10");
    private static readonly Guid KeysStep = new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c12");

    // What brings each finding about, by its name in the table of errors; deployed first where that is needed.
    private static readonly Dictionary<string, (bool, Action<Deploy_stops_before_its_first_write>)> Cases =
        new(StringComparer.Ordinal)
        {
            ["KeysInOtherHands"] = (true, test => test.BindToKeys()),
            ["MadeByHand"] = (true, test => test.PlantKeys()),
            ["AssemblyDiffers"] = (true, test => test.Organization.Rows.Change(draft => draft.Put(
                "pluginassembly", draft.Rows.All("pluginassembly").Single().Id,
                draft.Rows.All("pluginassembly").Single().Values.SetItem("content", "TVo=")))),
            ["ForeignStep"] = (true, test => test.AddStep()),
            ["CatalogTrigger"] = (true, test => test.Organization.AddRow("callbackregistration", Guid.NewGuid(),
                ("name", "flow"), ("sdkmessagename", "chatauth_IssueChatToken"), ("entityname", "none"))),
            ["CallerUnknown"] = (false, test => test.Call(Guid.NewGuid())),
            ["CallerDisabled"] = (false, test => test.Organization.Rows.Change(draft => draft.Put(
                "systemuser", test.Portal.Id,
                draft.Rows.Get("systemuser", test.Portal.Id).Values.SetItem("isdisabled", true)))),
            ["CallerLacksPrivilege"] = (false, test => test.Call(test.Organization.AddApplicationUser(
                "poor", Guid.NewGuid(), "prvReadAccount").ApplicationId!.Value)),
            ["TableUnknown"] = (false, test => test.Map("parentcustomerid:company.name")),
            ["ColumnUnknown"] = (false, test => test.Map("nickname")),
            ["ChatSettingsUnused"] = (false, test => test.AddUnusedRecord()),
            ["FunctionNotOffered"] = (false, test => test.Authenticate(("javaScriptFunction", "give"))),
            ["PolicyBlocks"] = (false, test => test.AddSite(9, "HTTP/Content-Security-Policy", "script-src 'none'")),
            ["ScriptTagAsksPortal"] = (false, test => test.AskThePortal()),
            ["TraceOn"] = (false, test => test.Organization.ChangeRow(
                "organization", test.Organization.Id, ("plugintracelogsetting", 1))),
            ["TraceHoldsKeys"] = (true, test => test.TraceKeys()),
            ["CustomizationsBlocked"] = (false, test => test.Organization.BlocksUnmanagedCustomizations = true),
            ["KeysNotReachable"] = (false, test => test.Serve(() => new HttpResponseMessage(HttpStatusCode.Redirect))),
            ["PrivateKeysServed"] = (false, test => test.Serve(
                () => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(PrivateKey()) })),
            ["NotChecked"] = (false, test => test.Network.Before = request => Task.FromResult(
                request.RequestUri!.AbsolutePath.EndsWith("/plugintracelogs", StringComparison.Ordinal)
                    ? new HttpResponseMessage(HttpStatusCode.Forbidden) : null)),

            // Refusals that a check meets are findings too.
            ["RowNotFound"] = (false, test => test.Settings["testContact"] = Guid.NewGuid().ToString("D")),
        };

    public static IEnumerable<object[]> Findings => Cases.Keys.Select(name => new object[] { name });

    [TestMethod]
    public void Each_check_of_the_table_is_covered()
    {
        string[] checks = [.. typeof(ICheck).Assembly.GetTypes()
            .Where(type => type.IsClass && type.IsAssignableTo(typeof(ICheck))).Select(type => type.Name).Order()];
        CollectionAssert.AreEqual(checks, Diagnosis.Checks.Select(check => check.GetType().Name).Order().ToArray());

        // Whatever file raises it: each finding of the table of errors that a person mends.
        string[] uncovered =
        [
            .. ErrorCatalog.Entries.Where(entry => entry.Stops).Select(entry => entry.Name).Distinct()
                .Except(Cases.Keys),
        ];
        Assert.IsEmpty(uncovered, "no case for " + string.Join(", ", uncovered));
    }

    [TestMethod]
    [DynamicData(nameof(Findings))]
    public async Task At_each_error_that_a_person_has_to_mend(string finding)
    {
        (bool isDeployed, Action<Deploy_stops_before_its_first_write> make) = Cases[finding];
        if (isDeployed)
        {
            await DoAsync("deploy");
        }

        Settings["tokenLifetimeSeconds"] = 600;
        make(this);
        string code = ErrorCatalog.Entries
            .First(entry => entry.Name == finding && (entry.Stops || finding == "RowNotFound")).Code;
        string[] before = Written();
        CommandRun run = await RunAsync("deploy");
        Assert.AreEqual(1, run.ExitCode, run.Error);
        StringAssert.Contains(run.Codes, code, run.Error);
        CollectionAssert.AreEqual(before, Written());
        Assert.IsEmpty(Network.Writes);
        Assert.IsFalse(!isDeployed && File.Exists(KeyFilePath));

        CommandRun dry = await RunAsync("deploy", "--dry-run");
        Assert.AreEqual((1, run.Codes), (dry.ExitCode, dry.Codes));
        if (finding == "RowNotFound")
        {
            return; // deploy cannot go on without it
        }

        CommandRun forced = await RunAsync("deploy", "--dry-run", "--force", code);
        Assert.IsFalse(forced.Error.Split('\n').Any(line => line.StartsWith(code, StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("KeysInOtherHands")]
    [DataRow("AssemblyDiffers")]
    [DataRow("TraceOn")]
    [DataRow("TraceHoldsKeys")]
    [DataRow("PrivateKeysServed")]
    [DataRow("KeysNotReachable")]
    [DataRow("NotChecked")]
    public async Task Rotate_stops_too_where_a_new_key_would_fall_into_it(string finding)
    {
        await DoAsync("deploy");
        Cases[finding].Item2(this);
        string code = ErrorCatalog.Entries.First(entry => entry.Name == finding && entry.Stops).Code;
        string[] before = Written();
        foreach (string[] words in (string[][])[["rotate"], ["rotate", "--cutover"],
            ["rotate", "--lead", "0s", "--force"], ["rotate", "--dry-run"]])
        {
            CommandRun run = await RunAsync(words);
            Assert.AreEqual(1, run.ExitCode, run.Error);
            StringAssert.Contains(run.Codes, code, run.Error);
            StringAssert.Contains(run.Out + run.Error, "rotate stops before its first write");
            CollectionAssert.AreEqual(before, Written());
            Assert.IsEmpty(Network.Writes);
        }

        CommandRun forced = await RunAsync("rotate", "--dry-run", "--force", code);
        Assert.IsFalse(forced.Error.Split('\n').Any(line => line.StartsWith(code, StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Rotate_says_at_once_too_which_outage_and_which_caches_are_in_its_way()
    {
        await DoAsync("deploy");
        Cases["TraceOn"].Item2(this);
        Settings["publish"]!.AsArray().Add(
            new JsonObject { ["file"] = "public.pem", ["format"] = "pem", ["local"] = true });
        Settings["publish"]!.AsArray().Add(
            new JsonObject { ["file"] = "jwks.json", ["url"] = "https://contosohelp.com/jwks.json" });
        Network.Before = request => Task.FromResult(request.RequestUri!.Host == "contosohelp.com"
            ? new HttpResponseMessage(HttpStatusCode.NotFound) : null);
        CommandRun run = await RunAsync("rotate", "--lead", "1m");
        Assert.AreEqual("CHATAUTH5435 CHATAUTH5203 CHATAUTH5202", run.Codes, run.Error);
        StringAssert.Contains(run.Error, "rotate stops before its first write");
        Assert.IsEmpty(Network.Writes);
        Assert.AreEqual("CHATAUTH5435", (await RunAsync("rotate", "--lead", "1m", "--cutover", "--force")).Codes);
    }

    [TestMethod]
    [DataRow("ColumnUnknown")]
    [DataRow("CallerUnknown")]
    [DataRow("ForeignStep")]
    [DataRow("RowNotFound")]
    public async Task Rotate_goes_on_where_no_key_is_touched(string finding)
    {
        await DoAsync("deploy");
        Cases[finding].Item2(this);
        CommandRun run = await RunAsync("rotate");
        Assert.AreEqual(0, run.ExitCode, run.Error);
    }

    [TestMethod]
    public async Task At_all_of_them_at_once_and_each_is_overridden_alone()
    {
        Guid unknown = Guid.NewGuid();
        Call(unknown);
        Map("nickname");
        Authenticate(("widgets", new JsonArray("Lost", "Gone")));
        CommandRun run = await RunAsync("deploy");
        Assert.AreEqual("CHATAUTH5425 CHATAUTH5429 CHATAUTH5012 CHATAUTH5012", run.Codes);
        StringAssert.Contains(run.Error, "\ndeploy stops before its first write\n");
        Assert.IsEmpty(Network.Writes);
        Assert.AreEqual("CHATAUTH5012 CHATAUTH5012",
            (await RunAsync("deploy", "--force", "CHATAUTH5425", "--force", "CHATAUTH5429")).Codes);
        CommandRun bad = await RunAsync("deploy", "--force", "CHATAUTH5012");
        Assert.AreEqual(2, bad.ExitCode);
        StringAssert.StartsWith(bad.Error, "--force takes the code of one finding of doctor, or CHATAUTH5206 or ");
    }

    [TestMethod]
    public async Task At_a_file_that_this_machine_cannot_write()
    {
        await File.WriteAllTextAsync(Folder.File("flat"), "a file");
        Settings["publish"] = new JsonArray(new JsonObject { ["file"] = "flat/keys.json", ["local"] = true });
        Assert.AreEqual("CHATAUTH4002", (await RunAsync("deploy")).Codes);
        Assert.IsEmpty(Network.Writes);
        Settings["publish"] = new JsonArray(new JsonObject { ["file"] = ".", ["local"] = true });
        Assert.AreEqual("CHATAUTH4002", (await RunAsync("deploy")).Codes);
        Assert.IsEmpty(Network.Writes);
    }

    // What LocalDataverse's journal holds beside questions.
    private string[] Written() =>
        [.. Organization.Journal.Calls.Select(call => call.Message)
            .Where(message => !message.StartsWith("GET ", StringComparison.Ordinal))];

    private void Call(Guid application) => Settings["callers"] =
        new JsonObject { [application.ToString("D")] = new JsonObject { ["contact"] = "parameter" } };

    private void Map(string path) => Settings["contextVariables"] =
        new JsonObject { ["custom"] = new JsonObject { ["column"] = path } };

    private void Authenticate(params (string Name, JsonNode Value)[] members)
    {
        JsonObject settings = new() { ["publicKeyUrl"] = "https://contosohelp.com/publickey.json" };
        foreach ((string name, JsonNode value) in members)
        {
            settings[name] = value;
        }

        Settings["authenticationSettings"] = settings;
        Network.Before = request => Task.FromResult(request.RequestUri!.Host == "contosohelp.com"
            ? new HttpResponseMessage(HttpStatusCode.NotFound) : null);
    }

    private void AddUnusedRecord()
    {
        Authenticate();
        Organization.AddRow("msdyn_authenticationsettings", Guid.NewGuid(), ("msdyn_name", "ChatAuth"));
    }

    private void Serve(Func<HttpResponseMessage> answer)
    {
        Settings["publish"] = new JsonArray(
            new JsonObject { ["file"] = "publickey.json", ["url"] = "https://contosohelp.com/publickey.json" });
        Network.Before = request =>
            Task.FromResult(request.RequestUri!.Host == "contosohelp.com" ? answer() : null);
    }

    private void AddSite(int type, string name, string value)
    {
        Guid site = EmptySite.AddTo(Organization, "Contoso", "contosohelp.com", true);
        Organization.ChangeRow("organization", Organization.Id, ("blockedattachments", "exe"));
        EmptySite.Add(Organization, site, type, type == 9 ? "sitesetting" : "contentsnippet", name, ("value", value));
        Settings["portals"] = new JsonArray(new JsonObject { ["site"] = "Contoso" });
    }

    private void AskThePortal()
    {
        Authenticate();
        AddSite(7, "Head/Bottom", "<script src='/chatauth.js' data-token-url='/_services/auth/token'></script>");
    }

    private void BindToKeys() => Organization.ChangeRow(
        "sdkmessageprocessingstep", AddStep(),
        ("sdkmessageprocessingstepsecureconfigid", new EntityReference(SecureTable, KeyRow)));

    private void PlantKeys()
    {
        object? keys = Organization.Rows.Now.Get(SecureTable, KeyRow)["secureconfig"];
        Organization.Rows.Change(draft =>
        {
            draft.Remove("sdkmessageprocessingstep", IssueStep);
            draft.Remove("sdkmessageprocessingstep", KeysStep);
            draft.Remove(SecureTable, KeyRow);
            return true;
        });
        Organization.AddRow(SecureTable, KeyRow, ("secureconfig", keys));
    }

    private Guid AddStep()
    {
        var own = Organization.Rows.Now.Get("sdkmessageprocessingstep", KeysStep);
        return Organization.AddRow("sdkmessageprocessingstep", Guid.NewGuid(), ("name", "Listener"), ("mode", 0),
            ("stage", 40), ("rank", 9), ("supporteddeployment", 0), ("sdkmessageid", own["sdkmessageid"]),
            ("eventhandler", own["eventhandler"]), ("statecode", 0), ("statuscode", 1)).Id;
    }

    private void TraceKeys()
    {
        Organization.Pipeline.Trace.HoldsSecureConfiguration = true;
        Organization.ChangeRow("organization", Organization.Id, ("plugintracelogsetting", 2));
        IssueAsync().GetAwaiter().GetResult();
        Organization.ChangeRow("organization", Organization.Id, ("plugintracelogsetting", 0));
    }

    private static string PrivateKey()
    {
        using RSA key = RSA.Create(PreparedKeys.At(80));
        return key.ExportPkcs8PrivateKeyPem();
    }
}
