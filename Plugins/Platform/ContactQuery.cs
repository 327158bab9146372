using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.Plugins.Platform;

/// <summary>The one query of a token: a contact with all columns that the token needs; immutable.</summary>
internal sealed class ContactQuery
{
    private const string ExternalIdentityAlias = "identity";

    // Dataverse compares texts without regard to case, the rule here is ordinal: so more rows than one may come back
    // and are sifted. A full page may hide another match and counts as ambiguous.
    private const int Page = 10;

    // Shared by all queries: nobody changes it once it is made.
    private readonly ColumnSet columns;
    private readonly List<KeyValuePair<string, List<string>>> hops = new List<KeyValuePair<string, List<string>>>();
    private readonly Dictionary<string, string> aliases = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A query for these columns.</summary>
    /// <param name="paths"><c>column</c> or <c>lookup:table.column</c>, checked by the settings.</param>
    internal ContactQuery(IEnumerable<string> paths)
    {
        var own = new List<string> { "contactid", "statecode" };
        foreach (var path in paths)
        {
            var dot = path.IndexOf('.');
            if (dot < 0)
            {
                if (!own.Contains(path))
                {
                    own.Add(path);
                }

                continue;
            }

            var hop = path.Substring(0, dot);
            var place = hops.FindIndex(known => known.Key == hop);
            if (place < 0)
            {
                place = hops.Count;
                hops.Add(new KeyValuePair<string, List<string>>(hop, new List<string>()));
            }

            hops[place].Value.Add(path.Substring(dot + 1));
            aliases[path] = Alias(place) + "." + path.Substring(dot + 1);
        }

        columns = new ColumnSet(own.ToArray());
    }

    /// <summary>Asks for a contact by its id.</summary>
    /// <exception cref="ChatAuthException">1008 to 1010, 1018 to 1020, 2010.</exception>
    internal ContactRow ById(IOrganizationService service, Guid contact)
    {
        var query = Query(2);
        query.Criteria.AddCondition("contactid", ConditionOperator.Equal, contact);
        return Single(service, query, found => found.Id == contact);
    }

    /// <summary>Asks for a contact by a column of its own.</summary>
    /// <exception cref="ChatAuthException">As <see cref="ById"/>.</exception>
    internal ContactRow ByColumn(IOrganizationService service, string column, string userName)
    {
        var query = Query(Page);
        query.ColumnSet = new ColumnSet(columns.Columns.Concat(new[] { column }).Distinct().ToArray());
        query.Criteria.AddCondition(column, ConditionOperator.Equal, userName);
        return Single(service, query, found => Is(found, column, userName));
    }

    /// <summary>Asks for a contact by an active external identity of a provider.</summary>
    /// <remarks>
    /// The join that the portal's own sign-in makes; the table is the same in both data models of Power Pages.
    /// </remarks>
    /// <exception cref="ChatAuthException">As <see cref="ById"/>.</exception>
    internal ContactRow ByExternalIdentity(IOrganizationService service, string provider, string userName)
    {
        var query = Query(Page);
        var link = query.AddLink("adx_externalidentity", "contactid", "adx_contactid", JoinOperator.Inner);
        link.EntityAlias = ExternalIdentityAlias;
        link.Columns = new ColumnSet("adx_username", "adx_identityprovidername");
        link.LinkCriteria.AddCondition("adx_username", ConditionOperator.Equal, userName);
        link.LinkCriteria.AddCondition("adx_identityprovidername", ConditionOperator.Equal, provider);
        link.LinkCriteria.AddCondition("statecode", ConditionOperator.Equal, 0);

        // Two of a contact's identities are one contact.
        return Single(
            service,
            query,
            found => Is(found, ExternalIdentityAlias + ".adx_username", userName)
                && Is(found, ExternalIdentityAlias + ".adx_identityprovidername", provider),
            mayRepeat: true);
    }

    private static string Alias(int hop) => "hop" + hop.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static bool Is(Entity row, string attribute, string text) =>
        row.Attributes.TryGetValue(attribute, out var value)
        && string.Equals(
            (value is AliasedValue aliased ? aliased.Value : value) as string, text, StringComparison.Ordinal);

    private QueryExpression Query(int top)
    {
        var query = new QueryExpression("contact") { TopCount = top, ColumnSet = columns };
        for (var i = 0; i < hops.Count; i++)
        {
            var colon = hops[i].Key.IndexOf(':');
            var table = hops[i].Key.Substring(colon + 1);

            // The primary key of every table but the activities is the table's name and "id".
            var link = query.AddLink(table, hops[i].Key.Substring(0, colon), table + "id", JoinOperator.LeftOuter);
            link.EntityAlias = Alias(i);
            link.Columns.Columns.AddRange(hops[i].Value);
        }

        return query;
    }

    private ContactRow Single(
        IOrganizationService service, QueryExpression query, Predicate<Entity> matches, bool mayRepeat = false)
    {
        var rows = OrganizationFault.Guard(service, query);
        Entity? single = null;
        foreach (var row in rows)
        {
            if (matches(row))
            {
                single = single == null || (mayRepeat && single.Id == row.Id) ? row : throw Errors.ContactAmbiguous();
            }
        }

        if (single != null && rows.Count == Page)
        {
            throw Errors.ContactAmbiguous();
        }

        return new ContactRow(single ?? throw Errors.ContactNotFound(), aliases);
    }
}
