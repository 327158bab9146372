using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.LocalDataverse.Queries;

/// <summary>One page of what a query selects (Microsoft Learn: page results).</summary>
/// <param name="Size">How many rows it has at most.</param>
/// <param name="After">Id of the last row of the page before it; null for the first page.</param>
internal sealed record QueryPage(int Size, Guid? After)
{
    /// <summary>The most rows of a standard table that are given at once.</summary>
    public const int Longest = 5000;
}

/// <summary>
/// Runs a query as a user over one moment of the rows; the only reader behind the Web API and the organization service.
/// </summary>
internal sealed class QueryEvaluator(RowSnapshot rows, LocalUser user)
{
    private readonly Dictionary<string, Table> tables = new(StringComparer.Ordinal);
    private readonly Dictionary<LinkEntity, string> aliases = [];

    /// <summary>The rows the query selects.</summary>
    /// <param name="query">The query.</param>
    /// <param name="page">The page of them; null for all, where a second page is not known.</param>
    public EntityCollection Run(QueryExpression query, QueryPage? page = null)
    {
        var table = Readable(query.EntityName);
        tables.Add(string.Empty, table);
        foreach (var link in query.LinkEntities)
        {
            Declare(table, link);
        }

        if (query.Distinct)
        {
            throw Refusal.NotKnown("distinct queries");
        }

        var criteria = new ConditionEvaluator(tables, user);
        criteria.Validate(query.Criteria, string.Empty);
        Columns(table, query.ColumnSet);
        var found = rows.All(table.Name)
            .Select(r => new Dictionary<string, Row?>(StringComparer.Ordinal) { [string.Empty] = r });
        foreach (var link in query.LinkEntities)
        {
            found = Join(found, string.Empty, link, criteria);
        }

        found = Order(found.Where(m => criteria.Holds(query.Criteria, m, string.Empty)), query, table);
        if (query.TopCount is { } top)
        {
            found = top is >= 1 and <= QueryPage.Longest ? found.Take(top)
                : throw Refusal.Invalid("The value of TopCount must be between 1 and 5000.");
        }

        var size = page?.Size ?? QueryPage.Longest;
        List<Entity> entities = [.. Behind(found, page?.After, query).Select(m => Answer(query, m)).Take(size + 1)];
        return entities.Count <= size ? new EntityCollection(entities) { EntityName = table.Name }
            : page == null ? throw Refusal.NotKnown("a second page of results")
            : new EntityCollection(entities[..size]) { EntityName = table.Name, MoreRecords = true };
    }

    // Without an order a query has that of the primary key, so that a page begins behind a row that is gone too.
    private static IEnumerable<Dictionary<string, Row?>> Behind(
        IEnumerable<Dictionary<string, Row?>> found, Guid? after, QueryExpression query)
    {
        if (after is not { } last)
        {
            return found;
        }

        if (query.Orders.Count == 0)
        {
            return found.SkipWhile(match => match[string.Empty]!.Id.CompareTo(last) <= 0);
        }

        List<Dictionary<string, Row?>> rest = [.. found.SkipWhile(match => match[string.Empty]!.Id != last)];
        return rest.Count > 0 ? rest.Skip(1)
            : throw Refusal.NotKnown("where an ordered query goes on behind a row that is gone");
    }

    private Table Readable(string? name)
    {
        var table = Schema.Known.Table(name);
        user.RequireOn(table, "Read");
        return table;
    }

    // Every table, alias and column of the joins is checked before a row is read: an unknown one is a fault even when
    // nothing matches.
    private void Declare(Table from, LinkEntity link)
    {
        var to = Readable(link.LinkToEntityName);
        if (link.JoinOperator is not (JoinOperator.Inner or JoinOperator.LeftOuter))
        {
            throw Refusal.NotKnown($"the join operator {link.JoinOperator}");
        }

        from.Column(link.LinkFromAttributeName);
        to.Column(link.LinkToAttributeName);
        var alias = link.EntityAlias ?? FormattableString.Invariant($"{to.Name}{tables.Count}");
        if (!tables.TryAdd(alias, to))
        {
            throw Refusal.Invalid($"Alias '{alias}' is used more than once.");
        }

        aliases.Add(link, alias);
        Columns(to, link.Columns);
        foreach (var further in link.LinkEntities)
        {
            Declare(to, further);
        }

        new ConditionEvaluator(tables, user).Validate(link.LinkCriteria, alias);
    }

