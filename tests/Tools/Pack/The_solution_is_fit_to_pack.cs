using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using ChatAuth.Pack;
using ChatAuth.Plugins.Platform;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Pack;

/// <summary>
/// Solution/src and the built dll, against what SolutionPackager, the importer and the sandbox ask (facts, sections 1
/// to 3) and a local import does not show. <c>pack</c> carries both and checks nothing.
/// </summary>
[TestClass]
public sealed partial class The_solution_is_fit_to_pack
{
    private const string Prefix = "chatauth";

    // Facts, section 3: the containers of an unpacked Customizations.xml; a missing one drops its components silently.
    private static readonly string[] Containers =
    [
        "Entities", "Roles", "Workflows", "FieldSecurityProfiles", "Templates", "EntityMaps", "EntityRelationships",
        "OrganizationSettings", "optionsets", "CustomControls", "SolutionPluginAssemblies",
        "SdkMessageProcessingSteps", "EntityDataProviders", "Languages",
    ];

    // Facts, section 1: types of parameters and properties, in the order of their codes.
    private static readonly string[] Types =
    [
        "Boolean", "DateTime", "Decimal", "Entity", "EntityCollection", "EntityReference", "Double", "Int32", "Money",
        "OptionSetValue", "String", "String[]", "Guid",
    ];

    // Facts, section 3: the children of each file. plugintypeid is none of them: it would make the plug-in the main
    // operation, which gets no configuration. isoptional in a property breaks the import (facts, section 1).
    private static readonly Dictionary<string, string> Elements = new()
    {
        ["customapi"] = "allowedcustomprocessingsteptype bindingtype description displayname iscustomizable isfunction "
            + "isprivate name workflowsdkstepenabled",
        ["customapirequestparameter"] = "description displayname iscustomizable isoptional name type",
        ["customapiresponseproperty"] = "description displayname iscustomizable name type",
    };

    // Design, "Custom APIs"; several cannot be changed after the first import.
    private static readonly Dictionary<string, string> Values = new()
    {
        ["allowedcustomprocessingsteptype"] = "2",
        ["bindingtype"] = "0",
        ["iscustomizable"] = "0",
        ["isfunction"] = "0",
        ["isprivate"] = "0",
        ["isoptional"] = "1",
        ["workflowsdkstepenabled"] = "0",
    };

    private static readonly string Source = RepositoryRoot.File("Solution/src");
    private static readonly Assembly Plugins = typeof(Plugins.IssueChatToken).Assembly;
    private static readonly byte[] Dll = File.ReadAllBytes(Plugins.Location);
    private static readonly XElement Manifest = Load("Other/Solution.xml").Element("SolutionManifest")!;
    private static readonly string DataFile = Files("PluginAssemblies").Single();
    private static readonly XElement Data = Load(DataFile);

    [TestMethod]
    public void The_mapping_file_leads_to_the_files_that_the_solution_names_and_to_no_other()
    {
        // Microsoft Learn, SolutionPackager: a FileToFile maps a path below the folder to another file. Wildcards are
        // not used: the tool of today skips them (powerplatform-vscode, issue 1231).
        Dictionary<string, string> mapped = XElement.Load(RepositoryRoot.File("Solution/map.xml")).Elements()
            .ToDictionary(
                map => ((string)map.Attribute("map")!).Replace('\\', '/'),
                map => ((string)map.Attribute("to")!).Replace('\\', '/'));
        string named = Data.Element("FileName")!.Value.TrimStart('/');
        CollectionAssert.AreEqual(new[] { named }, mapped.Keys.ToArray());
        Assert.IsFalse(File.Exists(Path.Combine(Source, named)), "no dll is in the source");

        // The configurations give the same bytes; the one that was built is looked at.
        string configuration = Path.GetFileName(Path.GetDirectoryName(typeof(SolutionPackage).Assembly.Location))!;
        Assert.DoesNotContain("*", mapped[named]);
        string dll = Path.GetFullPath(
            mapped[named].Replace("/release/", $"/{configuration}/", StringComparison.Ordinal), Source);
        CollectionAssert.AreEqual(Dll, File.ReadAllBytes(dll));
        Assert.AreEqual(
            AssemblyName.GetAssemblyName(dll).FullName,
            (string)Manifest.Element("RootComponents")!.Elements().Single().Attribute("schemaName")!);
        Assert.AreEqual((string)Data.Attribute("FullName")!, AssemblyName.GetAssemblyName(dll).FullName);
    }

    [TestMethod]
    public void The_dll_is_the_one_that_is_tested_and_no_larger_than_128_KB()
    {
        CollectionAssert.AreEqual(EmbeddedFile.Read(EmbeddedFile.PluginAssembly), Dll);
        Assert.IsLessThanOrEqualTo(128 * 1024, Dll.Length);
    }

