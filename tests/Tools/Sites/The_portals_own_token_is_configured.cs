using System;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.LocalDataverse.State;
using ChatAuth.LocalPortal.PowerPages;
using ChatAuth.Tools.Tests.Deployment;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Sites;

/// <summary><c>chatauth builtin configure</c>.</summary>
[TestClass]
public sealed class The_portals_own_token_is_configured : EnvironmentUnderTest
{
    private const string Thumbprint = "0F1E2D3C4B5A69788796A5B4C3D2E1F00F1E2D3C";
    private const string Other = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF";

    private static readonly string[] All =
        ["--registered-client", "contoso-chat", "--lifetime-seconds", "1800"];

    private Guid site;
    private bool isEnhanced;

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task In_both_data_models_by_a_plan_and_a_second_run_changes_nothing(bool enhanced)
    {
        Open(enhanced);
        CommandRun plan = await ConfigureAsync([.. All, "--dry-run"]);
        Assert.AreEqual(3, plan.ExitCode, plan.Error);
        StringAssert.Contains(
            plan.Out, "will: create the site setting CustomCertificates/ImplicitGrantflow of the site Contoso\n      "
                + $"value: nothing → {Thumbprint}\n");
        Assert.IsEmpty(Network.Writes);

        CommandRun run = await ConfigureAsync(All);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Out, "Restart the site");
        CollectionAssert.AreEquivalent(
            new[]
            {
                $"CustomCertificates/ImplicitGrantflow={Thumbprint}",
                "ImplicitGrantFlow/RegisteredClientId=contoso-chat",
                "ImplicitGrantFlow/TokenExpirationTime=1800",
                "Connector/ImplicitGrantFlowEnabled=True",
            },
            Values());
        CommandRun again = await ConfigureAsync(All);
        Assert.AreEqual(0, again.ExitCode, again.Error);
        Assert.AreEqual("The site has these settings already; nothing was changed.\n", again.Out);
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task As_JSON()
    {
        Open(enhanced: true);
        CommandRun run = await ConfigureAsync(["--dry-run", "--json"]);
        Assert.AreEqual(3, run.ExitCode, run.Error);
        Assert.HasCount(2, JsonNode.Parse(run.Out)!["changes"]!.AsArray());
    }

