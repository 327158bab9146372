using System.Globalization;
using System.Xml.Linq;
using ChatAuth.LocalDataverse.Metadata;

namespace ChatAuth.LocalDataverse.Solutions;

/// <summary>A row that travels in a solution: a site component, or chat authentication settings.</summary>
/// <remarks>
/// Facts 3 (Contoso's portal): <c>powerpagecomponents/id/powerpagecomponent.xml</c>, a column an element, a lookup an
/// element in an element of its name, a file its name, the bytes in <c>filecontent/name</c> beside it. Such components
/// are no root components.
/// </remarks>
/// <param name="Table">Its table.</param>
/// <param name="Id">Its id.</param>
/// <param name="Values">Values by column.</param>
/// <param name="FileName">Name of the file in <c>filecontent</c>; null when it has none.</param>
/// <param name="File">Its bytes.</param>
/// <param name="IsCustomizable">Whether it may be changed where it is managed.</param>
internal sealed record SolutionRow(
    Table Table, Guid Id, IReadOnlyDictionary<string, object?> Values, string? FileName, byte[]? File,
    bool IsCustomizable)
{
    // That chat authentication settings are among them is not proven: facts 4, no public solution carries one. README,
    // "Unknown on the platform".
    private static readonly Table[] Tables =
        [.. Schema.Known.Tables.Where(t => t.IsSolutionAware && t.Operations.Contains("write"))];

    /// <summary>Whether a path in the zip is one of such a row.</summary>
    public static bool IsFile(string path) =>
        Tables.Any(table => path.StartsWith(table.SetName + "/", StringComparison.Ordinal));

    /// <summary>The rows among the files of a solution.</summary>
    public static IReadOnlyList<SolutionRow> ParseAll(IReadOnlyDictionary<string, byte[]> files)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        List<SolutionRow> rows =
        [
            .. from path in files.Keys.Order(StringComparer.Ordinal)
               from table in Tables
               where path.StartsWith(table.SetName + "/", StringComparison.Ordinal)
                   && path.EndsWith($"/{table.Name}.xml", StringComparison.Ordinal)
               select Parse(table, path, files, used),
        ];
        return files.Keys.FirstOrDefault(path => IsFile(path) && !used.Contains(path)) is { } other
            ? throw Refusal.NotKnown($"the file {other} in a solution")
            : rows;
    }

    private static SolutionRow Parse(
        Table table, string path, IReadOnlyDictionary<string, byte[]> files, HashSet<string> used)
    {
        used.Add(path);
        var xml = SolutionZip.Xml(files, path);
        if (xml.Name.LocalName != table.Name
            || !Guid.TryParseExact((string?)xml.Attribute(table.IdColumn), "D", out var id)
            || path != $"{table.SetName}/{id:D}/{table.Name}.xml")
        {
            throw SolutionZip.Refuse($"The file {path} must hold a {table.Name} of that id.");
        }

        Dictionary<string, object?> values = [];
        string? fileName = null;
        foreach (var element in xml.Elements().Where(e => e.Name.LocalName != "iscustomizable"))
        {
            var column = table.Columns.GetValueOrDefault(element.Name.LocalName)
                ?? throw Refusal.NotKnown($"{element.Name.LocalName} of {table.Name} in a solution");
            if (column.Type == ColumnType.File)
            {
                fileName = element.Value;
                continue;
            }

            values.Add(column.Name, Value(column, element));
        }

        var file = fileName == null ? null : $"{table.SetName}/{id:D}/filecontent/{fileName}";
        return file == null || used.Add(file)
            ? new SolutionRow(
                table, id, values, fileName,
                file == null ? null
                    : files.GetValueOrDefault(file) ?? throw SolutionZip.Refuse($"The file {file} is missing."),
                xml.Element("iscustomizable")?.Value == "1")
            : throw SolutionZip.Refuse($"The file {path} is there twice.");
    }

    private static object Value(Column column, XElement element) => column.Type switch
    {
        ColumnType.String => element.Value,
        ColumnType.Choice
            when int.TryParse(element.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) =>
            new OptionSetValue(number),
        ColumnType.Lookup when column.Targets is [var target]
            && Guid.TryParse(element.Element(Schema.Known.Table(target).IdColumn)?.Value, out var id) =>
            new EntityReference(target, id),
        _ => throw Refusal.NotKnown($"the value of {column.Name} in a solution"),
    };
}