    [TestMethod]
    public void The_dll_is_strong_named()
    {
        using PEReader pe = new([.. Dll]);
        CorHeader header = pe.PEHeaders.CorHeader!;
        Assert.IsTrue(header.Flags.HasFlag(CorFlags.StrongNameSigned));
        Assert.IsTrue(pe.PEHeaders.TryGetDirectoryOffset(header.StrongNameSignatureDirectory, out int offset));
        byte[] signature = Dll[offset..(offset + header.StrongNameSignatureDirectory.Size)];
        Assert.IsTrue(signature.Any(part => part != 0));
    }

    [TestMethod]
    public void The_dll_refers_to_the_framework_and_the_SDK_and_calls_no_native_code()
    {
        using PEReader pe = new([.. Dll]);
        MetadataReader metadata = pe.GetMetadataReader();
        string[] references = [.. metadata.AssemblyReferences.Select(handle =>
            metadata.GetAssemblyReference(handle).GetAssemblyName().FullName)];
        string[] foreign = [.. references.Where(name => !Known().IsMatch(name))];
        Assert.IsEmpty(foreign, string.Join('\n', foreign));
        Assert.IsFalse(metadata.MethodDefinitions.Select(metadata.GetMethodDefinition)
            .Any(method => method.Attributes.HasFlag(MethodAttributes.PinvokeImpl)));
    }

    [TestMethod]
    public void The_assembly_is_described_as_the_dll_is()
    {
        string fullName = Plugins.FullName!;
        string id = Data.Attribute("PluginAssemblyId")!.Value;
        string path = $"PluginAssemblies/ChatAuthPlugins-{id.ToUpperInvariant()}/ChatAuthPlugins.dll";
        Assert.AreEqual(fullName, Data.Attribute("FullName")!.Value);
        Assert.AreEqual("/" + path, Data.Element("FileName")!.Value);
        Assert.AreEqual(path + ".data.xml", DataFile);
        Assert.AreEqual("2 0 1", $"{Data.Element("IsolationMode")!.Value} {Data.Element("SourceType")!.Value} "
            + Data.Attribute("CustomizationLevel")!.Value, "the sandbox, the database, customizable once");
    }

    [TestMethod]
    public void Every_public_plug_in_is_listed_and_nothing_else()
    {
        XElement[] listed = [.. Data.Descendants("PluginType")];
        string[] plugins = [.. Plugins.GetExportedTypes().Where(type => !type.IsAbstract
            && type.GetInterface("Microsoft.Xrm.Sdk.IPlugin") != null).Select(type => type.FullName!)];
        CollectionAssert.AreEquivalent(plugins, listed.Select(type => type.Attribute("Name")!.Value).ToArray());
        CollectionAssert.AreEquivalent(plugins.Select(name => $"{name}, {Plugins.FullName}").ToArray(),
            listed.Select(type => type.Attribute("AssemblyQualifiedName")!.Value).ToArray());
    }

    [TestMethod]
    public void Ids_are_written_as_exports_write_them_and_none_is_there_twice()
    {
        string[] ids = [.. Data.DescendantsAndSelf().Attributes()
            .Where(attribute => attribute.Name.LocalName is "PluginAssemblyId" or "PluginTypeId")
            .Select(attribute => attribute.Value).Concat(Data.Descendants("FriendlyName").Select(name => name.Value))];
        Assert.HasCount(5, ids);
        CollectionAssert.AllItemsAreUnique(ids);
        CollectionAssert.AreEqual(ids, ids.Select(id => Guid.ParseExact(id, "D").ToString("D")).ToArray());
    }

    [TestMethod]
    public void The_root_components_are_the_assembly() => Assert.AreEqual(
        $"91 {{{Data.Attribute("PluginAssemblyId")!.Value}}} {Plugins.FullName}",
        string.Join('\n', Manifest.Descendants("RootComponent").Select(component =>
            $"{component.Attribute("type")!.Value} {component.Attribute("id")!.Value} "
                + component.Attribute("schemaName")!.Value)));

    [TestMethod]
    public void One_source_gives_both_zips_in_the_version_of_the_change_log()
    {
        Assert.AreEqual("2", Manifest.Elements("Managed").Single().Value);
        string changes = File.ReadAllText(RepositoryRoot.File("CHANGELOG.md"));
        string version = Regex.Match(changes, "\n## (\\S+)\n").Groups[1].Value;
        Assert.AreEqual(version + ".0", Manifest.Elements("Version").Single().Value);
        Assert.AreEqual(version, ProductVersion.OfCommand);
    }

