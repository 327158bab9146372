using System;
using System.Collections.Generic;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Claims;

/// <summary>One entry of the setting "contextVariables": a variable's name and where its value comes from.</summary>
internal sealed class ContextVariable
{
    /// <summary>The longest value Omnichannel takes, in UTF-16 units ("Manage custom context").</summary>
    internal const int MaximumValueLength = 4000;

    // The longest name Omnichannel takes ("Manage custom context").
    private const int MaximumNameLength = 100;

    // Omnichannel links records by these keys ("Automatically identify customers"): no visitor may choose their values.
    private static readonly HashSet<string> Reserved = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "portalcontactid", "name", "email", "phone", "casenumber",
    };

    private ContextVariable(string name)
    {
        Name = name;
        EncodedName = new JsonName(name);
    }

    /// <summary>The name, exactly as the workstream has it.</summary>
    internal readonly string Name;

    /// <summary>The name as it is written.</summary>
    internal readonly JsonName EncodedName;

    /// <summary>The column it comes from, or null.</summary>
    internal string? Column;

    /// <summary>The constant it is, or null.</summary>
    internal JsonValue? Constant;

    /// <summary>The kind of value the request may give it, or null.</summary>
    internal JsonKind? Request;

    /// <summary>Reads one entry.</summary>
    /// <param name="name">The variable's name.</param>
    /// <param name="source">An object with exactly one of column, value and request.</param>
    /// <param name="path">Where it stands, for errors.</param>
    /// <exception cref="ChatAuthException">2005 not such an object, 2008 a name that the request may not set.</exception>
    internal static ContextVariable Parse(string name, JsonValue source, string path)
    {
        if (name.Length == 0 || name.Length > MaximumNameLength)
        {
            throw Errors.SettingMalformed(path, "named with 1 to 100 characters");
        }

        if (source.Kind != JsonKind.Object || source.Members.Count != 1)
        {
            throw Malformed(path);
        }

        var variable = new ContextVariable(name);
        var value = source.Members[0].Value;
        switch (source.Members[0].Key)
        {
            case "column" when value.Kind == JsonKind.String && ColumnName.IsPath(value.Text):
                variable.Column = value.Text;
                return variable;
            case "value" when IsConstant(value):
                variable.Constant = value;
                return variable;
            case "request" when Reserved.Contains(name):
                throw Errors.VariableReserved(name);
            case "request" when value.Kind == JsonKind.String:
                variable.Request = value.Text == "string" ? JsonKind.String
                    : value.Text == "number" ? JsonKind.Number
                    : value.Text == "boolean" ? JsonKind.Boolean
                    : throw Malformed(path);
                return variable;
            default:
                throw Malformed(path);
        }
    }

    /// <summary>A value as it may stand in a token: primitive, short and exact.</summary>
    private static bool IsConstant(JsonValue value) =>
        value.Kind == JsonKind.Boolean
        || (value.Kind == JsonKind.String && value.Text.Length <= MaximumValueLength)
        || (value.Kind == JsonKind.Number && ExactNumber.IsExact(value.Text));

    private static ChatAuthException Malformed(string path) => Errors.SettingMalformed(path,
        "one of {\"column\": \"name\"}, {\"column\": \"lookup:table.name\"}, {\"value\": constant} and {\"request\": \"string\", \"number\" or \"boolean\"}");
}
