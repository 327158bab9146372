using ChatAuth.LocalDataverse.Metadata;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.LocalDataverse.WebApi;

/// <summary>A parsed <c>$filter</c> as filter expression.</summary>
internal sealed class FilterTranslation(Table table)
{
    /// <summary>The filter of an expression.</summary>
    public FilterExpression Filter(QueryNode node)
    {
        if (node is ConvertNode convert)
        {
            return Filter(convert.Source);
        }

        if (node is not BinaryOperatorNode binary)
        {
            throw Refusal.NotKnown($"{node.Kind} in $filter");
        }

        if (binary.OperatorKind is BinaryOperatorKind.And or BinaryOperatorKind.Or)
        {
            var both = new FilterExpression(
                binary.OperatorKind == BinaryOperatorKind.And ? LogicalOperator.And : LogicalOperator.Or);
            both.AddFilter(Filter(binary.Left));
            both.AddFilter(Filter(binary.Right));
            return both;
        }

        var filter = new FilterExpression();
        filter.AddCondition(Condition(binary));
        return filter;
    }

    /// <summary>The column an expression names; anything else is not known.</summary>
    public Column Column(QueryNode node) => node switch
    {
        ConvertNode convert => Column(convert.Source),
        SingleValuePropertyAccessNode { Source: ResourceRangeVariableReferenceNode } property =>
            table.OnWire(property.Property.Name)!,
        _ => throw Refusal.NotKnown($"{node.Kind} on the left of a comparison or in $orderby"),
    };

    private ConditionExpression Condition(BinaryOperatorNode node)
    {
        var column = Column(node.Left);
        var value = Value(node.Right, column);
        if (value == null)
        {
            return node.OperatorKind switch
            {
                BinaryOperatorKind.Equal => new ConditionExpression(column.Name, ConditionOperator.Null),
                BinaryOperatorKind.NotEqual => new ConditionExpression(column.Name, ConditionOperator.NotNull),
                _ => throw Refusal.Query("null is compared by eq and ne only."),
            };
        }

        return new ConditionExpression(column.Name, node.OperatorKind switch
        {
            BinaryOperatorKind.Equal => ConditionOperator.Equal,
            BinaryOperatorKind.NotEqual => ConditionOperator.NotEqual,
            BinaryOperatorKind.GreaterThan => ConditionOperator.GreaterThan,
            BinaryOperatorKind.GreaterThanOrEqual => ConditionOperator.GreaterEqual,
            BinaryOperatorKind.LessThan => ConditionOperator.LessThan,
            BinaryOperatorKind.LessThanOrEqual => ConditionOperator.LessEqual,
            _ => throw Refusal.NotKnown($"the operator {node.OperatorKind} in $filter"),
        }, value);
    }

    private static object? Value(QueryNode node, Column column) => node switch
    {
        ConvertNode convert => Value(convert.Source, column),
        ConstantNode constant => constant.Value switch
        {
            DateTimeOffset time => time.UtcDateTime,
            Date day => DateTime.SpecifyKind(day, DateTimeKind.Utc),
            IConvertible number and not string and not bool when column.Type == ColumnType.Money =>
                number.ToDecimal(null),
            var other => other,
        },
        _ => throw Refusal.NotKnown($"{node.Kind} on the right of a comparison"),
    };
}
