namespace Microsoft.Xrm.Sdk;

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.OptionSetValue</c>: a choice.</summary>
public sealed class OptionSetValue
{
    /// <summary>The choice 0.</summary>
    public OptionSetValue()
    {
    }

    /// <summary>The choice with that number.</summary>
    public OptionSetValue(int value)
    {
        Value = value;
    }

    /// <summary>Number of the choice.</summary>
    public int Value { get; set; }

    /// <inheritdoc/>
    public override bool Equals(object obj) => obj is OptionSetValue other && other.Value == Value;

    /// <inheritdoc/>
    public override int GetHashCode() => Value;
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.Money</c>: a currency value.</summary>
public sealed class Money
{
    /// <summary>No money.</summary>
    public Money()
    {
    }

    /// <summary>An amount.</summary>
    public Money(decimal value)
    {
        Value = value;
    }

    /// <summary>The amount.</summary>
    public decimal Value { get; set; }

    /// <inheritdoc/>
    public override bool Equals(object obj) => obj is Money other && other.Value == Value;

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.AliasedValue</c>: a column of a joined table.</summary>
public sealed class AliasedValue
{
    /// <summary>A value of a column of another table.</summary>
    public AliasedValue(string entityLogicalName, string attributeLogicalName, object value)
    {
        EntityLogicalName = entityLogicalName;
        AttributeLogicalName = attributeLogicalName;
        Value = value;
    }

    /// <summary>Logical name of the joined table.</summary>
    public string EntityLogicalName { get; }

    /// <summary>Logical name of the column.</summary>
    public string AttributeLogicalName { get; }

    /// <summary>The value.</summary>
    public object Value { get; }
}
