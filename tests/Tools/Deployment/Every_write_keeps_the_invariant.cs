using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>
/// Looks at the environment after each request of a command: whatever signs then, or will by its dates alone, is
/// served.
/// </summary>
[TestClass]
public sealed class Every_write_keeps_the_invariant : EnvironmentUnderTest
{
    private int looked;

    [TestMethod]
    public async Task From_the_first_deployment_to_a_revocation()
    {
        Network.Before = Look;
        await DoAsync("deploy");
        string first = StoredKeys()[0]!["kid"]!.GetValue<string>();
        await IssueVerifiedAsync();
        await DoAsync("rotate", "--lead", "2h");
        await DoAsync("rotate", "--lead", "0s", "--force");
        await DoAsync("rotate", "--lead", "0s", "--force");
        await DoAsync("revoke", first);
        await DoAsync("revoke", StoredKeys()[^1]!["kid"]!.GetValue<string>(), "--force");
        await DoAsync("deploy");
        Assert.IsGreaterThan(50, looked);
    }

    // Not the row alone but what it leads to: a token at this moment, and after each date of the row.
    private async Task<HttpResponseMessage?> Look(HttpRequestMessage request)
    {
        looked++;
        if (Organization.Rows.Now.All("sdkmessageprocessingstep").Any(step => step.Number("statecode") == 0)
            && Signing() is { } keys)
        {
            IEnumerable<string> served = File.Exists(KeyFilePath) ? Served().Keys : [];
            Assert.IsEmpty(keys.Except(served), request.RequestUri!.AbsolutePath);
        }

        return await Task.FromResult<HttpResponseMessage?>(null);
    }

    private string[]? Signing() => Organization.Rows.Now.All("sdkmessageprocessingstepsecureconfig").Any()
        ? [
            .. StoredKeys().Where(
                key =>
                    key!["nbf"]!.GetValue<long>() < 253402300799
                        && key["exp"]!.GetValue<long>() > Clock.GetUtcNow().ToUnixTimeSeconds())
                .Select(key => key!["kid"]!.GetValue<string>()),
        ]
        : null;
}
