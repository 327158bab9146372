using System.Globalization;
using System.Text.RegularExpressions;
using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Queries;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.LocalDataverse.WebApi;

/// <summary>Which page of a set a request asks for (Microsoft Learn: page results using OData).</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Page">Its length, and the row that the page before it ends with.</param>
/// <param name="Preference">The length as the preference that was applied; null where it is the platform's.</param>
internal sealed partial record PageRequest(int Number, QueryPage Page, string? Preference)
{
    private const string SkipToken = "$skiptoken";

    /// <summary>Reads preference and cookie.</summary>
    /// <remarks>
    /// A length beyond the platform's own is ignored. Beside a length <c>$top</c> is ignored; beside a cookie alone no
    /// source says what it does.
    /// </remarks>
    public static PageRequest Parse(WebRequest request, ODataQuery query)
    {
        int? asked = SizeOf(request.Header("Prefer"));
        var size = asked is <= QueryPage.Longest ? asked : null;
        var preference = size == null ? null : FormattableString.Invariant($"odata.maxpagesize={size}");
        if (size != null)
        {
            query.Query.TopCount = null;
        }

        if (!request.Query.TryGetValue(SkipToken, out var token))
        {
            return new PageRequest(1, new QueryPage(size ?? QueryPage.Longest, null), preference);
        }

        var outer = Outer().Match(token.ToString());
        var inner = Inner().Match(Uri.UnescapeDataString(outer.Groups[2].Value));
        return outer.Success && inner.Success && inner.Groups[1].Value == query.Table.IdColumn
            && query.Query.TopCount == null
            ? new PageRequest(
                int.Parse(outer.Groups[1].Value, CultureInfo.InvariantCulture),
                new QueryPage(size ?? QueryPage.Longest, Guid.Parse(inner.Groups[2].Value)),
                preference)
            : throw Refusal.NotKnown("this $skiptoken");
    }

    /// <summary>How many rows a preference asks for; null for another preference, or none.</summary>
    public static int? SizeOf(string? preference) =>
        preference != null && MaximumPageSize().Match(preference) is { Success: true } match
            ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : null;

    /// <summary>Address of the page behind this one.</summary>
    /// <param name="request">Asked for this one.</param>
    /// <param name="table">The table of the set.</param>
    /// <param name="rows">The rows of this one, of which there is one at least.</param>
    public string NextLink(WebRequest request, Table table, IReadOnlyList<Entity> rows)
    {
        var (first, last) = (rows[0].Id, rows[^1].Id);
        var inner = Uri.EscapeDataString(FormattableString.Invariant(
            $"<cookie page=\"{Number}\"><{table.IdColumn} last=\"{{{last:D}}}\" first=\"{{{first:D}}}\" /></cookie>"));
        var cookie = FormattableString.Invariant(
            $"<cookie pagenumber=\"{Number + 1}\" pagingcookie=\"{inner}\" istracking=\"False\" />");
        var options = request.Uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(option => !Uri.UnescapeDataString(option).StartsWith(SkipToken + "=", StringComparison.Ordinal))
            .Append(SkipToken + "=" + Uri.EscapeDataString(cookie));
        return request.Uri.GetLeftPart(UriPartial.Path) + "?" + string.Join('&', options);
    }

    [GeneratedRegex(@"^odata\.maxpagesize=([1-9][0-9]{0,8})\z")]
    private static partial Regex MaximumPageSize();

    [GeneratedRegex("^<cookie pagenumber=\"([1-9][0-9]{0,8})\" pagingcookie=\"([^\"]*)\" istracking=\"False\" />\\z")]
    private static partial Regex Outer();

    [GeneratedRegex(
        "^<cookie page=\"[0-9]+\"><([a-z_]+) last=\"\\{([0-9a-f-]{36})\\}\" first=\"[^\"]*\" /></cookie>\\z")]
    private static partial Regex Inner();
}
