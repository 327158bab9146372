using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace ChatAuth.Plugins.Json;

/// <summary>A strict RFC 8259 reader.</summary>
/// <remarks>
/// The framework's own readers take trailing commas, <c>007</c>, NaN, duplicate names and text behind the document, and
/// echo their input in messages; System.Text.Json is not there in the sandbox. What JSON leaves to the reader is
/// refused here, as RFC 7493 (I-JSON) asks: duplicate names and lone surrogates.
/// </remarks>
internal sealed class JsonReader
{
    /// <summary>Deepest nesting taken; the product's own documents need six.</summary>
    internal const int MaximumDepth = 16;

    /// <summary>
    /// Most values in one document where nobody says otherwise, which is ten times what a large site's settings have:
    /// each costs some 300 bytes, and a visitor may send many.
    /// </summary>
    internal const int MaximumValues = 2048;

    private const string HalfPair = "a string with half of a surrogate pair";
    private const string HexDigits = "0123456789abcdef";

    private readonly string text;
    private readonly int maximumValues;
    private int position;
    private int values;

    private JsonReader(string text, int maximumValues)
    {
        this.text = text;
        this.maximumValues = maximumValues;
    }

    /// <summary>Parses a whole document.</summary>
    /// <param name="text">UTF-16 text without a byte order mark.</param>
    /// <param name="maximumValues">Most values that it may have, itself and those within others.</param>
    /// <returns>The document's value.</returns>
    /// <exception cref="JsonSyntaxException">The text is not one JSON document; the message names the character's
    /// number and the rule.</exception>
    internal static JsonValue Parse(string text, int maximumValues = MaximumValues)
    {
        var reader = new JsonReader(text, maximumValues);
        reader.SkipWhiteSpace();
        var value = reader.ReadValue(0);
        reader.SkipWhiteSpace();
        return reader.position == text.Length ? value : throw reader.Error("text behind the end of the document");
    }

    private JsonValue ReadValue(int depth)
    {
        if (++values > maximumValues)
        {
            throw Error("more values than any document here has");
        }

        switch (Peek())
        {
            case '{':
                return ReadObject(depth + 1);
            case '[':
                return ReadArray(depth + 1);
            case '"':
                return new JsonValue(JsonKind.String, ReadString());
            case 't':
                return ReadLiteral("true", JsonValue.True);
            case 'f':
                return ReadLiteral("false", JsonValue.False);
            case 'n':
                return ReadLiteral("null", JsonValue.Null);
            default:
                return ReadNumber();
        }
    }

    private JsonValue ReadObject(int depth)
    {
        Enter(depth);

        // Hostile documents are thousands of small objects: no room is taken ahead.
        var members = new List<KeyValuePair<string, JsonValue>>(1);
        var index = new Dictionary<string, JsonValue>(StringComparer.Ordinal);
        if (!TryTake('}'))
        {
            do
            {
                SkipWhiteSpace();
                if (Peek() != '"')
                {
                    throw Error("a member name in quotes expected");
                }

                var start = position;
                var name = ReadString();
                SkipWhiteSpace();
                Take(':');
                SkipWhiteSpace();
                var value = ReadValue(depth);
                if (index.ContainsKey(name))
                {
                    throw new JsonSyntaxException(start, "a member name that stood before");
                }

                index.Add(name, value);
                members.Add(new KeyValuePair<string, JsonValue>(name, value));
            }
            while (TryTake(','));
            Take('}');
        }

        return new JsonValue(members, index);
    }

    private JsonValue ReadArray(int depth)
    {
        Enter(depth);
        var items = new List<JsonValue>();
        if (!TryTake(']'))
        {
            do
            {
                SkipWhiteSpace();
                items.Add(ReadValue(depth));
            }
            while (TryTake(','));
            Take(']');
        }

        return new JsonValue(items);
    }

    private void Enter(int depth)
    {
        if (depth > MaximumDepth)
        {
            throw Error("nested too deeply");
        }

        position++;
    }

    private JsonValue ReadLiteral(string literal, JsonValue value)
    {
        if (string.CompareOrdinal(text, position, literal, 0, literal.Length) != 0)
        {
            throw Error("a value expected");
        }

        position += literal.Length;
        return value;
    }

    private JsonValue ReadNumber()
    {
        var start = position;
        TakeIf('-');
        if (!TakeIf('0') && ReadDigits() == 0)
        {
            throw Error("a value expected");
        }

        if (TakeIf('.') && ReadDigits() == 0)
        {
            throw Error("a digit expected");
        }

        if (TakeIf('e') || TakeIf('E'))
        {
            if (!TakeIf('+'))
            {
                TakeIf('-');
            }

            if (ReadDigits() == 0)
            {
                throw Error("a digit expected");
            }
        }

        return new JsonValue(JsonKind.Number, text.Substring(start, position - start));
    }

    private int ReadDigits()
    {
        var start = position;
        while (Peek() >= '0' && Peek() <= '9')
        {
            position++;
        }

        return position - start;
    }

    private string ReadString()
    {
        var start = position++;
        var from = position;
        StringBuilder? builder = null;
        for (var unit = Next(); unit != '"'; unit = Next())
        {
            if (unit < ' ')
            {
                throw Error("a control character that is not escaped");
            }

            // Two raw halves or two escaped ones are a pair; a raw one and an escaped one are none (RFC 8259, 8.2).
            if (char.IsSurrogate(unit) && !(char.IsHighSurrogate(unit) && char.IsLowSurrogate(Next())))
            {
                throw new JsonSyntaxException(start, HalfPair);
            }

            if (unit == '\\')
            {
                builder = (builder ?? new StringBuilder()).Append(text, from, position - 1 - from).Append(ReadEscape());
                from = position;
            }
        }

        // Nearly every string has no escape and is a piece of the text.
        var value = text.Substring(from, position - 1 - from);
        value = builder == null ? value : builder.Append(value).ToString();
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i])
                && !(char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[++i])))
            {
                throw new JsonSyntaxException(start, HalfPair);
            }
        }

        return value;
    }

    private char ReadEscape()
    {
        switch (Next())
        {
            case '"': return '"';
            case '\\': return '\\';
            case '/': return '/';
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u': return TakeHex();
            default: throw Error("an escape that JSON does not have");
        }
    }

    private char Next() => position < text.Length ? text[position++] : throw Error("a string without an end");

    private void SkipWhiteSpace()
    {
        while (position < text.Length
            && (text[position] == ' ' || text[position] == '\t' || text[position] == '\n' || text[position] == '\r'))
        {
            position++;
        }
    }

    private char Peek() => position < text.Length ? text[position] : '\0';

    private bool TakeIf(char wanted)
    {
        if (Peek() != wanted || position >= text.Length)
        {
            return false;
        }

        position++;
        return true;
    }

    private bool TryTake(char wanted)
    {
        SkipWhiteSpace();
        return TakeIf(wanted);
    }

    private void Take(char wanted)
    {
        if (!TryTake(wanted))
        {
            throw Error(string.Format(CultureInfo.InvariantCulture, "'{0}' expected", wanted));
        }
    }

    private char TakeHex()
    {
        // Digit by digit: the framework's parsers take NULs behind a number.
        var unit = 0;
        for (var i = 0; i < 4; i++)
        {
            var digit = HexDigits.IndexOf(char.ToLowerInvariant(Peek()));
            if (digit < 0)
            {
                throw new JsonSyntaxException(position - i, "four hexadecimal digits expected");
            }

            unit = (unit << 4) | digit;
            position++;
        }

        return (char)unit;
    }

    private JsonSyntaxException Error(string rule) => new JsonSyntaxException(position, rule);
}
