using System;
using System.Collections.Generic;

namespace Microsoft.Xrm.Sdk;

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.Entity</c>: a row.</summary>
public class Entity
{
    private AttributeCollection attributes;

    /// <summary>A row of no table yet.</summary>
    public Entity()
        : this(null)
    {
    }

    /// <summary>A row of the table with that logical name.</summary>
    public Entity(string entityName)
        : this(entityName, Guid.Empty)
    {
    }

    /// <summary>A row with an id.</summary>
    public Entity(string entityName, Guid id)
    {
        LogicalName = entityName;
        Id = id;
    }

    /// <summary>Logical name of the table.</summary>
    public string LogicalName { get; set; }

    /// <summary>Id of the row.</summary>
    public virtual Guid Id { get; set; }

    /// <summary>Version of the row.</summary>
    public string RowVersion { get; set; }

    /// <summary>Column values by logical name; empty columns are absent.</summary>
    public AttributeCollection Attributes
    {
        get => attributes ??= new AttributeCollection();
        set => attributes = value;
    }

    /// <summary>A column value; KeyNotFoundException when it is absent.</summary>
    public object this[string attributeName]
    {
        get => Attributes[attributeName];
        set => Attributes[attributeName] = value;
    }

    /// <summary>Whether the column is present.</summary>
    public bool Contains(string attributeName) => Attributes.Contains(attributeName);

    /// <summary>A column value, the type's default when it is absent.</summary>
    public virtual T GetAttributeValue<T>(string attributeLogicalName) =>
        Attributes.TryGetValue(attributeLogicalName, out var value) && value != null ? (T)value : default;

    /// <summary>A reference to this row.</summary>
    public EntityReference ToEntityReference() => new EntityReference(LogicalName, Id);
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.EntityReference</c>: a lookup value.</summary>
public sealed class EntityReference
{
    /// <summary>A reference to nothing yet.</summary>
    public EntityReference()
    {
    }

    /// <summary>A reference to a row.</summary>
    public EntityReference(string logicalName, Guid id)
    {
        LogicalName = logicalName;
        Id = id;
    }

    /// <summary>Id of the row.</summary>
    public Guid Id { get; set; }

    /// <summary>Logical name of the table.</summary>
    public string LogicalName { get; set; }

    /// <summary>Primary name of the row.</summary>
    public string Name { get; set; }

    /// <inheritdoc/>
    public override bool Equals(object obj) =>
        obj is EntityReference other && other.Id == Id && string.Equals(
            other.LogicalName, LogicalName, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.EntityCollection</c>: what a query found.</summary>
public sealed class EntityCollection
{
    /// <summary>An empty collection.</summary>
    public EntityCollection()
    {
        Entities = new DataCollection<Entity>();
    }

    /// <summary>A collection of what the list holds; empty for none.</summary>
    public EntityCollection(IList<Entity> list)
    {
        Entities = new DataCollection<Entity>(list);
    }

    /// <summary>The rows.</summary>
    public DataCollection<Entity> Entities { get; }

    /// <summary>Logical name of the table.</summary>
    public string EntityName { get; set; }

    /// <summary>Whether there are more rows than these.</summary>
    public bool MoreRecords { get; set; }

    /// <summary>Where the next page starts.</summary>
    public string PagingCookie { get; set; }

    /// <summary>A row.</summary>
    public Entity this[int index]
    {
        get => Entities[index];
        set => Entities[index] = value;
    }
}
