using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.Plugins.Tests.Platform;

/// <summary>
/// The rows behind the organization service: an evaluator of our own. RowsDouble.nuget.cs takes its place.
/// </summary>
internal static class RowsDouble
{
    /// <summary>What Dataverse answers to a query over these rows.</summary>
    internal static EntityCollection Answer(IReadOnlyCollection<Entity> rows, QueryExpression query)
    {
        var found = new List<Entity>();
        foreach (var row in rows.Where(row => row.LogicalName == query.EntityName && Holds(row, query.Criteria)))
        {
            var result = new Entity(row.LogicalName, row.Id);
            foreach (var column in query.ColumnSet.Columns.Where(row.Contains))
            {
                result[column] = row[column];
            }

            if (query.LinkEntities.All(link => Join(rows, row, link, result)))
            {
                found.Add(result);
            }
        }

        return new EntityCollection(found.Take(query.TopCount ?? int.MaxValue).ToList());
    }

    private static bool Join(IReadOnlyCollection<Entity> rows, Entity row, LinkEntity link, Entity result)
    {
        var key = Plain(row.Contains(link.LinkFromAttributeName) ? row[link.LinkFromAttributeName] : null);
        var partner = rows.FirstOrDefault(other => other.LogicalName == link.LinkToEntityName
            && key != null
            && key.Equals(Plain(other.Contains(link.LinkToAttributeName) ? other[link.LinkToAttributeName] : null))
            && Holds(other, link.LinkCriteria));
        foreach (var column in link.Columns.Columns.Where(column => partner != null && partner.Contains(column)))
        {
            result[link.EntityAlias + "." + column] = new AliasedValue(link.LinkToEntityName, column, partner![column]);
        }

        return partner != null || link.JoinOperator == JoinOperator.LeftOuter;
    }

    // Without regard to case, as Dataverse compares.
    private static bool Holds(Entity row, FilterExpression filter) => filter.Conditions.All(condition =>
        condition.Operator == ConditionOperator.Equal
        && row.Contains(condition.AttributeName)
        && (Plain(row[condition.AttributeName]) is string text
            ? string.Equals(text, condition.Values[0] as string, StringComparison.OrdinalIgnoreCase)
            : Plain(row[condition.AttributeName])!.Equals(condition.Values[0])));

    private static object? Plain(object? value) => value switch
    {
        OptionSetValue choice => choice.Value,
        EntityReference lookup => lookup.Id,
        _ => value,
    };
}
