using System;
using System.Collections.Generic;
using System.Globalization;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Claims;

/// <summary>The setting "contextVariables": what the claim lwicontexts tells the agent's desk and the router.</summary>
internal sealed class ContextVariables
{
    /// <summary>
    /// The claim that carries the context variables, as a string of JSON ("Send authentication token").
    /// </summary>
    internal const string Claim = "lwicontexts";

    // Omnichannel's limits for one session and for a name ("Manage custom context").
    private const int MaximumCount = 100;
    private const int MaximumNameLength = 100;

    // 8,000 characters of token hold no more than that of request, were each character written as \uXXXX.
    private const int MaximumRequestLength = 65536;

    private static readonly JsonValue Default = JsonReader.Parse("{\"portalcontactid\":{\"column\":\"contactid\"}}");

    /// <summary>The variables in the order they were written.</summary>
    internal List<ValueSource> Sources { get; } = new List<ValueSource>();

    private ContextVariables()
    {
    }

    /// <summary>Reads the setting.</summary>
    /// <param name="setting">An object of variable names and sources, or null for portalcontactid from
    /// contactid.</param>
    /// <param name="path">Where it stands, for errors.</param>
    /// <exception cref="ChatAuthException">2005 see <see cref="ValueSource.Parse"/>, 2008 a name that the request may
    /// not set, 2012 and 2013 see <see cref="SettingText"/>, 2014 a request variable named beyond ASCII.</exception>
    internal static ContextVariables Parse(JsonValue? setting, string path)
    {
        setting ??= Default;
        if (setting.Kind != JsonKind.Object || setting.Members.Count > MaximumCount)
        {
            throw Errors.SettingMalformed(path, "an object of at most 100 variables");
        }

        var parsed = new ContextVariables();
        foreach (var member in setting.Members)
        {
            var place = string.Format(CultureInfo.InvariantCulture, "{0}[{1}]", path, parsed.Sources.Count + 1);
            if (member.Key.Length == 0 || member.Key.Length > MaximumNameLength)
            {
                throw Errors.SettingMalformed(place, "named with 1 to 100 characters");
            }

            SettingText.Compared(member.Key, "the name of " + place);
            var source = ValueSource.Parse(member.Key, member.Value, place);
            if (source.Request != null)
            {
                EnsureVisitors(source, place);
            }

            parsed.Sources.Add(source);
        }

        return parsed;
    }

    // Whoever links records by a name may fold it first: in full width it is the same to a reader that normalizes
    // (Unicode, UAX 15).
    private static void EnsureVisitors(ValueSource variable, string path)
    {
        for (var i = 0; i < variable.Name.Length && !variable.IsUnicode; i++)
        {
            if (variable.Name[i] < ' ' || variable.Name[i] > '~')
            {
                throw Errors.VariableNotAscii(path, SettingText.CodePoint(char.ConvertToUtf32(variable.Name, i)));
            }
        }

        if (RecordKeys.Find(variable.Name) is { } key)
        {
            throw Errors.VariableReserved(key);
        }
    }

    /// <summary>Reads the request parameter: the visitor's own word, so only mapped names and types pass.</summary>
    /// <param name="text">A JSON object, or null for none.</param>
    /// <returns>The object, every member checked, or null.</returns>
    /// <exception cref="ChatAuthException">1011 too long, 1012 no JSON object, 1013 a name that is not mapped, 1014 to
    /// 1016 a value that may not pass.</exception>
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
            var member = request.Members[i];
            Check(RequestVariable(member.Key) ?? throw Errors.ContextVariableNotMapped(i + 1), member.Value);
        }

        return request;
    }

    /// <summary>Writes the variables as one object.</summary>
    /// <param name="request">What <see cref="ParseRequest"/> returned.</param>
    /// <param name="value">The value of a column, see <see cref="ColumnValue.TryWrite"/>.</param>
    /// <returns>
    /// The object, or null when no variable has a value: an empty column or an absent request leaves one out.
    /// </returns>
    /// <exception cref="ChatAuthException">2011 a column holds what no token carries, or over 4,000
    /// characters.</exception>
    internal JsonWriter? Write(JsonValue? request, Func<string, object?> value)
    {
        var writer = new JsonWriter(256).BeginObject();
        var empty = writer.Length;
        Func<string, object?> bounded = column => value(column) switch
        {
            string { Length: > ValueSource.MaximumLength } =>
                throw Errors.ColumnUnusable(column, "is longer than the 4,000 characters that Omnichannel takes"),
            var held => held,
        };
        foreach (var source in Sources)
        {
            source.Write(writer, bounded, request);
        }

        return writer.Length == empty ? null : writer.EndObject();
    }

    private ValueSource? RequestVariable(string name)
    {
        foreach (var source in Sources)
        {
            if (source.Request != null && source.Name == name)
            {
                return source;
            }
        }

        return null;
    }

    private static void Check(ValueSource variable, JsonValue value)
    {
        if (value.Kind != variable.Request)
        {
            throw Errors.ContextVariableOfWrongType(variable.Name, variable.Request.ToString().ToLowerInvariant());
        }

        if (value.Text.Length > ValueSource.MaximumLength)
        {
            throw Errors.ContextVariableTooLong(variable.Name);
        }

        if (value.Kind == JsonKind.Number && !ExactNumber.IsExact(value.Text))
        {
            throw Errors.ContextNumberNotExact(variable.Name);
        }
    }
}
