namespace Microsoft.Xrm.Sdk.Query;

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.Query.FilterExpression</c>.</summary>
public sealed class FilterExpression
{
    private DataCollection<ConditionExpression> conditions;
    private DataCollection<FilterExpression> filters;

    /// <summary>A filter whose parts must all hold.</summary>
    public FilterExpression()
    {
    }

    /// <summary>A filter with that operator.</summary>
    public FilterExpression(LogicalOperator filterOperator)
    {
        FilterOperator = filterOperator;
    }

    /// <summary>Whether all parts must hold or one.</summary>
    public LogicalOperator FilterOperator { get; set; }

    /// <summary>Conditions.</summary>
    public DataCollection<ConditionExpression> Conditions => conditions ??= new DataCollection<ConditionExpression>();

    /// <summary>Filters inside.</summary>
    public DataCollection<FilterExpression> Filters => filters ??= new DataCollection<FilterExpression>();

    /// <summary>Adds a condition.</summary>
    public void AddCondition(ConditionExpression condition) => Conditions.Add(condition);

    /// <summary>Adds a condition.</summary>
    public void AddCondition(string attributeName, ConditionOperator conditionOperator, params object[] values) =>
        Conditions.Add(new ConditionExpression(attributeName, conditionOperator, values));

    /// <summary>Adds a filter.</summary>
    public void AddFilter(FilterExpression childFilter) => Filters.Add(childFilter);
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.Query.ConditionExpression</c>.</summary>
public sealed class ConditionExpression
{
    /// <summary>A condition on nothing yet.</summary>
    public ConditionExpression()
    {
    }

    /// <summary>A condition without a value.</summary>
    public ConditionExpression(string attributeName, ConditionOperator conditionOperator)
        : this(attributeName, conditionOperator, new object[0])
    {
    }

    /// <summary>A condition with one value.</summary>
    public ConditionExpression(string attributeName, ConditionOperator conditionOperator, object value)
        : this(attributeName, conditionOperator, new[] { value })
    {
    }

    /// <summary>A condition with values.</summary>
    public ConditionExpression(string attributeName, ConditionOperator conditionOperator, params object[] values)
    {
        AttributeName = attributeName;
        Operator = conditionOperator;
        if (values != null)
        {
            Values.AddRange(values);
        }
    }

    /// <summary>Alias of the table, when it is not the filter's own.</summary>
    public string EntityName { get; set; }

    /// <summary>Logical name of the column.</summary>
    public string AttributeName { get; set; }

    /// <summary>How column and values are compared.</summary>
    public ConditionOperator Operator { get; set; }

    /// <summary>The values.</summary>
    public DataCollection<object> Values { get; } = new DataCollection<object>();
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.Query.LogicalOperator</c>.</summary>
public enum LogicalOperator
{
    /// <summary>All parts hold.</summary>
    And = 0,

    /// <summary>One part holds.</summary>
    Or = 1,
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.Query.ConditionOperator</c>, the members in use.</summary>
public enum ConditionOperator
{
    /// <summary>Equal, without regard to case.</summary>
    Equal = 0,

    /// <summary>Not equal.</summary>
    NotEqual = 1,

    /// <summary>Greater.</summary>
    GreaterThan = 2,

    /// <summary>Less.</summary>
    LessThan = 3,

    /// <summary>Greater or equal.</summary>
    GreaterEqual = 4,

    /// <summary>Less or equal.</summary>
    LessEqual = 5,

    /// <summary>One of the values.</summary>
    In = 8,

    /// <summary>Empty.</summary>
    Null = 12,

    /// <summary>Not empty.</summary>
    NotNull = 13,
}
