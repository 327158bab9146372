namespace ChatAuth.Dataverse;

/// <summary>Pieces of a query's <c>$filter</c> (OData 4.0, URL conventions, section 5.1.1).</summary>
internal static class OData
{
    /// <summary>A text as a literal in a URL: in quotation marks, its own doubled, and percent-encoded.</summary>
    public static string Literal(string text) =>
        $"'{Uri.EscapeDataString(text.Replace("'", "''", StringComparison.Ordinal))}'";

    /// <summary>Conditions of which one is to hold.</summary>
    public static string AnyOf(IEnumerable<string> conditions) => string.Join(" or ", conditions);
}
