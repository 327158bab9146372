using System;
using System.Collections.Generic;
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
    public async Task A_step_on_a_custom_API_has_the_elements_of_a_real_export()
    {
        var step = (await ExportAsync()).Descendants("SdkMessageProcessingStep").Single();
        CollectionAssert.AreEqual(
            new[]
            {
                "SdkMessageName", "PluginTypeName", "PluginTypeId", "AsyncAutoDelete", "Description",
                "FilteringAttributes", "InvocationSource", "Mode", "Rank", "EventHandlerTypeCode", "Stage",
                "IsCustomizable", "IsHidden", "SupportedDeployment", "IntroducedVersion",
                "SdkMessageProcessingStepImages",
            },
            step.Elements().Select(element => element.Name.LocalName).ToArray());
        Assert.AreEqual("test_Probe", step.Element("SdkMessageName")!.Value);
        StringAssert.StartsWith(step.Element("PluginTypeName")!.Value, "ChatAuth.TestPlugins.Probe, ChatAuth.TestPlug");
    }

    [TestMethod]
    [DataRow(false, 1)]
    [DataRow(true, 0)]
    public async Task And_imported_again_it_is_bound_by_the_messages_name(bool activates, int state)
    {
        byte[] zip = await ZipAsync();
        await Delete(step);
        await Delete(solution);
        Assert.AreEqual(30, (await ImportAsync(zip, activates)).Json.GetProperty("statuscode").GetInt32());
        var row = await Get(step + "?$select=_sdkmessageid_value,_plugintypeid_value,statecode,stage");
        var message = (await Get("sdkmessages?$filter=name eq 'test_Probe'")).Json.GetProperty("value")[0];
        Assert.AreEqual(
            (message.GetProperty("sdkmessageid").GetString(), TestSolution.TypeId("Probe").ToString(), state, 40),
            (row.Text("_sdkmessageid_value"), row.Text("_plugintypeid_value"),
                row.Json.GetProperty("statecode").GetInt32(), row.Json.GetProperty("stage").GetInt32()));
    }

    [TestMethod]
    [DataRow("<SdkMessageName>test_Probe<", "<SdkMessageName>test_Other<", "message is not in this organization")]
    [DataRow("<SdkMessageName>test_Probe<", "<SdkMessageName>test_Closed<", "is not allowed on the specified message")]
    [DataRow("<PluginTypeId>0", "<PluginTypeId>9", "plug-in type")]
    [DataRow("<Stage>40<", "<Stage>30<", "stage")]
    [DataRow("<Mode>0<", "<Mode>1<", "does not know asynchronous steps")]
    [DataRow("<FilteringAttributes />", "<FilteringAttributes>a</FilteringAttributes>", "does not know steps of other")]
    [DataRow("<IsHidden>", "<Configuration>{}</Configuration><IsHidden>", "does not know Configuration of a step")]
    public async Task A_step_that_does_not_fit_is_refused(string old, string changed, string message)
    {
        byte[] zip = await ZipAsync();
        await Delete(step);
        await Delete(solution);
        var done = await ImportAsync(Changed(zip, old, changed), activates: false);
        Assert.AreEqual(31, done.Json.GetProperty("statuscode").GetInt32());
        StringAssert.Contains(done.Text("message"), message);
    }

    [TestMethod]
    public async Task A_step_with_a_configuration_is_not_known()
    {
        await Patch(step, new { configuration = "{}" });
        Assert.AreEqual(501, (await Post("ExportSolution", new { SolutionName = "mine", Managed = false })).Status);
    }

    [TestMethod]
    public async Task A_step_that_is_there_already_is_not_known()
    {
        var done = await ImportAsync(await ZipAsync(), activates: false);
        StringAssert.Contains(done.Text("message"), "does not know what an import does to a step that is there");
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
        var publisher = (await Get("publishers")).Json.GetProperty("value")[0].GetProperty("publisherid").GetString();
        var created = await Post("solutions", new Dictionary<string, object>
        {
            ["uniquename"] = "mine",
            ["friendlyname"] = "Mine",
            ["version"] = "1.0.0.0",
            ["publisherid@odata.bind"] = $"/publishers({publisher})",
        });
        solution = created.Headers["OData-EntityId"].Split("/v9.2/")[1];
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

    private async Task<XElement> ExportAsync() => Customizations(await ZipAsync());

    private async Task<byte[]> ZipAsync()
    {
        var answer = await Post("ExportSolution", new { SolutionName = "mine", Managed = false });
        Assert.AreEqual(200, answer.Status);
        return Convert.FromBase64String(answer.Text("ExportSolutionFile")!);
    }

    private async Task<Answer> ImportAsync(byte[] zip, bool activates)
    {
        var started = await Post("ImportSolutionAsync", new
        {
            OverwriteUnmanagedCustomizations = false,
            PublishWorkflows = activates,
            CustomizationFile = Convert.ToBase64String(zip),
            ImportJobId = Guid.NewGuid(),
        });
        Clock.Move(Local.ImportDuration);
        return await Get($"asyncoperations({started.Text("AsyncOperationId")})");
    }

    private static byte[] Changed(byte[] zip, string old, string changed)
    {
        using var stream = new MemoryStream();
        stream.Write(zip);
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            string text;
            using (var reader = new StreamReader(archive.GetEntry("customizations.xml")!.Open()))
            {
                text = reader.ReadToEnd();
            }

            StringAssert.Contains(text, old);
            archive.GetEntry("customizations.xml")!.Delete();
            using var writer = new StreamWriter(archive.CreateEntry("customizations.xml").Open());
            writer.Write(text.Replace(old, changed, StringComparison.Ordinal));
        }

        return stream.ToArray();
    }

    private static XElement Customizations(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        using var customizations = archive.GetEntry("customizations.xml")!.Open();
        return XElement.Load(customizations);
    }
}
