using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

[TestClass]
public sealed class Keys_are_shown : EnvironmentUnderTest
{
    [TestMethod]
    public async Task With_state_dates_and_where_they_are_served()
    {
        await DoAsync("deploy");
        await DoAsync("rotate");
        string[] lines = (await DoAsync("keys")).Out.Split('\n', System.StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(3, lines);
        Assert.MatchesRegex(@"^kid +state +from +until +served at$", lines[0]);
        Assert.MatchesRegex(
            @"^[\w-]{43}  signing    2030-01-02T03:04:\d\dZ  2030-01-04T03:04:\d\dZ  file .*publickey.json$", lines[1]);
        Assert.MatchesRegex(
            @"^[\w-]{43}  scheduled  2030-01-03T03:04:\d\dZ  2031-01-02T03:04:\d\dZ  file .*publickey.json$", lines[2]);
    }

    [TestMethod]
    public async Task As_JSON()
    {
        await DoAsync("deploy");
        System.IO.File.Delete(KeyFilePath);
        JsonNode key = JsonNode.Parse((await DoAsync("keys", "--json")).Out)!.AsArray().Single()!;
        Assert.AreEqual("signing", key["state"]!.GetValue<string>());
        Assert.IsEmpty(key["servedAt"]!.AsArray());
    }
}
