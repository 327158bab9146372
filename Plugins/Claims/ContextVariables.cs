using System;
using System.Collections.Generic;
using System.Globalization;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Claims;

/// <summary>The setting "contextVariables": what the claim lwicontexts tells the agent's desk and the router.</summary>
internal sealed class ContextVariables
{
    // Omnichannel's limit for one session ("Manage custom context").
    private const int MaximumCount = 100;

    // 8,000 characters of token hold no more than that of request, were each character written as \uXXXX.
    private const int MaximumRequestLength = 65536;

    private static readonly JsonValue Default = JsonReader.Parse("{\"portalcontactid\":{\"column\":\"contactid\"}}");

    private readonly List<ContextVariable> variables = new List<ContextVariable>();
    private readonly Dictionary<string, ContextVariable> requestable = new Dictionary<string, ContextVariable>(StringComparer.Ordinal);

    private ContextVariables()
    {
    }

    /// <summary>Reads the setting.</summary>
    /// <param name="setting">An object of variable names and sources, or null for portalcontactid from contactid.</param>
    /// <exception cref="ChatAuthException">2005 and 2008, see <see cref="ContextVariable.Parse"/>.</exception>
    internal static ContextVariables Parse(JsonValue? setting)
    {
        setting ??= Default;
        if (setting.Kind != JsonKind.Object || setting.Members.Count > MaximumCount)
        {
            throw Errors.SettingMalformed("contextVariables", "an object of at most 100 variables");
        }

        var parsed = new ContextVariables();
        foreach (var member in setting.Members)
        {
            var path = string.Format(CultureInfo.InvariantCulture, "contextVariables[{0}]", parsed.variables.Count + 1);
            var variable = ContextVariable.Parse(member.Key, member.Value, path);
            parsed.variables.Add(variable);
            if (variable.Request != null)
            {
                parsed.requestable.Add(variable.Name, variable);
            }
        }

        return parsed;
    }

    /// <summary>Adds the columns to ask for.</summary>
    internal void AddColumns(HashSet<string> wanted)
    {
        foreach (var variable in variables)
        {
            if (variable.Column != null)
            {
                wanted.Add(variable.Column);
            }
        }
    }

    /// <summary>Reads the request parameter: the visitor's own word, so only mapped names and types pass.</summary>
    /// <param name="text">A JSON object, or null for none.</param>
    /// <returns>The object, every member checked, or null.</returns>
    /// <exception cref="ChatAuthException">1011 too long, 1012 no JSON object, 1013 a name that is not mapped, 1014 to 1016 a value that may not pass.</exception>
    internal JsonValue? ParseRequest(string? text)
    {
        if (text == null)
        {
            return null;
        }

        if (text.Length > MaximumRequestLength)
        {
            throw Errors.ParameterMalformed("ContextVariables", "at most 65,536 characters long");
        }

        JsonValue request;
        try
        {
            request = JsonReader.Parse(text);
        }
        catch (JsonSyntaxException exception)
        {
            throw Errors.ContextNotJson(exception.Message);
        }

        if (request.Kind != JsonKind.Object)
        {
            throw Errors.ContextNotJson("another kind of value");
        }

        for (var i = 0; i < request.Members.Count; i++)
        {
            if (!requestable.TryGetValue(request.Members[i].Key, out var variable))
            {
                throw Errors.ContextVariableNotMapped(i + 1);
            }

            Check(variable, request.Members[i].Value);
        }

        return request;
    }

    /// <summary>Writes the variables as one object.</summary>
    /// <param name="request">What <see cref="ParseRequest"/> returned.</param>
    /// <param name="value">The value of a column, see <see cref="ColumnValue.TryWrite"/>.</param>
    /// <returns>The object, or null when no variable has a value: an empty column or an absent request leaves one out.</returns>
    /// <exception cref="ChatAuthException">2011 a column holds what no token carries, or over 4,000 characters.</exception>
    internal JsonWriter? Write(JsonValue? request, Func<string, object?> value)
    {
        var writer = new JsonWriter(256).BeginObject();
        var empty = writer.Length;
        foreach (var variable in variables)
        {
            if (variable.Column != null)
            {
                var held = value(variable.Column);
                if (held is string { Length: > ContextVariable.MaximumValueLength })
                {
                    throw Errors.ColumnUnusable(variable.Column, "is longer than the 4,000 characters that Omnichannel takes");
                }

                ColumnValue.TryWrite(writer, variable.EncodedName, variable.Column, held);
            }
            else if ((variable.Constant ?? request?[variable.Name]) is { } primitive)
            {
                WritePrimitive(writer.Name(variable.EncodedName), primitive);
            }
        }

        return writer.Length == empty ? null : writer.EndObject();
    }

    private static void Check(ContextVariable variable, JsonValue value)
    {
        if (value.Kind != variable.Request)
        {
            throw Errors.ContextVariableOfWrongType(variable.Name, variable.Request.ToString().ToLowerInvariant());
        }

        if (value.Text.Length > ContextVariable.MaximumValueLength)
        {
            throw Errors.ContextVariableTooLong(variable.Name);
        }

        if (value.Kind == JsonKind.Number && !ExactNumber.IsExact(value.Text))
        {
            throw Errors.ContextNumberNotExact(variable.Name);
        }
    }

    private static void WritePrimitive(JsonWriter writer, JsonValue value)
    {
        if (value.Kind == JsonKind.String)
        {
            writer.String(value.Text);
        }
        else
        {
            writer.Literal(value.Kind == JsonKind.Number ? value.Text : value == JsonValue.True ? "true" : "false");
        }
    }
}
