using System.Collections.Frozen;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Pipeline;

/// <summary>A request parameter or response property of a custom API.</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Type">Type code (facts 1).</param>
/// <param name="IsOptional">Whether a request may leave it out.</param>
internal sealed record ApiParameter(string Name, int Type, bool IsOptional)
{
    /// <summary>The parameter a row describes.</summary>
    public static ApiParameter Of(Row row) => new(row.Text("uniquename")!, row.Number("type"), row.Flag("isoptional"));

    /// <summary>The SDK's type of its values.</summary>
    public Type ClrType => Type switch
    {
        0 => typeof(bool),
        1 => typeof(DateTime),
        2 => typeof(decimal),
        6 => typeof(double),
        7 => typeof(int),
        8 => typeof(Money),
        9 => typeof(OptionSetValue),
        10 => typeof(string),
        11 => typeof(string[]),
        12 => typeof(Guid),
        _ => throw Refusal.NotKnown($"custom API parameters of type {Type}"),
    };

    /// <summary>What a response property holds that nobody set (facts 1).</summary>
    public object? Default => ClrType.IsValueType ? Activator.CreateInstance(ClrType) : null;
}

/// <summary>A custom API as the rows of one moment define it.</summary>
/// <param name="Moment">The rows of that moment.</param>
/// <param name="Row">Its row.</param>
/// <param name="Parameters">Request parameters by name.</param>
/// <param name="Properties">Response properties, in the order of their names.</param>
/// <param name="Steps">The enabled steps on its message, in the order in which they run.</param>
internal sealed record CustomApiDefinition(
    RowSnapshot Moment, Row Row, FrozenDictionary<string, ApiParameter> Parameters,
    IReadOnlyList<ApiParameter> Properties, IReadOnlyList<Row> Steps)
{
    /// <summary>Every custom API of that moment, by its unique name without regard to case.</summary>
    public static FrozenDictionary<string, CustomApiDefinition> All(RowSnapshot rows) =>
        rows.All("customapi").Select(api => Of(rows, api))
            .ToFrozenDictionary(api => api.Row.Text("uniquename")!, StringComparer.OrdinalIgnoreCase);

    // Stage 30 is the main operation: a custom API without plug-in type does nothing there (facts 1).
    private static CustomApiDefinition Of(RowSnapshot rows, Row api) => new(
        rows,
        api,
        Members(rows, "customapirequestparameter", api.Id).ToFrozenDictionary(p => p.Name, StringComparer.Ordinal),
        [.. Members(rows, "customapiresponseproperty", api.Id).OrderBy(p => p.Name, StringComparer.Ordinal)],
        [.. rows.All("sdkmessageprocessingstep")
            .Where(s => s.Reference("sdkmessageid") == api.Reference("sdkmessageid") && s.Number("statecode") == 0)
            .OrderBy(s => s.Number("stage")).ThenBy(s => s.Number("rank"))]);

    private static IEnumerable<ApiParameter> Members(RowSnapshot rows, string table, Guid api) =>
        rows.All(table).Where(p => p.Reference("customapiid") == api).Select(ApiParameter.Of);
}