    [TestMethod]
    public void The_publisher_is_whole()
    {
        XElement publisher = Manifest.Element("Publisher")!;
        Assert.AreEqual("ChatAuth", Manifest.Element("UniqueName")!.Value);
        Assert.AreEqual($"ChatAuth {Prefix} 48213", $"{publisher.Element("UniqueName")!.Value} "
            + $"{publisher.Element("CustomizationPrefix")!.Value} "
            + publisher.Element("CustomizationOptionValuePrefix")!.Value);
        Assert.AreEqual("1 2", string.Join(' ', publisher.Element("Addresses")!.Elements("Address")
            .Select(address => address.Element("AddressNumber")!.Value)));
    }

    [TestMethod]
    public void Every_container_is_there_once() => CollectionAssert.AreEqual(
        Containers, Load("Other/Customizations.xml").Elements().Select(element => element.Name.LocalName).ToArray());

    [TestMethod]
    public void Every_file_has_a_place() => CollectionAssert.AreEquivalent(
        new[] { "Other/Solution.xml", "Other/Customizations.xml", DataFile }.Concat(Files("customapis")).ToArray(),
        Files(string.Empty));

    [TestMethod]
    public void The_custom_APIs_are_those_that_the_plug_ins_serve()
    {
        string[] expected = [.. new[] { CustomApi.IssueChatToken, CustomApi.GetPublicKeys }.SelectMany(api => new[]
            {
                $"customapis/{api.UniqueName}/customapi.xml",
            }
            .Concat(Members(
                api, "customapirequestparameter", "customapirequestparameters", api.RequestParameters))
            .Concat(Members(
                api, "customapiresponseproperty", "customapiresponseproperties", api.ResponseProperties)))];
        string[] actual = [.. Files("customapis").Select(file =>
            file + (Load(file).Element("type") is { } type ? " " + Types[int.Parse(type.Value, null)] : string.Empty))];
        CollectionAssert.AreEquivalent(expected, actual);

        static IEnumerable<string> Members(
            CustomApi api, string kind, string kinds, Dictionary<string, Type> members) => members.Select(member =>
                $"customapis/{api.UniqueName}/{kinds}/{member.Key}/{kind}.xml {member.Value.Name}");
    }

    [TestMethod]
    public void A_file_of_a_custom_API_says_what_it_must_and_nothing_more()
    {
        foreach (string file in Files("customapis"))
        {
            XElement root = Load(file);
            Assert.AreEqual(Path.GetFileNameWithoutExtension(file), root.Name.LocalName, file);
            string name = root.Attribute("uniquename")!.Value;
            Assert.AreEqual(Path.GetFileName(Path.GetDirectoryName(file)), name, file);
            Assert.IsTrue(name.Length is > 0 and <= 128, file);
            Assert.IsTrue(name.StartsWith(Prefix + "_", StringComparison.Ordinal) || root.Name != "customapi", file);
            Assert.AreEqual(Elements[root.Name.LocalName], string.Join(' ', root.Elements()
                .Select(child => child.Name.LocalName).Where(child => child != "executeprivilegename").Order()), file);
            Assert.AreEqual(name == CustomApi.IssueChatToken.UniqueName ? "prvReadContact" : string.Empty,
                string.Concat(root.Elements("executeprivilegename").Select(privilege => privilege.Value)), file);
            XElement description = root.Element("description")!;
            Assert.IsTrue(description.Attribute("default")!.Value.Length is > 0 and <= 300, file);
            Assert.AreEqual(description.Attribute("default")!.Value,
                description.Elements("label").Single().Attribute("description")!.Value, file);
            foreach (XElement child in root.Elements().Where(child => Values.ContainsKey(child.Name.LocalName)))
            {
                Assert.AreEqual(Values[child.Name.LocalName], child.Value, $"{child.Name} of {file}");
            }
        }
    }

    // Paths relative to the source, with slashes.
    private static string[] Files(string folder) =>
        [.. Directory.GetFiles(Path.Combine(Source, folder), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Source, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    // Import stops at a document type.
    private static XElement Load(string file)
    {
        using XmlReader reader = XmlReader.Create(
            Path.Combine(Source, file), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        return XDocument.Load(reader).Root!;
    }

    // .NET Framework 4 has these names, this major version and these keys, packages named System.* differ in one;
    // System.Text.Json is not the framework's (facts, section 2). The SDK is the one that the sandbox offers.
    [GeneratedRegex(
        @"^(?!System\.Text\.Json,)(mscorlib|System(\.[A-Za-z.]+)?), Version=4\.[0-9.]+, Culture=neutral, "
            + "PublicKeyToken=(b77a5c561934e089|b03f5f7f11d50a3a|31bf3856ad364e35)$"
            + @"|^Microsoft\.Xrm\.Sdk, Version=9\.0\.0\.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35$")]
    private static partial Regex Known();
}