    private IReadOnlyList<Column> Columns(Table table, ColumnSet set)
    {
        if (set.AllColumns)
        {
            bool IsShown(Column c) => c.Type != ColumnType.File && (user.IsAdministrator || !c.AdministratorsOnly);
            return [.. table.Columns.Values.Where(IsShown)];
        }

        IReadOnlyList<Column> columns = [.. set.Columns.Select(table.Column)];
        foreach (var column in columns)
        {
            ConditionEvaluator.RequireReadable(table, column, user);
        }

        return columns;
    }

    private IEnumerable<Dictionary<string, Row?>> Join(
        IEnumerable<Dictionary<string, Row?>> found, string from, LinkEntity link, ConditionEvaluator criteria)
    {
        var alias = aliases[link];
        var joined = found.SelectMany(match =>
        {
            var key = ConditionEvaluator.Comparable(match[from]?[link.LinkFromAttributeName]);
            IEnumerable<Row?> partners = key == null ? [] : rows.All(link.LinkToEntityName).Where(r =>
                ConditionEvaluator.Comparable(r[link.LinkToAttributeName]) is { } other
                && ConditionEvaluator.Compare(key, other) == 0
                && criteria.Holds(link.LinkCriteria, With(match, alias, r), alias));
            return (link.JoinOperator == JoinOperator.LeftOuter ? partners.DefaultIfEmpty() : partners)
                .Select(r => With(match, alias, r));
        });
        foreach (var further in link.LinkEntities)
        {
            joined = Join(joined, alias, further, criteria);
        }

        return joined;
    }

    private static Dictionary<string, Row?> With(Dictionary<string, Row?> match, string alias, Row? row) =>
        new(match, StringComparer.Ordinal) { [alias] = row };

    private static IEnumerable<Dictionary<string, Row?>> Order(
        IEnumerable<Dictionary<string, Row?>> found, QueryExpression query, Table table)
    {
        var ordered = found.Order(Comparer<Dictionary<string, Row?>>.Create((_, _) => 0));
        foreach (var order in query.Orders)
        {
            table.Column(order.AttributeName);
            object? Key(Dictionary<string, Row?> match) =>
                ConditionEvaluator.Comparable(match[string.Empty]![order.AttributeName]);

            // As SQL Server sorts: empty values first.
            var comparer = Comparer<object?>.Create((a, b) =>
                a == null || b == null ? (a != null).CompareTo(b != null) : ConditionEvaluator.Compare(a, b));
            ordered = order.OrderType == OrderType.Ascending
                ? ordered.ThenBy(Key, comparer)
                : ordered.ThenByDescending(Key, comparer);
        }

        return ordered;
    }

    private Entity Answer(QueryExpression query, Dictionary<string, Row?> match)
    {
        var row = match[string.Empty]!;
        var entity = new Entity(row.Table, row.Id) { RowVersion = FormattableString.Invariant($"{row.Version}") };
        entity[tables[string.Empty].IdColumn] = row.Id;
        foreach (var (column, value) in Values(tables[string.Empty], query.ColumnSet, row))
        {
            entity[column] = value;
        }

        AnswerLinks(query.LinkEntities, match, entity);
        return entity;
    }

    private void AnswerLinks(IEnumerable<LinkEntity> links, Dictionary<string, Row?> match, Entity entity)
    {
        foreach (var link in links)
        {
            var alias = aliases[link];
            if (match[alias] is { } row)
            {
                foreach (var (column, value) in Values(tables[alias], link.Columns, row))
                {
                    entity[$"{alias}.{column}"] = new AliasedValue(row.Table, column, value);
                }
            }

            AnswerLinks(link.LinkEntities, match, entity);
        }
    }

    // Microsoft Learn: column-level security: a secured column reads as empty for whoever is in no profile.
    private IEnumerable<(string Column, object Value)> Values(Table table, ColumnSet set, Row row) =>
        Columns(table, set)
        .Where(c => !c.IsSecured || user.IsAdministrator)
        .Select(c => (c.Name, Value: row[c.Name]))
        .Where(v => v.Value != null)
        .Select(v => (v.Name, ColumnValue.Copy(v.Value!)));
}
