using System;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class A_solution_is_imported : Organization
{
    private const string Solution = "solution.xml";
    private const string Customizations = "customizations.xml";
    private const string Api = TestSolution.ApiFile;

    [TestMethod]
    public async Task It_takes_its_time_and_its_rows_come_with_its_end()
    {
        var started = await Post("ImportSolutionAsync", Parameters(new TestSolution()));
        var job = $"asyncoperations({started.Text("AsyncOperationId")})?$select=statecode,statuscode,completedon";
        var waiting = await Get(job);
        Clock.Move(Local.ImportDuration / 2);
        var running = await Get(job);
        var before = await Get("customapis?$select=uniquename");
        Clock.Move(Local.ImportDuration / 2);
        var done = await Get(job);
        var after = await Get("customapis?$select=uniquename&$orderby=uniquename");
        Assert.AreEqual(((0, 0), (2, 20), (3, 30)), (State(waiting), State(running), State(done)));
        Assert.AreEqual((0, 2),
            (before.Json.GetProperty("value").GetArrayLength(), after.Json.GetProperty("value").GetArrayLength()));
        Assert.AreEqual("test_Closed", after.Json.GetProperty("value")[0].GetProperty("uniquename").GetString());
        Assert.IsNotNull(started.Text("ImportJobKey"));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Its_rows_say_what_the_zip_says(bool managed)
    {
        await Import(new TestSolution(managed));
        var solution = (await Get("solutions?$filter=uniquename eq 'TestSolution'")).Json.GetProperty("value")[0];
        var type =
            (await Get("plugintypes?$filter=typename eq 'ChatAuth.TestPlugins.Probe'")).Json.GetProperty("value")[0];
        var assembly = (await Get($"pluginassemblies({type.GetProperty("_pluginassemblyid_value").GetString()})")).Json;
        var publisher = (await Get($"publishers({solution.GetProperty("_publisherid_value").GetString()})")).Json;
        var message = (await Get("sdkmessages?$filter=name eq 'test_Probe'")).Json.GetProperty("value")[0];
        var api = (
            await Get(
                "customapis?$filter=_sdkmessageid_value eq "
                    + $"{message.GetProperty("sdkmessageid").GetString()}")).Json.GetProperty("value")[0];
        var parameters = await Get(
            $"customapirequestparameters?$filter=_customapiid_value eq {api.GetProperty("customapiid").GetString()}");
        Assert.AreEqual((managed, "1.0.0.0"),
            (solution.GetProperty("ismanaged").GetBoolean(), solution.GetProperty("version").GetString()));
        Assert.AreEqual((2, "1.0.0.0", "neutral"),
            (assembly.GetProperty("isolationmode").GetInt32(), assembly.GetProperty("version").GetString(),
                assembly.GetProperty("culture").GetString()));
        Assert.AreEqual("test", publisher.GetProperty("customizationprefix").GetString());
        Assert.AreEqual(
            (2, "prvReadContact"), (api.GetProperty("allowedcustomprocessingsteptype").GetInt32(),
                api.GetProperty("executeprivilegename").GetString()));
        Assert.AreEqual(9, parameters.Json.GetProperty("value").GetArrayLength());
    }

    [TestMethod]
    public async Task A_part_without_extension_may_have_its_type_from_an_override()
    {
        var solution = new TestSolution().With("[Content_Types].xml", "<Default Extension=\"dll\"",
            $"<Override PartName=\"/{TestSolution.DllFile}\"");
        Assert.AreEqual(30, (await Import(solution)).Json.GetProperty("statuscode").GetInt32());
        await Refused(
            new TestSolution(version: "1.0.0.1").With("[Content_Types].xml", "<Default Extension=\"dll\"",
                "<Override PartName=\"/other.dll\""),
            "no content type");
    }

    [TestMethod]
    public async Task The_name_of_a_part_may_be_percent_encoded()
    {
        var solution = new TestSolution();
        solution.Files.Add(TestSolution.DllFile.Replace("-", "%2D", StringComparison.Ordinal),
            solution.Files[TestSolution.DllFile]);
        Assert.AreEqual(30,
            (await Import(solution.Without(TestSolution.DllFile))).Json.GetProperty("statuscode").GetInt32());
        await Refused(
            new TestSolution(version: "1.0.0.1") { [TestSolution.DllFile.Replace("-", "%2D")] = "x" }, "twice");
    }

    [TestMethod]
    [DataRow(Solution)]
    [DataRow(Customizations)]
    [DataRow("[Content_Types].xml")]
    [DataRow(TestSolution.DllFile)]
    [DataRow(Api)]
    public async Task A_missing_part_is_refused(string file) =>
        await Refused(new TestSolution().Without(file), ".xml|.dll|missing");

    [TestMethod]
    [DataRow(Solution)]
    [DataRow(Customizations)]
    [DataRow(Api)]
    [DataRow("[Content_Types].xml")]
    public async Task Malformed_XML_is_refused(string file) =>
        await Refused(new TestSolution { [file] = "<x>" }, "not well-formed");

    [TestMethod]
    [DataRow(
        "[Content_Types].xml",
        "Extension=\"dll\"",
        "Extension=\"x\"",
        "content type",
        DisplayName = "part without content type")]
    [DataRow(Solution, "<Managed>1<", "<Managed>2<", "Managed", DisplayName = "packed as Both")]
    [DataRow(Solution, "<Version>1.0.0.0<", "<Version>one<", "version", DisplayName = "no version")]
    [DataRow(
        Solution, "<Address /><Address />", "<Address />", "addresses", DisplayName = "publisher with one address")]
    [DataRow(Solution, ">48213<", ">1<", "OptionValuePrefix", DisplayName = "option value prefix")]
    [DataRow(
        Solution,
        "type=\"91\"",
        "type=\"20\"",
        "does not know root components",
        DisplayName = "unknown root component")]
    [DataRow(
        Solution,
        "schemaName=\"ChatAuth",
        "schemaName=\"Other",
        "not in the solution",
        DisplayName = "root component without part")]
    [DataRow(
        Customizations,
        "FullName=\"ChatAuth.TestPlugins, Version=1",
        "FullName=\"ChatAuth.TestPlugins, Version=2",
        "differs from that of the dll",
        DisplayName = "other full name")]
    [DataRow(Customizations, "<IsolationMode>2", "<IsolationMode>1", "IsolationMode", DisplayName = "no sandbox")]
    [DataRow(Customizations, "<SourceType>0", "<SourceType>1", "SourceType", DisplayName = "on disk")]
    [DataRow(
        Customizations,
        "CustomizationLevel=\"1\"",
        "CustomizationLevel=\"0\"",
        "CustomizationLevel",
        DisplayName = "customization level")]
    [DataRow(
        Customizations,
        "Name=\"ChatAuth.TestPlugins.Probe\"",
        "Name=\"ChatAuth.TestPlugins.Hidden\"",
        "Hidden is not a public class",
        DisplayName = "internal plug-in type")]
    [DataRow(
        Customizations,
        "Name=\"ChatAuth.TestPlugins.Probe\"",
        "Name=\"ChatAuth.TestPlugins.NoPlugin\"",
        "NoPlugin is not a public class",
        DisplayName = "no IPlugin")]
    [DataRow(
        Customizations,
        "Name=\"ChatAuth.TestPlugins.Probe\"",
        "Name=\"ChatAuth.TestPlugins.Constructed\"",
        "Constructed is not a public class",
        DisplayName = "abstract")]
    [DataRow(
        Customizations,
        "Name=\"ChatAuth.TestPlugins.Probe\"",
        "Name=\"Nowhere\"",
        "Nowhere is not a public class",
        DisplayName = "type that is not there")]
    [DataRow(
        Customizations,
        "AssemblyQualifiedName=\"ChatAuth.TestPlugins.Probe,",
        "AssemblyQualifiedName=\"Other,",
        "assembly-qualified",
        DisplayName = "assembly-qualified name")]
    [DataRow(
        Customizations,
        "<SdkMessageProcessingSteps />",
        "<SdkMessageProcessingSteps><SdkMessageProcessingStep /></SdkMessageProcessingSteps>",
        "Step has no",
        DisplayName = "a step")]
    [DataRow(Customizations, "<Roles />", "<Roles><Role /></Roles>", "does not know Roles", DisplayName = "a role")]
    [DataRow(
        Api,
        "uniquename=\"test_Probe\"",
        "uniquename=\"test_Other\"",
        "unique name",
        DisplayName = "folder of another name")]
    [DataRow(Api, ">2</allowed", ">3</allowed", "allowedcustomprocessingsteptype", DisplayName = "unknown step type")]
    [DataRow(Api, "prvReadContact", "prvReadNothing", "does not exist", DisplayName = "unknown privilege")]
    [DataRow(Api, "<bindingtype>0", "<bindingtype>1", "does not know custom APIs", DisplayName = "bound")]
    [DataRow(Api, "<isprivate>0</isprivate>", "", "isprivate", DisplayName = "missing member")]
    [DataRow(Api, "<isprivate>", "<other>1</other><isprivate>", "other", DisplayName = "unknown member")]
    [DataRow(
        Solution,
        "<CustomizationPrefix>test<",
        "<CustomizationPrefix>else<",
        "must start with else_",
        DisplayName = "prefix of another publisher")]
    public async Task What_Dataverse_refuses_is_refused(string file, string old, string changed, string message) =>
        await Refused(new TestSolution().With(file, old, changed), message);

    [TestMethod]
    public async Task A_parameter_of_an_unknown_type_is_refused() =>
        await Refused(
            new TestSolution().With(TestSolution.ParameterFile("Mode"), "<type>10", "<type>13"), "type must be");

    [TestMethod]
    public async Task A_response_property_with_isoptional_is_refused() =>
        await Refused(
            new TestSolution().With(TestSolution.PropertyFile("Report"), "<type>", "<isoptional>0</isoptional><type>"),
            "isoptional");

    [TestMethod]
    public async Task A_description_over_300_characters_is_refused() =>
        await Refused(
            new TestSolution().With(
                Api, "<description default=\"test_Probe\"", $"<description default=\"{new string('x', 301)}\""), "300");

    [TestMethod]
    public async Task A_unique_name_over_128_characters_is_refused()
    {
        var name = "test_" + new string('x', 124);
        var solution = new TestSolution();
        solution[$"customapis/{name}/customapi.xml"] =
            solution[Api].Replace("uniquename=\"test_Probe\"", $"uniquename=\"{name}\"", StringComparison.Ordinal);
        await Refused(solution, "128");
    }

    [TestMethod]
    public async Task An_assembly_without_strong_name_is_refused()
    {
        // The flag of the CLI header says whether the strong-name signature is there (ECMA-335 II.25.3.3.1).
        var solution = new TestSolution();
        using var reader = new System.Reflection.PortableExecutable.PEReader(
            new System.IO.MemoryStream(solution.Files[TestSolution.DllFile]));
        var flags = reader.PEHeaders.CorHeaderStartOffset + 16;
        solution.Files[TestSolution.DllFile][flags] &= unchecked((byte)~8);
        await Refused(solution, "public key token");
    }

    [TestMethod]
    public async Task An_assembly_over_16_MB_is_refused()
    {
        var solution = new TestSolution();
        var dll = solution.Files[TestSolution.DllFile];
        Array.Resize(ref dll, (16 * 1024 * 1024) + 1);
        solution.Files[TestSolution.DllFile] = dll;
        await Refused(solution, "16 MB");
    }

    [TestMethod]
    public async Task A_dll_that_is_none_is_refused()
    {
        var solution = new TestSolution();
        solution.Files[TestSolution.DllFile] = [1, 2, 3];
        await Refused(solution, "is not an assembly");
    }

    [TestMethod]
    public async Task A_file_of_an_unknown_kind_is_not_known() =>
        await Refused(
            new TestSolution { ["environmentvariabledefinitions/x/environmentvariabledefinition.xml"] = "<x />" },
            "does not know the file environmentvariabledefinitions");

    [TestMethod]
    public async Task Something_that_is_no_zip_is_refused()
    {
        var started = await Post("ImportSolutionAsync",
            new { OverwriteUnmanagedCustomizations = true, PublishWorkflows = true, CustomizationFile = "AAAA" });
        Clock.Move(Local.ImportDuration);
        Assert.AreEqual((3, 31), State(await Get($"asyncoperations({started.Text("AsyncOperationId")})")));
    }

    [TestMethod]
    [DataRow("{\"OverwriteUnmanagedCustomizations\":true,\"PublishWorkflows\":true}", 400)]
    [DataRow("{\"OverwriteUnmanagedCustomizations\":true,\"PublishWorkflows\":true,\"CustomizationFile\":\"?\"}", 400)]
    [DataRow("{\"OverwriteUnmanagedCustomizations\":1,\"PublishWorkflows\":true,\"CustomizationFile\":\"AAAA\"}", 400)]
    [DataRow(
        "{\"OverwriteUnmanagedCustomizations\":true,\"PublishWorkflows\":true,\"CustomizationFile\":\"AAAA\","
            + "\"HoldingSolution\":true}",
        501)]
    [DataRow(
        "{\"OverwriteUnmanagedCustomizations\":true,\"PublishWorkflows\":true,\"CustomizationFile\":\"AAAA\","
            + "\"ComponentParameters\":[]}",
        501)]
    public async Task Wrong_parameters_are_refused_at_once(string body, int status) =>
        Assert.AreEqual(status, (await Post("ImportSolutionAsync", body)).Status);

    [TestMethod]
    public async Task A_higher_version_updates_and_a_lower_one_is_refused()
    {
        await Import(new TestSolution(version: "1.0.0.0"));
        var higher = await Import(new TestSolution(version: "1.1.0.0").With(Api, "prvReadContact", "prvReadAccount"));
        var lower = await Import(new TestSolution(version: "1.0.0.0"));
        var apis = await Get("customapis?$filter=uniquename eq 'test_Probe'");
        Assert.AreEqual(((3, 30), (3, 31)), (State(higher), State(lower)));
        Assert.AreEqual(
            "prvReadAccount", apis.Json.GetProperty("value")[0].GetProperty("executeprivilegename").GetString());
    }

    [TestMethod]
    public async Task Managed_and_unmanaged_do_not_mix()
    {
        await Import(new TestSolution(managed: false));
        Assert.AreEqual((3, 30), State(await Import(new TestSolution(managed: false, version: "1.1.0.0"))));
        await Refused(new TestSolution(managed: true, version: "1.2.0.0"), "modes match");
    }

    [TestMethod]
    [DataRow(Api, ">2</allowed", ">1</allowed")]
    [DataRow(
        "customapis/test_Probe/customapirequestparameters/Mode/customapirequestparameter.xml",
        "<isoptional>1",
        "<isoptional>0")]
    [DataRow(
        "customapis/test_Probe/customapirequestparameters/Mode/customapirequestparameter.xml", "<type>10", "<type>7")]
    [DataRow(
        "customapis/test_Probe/customapiresponseproperties/Report/customapiresponseproperty.xml",
        "<type>10",
        "<type>7")]
    public async Task Immutable_members_stay(string file, string old, string changed)
    {
        await Import(new TestSolution());
        await Refused(new TestSolution(version: "2.0.0.0").With(file, old, changed), "cannot be changed");
        var solutions = await Get("solutions?$select=version");
        Assert.AreEqual("1.0.0.0", solutions.Json.GetProperty("value")[0].GetProperty("version").GetString(),
            "a failed import leaves nothing");
    }

    [TestMethod]
    public async Task Components_of_a_managed_solution_go_with_it_only()
    {
        await Import(new TestSolution());
        var type = await Delete($"plugintypes({TestSolution.TypeId("Probe")})");
        var uninstall = await Delete(await SolutionPath());
        var left = await Get("plugintypes");
        Assert.AreEqual(
            (400, 204, 0), (type.Status, uninstall.Status, left.Json.GetProperty("value").GetArrayLength()));
    }

    [TestMethod]
    public async Task A_solution_stays_while_a_step_depends_on_it()
    {
        await Import(new TestSolution());
        var step = await AddStep("a");
        var refused = await Delete(await SolutionPath());
        await Delete(step);
        var done = await Delete(await SolutionPath());
        Assert.AreEqual((400, "0x8004f01f", 204), (refused.Status, refused.Code, done.Status));
    }

    [TestMethod]
    public async Task An_unmanaged_solution_leaves_its_components()
    {
        await Import(new TestSolution(managed: false));
        await Delete(await SolutionPath());
        var types = await Get("plugintypes");
        Assert.AreEqual(TestSolution.PluginTypes.Length, types.Json.GetProperty("value").GetArrayLength());
    }

    private static (int, int) State(Answer job) =>
        (job.Json.GetProperty("statecode").GetInt32(), job.Json.GetProperty("statuscode").GetInt32());

    private async Task<string> SolutionPath()
    {
        var solutions = await Get("solutions?$select=solutionid");
        return $"solutions({solutions.Json.GetProperty("value")[0].GetProperty("solutionid").GetString()})";
    }

    private async Task Refused(TestSolution solution, string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var job = await Import(solution);
        Assert.AreEqual((3, 31), State(job));
        Assert.IsTrue(message.Split('|').Any(m => job.Text("message")!.Contains(m, StringComparison.Ordinal)),
            job.Text("message"));
        Assert.AreEqual(job.Text("message"), job.Text("friendlymessage"));
    }
}
