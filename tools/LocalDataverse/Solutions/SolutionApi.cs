using System.Xml.Linq;
using ChatAuth.LocalDataverse.Metadata;

namespace ChatAuth.LocalDataverse.Solutions;

/// <summary>A request parameter or response property of a custom API in a solution.</summary>
/// <param name="UniqueName">Unique name.</param>
/// <param name="Name">Primary name.</param>
/// <param name="DisplayName">Name for people.</param>
/// <param name="Description">Description.</param>
/// <param name="Type">Type code.</param>
/// <param name="IsOptional">Whether a request may leave it out; null for a response property.</param>
internal sealed record SolutionApiParameter(
    string UniqueName, string Name, string DisplayName, string Description, int Type, bool? IsOptional);

/// <summary>A custom API of a solution (facts 3: customapi.xml).</summary>
/// <param name="UniqueName">Unique name, with the publisher's prefix.</param>
/// <param name="Name">Primary name.</param>
/// <param name="DisplayName">Name for people.</param>
/// <param name="Description">Description.</param>
/// <param name="StepType">Which steps it takes: 0 none, 1 asynchronous, 2 both.</param>
/// <param name="IsPrivate">Whether only Microsoft's or its owner's code calls it.</param>
/// <param name="Privilege">Privilege its callers need, or null.</param>
/// <param name="Parameters">Request parameters.</param>
/// <param name="Properties">Response properties.</param>
internal sealed record SolutionApi(
    string UniqueName,
    string Name,
    string DisplayName,
    string Description,
    int StepType,
    bool IsPrivate,
    string? Privilege,
    IReadOnlyList<SolutionApiParameter> Parameters,
    IReadOnlyList<SolutionApiParameter> Properties)
{
    // Facts 1.
    private const int MaxUniqueName = 128;
    private const int MaxDescription = 300;

    private static readonly string[] Common = ["description", "displayname", "iscustomizable", "name"];
    private static readonly string[] OfApi =
    [
        .. Common, "allowedcustomprocessingsteptype", "bindingtype", "boundentitylogicalname", "executeprivilegename",
        "isfunction", "isprivate", "plugintypeid", "workflowsdkstepenabled",
    ];

    /// <summary>Whether a path in the zip is one of a custom API.</summary>
    public static bool IsFile(string path) => path.StartsWith("customapis/", StringComparison.Ordinal);

    /// <summary>The custom APIs among the files of a solution.</summary>
    public static IReadOnlyList<SolutionApi> ParseAll(IReadOnlyDictionary<string, byte[]> files, string prefix)
    {
        var read = new HashSet<string>(StringComparer.Ordinal);
        XElement Xml(string file)
        {
            read.Add(file);
            return SolutionZip.Xml(files, file);
        }

        IEnumerable<string> Folders(string parent) => files.Keys
            .Where(f => f.StartsWith(parent, StringComparison.Ordinal) && f.IndexOf('/', parent.Length) > 0)
            .Select(f => f[parent.Length..f.IndexOf('/', parent.Length)]).Distinct().Order(StringComparer.Ordinal);

        IReadOnlyList<SolutionApiParameter> Parameters(string api, string folder, string element)
        {
            var path = $"customapis/{api}/{folder}/";
            return [.. Folders(path).Select(p => Parameter(Xml($"{path}{p}/{element}.xml"), element, p))];
        }

        List<SolutionApi> apis =
        [
            .. Folders("customapis/").Select(api => Parse(
                Xml($"customapis/{api}/customapi.xml"),
                api,
                prefix,
                Parameters(api, "customapirequestparameters", "customapirequestparameter"),
                Parameters(api, "customapiresponseproperties", "customapiresponseproperty"))),
        ];
        return files.Keys.FirstOrDefault(f => IsFile(f) && !read.Contains(f)) is { } other
            ? throw Refusal.NotKnown($"the file {other} in a solution")
            : apis;
    }

    private static SolutionApi Parse(
        XElement xml, string folder, string prefix, IReadOnlyList<SolutionApiParameter> parameters,
        IReadOnlyList<SolutionApiParameter> properties)
    {
        var uniqueName = UniqueNameOf(xml, "customapi", folder, OfApi);
        if (!uniqueName.StartsWith(prefix + "_", StringComparison.Ordinal) || uniqueName.Length > MaxUniqueName)
        {
            throw SolutionZip.Refuse(
                $"The unique name {uniqueName} must start with {prefix}_ and have at most {MaxUniqueName} characters.");
        }

        // Ensure it is a kind of custom API that this stand-in runs
        if (Code(xml, "bindingtype", 2) != 0
            || xml.Element("plugintypeid")?.IsEmpty == false
            || Flag(xml, "isfunction")
            || Flag(xml, "workflowsdkstepenabled"))
        {
            throw Refusal.NotKnown(
                "custom APIs that are bound, functions, workflow steps or have a main-operation plug-in type");
        }

        var privilege = xml.Element("executeprivilegename")?.Value is { Length: > 0 } name ? name : null;
        return privilege == null || Schema.Known.Privileges.Contains(privilege)
            ? new SolutionApi(
                uniqueName, SolutionZip.Text(xml, "name"), Label(xml, "displayname"), Label(xml, "description"),
                Code(xml, "allowedcustomprocessingsteptype", 2), Flag(xml, "isprivate"), privilege, parameters,
                properties)
            : throw SolutionZip.Refuse($"The privilege {privilege} of {uniqueName} does not exist.");
    }

    private static SolutionApiParameter Parameter(XElement xml, string element, string folder)
    {
        var isRequest = element == "customapirequestparameter";
        string[] known = [.. Common, "type", "logicalentityname", .. isRequest ? ["isoptional"] : (string[])[]];
        return new SolutionApiParameter(
            UniqueNameOf(xml, element, folder, known),
            SolutionZip.Text(xml, "name"),
            Label(xml, "displayname"),
            Label(xml, "description"),
            Code(xml, "type", 12),
            isRequest ? Flag(xml, "isoptional") : null);
    }

    // Ensure the element is the one expected, named as its folder, without children the platform does not know
    // (isoptional in a response property: facts 1).
    private static string UniqueNameOf(XElement xml, string element, string folder, string[] known)
    {
        var uniqueName = (string?)xml.Attribute("uniquename");
        if (xml.Name.LocalName != element || uniqueName != folder)
        {
            throw SolutionZip.Refuse($"The file of {folder} must hold a {element} of that unique name.");
        }

        Flag(xml, "iscustomizable");
        return xml.Elements().FirstOrDefault(e => !known.Contains(e.Name.LocalName)) is { } unknown
            ? throw SolutionZip.Refuse(
                $"{element} {uniqueName} holds {unknown.Name.LocalName}, which is not one of its columns.")
            : uniqueName;
    }

    private static string Label(XElement xml, string name)
    {
        var text = (string?)SolutionZip.Child(xml, name).Attribute("default")
            ?? throw SolutionZip.Refuse($"{name} has no default.");
        return text.Length <= MaxDescription ? text
            : throw SolutionZip.Refuse($"{name} has more than {MaxDescription} characters.");
    }

    private static bool Flag(XElement xml, string name) => Code(xml, name, 1) == 1;

    private static int Code(XElement xml, string name, int highest) =>
        int.TryParse(SolutionZip.Text(xml, name), out var code) && code >= 0 && code <= highest
            ? code
            : throw SolutionZip.Refuse($"{name} must be a number from 0 to {highest}.");
}
