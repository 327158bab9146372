using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

[TestClass]
public sealed class Two_commands_run_at_once : EnvironmentUnderTest
{
    [TestMethod]
    public async Task From_nothing_the_later_one_is_told_and_stops()
    {
        OtherRunsBefore(HttpMethod.Post, "sdkmessageprocessingstepsecureconfigs", () => DoAsync("deploy"));
        CommandRun run = await RunAsync("deploy");

        Assert.AreEqual("CHATAUTH5006", run.Codes, run.Error);
        Assert.HasCount(1, StoredKeys());
        await IssueVerifiedAsync();
    }

    [TestMethod]
    public async Task No_key_of_the_other_rotation_is_lost()
    {
        await DoAsync("deploy");
        OtherRunsBefore(
            HttpMethod.Patch, "sdkmessageprocessingstepsecureconfigs", () => DoAsync("rotate", "--lead", "0s"));

        CommandRun run = await RunAsync("rotate", "--lead", "0s");

        Assert.AreEqual("CHATAUTH5006", run.Codes, run.Error);
        Assert.HasCount(2, StoredKeys());
        Assert.HasCount(2, Served());
        await IssueVerifiedAsync();
    }

    [TestMethod]
    public async Task A_revocation_that_is_overtaken_goes_on()
    {
        await DoAsync("deploy");
        string first = await IssueVerifiedAsync();
        await DoAsync("rotate", "--lead", "0s");
        OtherRunsBefore(HttpMethod.Patch, "sdkmessageprocessingstepsecureconfigs", () => DoAsync("deploy"));

        await DoAsync("revoke", first);
        Assert.DoesNotContain(first, Served().Keys);
        await IssueVerifiedAsync();
    }

    [TestMethod]
    public async Task The_later_one_is_told_too_where_Dataverse_keeps_no_versions()
    {
        Network.Before = NoVersions;
        await DoAsync("deploy");
        await DoAsync("rotate", "--lead", "0s");
        await IssueVerifiedAsync();
        bool hasRun = false;
        Network.Before = async request =>
        {
            if (request.Method == HttpMethod.Patch && !hasRun)
            {
                hasRun = true;
                await DoAsync("rotate", "--lead", "0s");
            }

            return await NoVersions(request);
        };

        CommandRun run = await RunAsync("rotate", "--lead", "0s");

        Assert.AreEqual("CHATAUTH5006", run.Codes, run.Error);
        Assert.HasCount(3, StoredKeys());
    }

    [TestMethod]
    public async Task Settings_that_another_deploy_wrote_meanwhile_stay()
    {
        await DoAsync("deploy");
        Settings["issuer"] = "first.contosohelp.com";
        OtherRunsBefore(HttpMethod.Patch, "sdkmessageprocessingsteps(", () =>
        {
            Settings["issuer"] = "second.contosohelp.com";
            return DoAsync("deploy");
        });

        CommandRun run = await RunAsync("deploy");

        Assert.AreEqual("CHATAUTH5006", run.Codes, run.Error);
        IEnumerable<string?> settings =
            Organization.Rows.Now.All("sdkmessageprocessingstep").Select(row => row.Text("configuration"));
        StringAssert.Contains(string.Concat(settings), "second.contosohelp.com");
    }

    [TestMethod]
    public async Task A_revocation_that_sets_the_row_back_knows_the_key_that_a_rotation_published()
    {
        await DoAsync("deploy");
        string first = await IssueVerifiedAsync();
        await DoAsync("rotate", "--lead", "0s");

        // The write that no version guards, after the last look at the row.
        Network.Before = async request =>
        {
            if (request.Method == HttpMethod.Patch && request.Headers.GetValues("If-Match").Contains("*"))
            {
                Network.Before = null;
                await DoAsync("rotate", "--lead", "2h");
                Assert.HasCount(3, Served());
            }

            return null;
        };
        CommandRun run = await DoAsync("revoke", first);

        Assert.IsNull(Network.Before, run.Error);

        Assert.HasCount(1, Served());
        Assert.DoesNotContain(first, Served().Keys);
        await DoAsync("deploy");
        await IssueVerifiedAsync();
    }

    private static Task<HttpResponseMessage?> NoVersions(HttpRequestMessage request) => Task.FromResult(
        request.Headers.TryGetValues("If-Match", out var versions) && !versions.Contains("*")
            ? new HttpResponseMessage(HttpStatusCode.BadRequest)
            {
                Content = new StringContent(
                    """{"error":{"code":"0x8006088d","message":"Optimistic concurrency is not enabled."}}"""),
            }
            : null);

    private void OtherRunsBefore(HttpMethod method, string set, Func<Task> other)
    {
        Network.Before = async request =>
        {
            if (request.Method == method && request.RequestUri!.AbsolutePath.Contains(set, StringComparison.Ordinal))
            {
                Network.Before = null;
                await other();
            }

            return null;
        };
    }
}
