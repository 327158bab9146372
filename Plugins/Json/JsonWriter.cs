using System.Globalization;

namespace ChatAuth.Plugins.Json;

/// <summary>Writes one JSON document as UTF-8, in the order of the calls and without white space: equal calls give equal bytes.</summary>
/// <remarks>Bytes, not a StringBuilder: a token is signed and sent as bytes, and this way costs a fifth of the memory.</remarks>
internal sealed class JsonWriter : Utf8Buffer
{
    private bool separate;

    /// <summary>An empty document.</summary>
    /// <param name="capacity">Bytes expected; more are taken as needed.</param>
    internal JsonWriter(int capacity)
        : base(capacity)
    {
    }

    /// <summary>Opens an object.</summary>
    internal JsonWriter BeginObject() => Open((byte)'{');

    /// <summary>Closes an object.</summary>
    internal JsonWriter EndObject() => Close((byte)'}');

    /// <summary>Opens an array.</summary>
    internal JsonWriter BeginArray() => Open((byte)'[');

    /// <summary>Closes an array.</summary>
    internal JsonWriter EndArray() => Close((byte)']');

    /// <summary>Writes a member's name; its value comes next.</summary>
    internal JsonWriter Name(string name)
    {
        String(name);
        Append((byte)':');
        separate = false;
        return this;
    }

    /// <summary>Writes a member's name that was encoded before; its value comes next.</summary>
    internal JsonWriter Name(JsonName name)
    {
        Separate();
        Reserve(name.Encoded.Length);
        System.Buffer.BlockCopy(name.Encoded, 0, Buffer, Length, name.Encoded.Length);
        Length += name.Encoded.Length;
        separate = false;
        return this;
    }

    /// <summary>Writes a string; half a surrogate pair (a name cut at its column's length) becomes U+FFFD.</summary>
    internal JsonWriter String(string value)
    {
        Separate();
        Reserve(value.Length + 2);
        Append((byte)'"');
        for (var i = CopyPlain(value); i < value.Length; i++)
        {
            var unit = value[i];
            if (unit < 0x80)
            {
                Escape((byte)unit);
            }
            else if (char.IsHighSurrogate(unit) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
            {
                AppendRune(char.ConvertToUtf32(unit, value[++i]));
            }
            else
            {
                AppendRune(char.IsSurrogate(unit) ? 0xFFFD : unit);
            }
        }

        Append((byte)'"');
        separate = true;
        return this;
    }

    /// <summary>Writes another document as a string: JSON in JSON.</summary>
    internal JsonWriter String(JsonWriter document)
    {
        Separate();
        Reserve((document.Length * 2) + 2);
        Append((byte)'"');
        var source = document.Buffer;
        var target = Buffer;
        var at = Length;
        for (var i = 0; i < document.Length; i++)
        {
            // A document holds no control characters: they are escaped in it already.
            if (source[i] == '"' || source[i] == '\\')
            {
                target[at++] = (byte)'\\';
            }

            target[at++] = source[i];
        }

        Length = at;
        Append((byte)'"');
        separate = true;
        return this;
    }

    /// <summary>Writes a whole number.</summary>
    /// <remarks>Only what is not negative is written digit by digit; a NumericDate always is.</remarks>
    internal JsonWriter Number(long value)
    {
        if (value < 0)
        {
            return Literal(value.ToString(CultureInfo.InvariantCulture));
        }

        Separate();
        var digits = 1;
        for (var rest = value; rest > 9; rest /= 10)
        {
            digits++;
        }

        Reserve(digits);
        for (var at = Length + digits - 1; at >= Length; at--, value /= 10)
        {
            Buffer[at] = (byte)('0' + (value % 10));
        }

        Length += digits;
        separate = true;
        return this;
    }

    /// <summary>Writes a literal that is JSON already and needs no escape: a number, <c>true</c> or <c>false</c>, in ASCII.</summary>
    internal JsonWriter Literal(string literal)
    {
        Separate();
        Reserve(literal.Length);
        CopyPlain(literal);
        separate = true;
        return this;
    }

    private JsonWriter Open(byte bracket)
    {
        Separate();
        Append(bracket);
        separate = false;
        return this;
    }

    private JsonWriter Close(byte bracket)
    {
        Append(bracket);
        separate = true;
        return this;
    }

    private void Separate()
    {
        if (separate)
        {
            Append((byte)',');
        }
    }
}
