using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace ChatAuth.Tools.Tests.LocalDataverse;

/// <summary>A solution zip of the test plug-ins that a test can damage part by part.</summary>
internal sealed class TestSolution
{
    public const string ApiFile = "customapis/test_Probe/customapi.xml";
    public const string DllFile =
        "PluginAssemblies/ChatAuthTestPlugins-6F000000-0000-0000-0000-000000000001/ChatAuthTestPlugins.dll";

    private static readonly (string Name, int Type)[] Values =
    [
        ("Flag", 0), ("Time", 1), ("Amount", 2), ("Ratio", 6), ("Number", 7), ("Choice", 9), ("Id", 12), ("Texts", 11),
    ];

    private static readonly string[] Extensions = ["xml", "dll"];

    public static readonly string[] PluginTypes = ["Probe", "OneArgument", "NoArgument", "Timed", "Broken"];

    public TestSolution(bool managed = true, string version = "1.0.0.0")
    {
        var dll = Dll();
        var fullName = FullNameOf(dll);
        Files[DllFile] = dll;
        this["[Content_Types].xml"] = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
            + string.Concat(
                Extensions.Select(
                    e => $"<Default Extension=\"{e}\" ContentType=\"application/octet-stream\" />")) + "</Types>";
        this["solution.xml"] = $"""
            <ImportExportXml><SolutionManifest><UniqueName>TestSolution</UniqueName>
            <LocalizedNames><LocalizedName description="Test" languagecode="1033" /></LocalizedNames>
            <Version>{version}</Version><Managed>{(managed ? 1 : 0)}</Managed>
            <Publisher><UniqueName>test</UniqueName>
            <LocalizedNames><LocalizedName description="Test" languagecode="1033" /></LocalizedNames>
            <CustomizationPrefix>test</CustomizationPrefix>
            <CustomizationOptionValuePrefix>48213</CustomizationOptionValuePrefix>
            <Addresses><Address /><Address /></Addresses></Publisher>
            <RootComponents><RootComponent type="91" schemaName="{fullName}" /></RootComponents>
            </SolutionManifest></ImportExportXml>
            """;
        var types = string.Concat(PluginTypes.Select(type =>
            $"<PluginType AssemblyQualifiedName=\"ChatAuth.TestPlugins.{type}, {fullName}\" "
                + $"PluginTypeId=\"{TypeId(type)}\" Name=\"ChatAuth.TestPlugins.{type}\">"
                + $"<FriendlyName>{type}</FriendlyName></PluginType>"));
        this["customizations.xml"] = $"""
            <ImportExportXml><Entities /><Roles /><SolutionPluginAssemblies>
            <PluginAssembly FullName="{fullName}" CustomizationLevel="1"
             PluginAssemblyId="6f000000-0000-0000-0000-000000000001">
            <IsolationMode>2</IsolationMode><SourceType>0</SourceType><FileName>/{DllFile}</FileName><PluginTypes>
            {types}
            </PluginTypes></PluginAssembly></SolutionPluginAssemblies><SdkMessageProcessingSteps /></ImportExportXml>
            """;
        Api("test_Probe", 2, "prvReadContact");
        Api("test_Closed", 0, string.Empty);
        Parameter("test_Probe", "Mode", 10, 1);
        Parameter("test_Closed", "Needed", 10, 0);
        Property("test_Probe", "Report", 10);
        foreach (var (name, type) in Values)
        {
            Parameter("test_Probe", name, type, 1);
            Property("test_Probe", name, type);
        }
    }

    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public string this[string file]
    {
        get => Encoding.UTF8.GetString(Files[file]);
        set => Files[file] = Encoding.UTF8.GetBytes(value);
    }

    public static Guid TypeId(string type) => new(Array.IndexOf(PluginTypes, type) + 1, 0, 0, new byte[8]);

    public static string ParameterFile(string name) =>
        $"customapis/test_Probe/customapirequestparameters/{name}/customapirequestparameter.xml";

    public static string PropertyFile(string name) =>
        $"customapis/test_Probe/customapiresponseproperties/{name}/customapiresponseproperty.xml";

    public TestSolution With(string file, string old, string changed)
    {
        this[file] = this[file].Contains(old, StringComparison.Ordinal)
            ? this[file].Replace(old, changed, StringComparison.Ordinal)
            : throw new ArgumentException(old);
        return this;
    }

    public TestSolution Without(string file)
    {
        Files.Remove(file);
        return this;
    }

    public byte[] Zip()
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var (name, bytes) in Files)
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    private static byte[] Dll()
    {
        using var stream = typeof(TestSolution).Assembly.GetManifestResourceStream("ChatAuth.TestPlugins.dll")!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private static string FullNameOf(byte[] dll)
    {
        using var reader = new PEReader(new MemoryStream(dll));
        return reader.GetMetadataReader().GetAssemblyDefinition().GetAssemblyName().FullName;
    }

    private static string Labels(string name) =>
        $"<description default=\"{name}\"><label description=\"{name}\" languagecode=\"1033\" /></description>"
        + $"<displayname default=\"{name}\"><label description=\"{name}\" languagecode=\"1033\" "
        + $"/></displayname><iscustomizable>0</iscustomizable><name>{name}</name>";

    public void Api(string name, int stepType, string privilege) => this[$"customapis/{name}/customapi.xml"] =
        $"<customapi uniquename=\"{name}\">"
            + $"<allowedcustomprocessingsteptype>{stepType}</allowedcustomprocessingsteptype>"
            + $"<bindingtype>0</bindingtype>{Labels(name)}<executeprivilegename>{privilege}</executeprivilegename>"
            + "<isfunction>0</isfunction><isprivate>0</isprivate><workflowsdkstepenabled>0</workflowsdkstepenabled>"
            + "</customapi>";

    public void Parameter(string api, string name, int type, int optional) =>
        this[$"customapis/{api}/customapirequestparameters/{name}/customapirequestparameter.xml"] =
        "<customapirequestparameter "
            + $"uniquename=\"{name}\">{Labels(name)}<isoptional>{optional}</isoptional><logicalentityname "
            + $"/><type>{type}</type></customapirequestparameter>";

    public void Property(string api, string name, int type) =>
        this[$"customapis/{api}/customapiresponseproperties/{name}/customapiresponseproperty.xml"] =
        $"<customapiresponseproperty uniquename=\"{name}\">{Labels(name)}<logicalentityname "
            + $"/><type>{type}</type></customapiresponseproperty>";
}
