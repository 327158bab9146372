using System.Collections.Generic;

namespace ChatAuth.Plugins.Json;

/// <summary>The six kinds of RFC 8259 section 3.</summary>
internal enum JsonKind
{
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

/// <summary>One parsed JSON value; immutable, so instances are shared by threads.</summary>
/// <remarks>A number keeps its literal: turning it into a double and back would change what the author wrote.</remarks>
internal sealed class JsonValue
{
    // First: the values below take them.
    private static readonly List<JsonValue> NoItems = new List<JsonValue>(0);
    private static readonly List<KeyValuePair<string, JsonValue>> NoMembers =
        new List<KeyValuePair<string, JsonValue>>(0);

    internal static readonly JsonValue Null = new JsonValue(JsonKind.Null);
    internal static readonly JsonValue True = new JsonValue(JsonKind.Boolean);
    internal static readonly JsonValue False = new JsonValue(JsonKind.Boolean);

    private readonly Dictionary<string, JsonValue>? index;

    internal JsonValue(JsonKind kind, string text = "")
    {
        Kind = kind;
        Text = text;
        Items = NoItems;
        Members = NoMembers;
    }

    internal JsonValue(List<JsonValue> items)
        : this(JsonKind.Array)
    {
        Items = items;
    }

    internal JsonValue(List<KeyValuePair<string, JsonValue>> members, Dictionary<string, JsonValue> index)
        : this(JsonKind.Object)
    {
        Members = members;
        this.index = index;
    }

    /// <summary>Which of the six kinds this is.</summary>
    internal JsonKind Kind { get; }

    /// <summary>A string's value or a number's literal; empty for the other kinds.</summary>
    internal string Text { get; }

    /// <summary>An array's values; empty for the other kinds.</summary>
    internal IReadOnlyList<JsonValue> Items { get; }

    /// <summary>An object's members in the order they were written; empty for the other kinds.</summary>
    internal IReadOnlyList<KeyValuePair<string, JsonValue>> Members { get; }

    /// <summary>The member with exactly that name, or null when there is none or this is no object.</summary>
    internal JsonValue? this[string name] => index != null && index.TryGetValue(name, out var value) ? value : null;

    /// <summary>The kind only: values may be keys or personal data.</summary>
    public override string ToString() => Kind.ToString();
}
