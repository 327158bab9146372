using System;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class Unmanaged_customizations_are_blocked : Organization
{
    private const string Code = "0x80072042";

    [TestMethod]
    public async Task A_step_cannot_be_created()
    {
        var step = await Step("a");
        Local.BlocksUnmanagedCustomizations = true;
        var answer = await Post("sdkmessageprocessingsteps", step);
        Assert.AreEqual((400, Code), (answer.Status, answer.Code));
        StringAssert.StartsWith(
            answer.Message, "This environment doesn't allow unmanaged customizations.", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_step_can_be_disabled_and_deleted_but_not_changed()
    {
        var step = await AddStep("a");
        Local.BlocksUnmanagedCustomizations = true;
        Assert.AreEqual(Code, (await Patch(step, new { description = "touched" })).Code);
        Assert.AreEqual(204, (await Patch(step, new { statecode = 1, statuscode = 2 })).Status);
        Assert.AreEqual(204, (await Delete(step)).Status);
    }

    [TestMethod]
    public async Task Only_a_managed_solution_can_be_imported()
    {
        Local.BlocksUnmanagedCustomizations = true;
        Assert.AreEqual(31, (await Import(new TestSolution(managed: false))).Json.GetProperty("statuscode").GetInt32());
        Assert.AreEqual(
            30, (await Import(new TestSolution(version: "2.0.0.0"))).Json.GetProperty("statuscode").GetInt32());
    }

    protected override Task Prepare() => Import(new TestSolution());
}