    [TestMethod]
    [DataRow("0f 1e 2d 3c 4b 5a 69 78 87 96 a5 b4 c3 d2 e1 f0 0f 1e 2d 3c")]
    [DataRow("0f:1e:2d:3c:4b:5a:69:78:87:96:a5:b4:c3:d2:e1:f0:0f:1e:2d:3c")]
    [DataRow("\u200e0F1E2D3C4B5A69788796A5B4C3D2E1F00F1E2D3C")]
    public async Task By_a_thumbprint_as_people_copy_it(string copied)
    {
        Open(enhanced: true);
        Assert.AreEqual(0, (await ConfigureAsync([], copied)).ExitCode);
        CollectionAssert.Contains(Values(), $"CustomCertificates/ImplicitGrantflow={Thumbprint}");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task But_never_over_what_somebody_chose_unless_told_so(bool enhanced)
    {
        Open(enhanced);
        Set("customcertificates/implicitgrantflow", Other);
        Set("Connector/ImplicitGrantFlowEnabled", "False");
        CommandRun refused = await ConfigureAsync(All);
        Assert.AreEqual((1, "CHATAUTH5604 CHATAUTH5604"), (refused.ExitCode, refused.Codes));
        StringAssert.Contains(refused.Error, "--force CHATAUTH5604");
        Assert.IsEmpty(Network.Writes);

        CommandRun plan = await ConfigureAsync(["--force", "CHATAUTH5604", "--dry-run"]);
        StringAssert.Contains(plan.Out, $"value: {Other} → {Thumbprint}");
        Assert.AreEqual(0, (await ConfigureAsync(["--force", "CHATAUTH5604"])).ExitCode);
        CollectionAssert.AreEquivalent(
            new[]
            {
                $"customcertificates/implicitgrantflow={Thumbprint}", "Connector/ImplicitGrantFlowEnabled=True",
            },
            Values());
    }

    [TestMethod]
    [DataRow("other", "other;contoso-chat")]
    [DataRow("other;third;", "other;third;contoso-chat")]
    [DataRow("other; contoso-chat", "other; contoso-chat")]
    [DataRow("", "contoso-chat")]
    public async Task And_other_clients_stay_registered(string before, string after)
    {
        Open(enhanced: true);
        Set("ImplicitGrantFlow/RegisteredClientId", before);
        CommandRun run = await ConfigureAsync(["--registered-client", "contoso-chat"]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        CollectionAssert.Contains(Values(), "ImplicitGrantFlow/RegisteredClientId=" + after);
    }

    [TestMethod]
    [DataRow("true")]
    [DataRow(" TRUE ")]
    public async Task What_says_the_same_is_left_as_it_is_written(string enabled)
    {
        Open(enhanced: true);
        Set("Connector/ImplicitGrantFlowEnabled", enabled);
        Set("CustomCertificates/ImplicitGrantflow", Thumbprint.ToLowerInvariant());
        Set("ImplicitGrantFlow/TokenExpirationTime", "600");
        CommandRun run = await ConfigureAsync([]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task A_setting_that_is_there_twice_stops_it()
    {
        Open(enhanced: true);
        Set("CustomCertificates/ImplicitGrantflow", Thumbprint);
        Set("CustomCertificates/ImplicitGrantflow", Other);
        Assert.AreEqual("CHATAUTH5013", (await ConfigureAsync([])).Codes);
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task A_row_without_a_name_is_no_obstacle()
    {
        Open(enhanced: true);
        Set("Other/Setting", "x");
        Change("Other/Setting", ("name", null));
        CommandRun run = await ConfigureAsync([]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        CollectionAssert.Contains(Values(), "CustomCertificates/ImplicitGrantflow=" + Thumbprint);
    }

    [TestMethod]
    [DataRow("{\"value\":\"a\",\"value\":\"b\"}")]
    [DataRow("{\"value\":\"\\ud800\"}")]
    [DataRow("{\"value\":\"True\",\"other\":\"\\udc00\"}")]
    [DataRow("{\"\\ud83d\":1}")]
    [DataRow("{\"value\":\"True\"")]
    [DataRow("True")]
    [DataRow("[]")]
    [DataRow("null")]
    public async Task Content_that_cannot_be_read_is_overwritten_where_told_so_only(string content)
    {
        Open(enhanced: true);
        Set("Other/Setting", "x");
        Set("Connector/ImplicitGrantFlowEnabled", "True");
        Change("Other/Setting", ("content", content));
        Change("Connector/ImplicitGrantFlowEnabled", ("content", content));
        CommandRun refused = await ConfigureAsync([]);
        Assert.AreEqual("CHATAUTH5604", refused.Codes, refused.Error);
        StringAssert.Contains(refused.Error, ": it holds what cannot be read. Overwrite");
        Assert.IsEmpty(Network.Writes);

        Assert.AreEqual(0, (await ConfigureAsync(["--force", "CHATAUTH5604"])).ExitCode);
        Assert.AreEqual("""{"value":"True"}""", Row("Connector/ImplicitGrantFlowEnabled").Text("content"));
        Assert.AreEqual(content, Row("Other/Setting").Text("content"));
    }

    [TestMethod]
    [DataRow(true, "deactivated", "was deactivated")]
    [DataRow(false, "deactivated", "was deactivated")]
    [DataRow(true, "renamed", "was renamed to Aside/Enabled")]
    [DataRow(false, "renamed", "was renamed to Aside/Enabled")]
    public async Task What_it_made_and_somebody_put_aside_is_told_before_a_write(
        bool enhanced, string state, string fact)
    {
        Open(enhanced);
        Assert.AreEqual(0, (await ConfigureAsync([])).ExitCode);
        Change(
            "Connector/ImplicitGrantFlowEnabled",
            state == "renamed" ? (NameColumn, "Aside/Enabled") : ("statecode", new OptionSetValue(1)));
        CommandRun refused = await ConfigureAsync(["--registered-client", "contoso-chat"]);
        Assert.AreEqual("CHATAUTH5602", refused.Codes, refused.Error);
        StringAssert.Contains(
            refused.Error, "The site setting Connector/ImplicitGrantFlowEnabled of the site contosohelp.com " + fact);
        Assert.IsEmpty(Network.Writes);
        Assert.AreEqual("CHATAUTH5602", (await ConfigureAsync(["--force", "CHATAUTH5604", "--dry-run"])).Codes);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task A_row_that_was_moved_to_another_site_is_told(bool enhanced)
    {
        Open(enhanced);
        Assert.AreEqual(0, (await ConfigureAsync([])).ExitCode);
        Guid other = EmptySite.AddTo(Organization, "Fabrikam", "fabrikam.com", enhanced);
        Change(
            "Connector/ImplicitGrantFlowEnabled",
            enhanced ? ("powerpagesiteid", new EntityReference("powerpagesite", other))
                : ("adx_websiteid", new EntityReference("adx_website", other)));
        CommandRun refused = await ConfigureAsync([]);
        Assert.AreEqual("CHATAUTH5602", refused.Codes, refused.Error);
        StringAssert.Contains(refused.Error, "a row of another site or kind has its id");
    }

    [TestMethod]
    public async Task And_so_does_whoever_changes_it_meanwhile()
    {
        Open(enhanced: true);
        Set("Connector/ImplicitGrantFlowEnabled", "False");
        Network.Before = request =>
        {
            if (request.Method == System.Net.Http.HttpMethod.Patch)
            {
                Organization.ChangeRow(
                    "powerpagecomponent",
                    Organization.Rows.Now.All("powerpagecomponent")
                        .Single(row => row.Text("name") == "Connector/ImplicitGrantFlowEnabled").Id,
                    ("content", """{"value":"Maybe"}"""));
            }

            return Task.FromResult<System.Net.Http.HttpResponseMessage?>(null);
        };
        Assert.AreEqual("CHATAUTH5006", (await ConfigureAsync(["--force", "CHATAUTH5604"])).Codes);
        CollectionAssert.Contains(Values(), "Connector/ImplicitGrantFlowEnabled=Maybe");
    }

    [TestMethod]
    [DataRow("--thumbprint", "0F1E2D3C")]
    [DataRow("--thumbprint", "0F1E2D3C4B5A69788796A5B4C3D2E1F00F1E2D3C0F1E2D3C4B5A69788796A5B4")]
    [DataRow("--thumbprint", "thumbprint 0F1E2D3C4B5A69788796A5B4C3D2E1F00F1E2")]
    [DataRow("--registered-client", "contoso;chat")]
    [DataRow("--registered-client", "a-client-id-of-more-than-thirty-six-x")]
    [DataRow("--registered-client", "")]
    [DataRow("--lifetime-seconds", "59")]
    [DataRow("--lifetime-seconds", "3601")]
    [DataRow("--lifetime-seconds", "15m")]
    [DataRow("--force", "CHATAUTH5013")]
    public async Task Bad_words_are_refused_before_a_request(string option, string value)
    {
        Open(enhanced: true);
        string[] words = option == "--thumbprint" ? [] : [option, value];
        CommandRun run = await ConfigureAsync(words, option == "--thumbprint" ? value : Thumbprint);
        Assert.AreEqual(2, run.ExitCode, run.Error);
        StringAssert.Contains(run.Error, option);
    }

    [TestMethod]
    public async Task A_site_that_is_not_there_is_told()
    {
        Assert.AreEqual("CHATAUTH5012", (await ConfigureAsync([])).Codes);
    }

    private void Open(bool enhanced)
    {
        isEnhanced = enhanced;
        site = EmptySite.AddTo(Organization, "Contoso", "contosohelp.com", enhanced);
    }

    private string Table => isEnhanced ? "powerpagecomponent" : "adx_sitesetting";

    private string NameColumn => isEnhanced ? "name" : "adx_name";

    private Row Row(string name) =>
        Organization.Rows.Now.All(Table).Single(row => row.Text(NameColumn) == name);

    private void Change(string name, params (string, object?)[] values) =>
        Organization.ChangeRow(Table, Row(name).Id, values);

    private void Set(string name, string value) =>
        EmptySite.Add(Organization, site, 9, "sitesetting", name, ("value", value));

    private string[] Values() =>
    [
        .. SiteComponent.Read(Organization.Rows.Now, site, "sitesetting")
            .Select(setting => $"{setting.Name}={setting["value"]}"),
    ];

    private Task<CommandRun> ConfigureAsync(string[] words, string thumbprint = Thumbprint)
    {
        Network.Forget();
        return CommandRun.OfAsync(
            [
                "builtin", "configure", "--site", "Contoso", "--thumbprint", thumbprint, .. words,
                "--url", Environment.AbsoluteUri,
            ],
            clock: Clock,
            environment: name => name == "CHATAUTH_ACCESS_TOKEN" ? Deployer.Token : null,
            network: Network);
    }
}
