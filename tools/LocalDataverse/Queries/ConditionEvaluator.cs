using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.LocalDataverse.Queries;

/// <summary>Filters and conditions over the joined rows of a query.</summary>
internal sealed class ConditionEvaluator(IReadOnlyDictionary<string, Table> tables, LocalUser user)
{
    /// <summary>Ensures that every table, column, operator and value of a filter is one the platform takes.</summary>
    public void Validate(FilterExpression filter, string alias)
    {
        foreach (var condition in filter.Conditions)
        {
            var (table, column) = Target(condition, alias);
            RequireReadable(table, column, user);
            if (column.IsSecured && !user.IsAdministrator)
            {
                throw Refusal.NotKnown("conditions on a secured column by a user without a column security profile");
            }

            var expected = condition.Operator switch
            {
                ConditionOperator.Null or ConditionOperator.NotNull => 0,
                ConditionOperator.Equal or ConditionOperator.NotEqual
                    or ConditionOperator.GreaterThan or ConditionOperator.GreaterEqual
                    or ConditionOperator.LessThan or ConditionOperator.LessEqual => 1,
                ConditionOperator.In => Math.Max(1, condition.Values.Count),
                _ => throw Refusal.NotKnown($"the condition operator {condition.Operator}"),
            };
            if (condition.Values.Count != expected || condition.Values.Any(v => v == null))
            {
                throw Refusal.Invalid(
                    $"The condition operator '{condition.Operator}' on '{column.Name}' has the wrong number of values "
                        + "or an empty one.");
            }

            foreach (var value in condition.Values)
            {
                Value(table, column, value);
            }
        }

        foreach (var inner in filter.Filters)
        {
            Validate(inner, alias);
        }
    }

    /// <summary>Whether the filter holds for joined rows.</summary>
    public bool Holds(FilterExpression filter, IReadOnlyDictionary<string, Row?> match, string alias)
    {
        var parts = filter.Conditions.Select(c => Holds(c, match, alias))
            .Concat(filter.Filters.Select(f => Holds(f, match, alias)));
        return filter.FilterOperator == LogicalOperator.And || filter.Conditions.Count + filter.Filters.Count == 0
            ? parts.All(p => p)
            : parts.Any(p => p);
    }

    /// <summary>Ensures that the user may read the column.</summary>
    /// <remarks>Facts 1: only system administrators read secure configuration.</remarks>
    public static void RequireReadable(Table table, Column column, LocalUser user)
    {
        if (column.AdministratorsOnly && !user.IsAdministrator)
        {
            throw new DataverseException(
                0x80040220, 403, $"Column '{table.Name}.{column.Name}' is readable by system administrators only.");
        }
    }

    /// <summary>The value as what is compared: references by id, choices and money by number.</summary>
    public static object? Comparable(object? value) => value switch
    {
        EntityReference reference => reference.Id,
        OptionSetValue choice => choice.Value,
        Money money => money.Value,
        _ => value,
    };

    /// <summary>Orders two values of one column.</summary>
    /// <remarks>
    /// Microsoft Learn: query data: text is compared without regard to case; SQL Server ignores trailing blanks.
    /// </remarks>
    public static int Compare(object left, object right) => (left, right) switch
    {
        (string a, string b) => string.Compare(a.TrimEnd(' '), b.TrimEnd(' '), StringComparison.OrdinalIgnoreCase),
        _ when left.GetType() == right.GetType() => Comparer<object>.Default.Compare(left, right),
        _ => throw Refusal.Invalid("Columns of different types cannot be compared."),
    };

    private bool Holds(ConditionExpression condition, IReadOnlyDictionary<string, Row?> match, string alias)
    {
        var (table, column) = Target(condition, alias);
        var value = Comparable(match[condition.EntityName ?? alias]?[column.Name]);
        if (value == null)
        {
            // Dataverse's ne holds for empty columns too, unlike SQL's.
            return condition.Operator is ConditionOperator.Null or ConditionOperator.NotEqual;
        }

        int Order() => Compare(value, Value(table, column, condition.Values[0]));
        return condition.Operator switch
        {
            ConditionOperator.Null => false,
            ConditionOperator.NotNull => true,
            ConditionOperator.Equal => Order() == 0,
            ConditionOperator.NotEqual => Order() != 0,
            ConditionOperator.GreaterThan => Order() > 0,
            ConditionOperator.GreaterEqual => Order() >= 0,
            ConditionOperator.LessThan => Order() < 0,
            ConditionOperator.LessEqual => Order() <= 0,
            _ => condition.Values.Any(v => Compare(value, Value(table, column, v)) == 0),
        };
    }

    private (Table Table, Column Column) Target(ConditionExpression condition, string alias)
    {
        var table = tables.TryGetValue(condition.EntityName ?? alias, out var found)
            ? found
            : throw Refusal.Invalid($"No link entity has the alias '{condition.EntityName}'.");
        return (table, table.Column(condition.AttributeName));
    }

    private static object Value(Table table, Column column, object value) => (column.Type, Comparable(value)) switch
    {
        (ColumnType.String, string text) => text,
        (ColumnType.Integer or ColumnType.Choice, int number) => number,
        (ColumnType.Boolean, bool flag) => flag,
        (ColumnType.Guid or ColumnType.Lookup, Guid id) => id,
        (ColumnType.Guid or ColumnType.Lookup, string text) when Guid.TryParse(text, out var id) => id,
        (ColumnType.DateTime or ColumnType.Date, DateTime time) => time.ToUniversalTime(),
        (ColumnType.Money, decimal amount) => amount,
        _ => throw Refusal.Invalid(
            $"Condition for attribute '{table.Name}.{column.Name}': a value of type {value.GetType().FullName} does "
                + "not fit."),
    };
}
