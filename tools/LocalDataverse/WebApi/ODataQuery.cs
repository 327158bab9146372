using ChatAuth.LocalDataverse.Metadata;
using Microsoft.OData.UriParser;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.LocalDataverse.WebApi;

/// <summary>An OData address, parsed by the library and translated into what the one evaluator takes.</summary>
/// <param name="Table">The table of the entity set.</param>
/// <param name="Id">The row, or null for the set.</param>
/// <param name="Query">The query, with the columns of <c>$select</c>.</param>
internal sealed record ODataQuery(Table Table, Guid? Id, QueryExpression Query)
{
    /// <summary>Parses the address; what the model does not have is refused by the parser.</summary>
    public static ODataQuery Parse(WebRequest request)
    {
        if (request.Query.ContainsKey("$expand"))
        {
            throw Refusal.NotKnown("$expand");
        }

        var parser = new ODataUriParser(Schema.Known.Model, request.ServiceRoot, request.Uri);
        var path = parser.ParsePath().ToList();
        if (path.Count is 0 or > 2
            || path[0] is not EntitySetSegment set
            || (path.Count == 2 && path[1] is not KeySegment))
        {
            throw Refusal.NotKnown($"the path {request.Path}");
        }

        var table = Schema.Known.Tables.Single(t => t.SetName == set.EntitySet.Name);
        Guid? id = path.Count == 2 ? (Guid)((KeySegment)path[1]).Keys.Single().Value : null;
        var query = new QueryExpression(table.Name) { ColumnSet = Columns(table, parser.ParseSelectAndExpand()) };
        if (id is { } key)
        {
            query.Criteria.AddCondition(table.IdColumn, ConditionOperator.Equal, key);
        }
        else if (parser.ParseFilter() is { } filter)
        {
            query.Criteria = new FilterTranslation(table).Filter(filter.Expression);
        }

        for (var order = id == null ? parser.ParseOrderBy() : null; order != null; order = order.ThenBy)
        {
            var direction = order.Direction == OrderByDirection.Ascending ? OrderType.Ascending : OrderType.Descending;
            query.Orders.Add(
                new OrderExpression(new FilterTranslation(table).Column(order.Expression).Name, direction));
        }

        query.TopCount = parser.ParseTop() is { } top ? (int)Math.Min(top, int.MaxValue) : null;
        return new ODataQuery(table, id, query);
    }

    private static ColumnSet Columns(Table table, SelectExpandClause? clause)
    {
        if (clause == null || clause.AllSelected)
        {
            return new ColumnSet(true);
        }

        return new ColumnSet([.. clause.SelectedItems.Select(Name)]);

        string Name(SelectItem item) =>
            item is PathSelectItem { SelectedPath: { Count: 1, FirstSegment: PropertySegment property } }
                ? table.OnWire(property.Property.Name)!.Name
                : throw Refusal.NotKnown("this kind of $select");
    }
}
