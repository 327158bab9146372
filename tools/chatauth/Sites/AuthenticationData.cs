using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using ChatAuth.Dataverse;
using ChatAuth.Pack;
using ChatAuth.Settings;

namespace ChatAuth.Sites;

/// <summary>
/// The chat authentication settings as a zip of the Configuration Migration tool, Microsoft's documented way to move
/// them.
/// </summary>
/// <remarks>
/// Facts sections 3 and 4: data.xml, data_schema.xml, [Content_Types].xml. To be imported after deploy, when the key
/// URL answers. Schema: microsoft/Dynamics365-Apps-Samples, live-chat-channel-sample-config.xml.
/// </remarks>
internal static class AuthenticationData
{
    /// <summary>Name of the zip.</summary>
    public const string FileName = "ChatAuthPortal_data.zip";

    private const string Table = "msdyn_authenticationsettings";

    // That of the sample. Each environment has a number of its own for the table; the name is what tells it.
    private const int TypeCode = 10466;

    /// <summary>The bytes of the zip; equal input gives equal bytes on every machine.</summary>
    public static byte[] Pack(AuthenticationSettings settings)
    {
        var columns = AuthenticationRow.Columns(settings);
        string id = AuthenticationRow.OwnId.ToString("D", CultureInfo.InvariantCulture);
        XDocument data = new(new XElement("entities", new XElement(
            "entity",
            new XAttribute("name", Table),
            new XAttribute("displayname", "Authentication Settings"),
            new XElement("records", new XElement(
                "record",
                new XAttribute("id", id),
                columns.Select(
                    column =>
                        Field(new XAttribute("name", column.Key), new XAttribute("value", column.Value!.ToString()))),
                Field(new XAttribute("name", Table + "id"), new XAttribute("value", id)))),
            new XElement("m2mrelationships"))));
        XDocument schema = new(new XElement("entities", new XElement(
            "entity",
            new XAttribute("name", Table),
            new XAttribute("displayname", "Authentication Settings"),
            new XAttribute("etc", TypeCode),
            new XAttribute("primaryidfield", Table + "id"),
            new XAttribute("primarynamefield", "msdyn_name"),
            new XAttribute("disableplugins", "false"),
            new XElement(
                "fields",
                columns.Select(
                    column => Declared(column.Key,
                        column.Value!.GetValueKind() == JsonValueKind.Number ? "optionsetvalue" : "string")),
                Field(
                    new XAttribute("displayname", Table + "id"), new XAttribute("name", Table + "id"),
                    new XAttribute("type", "guid"), new XAttribute("primaryKey", "true"))),
            new XElement("relationships"))));
        Dictionary<string, byte[]> entries = new(StringComparer.Ordinal)
        {
            ["data.xml"] = SolutionXml.Write(data),
            ["data_schema.xml"] = SolutionXml.Write(schema),
        };
        entries["[Content_Types].xml"] = SolutionPackage.ContentTypesOf(entries.Keys);
        return ReproducibleZip.Write(entries);
    }

    private static XElement Declared(string name, string type) =>
        Field(new XAttribute("displayname", name), new XAttribute("name", name), new XAttribute("type", type),
            new XAttribute("customfield", "true"));

    private static XElement Field(params XAttribute[] attributes) => new("field", attributes);
}
