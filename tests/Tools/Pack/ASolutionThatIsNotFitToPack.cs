using System.Linq;
using System.Text;
using ChatAuth.Pack;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Pack;

/// <summary>The embedded source with one thing changed: each rule of packing finds its own and no other does.</summary>
[TestClass]
public sealed class ASolutionThatIsNotFitToPack
{
    private const string Issue = "customapis/chatauth_IssueChatToken/";
    private const string Api = Issue + "customapi.xml";
    private const string Parameter = Issue + "customapirequestparameters/UserName/customapirequestparameter.xml";
    private const string Property = Issue + "customapiresponseproperties/KeyId/customapiresponseproperty.xml";
    private const string Manifest = UnpackedSolution.ManifestPath;
    private const string Customizations = UnpackedSolution.CustomizationsPath;
    private const string Id = "f6825028-9af9-464b-bc9e-3b0869b6f258";
    private const string Data = "PluginAssemblies/ChatAuthPlugins-F6825028-9AF9-464B-BC9E-3B0869B6F258/ChatAuthPlugins.dll.data.xml";
    private static readonly UnpackedSolution Source = UnpackedSolution.Embedded();

    [TestMethod]
    [DataRow(Api, "</customapi>", "</customap>", "4101 4151", DisplayName = "malformed XML")]
    [DataRow(Api, "<customapi ", "<!DOCTYPE x><customapi ", "4101 4151", DisplayName = "a document type")]
    [DataRow(Manifest, "SolutionManifest>", "Manifest>", "4141", DisplayName = "no manifest element")]
    [DataRow(Customizations, "  <SolutionPluginAssemblies />\n", "", "4104", DisplayName = "a container is missing")]
    [DataRow(Customizations, "  <Roles />\n", "  <Roles /><Roles />\n", "4104", DisplayName = "a container is there twice")]
    [DataRow(Manifest, "<Managed>2<", "<Managed>1<", "4105", DisplayName = "managed source")]
    [DataRow(Manifest, "<Managed>2</Managed>", "", "4105", DisplayName = "Managed missing")]
    [DataRow(Manifest, "<Version>", "<Version>9", "4106", DisplayName = "another version")]
    [DataRow(Manifest, "<UniqueName>ChatAuth</UniqueName>\n    <Loc", "<UniqueName>../ChatAuth</UniqueName>\n    <Loc", "4107", DisplayName = "a unique name that is a path")]
    [DataRow(Manifest, "<CustomizationOptionValuePrefix>48213</CustomizationOptionValuePrefix>", "", "4108", DisplayName = "no option value prefix")]
    [DataRow(Manifest, "<AddressNumber>2</AddressNumber>", "</Address><Address>", "4108", DisplayName = "three address blocks")]
    [DataRow(Manifest, "<RootComponents>", "<RootComponents><RootComponent type=\"20\" id=\"{3700f46f-8f09-ef11-9f8a-0022480c5a42}\" />", "4109", DisplayName = "a listed role without its file")]
    [DataRow(Manifest, "type=\"91\"", "type=\"92\"", "4109 4110", DisplayName = "the assembly listed as a step")]
    [DataRow(Manifest, "schemaName=\"ChatAuth.Plugins,", "schemaName=\"ChatAuth.Plugin,", "4109 4110", DisplayName = "the assembly listed by another name")]
    [DataRow(Manifest, "{" + Id + "}", Id, "4109 4110 4111", DisplayName = "an id without braces in the manifest")]
    [DataRow(Data, "PluginTypeId=\"c6d870c0", "PluginTypeId=\"C6D870C0", "4111", DisplayName = "an id in upper case")]
    [DataRow(Data, "PluginTypeId=\"c6d870c0-5456-41ca-b3e0-d7d11bfee407", "PluginTypeId=\"cd50e00f-6094-47e9-9829-c1e02d6e3a8c", "4112", DisplayName = "one id for two plug-in types")]
    [DataRow(Data, "<PluginAssembly FullName=\"ChatAuth.Plugins, Version=1.0.0.0", "<PluginAssembly FullName=\"ChatAuth.Plugins, Version=1.0.0.1", "4109 4110 4121", DisplayName = "another assembly version")]
    [DataRow(Data, "<FileName>/Plug", "<FileName>Plug", "4122", DisplayName = "FileName without slash")]
    [DataRow(Data, "<IsolationMode>2", "<IsolationMode>1", "4123", DisplayName = "no sandbox")]
    [DataRow(Data, "<SourceType>0", "<SourceType>1", "4123", DisplayName = "an assembly on disk")]
    [DataRow(Data, "CustomizationLevel=\"1\"", "", "4123", DisplayName = "no customization level")]
    [DataRow(Data, "Name=\"ChatAuth.Plugins.IssueChatToken\"", "Name=\"ChatAuth.Plugins.IssueToken\"", "4124 4125 4126", DisplayName = "a plug-in type that the dll lacks")]
    [DataRow(Data, "\"ChatAuth.Plugins.IssueChatToken, ChatAuth.Plugins, Version=1.0.0.0", "\"ChatAuth.Plugins.IssueChatToken, ChatAuth.Plugins, Version=1.1.0.0", "4126", DisplayName = "a type qualified by another version")]
    [DataRow(Api, "<isprivate>0</isprivate>", "<isprivate>0</isprivate><plugintypeid />", "4140", DisplayName = "an unknown element")]
    [DataRow(Api, "<isprivate>0</isprivate>", "<isprivate>0</isprivate><isprivate>0</isprivate>", "4140", DisplayName = "an element twice")]
    [DataRow(Property, "customapiresponseproperty", "customapirequestparameter", "4140", DisplayName = "another root element")]
    [DataRow(Api, "<isprivate>0</isprivate>", "", "4141", DisplayName = "an element is missing")]
    [DataRow(Api, "<isprivate>0<", "<isprivate>1<", "4123", DisplayName = "private")]
    [DataRow(Api, "<allowedcustomprocessingsteptype>2<", "<allowedcustomprocessingsteptype>0<", "4123", DisplayName = "no steps allowed")]
    [DataRow(Api, "<isfunction>0<", "<isfunction>1<", "4123", DisplayName = "a function")]
    [DataRow(Api, "<bindingtype>0<", "<bindingtype>1<", "4123", DisplayName = "bound")]
    [DataRow(Api, "<iscustomizable>0<", "<iscustomizable>1<", "4123", DisplayName = "customizable API")]
    [DataRow(Property, "<iscustomizable>0<", "<iscustomizable>1<", "4123", DisplayName = "customizable property")]
    [DataRow(Api, "<workflowsdkstepenabled>0<", "<workflowsdkstepenabled>1<", "4123", DisplayName = "enabled for workflows")]
    [DataRow(Parameter, "<isoptional>1<", "<isoptional>0<", "4123", DisplayName = "a required parameter")]
    [DataRow(Parameter, "<isoptional>1</isoptional>", "", "4143", DisplayName = "isoptional missing in a parameter")]
    [DataRow(Property, "<type>", "<isoptional>1</isoptional><type>", "4144", DisplayName = "isoptional in a response property")]
    [DataRow(Property, "<type>10", "<type>13", "4142", DisplayName = "an unknown type code")]
    [DataRow(Property, "<type>10", "<type>-1", "4142", DisplayName = "a negative type code")]
    [DataRow(Property, "uniquename=\"KeyId\"", "uniquename=\"Kid\"", "4145 4152 4153", DisplayName = "a property in another's folder")]
    [DataRow(Manifest, "<CustomizationPrefix>chatauth<", "<CustomizationPrefix>chat<", "4146 4146", DisplayName = "another prefix")]
    [DataRow(Api, "prvReadContact", "prvWriteContact", "4149", DisplayName = "another execute privilege")]
    [DataRow(Api, "<executeprivilegename>prvReadContact</executeprivilegename>", "", "4149", DisplayName = "no execute privilege")]
    [DataRow("customapis/chatauth_GetPublicKeys/customapi.xml", "<iscustomizable>", "<executeprivilegename>prvReadContact</executeprivilegename><iscustomizable>", "4149", DisplayName = "a privilege where there is none")]
    [DataRow(Parameter, "<description default=\"The", "<description default=\"A", "4148", DisplayName = "a description that is not its label's")]
    [DataRow(Property, "<type>10", "<type>12", "4154", DisplayName = "a property of another type")]
    [DataRow(Parameter, "<type>10", "<type>7", "4154", DisplayName = "a parameter of another type")]
    public void IsRefusedWithTheCodeOfItsRule(string path, string old, string replacement, string codes)
    {
        string text = Encoding.UTF8.GetString(Source.Files[path]);
        StringAssert.Contains(text, old, "The mutation must change something.");

        Assert.AreEqual(codes, Codes(Source.With(path, Encoding.UTF8.GetBytes(text.Replace(old, replacement, System.StringComparison.Ordinal)))));
    }

