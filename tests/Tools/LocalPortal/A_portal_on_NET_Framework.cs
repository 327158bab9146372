using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.Tools.Tests.Security;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.LocalPortal;

/// <summary>
/// samples/netframework, hosted by ASP.NET on .NET Framework or Mono (tests/NetFramework), before the Dataverse of the
/// table that the samples share.
/// </summary>
[TestClass]
#pragma warning disable CA1001 // the clean-up after each test disposes what it owns
public class A_portal_on_NET_Framework
#pragma warning restore CA1001
{
    private const string Bert = "87b4d06c-abc2-e811-a9b0-000d3a10e09e";

    private static TemporaryFolder? site;
    private static Process? host;
    private static HttpClientHandler? handler;
    private static HttpClient? portal;

    private PortalTable? table;

    public static IEnumerable<object[]> Cases => PortalTable.Names("cases", "severalUsers", "windows", "apps");

    [ClassInitialize]
    public static async Task Serve(TestContext context)
    {
        site = new TemporaryFolder();
        string program = RepositoryRoot.File(
            "artifacts/build/bin/ChatAuth.NetFramework.Host/"
                + Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))
                + "/ChatAuth.NetFramework.Host.exe");
        string[] command = OperatingSystem.IsWindows() ? [program, site.Path] : ["mono", program, site.Path];
        try
        {
            host = Process.Start(new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        }
        catch (Win32Exception) when (!OperatingSystem.IsWindows())
        {
            return;
        }

        handler = new HttpClientHandler { AllowAutoRedirect = false, CheckCertificateRevocationList = true };
        portal = new HttpClient(handler) { BaseAddress = new Uri((await host.StandardOutput.ReadLineAsync())!) };
    }

    [ClassCleanup]
    public static async Task End()
    {
        portal?.Dispose();
        handler?.Dispose();
        if (host != null)
        {
            host.StandardInput.Close();
            await host.WaitForExitAsync();
            host.Dispose();
        }

        site?.Dispose();
    }

    [TestInitialize]
    public async Task Start()
    {
        if (portal == null)
        {
            Assert.Inconclusive("mono is not on the path of this machine.");
        }

        table = await PortalTable.StartAsync();
    }

    [TestCleanup]
    public async Task Stop() => await (table?.DisposeAsync() ?? default);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public async Task Answers_as_the_table_of_the_samples_says(string name)
    {
        JsonNode one = PortalTable.Case(name);
        string users = string.Join(
            ',', one["portal"]?["users"]?.AsArray().Select(user => user!.GetValue<string>()) ?? ["application"]);
        int perMinute = one["portal"]?["perMinute"]?.GetValue<int>() ?? 30;
        await OpenAsync(
            table!.Dataverse, users, perMinute, one["portal"]?["format"]?.GetValue<string>(), one["portal"]);
        await table.PlayAsync(
            one,
            portal!,
            time => portal!.GetStringAsync(new Uri($"/test/pass?seconds={time.TotalSeconds}", UriKind.Relative)),
            time => portal!.GetStringAsync(new Uri($"/test/set?seconds={time.TotalSeconds}", UriKind.Relative)),
            async () => JsonSerializer.Deserialize<string[]>(
                await portal!.GetStringAsync(new Uri("/test/log", UriKind.Relative)))!);
    }

    [TestMethod]
    public async Task Sends_no_window_to_an_address_that_a_browser_may_read_in_another_way()
    {
        foreach (string kind in new[] { "good", "bad" })
        {
            string[] addresses = [.. PortalTable.WindowAddresses(kind)];
            JsonObject window = new() { ["redirectUris"] = new JsonArray([.. addresses]) };
            await OpenAsync(table!.Dataverse, "user", 300, null, new JsonObject { ["externalWindow"] = window });
            foreach (string address in addresses)
            {
                using HttpResponseMessage answer = await table.AskAsync(portal!, new JsonObject
                {
                    ["path"] = "/authorize?response_type=token&redirect_uri=" + Uri.EscapeDataString(address),
                });
                Assert.AreEqual(kind == "good" ? 302 : 400, (int)answer.StatusCode, address);
            }
        }
    }

    [TestMethod]
    public async Task Tells_an_address_of_the_list_that_no_window_is_sent_to()
    {
        JsonObject window = new() { ["redirectUris"] = new JsonArray("http://lp.example/window") };
        await OpenAsync(table!.Dataverse, "user", 30, null, new JsonObject { ["externalWindow"] = window });
        using HttpResponseMessage answer = await table.AskAsync(portal!, new JsonObject
        {
            ["path"] = "/authorize?response_type=token&redirect_uri=http://lp.example/window",
        });
        Assert.AreEqual(400, (int)answer.StatusCode);
        Assert.Contains(
            "GET authorize refused: redirect_uri is in redirectUris, and no https address ",
            await portal!.GetStringAsync(new Uri("/test/log", UriKind.Relative)));
    }

    [TestMethod]
    public async Task Gets_a_token_of_LocalDataverse_for_its_visitor_and_for_nobody_else()
    {
        using IssuingOrganization organization = new(
            """
            {"issuer":"contosohelp.com","callers":{"6f0c1f0e-0000-0000-0000-000000000001":{"contact":"parameter"}}}
            """);
        LocalUser user = organization.Local.AddApplicationUser(
            "portal", new Guid("6f0c1f0e-0000-0000-0000-000000000001"), "prvReadContact");
        organization.Local.AddRow(
            "contact", new Guid(Bert), ("firstname", "Bert"), ("statecode", new OptionSetValue(0)));
        await using LocalDataverseServer server = await LocalDataverseServer.StartAsync(organization.Local, 0);
        await OpenAsync(server.Url, user.Token, 30, format: null);
        using HttpResponseMessage issued = await table!.AskAsync(portal!, new JsonObject { ["path"] = "/token" });
        string token = await issued.Content.ReadAsStringAsync();
        Assert.AreEqual(200, (int)issued.StatusCode, token);
        Assert.AreEqual(Bert, ChatAuth.Tokens.Token.Parse(token).Payload["sub"]!.Text);

        // Another contact is not in this Dataverse: the refusal of the plug-in reaches the page by its code.
        using HttpResponseMessage refused = await table!.AskAsync(
            portal!, new JsonObject { ["path"] = "/token", ["visitor"] = "5b0e1c8e-3f0a-4b57-8f3c-000000000002" });
        string refusal = await refused.Content.ReadAsStringAsync();
        Assert.IsFalse(refused.IsSuccessStatusCode);
        Assert.Contains("CHATAUTH1008: ", refusal);
    }

    private static async Task OpenAsync(
        Uri environment, string users, int perMinute, string? format, JsonNode? options = null)
    {
        JsonNode? window = options?["externalWindow"];
        string uris = string.Join(' ', window?["redirectUris"]?.AsArray().Select(uri => uri!.GetValue<string>()) ?? []);
        string apps = options?["apps"] == null ? string.Empty : "&apps=1";
        string client = window?["clientId"] is { } id ? "&clientId=" + id.GetValue<string>() : string.Empty;
        using HttpResponseMessage opened = await portal!.GetAsync(new Uri(
            $"/test/open?dataverse={Uri.EscapeDataString(environment.AbsoluteUri)}&token={Uri.EscapeDataString(users)}"
                + $"&perMinute={perMinute}&format={format}&redirectUris={Uri.EscapeDataString(uris)}{client}{apps}",
            UriKind.Relative));
        Assert.IsTrue(opened.IsSuccessStatusCode);
    }
}
