using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatAuth.Pack;

/// <summary>Rules about the components of a site (facts, section 3), at which SolutionPackager does not look.</summary>
internal static class SiteRules
{
    /// <summary>The site setting that holds the keys.</summary>
    public const string KeySetting = "ChatAuth/PublicKeys";

    /// <summary>Each row has the root element of its file and the id of its folder, a GUID as exports write it.</summary>
    public static IEnumerable<CodedError> RowsAreTheirFolders(PackInput input) =>
        from row in input.SiteRows
        let id = (string?)row.Root.Attribute(row.Root.Name.LocalName + "id")
        where row.Folders[^1] != row.Root.Name.LocalName + ".xml" || id != row.FolderName || !Guid.TryParseExact(id, "D", out Guid guid) || guid.ToString("D") != id
        select Errors.SiteRowBad(row.Path);

    /// <summary>All components belong to one site, to whose id they are bound.</summary>
    public static IEnumerable<CodedError> ComponentsAreOfOneSite(PackInput input)
    {
        (ComponentFile Row, string? Site)[] components = [.. Components(input).Select(row => (row, row.Root.Element("powerpagesiteid")?.Text("powerpagesiteid")))];
        return components.Where(component => component.Site == null || component.Site != components[0].Site).Select(component => Errors.SiteDiffers(component.Row.Path));
    }

    /// <summary>The columns of a component are a JSON object.</summary>
    public static IEnumerable<CodedError> ContentIsJson(PackInput input) =>
        Components(input).Where(row => !IsObject(row.Root.Text("content"))).Select(row => Errors.SiteContentBad(row.Path));

    /// <summary>No keys: they are one environment's, and an upgrade would overwrite what deploy wrote.</summary>
    public static IEnumerable<CodedError> NoKeysInside(PackInput input) =>
        Components(input).Where(row => string.Equals(row.Root.Text("name"), KeySetting, StringComparison.OrdinalIgnoreCase)).Select(row => Errors.SiteKeysInside(row.Path));

    /// <summary>The file that a component names is there, and no other.</summary>
    public static IEnumerable<CodedError> FilesAreNamed(PackInput input)
    {
        IEnumerable<string> named = Components(input).Where(row => row.Root.Element("filecontent") != null)
            .Select(row => $"{row.Folders[0]}/{row.FolderName}/filecontent/{row.Root.Text("filecontent")}");
        HashSet<string> files = [.. input.SiteFiles];
        files.SymmetricExceptWith(named);
        return files.Order(StringComparer.Ordinal).Select(Errors.SiteFileMissing);
    }

    private static IEnumerable<ComponentFile> Components(PackInput input) => input.SiteRows.Where(row => row.IsNamed("powerpagecomponent.xml"));

    private static bool IsObject(string? content)
    {
        try
        {
            return JsonNode.Parse(content ?? string.Empty) is JsonObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