    [TestMethod]
    [DataRow(Manifest, "4102")]
    [DataRow(Customizations, "4102")]
    [DataRow(Data, "4102 4109")]
    [DataRow(Api, "4151")]
    [DataRow(Parameter, "4153")]
    [DataRow(Property, "4153")]
    public void IsRefusedWithoutAFileItNeeds(string path, string codes) => Assert.AreEqual(codes, Codes(Source.Without(path)));

    [TestMethod]
    [DataRow("Other/Relationships.xml", Customizations, "4103")]
    [DataRow("Workflows/flow.json", Api, "4103")]
    [DataRow(Issue + "customapirequestparameters/Extra/customapirequestparameter.xml", Parameter, "4152")]
    [DataRow("customapis/chatauth_Extra/customapi.xml", "customapis/chatauth_GetPublicKeys/customapi.xml", "4150")]
    public void IsRefusedWithAFileThatDoesNotBelong(string path, string template, string codes)
    {
        string text = Encoding.UTF8.GetString(Source.Files[template])
            .Replace("\"UserName\"", "\"Extra\"", System.StringComparison.Ordinal)
            .Replace("uniquename=\"chatauth_GetPublicKeys\"", "uniquename=\"chatauth_Extra\"", System.StringComparison.Ordinal);

        Assert.AreEqual(codes, Codes(Source.With(path, Encoding.UTF8.GetBytes(text))));
    }

