using System;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>
/// A command is stopped at each of its requests, and another one follows or overtakes it: one cell for each of both and
/// place. <c>tests/Overtaking</c> runs all of them, also where keys are published on a site.
/// </summary>
[TestClass]
public sealed class Commands_overtake_one_another
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("deploy")]
    [DataRow("rotate")]
    [DataRow("revoke")]
    [DataRow("uninstall")]
    public async Task And_no_revoked_key_comes_back(string first)
    {
        OvertakingResult result = await new OvertakingMatrix(first, WorldPlace.File).RunAsync(isWhole: false);
        TestContext.WriteLine($"{first}: {result.Requests} requests, {result.Cells} cells");
        Assert.IsGreaterThan(40, result.Cells);
        Assert.IsEmpty(result.Broken, string.Join('\n', result.Broken.Take(10)));
    }
}
