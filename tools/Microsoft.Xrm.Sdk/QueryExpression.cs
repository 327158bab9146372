namespace Microsoft.Xrm.Sdk.Query;

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.Query.QueryBase</c>.</summary>
public abstract class QueryBase
{
}

/// <summary>
/// Stand-in for the genuine <c>Microsoft.Xrm.Sdk.Query.QueryExpression</c>; parts are made when they are asked for, as
/// there.
/// </summary>
public sealed class QueryExpression : QueryBase
{
    private ColumnSet columnSet;
    private FilterExpression criteria;
    private DataCollection<LinkEntity> linkEntities;
    private DataCollection<OrderExpression> orders;

    /// <summary>A query of no table yet.</summary>
    public QueryExpression()
        : this(null)
    {
    }

    /// <summary>A query of the table with that logical name.</summary>
    public QueryExpression(string entityName)
    {
        EntityName = entityName;
    }

    /// <summary>Logical name of the table.</summary>
    public string EntityName { get; set; }

    /// <summary>Columns wanted, none unless named.</summary>
    public ColumnSet ColumnSet
    {
        get => columnSet ??= new ColumnSet();
        set => columnSet = value;
    }

    /// <summary>Which rows.</summary>
    public FilterExpression Criteria
    {
        get => criteria ??= new FilterExpression();
        set => criteria = value;
    }

    /// <summary>Joined tables.</summary>
    public DataCollection<LinkEntity> LinkEntities => linkEntities ??= new DataCollection<LinkEntity>();

    /// <summary>Order of the rows.</summary>
    public DataCollection<OrderExpression> Orders => orders ??= new DataCollection<OrderExpression>();

    /// <summary>At most so many rows.</summary>
    public int? TopCount { get; set; }

    /// <summary>Whether equal rows count once.</summary>
    public bool Distinct { get; set; }

    /// <summary>Whether the query takes no shared locks.</summary>
    public bool NoLock { get; set; }

    /// <summary>Joins a table.</summary>
    public LinkEntity AddLink(
        string linkToEntityName, string linkFromAttributeName, string linkToAttributeName, JoinOperator joinOperator)
    {
        var link =
            new LinkEntity(EntityName, linkToEntityName, linkFromAttributeName, linkToAttributeName, joinOperator);
        LinkEntities.Add(link);
        return link;
    }
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.Query.ColumnSet</c>.</summary>
public sealed class ColumnSet
{
    /// <summary>No column.</summary>
    public ColumnSet()
    {
    }

    /// <summary>All columns or none.</summary>
    public ColumnSet(bool allColumns)
    {
        AllColumns = allColumns;
    }

    /// <summary>The named columns.</summary>
    public ColumnSet(params string[] columns)
    {
        Columns.AddRange(columns);
    }

    /// <summary>Whether all columns are wanted.</summary>
    public bool AllColumns { get; set; }

    /// <summary>Logical names.</summary>
    public DataCollection<string> Columns { get; } = new DataCollection<string>();

    /// <summary>Adds a column.</summary>
    public void AddColumn(string column) => Columns.Add(column);
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.Query.LinkEntity</c>: a join.</summary>
public sealed class LinkEntity
{
    private ColumnSet columns;
    private FilterExpression linkCriteria;
    private DataCollection<LinkEntity> linkEntities;

    /// <summary>A join of nothing yet.</summary>
    public LinkEntity()
    {
    }

    /// <summary>A join of two tables on a pair of columns.</summary>
    public LinkEntity(
        string linkFromEntityName, string linkToEntityName, string linkFromAttributeName, string linkToAttributeName,
        JoinOperator joinOperator)
    {
        LinkFromEntityName = linkFromEntityName;
        LinkToEntityName = linkToEntityName;
        LinkFromAttributeName = linkFromAttributeName;
        LinkToAttributeName = linkToAttributeName;
        JoinOperator = joinOperator;
    }

    /// <summary>Logical name of the table joined from.</summary>
    public string LinkFromEntityName { get; set; }

    /// <summary>Column joined from.</summary>
    public string LinkFromAttributeName { get; set; }

    /// <summary>Logical name of the table joined to.</summary>
    public string LinkToEntityName { get; set; }

    /// <summary>Column joined to.</summary>
    public string LinkToAttributeName { get; set; }

    /// <summary>Kind of join.</summary>
    public JoinOperator JoinOperator { get; set; }

    /// <summary>Prefix of the columns in the result.</summary>
    public string EntityAlias { get; set; }

    /// <summary>Columns wanted.</summary>
    public ColumnSet Columns
    {
        get => columns ??= new ColumnSet();
        set => columns = value;
    }

    /// <summary>Which joined rows.</summary>
    public FilterExpression LinkCriteria
    {
        get => linkCriteria ??= new FilterExpression();
        set => linkCriteria = value;
    }

    /// <summary>Further joins.</summary>
    public DataCollection<LinkEntity> LinkEntities => linkEntities ??= new DataCollection<LinkEntity>();

    /// <summary>Joins a further table; the join names this one's own From table as its From table, as there.</summary>
    public LinkEntity AddLink(
        string linkToEntityName, string linkFromAttributeName, string linkToAttributeName, JoinOperator joinOperator)
    {
        var link = new LinkEntity(
            LinkFromEntityName, linkToEntityName, linkFromAttributeName, linkToAttributeName, joinOperator);
        LinkEntities.Add(link);
        return link;
    }
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.Query.JoinOperator</c>.</summary>
public enum JoinOperator
{
    /// <summary>Rows with a partner.</summary>
    Inner = 0,

    /// <summary>All rows of the left table.</summary>
    LeftOuter = 1,
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.Query.OrderExpression</c>.</summary>
public sealed class OrderExpression
{
    /// <summary>An order by a column.</summary>
    public OrderExpression(string attributeName, OrderType orderType)
    {
        AttributeName = attributeName;
        OrderType = orderType;
    }

    /// <summary>Logical name of the column.</summary>
    public string AttributeName { get; set; }

    /// <summary>Direction.</summary>
    public OrderType OrderType { get; set; }
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.Query.OrderType</c>.</summary>
public enum OrderType
{
    /// <summary>Upwards.</summary>
    Ascending = 0,

    /// <summary>Downwards.</summary>
    Descending = 1,
}