    [TestMethod]
    [DataRow(300, "")]
    [DataRow(301, "4148")]
    [DataRow(0, "4148")]
    public void IsRefusedWithADescriptionOfMoreThan300Characters(int length, string codes)
    {
        string text = Encoding.UTF8.GetString(Source.Files[Property]);
        string old = text.Split("description default=\"")[1].Split('"')[0];

        Assert.AreEqual(codes, Codes(Source.With(Property, Encoding.UTF8.GetBytes(text.Replace(old, new string('d', length), System.StringComparison.Ordinal)))));
    }

    [TestMethod]
    public void IsRefusedWithAUniqueNameOfMoreThan128Characters()
    {
        string name = new('n', 129);
        string text = Encoding.UTF8.GetString(Source.Files[Property]).Replace("uniquename=\"KeyId\"", $"uniquename=\"{name}\"", System.StringComparison.Ordinal);

        Assert.AreEqual("4147 4152", Codes(Source.With(Property.Replace("/KeyId/", $"/{name}/", System.StringComparison.Ordinal), Encoding.UTF8.GetBytes(text))));
    }

    [TestMethod]
    public void IsToldEverythingAtOnce()
    {
        UnpackedSolution solution = Source.Without(Parameter).With("stray.txt", []).With(Property, "<"u8.ToArray());

        Assert.AreEqual("4101 4103 4153 4153", Codes(solution));
    }

    [TestMethod]
    public void IsFitWhenNothingIsChanged() => Assert.AreEqual("", Codes(Source));

    private static string Codes(UnpackedSolution solution)
    {
        try
        {
            SolutionPackage.Check(solution);
            return string.Empty;
        }
        catch (CommandException exception)
        {
            return string.Join(' ', exception.Errors.Select(error => error.Code["CHATAUTH".Length..]));
        }
    }
}
