using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using ChatAuth.Dataverse;
using ChatAuth.Pack;
using ChatAuth.Settings;

namespace ChatAuth.Sites;

/// <summary>
/// The solution that brings to a site what deploy would make on it: the same rows under the same ids, without keys.
/// </summary>
/// <remarks>
/// For sites that are promoted by solution. Each site has a solution of its own, so that the upgrade of one never
/// removes the components of another. Layout: facts section 3. The chat authentication settings lie beside them as rows
/// of solution-aware tables do, which no public solution shows (facts, section 4).
/// </remarks>
internal static class PortalSolution
{
    /// <summary>Name of the zips.</summary>
    public const string FileName = "ChatAuthPortal";

    /// <summary>Where the page with the keys is.</summary>
    public const string KeyPath = KeyPage.UsualPath;

    private const string Components = "powerpagecomponents";
    private const string AuthenticationTable = "msdyn_authenticationsettings";

    /// <summary>Makes it, unpacked.</summary>
    /// <param name="site">The site, as it is where it is made.</param>
    /// <param name="settings">What is asked of it.</param>
    /// <param name="authentication">The chat authentication settings; null leaves them out.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5601 to 5607 something of somebody else stands in the way; 5001, 5002,
    /// 5012.</exception>
    public static async Task<UnpackedSolution> MakeAsync(
        Site site, PortalSettings settings, AuthenticationSettings? authentication, CancellationToken cancellation)
    {
        IReadOnlyList<SitePart> page =
            await new KeyPage(site, KeyPath, "application/json").PartsAsync(cancellation);
        IReadOnlyList<SitePart> parts = await new Portal(site, settings).PartsAsync(cancellation);

        // A row that somebody else made goes with the site, not with this.
        IEnumerable<SitePart> own = page.Concat(parts).Where(part => part.Row.IsOwn);
        UnpackedSolution solution = UnpackedSolution.Empty
            .With(UnpackedSolution.ManifestPath, Manifest(site.Id))
            .With(UnpackedSolution.CustomizationsPath,
                UnpackedSolution.Embedded().Files[UnpackedSolution.CustomizationsPath]);
        foreach (SitePart part in own)
        {
            string folder = $"{Components}/{part.Row.Id:D}/";
            solution = solution.With(folder + "powerpagecomponent.xml", Component(site.Id, part));
            solution = part.File is { } file
                ? solution.With(folder + "filecontent/" + file.Name, Encoding.UTF8.GetBytes(file.Text))
                : solution;
        }

        return authentication == null ? solution : solution.With(
            $"{AuthenticationTable}es/{AuthenticationRow.OwnId:D}/{AuthenticationTable}.xml",
            Authentication(authentication));
    }

    private static byte[] Manifest(Guid site)
    {
        XDocument document = SolutionXml.TryParse(UnpackedSolution.Embedded().Files[UnpackedSolution.ManifestPath])!;
        XElement manifest = document.Root!.Element("SolutionManifest")!;
        manifest.Element("UniqueName")!.Value = $"{FileName}_{site:N}";
        manifest.Element("LocalizedNames")!.Element(
            "LocalizedName")!.SetAttributeValue("description", $"ChatAuth for the site {site:D}");
        manifest.Element("Descriptions")!.Element("Description")!.SetAttributeValue(
            "description", "What a Power Pages site needs to give chat tokens. The keys come from chatauth deploy.");
        manifest.Element("RootComponents")!.RemoveNodes();
        return SolutionXml.Write(document);
    }

    private static byte[] Component(Guid site, SitePart part)
    {
        JsonObject content = part.Row.Columns.DeepClone().AsObject();
        Guid? language = part.Row.Reference(SiteRow.Language);
        content.Remove(SiteRow.Language);
        return Row(
            "powerpagecomponent",
            part.Row.Id,
            new XElement("content", content.ToJsonString()),
            part.File is { } file ? new XElement(
                "filecontent",
                new XAttribute(
                    "mimetype", part.Row.Kind == SiteKind.WebFile ? "text/javascript" : "application/octet-stream"),
                file.Name) : null,
            new XElement("iscustomizable", 1),
            new XElement("name", part.Row.Name),
            new XElement("powerpagecomponenttype", (int)part.Row.Kind),
            Lookup("powerpagesiteid", site),
            language is { } id ? Lookup("powerpagesitelanguageid", id) : null);
    }

    private static byte[] Authentication(AuthenticationSettings settings) => Row(
        AuthenticationTable,
        AuthenticationRow.OwnId,
        [
            new XElement("iscustomizable", 1),
            .. AuthenticationRow.Columns(settings)
                .OrderBy(column => column.Key, StringComparer.Ordinal)
                .Select(column => new XElement(column.Key, column.Value!.ToString())),
        ]);

    private static byte[] Row(string table, Guid id, params object?[] columns) =>
        SolutionXml.Write(new XDocument(new XElement(
            table,
            new XAttribute(table + "id", id.ToString("D", CultureInfo.InvariantCulture)),
            columns,
            new XElement("statecode", 0),
            new XElement("statuscode", 1))));

    private static XElement Lookup(string column, Guid id) =>
        new(column, new XElement(column, id.ToString("D", CultureInfo.InvariantCulture)));
}
