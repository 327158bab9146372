using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Threading.Tasks;
using System.Xml.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class A_solution_is_exported : Organization
{
    private string step = string.Empty;
    private string solution = string.Empty;

    [TestMethod]
    public async Task A_step_names_its_message_by_id()
    {
        var step = (await ExportAsync()).Descendants("SdkMessageProcessingStep").Single();
        var message = (await Get("sdkmessages?$filter=name eq 'test_Probe'")).Json.GetProperty("value")[0].GetProperty(
            "sdkmessageid").GetGuid();
        Assert.AreEqual(message, Guid.Parse(step.Element("SdkMessageId")!.Value));
        Assert.AreEqual("ChatAuth.TestPlugins.Probe", step.Element("PluginTypeName")!.Value);
    }

    [TestMethod]
    public async Task A_step_that_is_deleted_is_in_no_solution()
    {
        Assert.AreEqual(204, (await Delete(step)).Status);
        Assert.IsEmpty((await ExportAsync()).Descendants("SdkMessageProcessingStep"));
    }

    [TestMethod]
    public async Task An_unmanaged_solution_that_is_deleted_leaves_its_step()
    {
        Assert.AreEqual(204, (await Delete(solution)).Status);
        Assert.AreEqual(200, (await Get(step)).Status);
        Assert.IsEmpty((await Get("solutioncomponents")).Json.GetProperty("value").EnumerateArray());
        Assert.AreEqual(400, (await Post("ExportSolution", new { SolutionName = "mine", Managed = false })).Status);
    }

    [TestMethod]
    [DataRow(
        "AddSolutionComponent",
        """
        {"ComponentId":"87b4d06c-abc2-e811-a9b0-000d3a10e09e","ComponentType":92,"SolutionUniqueName":"mine",
         "AddRequiredComponents":false}
        """,
        404,
        DisplayName = "a step that is not there")]
    [DataRow(
        "AddSolutionComponent",
        """
        {"ComponentId":"87b4d06c-abc2-e811-a9b0-000d3a10e09e","ComponentType":91,"SolutionUniqueName":"mine",
         "AddRequiredComponents":false}
        """,
        501,
        DisplayName = "another component")]
    [DataRow(
        "AddSolutionComponent",
        """
        {"ComponentId":"87b4d06c-abc2-e811-a9b0-000d3a10e09e","ComponentType":92,"SolutionUniqueName":"TestSolution",
         "AddRequiredComponents":false}
        """,
        400,
        DisplayName = "to a managed solution")]
    [DataRow(
        "ExportSolution",
        """{"SolutionName":"TestSolution","Managed":false}""",
        400,
        DisplayName = "a managed solution")]
    [DataRow("ExportSolution", """{"SolutionName":"mine","Managed":true}""", 501, DisplayName = "as managed")]
    [DataRow("ExportSolution", """{"SolutionName":"mine"}""", 400, DisplayName = "without a required parameter")]
    [DataRow(
        "ExportSolution",
        """{"SolutionName":"mine","Managed":false,"TargetVersion":"9.0"}""",
        501,
        DisplayName = "with another parameter")]
    public async Task What_is_wrong_or_not_known_is_refused(string message, string body, int status) =>
        Assert.AreEqual(status, (await Post(message, body)).Status);

    [TestMethod]
    public async Task It_takes_privileges()
    {
        var nobody = Local.AddPerson("nobody");
        Assert.AreEqual(
            403, (await Post("ExportSolution", new { SolutionName = "mine", Managed = false }, nobody)).Status);
        Assert.AreEqual(403, (await Post("AddSolutionComponent", new { }, nobody)).Status);
        Assert.AreEqual(403, (await Post("solutions", new { uniquename = "x" }, nobody)).Status);
    }

    protected override async Task Prepare()
    {
        await Import(new TestSolution());
        step = await AddStep("a");
        solution = (
            await Post("solutions",
                new { uniquename = "mine", friendlyname = "Mine", version = "1.0.0.0" })).Headers["OData-EntityId"]
            .Split("/v9.2/")[1];
        var added = await Post(
            "AddSolutionComponent", new
            {
                ComponentId = step.Split('(', ')')[1],
                ComponentType = 92,
                SolutionUniqueName = "mine",
                AddRequiredComponents = false,
            });
        Assert.AreEqual(200, added.Status);
    }

    private async Task<XElement> ExportAsync()
    {
        var answer = await Post("ExportSolution", new { SolutionName = "mine", Managed = false });
        Assert.AreEqual(200, answer.Status);
        return Customizations(Convert.FromBase64String(answer.Text("ExportSolutionFile")!));
    }

    private static XElement Customizations(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        using var customizations = archive.GetEntry("customizations.xml")!.Open();
        return XElement.Load(customizations);
    }
}
