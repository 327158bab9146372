using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

[TestClass]
public sealed class The_whole_life_of_an_environment : EnvironmentUnderTest
{
    [TestMethod]
    public async Task Every_token_verifies_and_nothing_is_left_behind()
    {
        string[] before = Rows();
        await DoAsync("deploy");
        await DoAsync("deploy");
        Assert.IsEmpty(Network.Writes);
        string first = await IssueVerifiedAsync();

        await DoAsync("rotate", "--lead", "0s", "--force");
        string second = await IssueVerifiedAsync();
        Assert.AreNotEqual(first, second);
        CollectionAssert.AreEquivalent(new[] { first, second }, Served().Keys.ToArray());

        await DoAsync("revoke", first);
        CollectionAssert.AreEqual(new[] { second }, Served().Keys.ToArray());
        Assert.AreEqual(second, await IssueVerifiedAsync());

        await DoAsync("uninstall", "--yes");
        Assert.IsFalse(File.Exists(KeyFilePath));
        CollectionAssert.AreEquivalent(before, Rows());
    }

    // The publisher stays, as on the platform; import jobs are its history.
    private string[] Rows() => [.. Organization.Rows.Now.Tables
        .Where(table => table.Key is not ("publisher" or "asyncoperation" or "importjob"))
        .SelectMany(table => table.Value.Values.Select(row => table.Key + " " + row.Id))];
}
