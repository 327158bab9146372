using System.Globalization;
using System.Text.RegularExpressions;

namespace ChatAuth.LocalDataverse.Metadata;

/// <summary>Kind of value a column holds.</summary>
internal enum ColumnType
{
    /// <summary>Text.</summary>
    String,

    /// <summary>Whole number.</summary>
    Integer,

    /// <summary>Yes or no.</summary>
    Boolean,

    /// <summary>Identifier.</summary>
    Guid,

    /// <summary>Point in time, UTC.</summary>
    DateTime,

    /// <summary>Day without time.</summary>
    Date,

    /// <summary>Currency value.</summary>
    Money,

    /// <summary>One of listed numbers.</summary>
    Choice,

    /// <summary>Reference to a row.</summary>
    Lookup,

    /// <summary>Bytes, reached by an address of their own; kept in base64.</summary>
    File,

    /// <summary>Floating point number.</summary>
    Double,
}

/// <summary>A column of a table, as the metadata file describes it.</summary>
internal sealed partial class Column
{
    private static readonly string[] Words =
        ["required", "computed", "administrator", "secured", "default", "states", "navigation", "delete"];

    /// <summary>Parses a column from its line of the metadata file, for example <c>string(50) required</c>.</summary>
    public Column(string table, string name, string line)
    {
        Name = name;
        var parts = Part().Matches(line).ToDictionary(
            p => p.Groups[1].Value, p => p.Groups[2].Value.Split(',', StringSplitOptions.RemoveEmptyEntries));
        var word = parts.Keys.First();
        if (!Enum.TryParse(word, ignoreCase: true, out ColumnType type) || parts.Keys.Skip(1).Except(Words).Any())
        {
            throw new InvalidOperationException($"tables.json: {table}.{name} has no type or an unknown word.");
        }

        Type = type;
        var arguments = parts[word];
        MaxLength = Type == ColumnType.String ? Number(arguments[0]) : 0;
        Choices = Type == ColumnType.Choice ? [.. arguments.Select(Number)] : [];
        Targets = Type == ColumnType.Lookup ? arguments : [];
        States = parts.TryGetValue("states", out var states) ? [.. states.Select(Number)] : [];
        Default = parts.TryGetValue("default", out var value) ? Number(value[0]) : null;
        Required = parts.ContainsKey("required");
        Computed = parts.ContainsKey("computed");
        AdministratorsOnly = parts.ContainsKey("administrator");
        IsSecured = parts.ContainsKey("secured");
        RestrictsDelete = parts.TryGetValue("delete", out var delete) && delete is ["restrict"];
        NavigationName = parts.TryGetValue("navigation", out var navigation) ? navigation[0] : name;
    }

    /// <summary>Logical name.</summary>
    public string Name { get; }

    /// <summary>Kind of value.</summary>
    public ColumnType Type { get; }

    /// <summary>Longest text.</summary>
    public int MaxLength { get; }

    /// <summary>The numbers a choice may have.</summary>
    public IReadOnlyList<int> Choices { get; }

    /// <summary>For each number of a status reason the state it belongs to.</summary>
    public IReadOnlyList<int> States { get; }

    /// <summary>Tables a lookup may refer to.</summary>
    public IReadOnlyList<string> Targets { get; }

    /// <summary>Value of a new row that names none.</summary>
    public int? Default { get; }

    /// <summary>Whether a new row must have it.</summary>
    public bool Required { get; }

    /// <summary>Whether only the platform writes it.</summary>
    public bool Computed { get; }

    /// <summary>Whether only system administrators read it (facts 1: secure configuration).</summary>
    public bool AdministratorsOnly { get; }

    /// <summary>
    /// Whether column security guards it (AttributeMetadata.IsSecured); only system administrators are in a profile
    /// here.
    /// </summary>
    public bool IsSecured { get; }

    /// <summary>Whether a row it refers to cannot be deleted (cascade configuration: Delete: Restrict).</summary>
    public bool RestrictsDelete { get; }

    /// <summary>The SDK's type of its values.</summary>
    public Type ClrType => Type switch
    {
        ColumnType.String or ColumnType.File => typeof(string),
        ColumnType.Integer => typeof(int),
        ColumnType.Boolean => typeof(bool),
        ColumnType.Guid => typeof(Guid),
        ColumnType.DateTime or ColumnType.Date => typeof(DateTime),
        ColumnType.Money => typeof(Money),
        ColumnType.Double => typeof(double),
        ColumnType.Choice => typeof(OptionSetValue),
        _ => typeof(EntityReference),
    };

    /// <summary>Name in <c>$select</c>, <c>$filter</c> and answers of the Web API.</summary>
    /// <remarks>Facts 1: lookups are read as <c>_name_value</c>.</remarks>
    public string WireName => Type == ColumnType.Lookup ? $"_{Name}_value" : Name;

    private string NavigationName { get; }

    /// <summary>Name under which a request body binds a row of that table.</summary>
    /// <remarks>
    /// A lookup with several targets has one navigation property each (facts 1: <c>eventhandler_plugintype</c>).
    /// </remarks>
    public string Navigation(string target) => Targets.Count == 1 ? NavigationName : $"{NavigationName}_{target}";

    private static int Number(string text) =>
        int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\w+)(?:\(([^)]*)\))?")]
    private static partial Regex Part();
}
