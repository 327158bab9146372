using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>
/// Every command is run, well and badly, and all it printed is searched for the private keys that were stored and the
/// access token.
/// </summary>
[TestClass]
public sealed class Nothing_secret_is_printed : EnvironmentUnderTest
{
    private static readonly string[] Private = ["d", "p", "q", "dp", "dq", "qi"];

    private readonly StringBuilder printed = new();
    private readonly HashSet<string> secrets = [];

    [TestMethod]
    public async Task By_any_command()
    {
        secrets.Add(Organization.Administrator.Token);
        await Run("deploy", "--dry-run");
        await Run("deploy");
        secrets.Add(await IssueAsync());
        await Run("deploy");
        await Run("keys");
        await Run("keys", "--json");
        await Run("doctor");
        await Run("doctor", "--json");
        await Run("rotate", "--dry-run");
        await Run("rotate", "--lead", "2h");
        await Run("rotate", "--lead", "0s", "--force");
        await Run("revoke", StoredKeys()[0]!["kid"]!.GetValue<string>(), "--dry-run");
        await Run("revoke", StoredKeys()[0]!["kid"]!.GetValue<string>());
        HttpStatusCode[] failures =
            [HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.InternalServerError];
        foreach (HttpStatusCode status in failures)
        {
            Network.Before = request => Task.FromResult<HttpResponseMessage?>(
                request.Method == HttpMethod.Get ? null : new HttpResponseMessage(status));
            await Run("rotate");
        }

        Network.Before = async request => request.Method == HttpMethod.Patch ? throw new HttpRequestException(
            await request.Content!.ReadAsStringAsync()) : null;
        await Run("rotate");
        await Run("doctor");
        Network.Before = null;
        await Run("uninstall", "--dry-run");
        await Run("uninstall", "--yes");

        Assert.IsGreaterThan(12, secrets.Count);
        string text = printed.ToString();
        foreach (string secret in secrets)
        {
            Assert.DoesNotContain(secret, text);
        }
    }

    private async Task Run(params string[] command)
    {
        CommandRun run = await RunAsync(command);
        printed.Append(run.Out).Append(run.Error);
        if (Organization.Rows.Now.All("sdkmessageprocessingstepsecureconfig").Any())
        {
            foreach (JsonNode? key in StoredKeys())
            {
                secrets.UnionWith(Private.Select(part => key![part]!.GetValue<string>()));
            }
        }
    }
}
