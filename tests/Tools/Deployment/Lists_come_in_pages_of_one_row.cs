using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Sample;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>No command takes the first page of a list for the list.</summary>
[TestClass]
public sealed class Lists_come_in_pages_of_one_row : EnvironmentUnderTest
{
    private static readonly string[] Sets = [.. Schema.Known.Tables.Select(table => "/" + table.SetName)];

    // The answers that had another page.
    private int cut;

    [TestMethod]
    public async Task And_every_command_says_and_does_what_it_does_without()
    {
        EmptySite.AddTo(Organization, "Contoso", "contosohelp.com");
        Organization.AddRow("msdyn_livechatconfig", Guid.NewGuid(), ("msdyn_name", "Other widget"));
        Organization.AddRow("msdyn_livechatconfig", Guid.NewGuid(), ("msdyn_name", "Widget"));
        Organization.ChangeRow("organization", Organization.Id, ("blockedattachments", "exe"));
        Settings["portals"] = new JsonArray(new JsonObject { ["site"] = "Contoso" });
        Settings["publish"]!.AsArray().Add(new JsonObject { ["page"] = "Contoso" });
        Settings["authenticationSettings"] = new JsonObject
        {
            ["publicKeyUrl"] = "https://contosohelp.com/publickey",
            ["widgets"] = new JsonArray("Widget"),
        };

        await DoInPagesAsync("deploy");
        await EqualAsync("deploy");
        await EqualAsync("doctor");
        await EqualAsync("keys");
        await DoInPagesAsync("rotate");
        await EqualAsync("rotate", "--dry-run");
        await EqualAsync("uninstall", "--dry-run");
        await DoInPagesAsync("uninstall", "--yes");
        Assert.IsEmpty(Organization.Rows.Now.All("sdkmessageprocessingstepsecureconfig"));
    }

    // A dry run makes a key of its own.
    private static string WithoutIds(string text) => Regex.Replace(text, "[A-Za-z0-9_-]{43}", "kid");

    private async Task EqualAsync(params string[] args)
    {
        Network.Before = request => ServeAsync(request);
        CommandRun whole = await RunAsync(args);
        Network.Before = PagedAsync;
        (int before, CommandRun paged) = (cut, await RunAsync(args));
        Assert.AreEqual(whole.ExitCode, paged.ExitCode);
        Assert.AreEqual(WithoutIds(whole.Out + whole.Error), WithoutIds(paged.Out + paged.Error));
        Assert.IsGreaterThan(before, cut, string.Join(' ', args));
    }

    private async Task DoInPagesAsync(params string[] args)
    {
        Network.Before = PagedAsync;
        await DoAsync(args);
    }

    private async Task<HttpResponseMessage?> PagedAsync(HttpRequestMessage request)
    {
        if (request.Method == HttpMethod.Get && Sets.Any(request.RequestUri!.AbsolutePath.EndsWith)
            && !request.RequestUri.Query.Contains("$top", StringComparison.Ordinal))
        {
            request.Headers.Add("Prefer", "odata.maxpagesize=1");
            cut += request.RequestUri.Query.Contains("skiptoken", StringComparison.Ordinal) ? 1 : 0;
        }

        return await ServeAsync(request);
    }

    private async Task<HttpResponseMessage?> ServeAsync(HttpRequestMessage request) =>
        request.RequestUri!.IsLoopback ? null
            : new HttpResponseMessage
            {
                Content = new StringContent(File.Exists(KeyFilePath) ? await File.ReadAllTextAsync(KeyFilePath) : "[]"),
            };
}
