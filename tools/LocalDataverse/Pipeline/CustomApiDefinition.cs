using System.Collections.Frozen;
using ChatAuth.LocalDataverse.Rows;

namespace ChatAuth.LocalDataverse.Pipeline;

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
        rows.All("customapi").Select(api => Of(rows, api)).ToFrozenDictionary(
            api => api.Row.Text("uniquename")!, StringComparer.OrdinalIgnoreCase);

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
