using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;

namespace Microsoft.Xrm.Sdk;

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.DataCollection&lt;T&gt;</c>.</summary>
public class DataCollection<T> : Collection<T>
{
    internal DataCollection()
    {
    }

    internal DataCollection(IList<T> list)
    {
        AddRange(list);
    }

    /// <summary>Adds the items.</summary>
    public void AddRange(params T[] items) => AddRange((IEnumerable<T>)items);

    /// <summary>Adds the items.</summary>
    public void AddRange(IEnumerable<T> items)
    {
        if (items == null)
        {
            return;
        }

        foreach (var item in items)
        {
            Add(item);
        }
    }

    /// <summary>The items as an array.</summary>
    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array, 0);
        return array;
    }
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.DataCollection&lt;TKey, TValue&gt;</c>.</summary>
public abstract class DataCollection<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>
{
    private readonly Dictionary<TKey, TValue> items = new Dictionary<TKey, TValue>();

    /// <summary>How many items there are.</summary>
    public int Count => items.Count;

    /// <summary>The keys.</summary>
    public ICollection<TKey> Keys => items.Keys;

    /// <summary>The values.</summary>
    public ICollection<TValue> Values => items.Values;

    /// <summary>The value of a key; KeyNotFoundException when it is missing.</summary>
    public virtual TValue this[TKey key]
    {
        get => items[key];
        set => items[key] = value;
    }

    /// <summary>Adds a value; ArgumentException when the key is there.</summary>
    public void Add(TKey key, TValue value) => items.Add(key, value);

    /// <summary>Whether the key is there.</summary>
    public bool Contains(TKey key) => items.ContainsKey(key);

    /// <summary>Whether the key is there.</summary>
    public bool ContainsKey(TKey key) => items.ContainsKey(key);

    /// <summary>Removes a key.</summary>
    public bool Remove(TKey key) => items.Remove(key);

    /// <summary>The value of a key, if it is there.</summary>
    public bool TryGetValue(TKey key, out TValue value) => items.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.ParameterCollection</c>.</summary>
public class ParameterCollection : DataCollection<string, object>
{
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.AttributeCollection</c>.</summary>
public class AttributeCollection : DataCollection<string, object>
{
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.EntityImageCollection</c>.</summary>
public class EntityImageCollection : DataCollection<string, Entity>
{
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.EntityReferenceCollection</c>.</summary>
public class EntityReferenceCollection : DataCollection<EntityReference>
{
}
