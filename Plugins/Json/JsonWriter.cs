using System;
using System.Globalization;
using System.Text;

namespace ChatAuth.Plugins.Json;

/// <summary>
/// Writes one JSON document as UTF-8, in the order of the calls and without white space: equal calls give equal bytes.
/// </summary>
/// <remarks>
/// Bytes, not a StringBuilder: a token is signed and sent as bytes, and this way costs a fifth of the memory.
/// </remarks>
internal sealed class JsonWriter
{
    private const string Hex = "0123456789abcdef";

    // ASCII that stands in a string as it is.
    private static readonly bool[] Plain = MakePlain();

    private byte[] buffer;
    private bool separate;

    /// <summary>An empty document.</summary>
    /// <param name="capacity">Bytes expected; more are taken as needed.</param>
    internal JsonWriter(int capacity)
    {
        buffer = new byte[capacity];
    }

    /// <summary>Bytes written so far.</summary>
    internal int Length { get; private set; }

    /// <summary>The bytes written are the first <see cref="Length"/> of these, until more are written.</summary>
    internal byte[] Buffer => buffer;

    /// <summary>What is written, as text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(buffer, 0, Length);

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
        System.Buffer.BlockCopy(name.Encoded, 0, buffer, Length, name.Encoded.Length);
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

    /// <summary>
    /// Writes a literal that is JSON already and needs no escape: a number, <c>true</c> or <c>false</c>, in ASCII.
    /// </summary>
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

    // Nearly every text is all plain: it is copied with nothing but a comparison a character. There is room for it
    // already.
    private int CopyPlain(string value)
    {
        var plain = Plain;
        var target = buffer;
        var at = Length;
        var i = 0;
        for (; i < value.Length; i++)
        {
            var unit = value[i];
            if (unit >= plain.Length || !plain[unit])
            {
                break;
            }

            target[at++] = (byte)unit;
        }

        Length = at;
        return i;
    }

    private static bool[] MakePlain()
    {
        var plain = new bool[128];
        for (var i = ' '; i < plain.Length; i++)
        {
            plain[i] = i != '"' && i != '\\';
        }

        return plain;
    }

    private void Escape(byte unit)
    {
        if (unit >= 0x20)
        {
            if (unit == '"' || unit == '\\')
            {
                Append((byte)'\\');
            }

            Append(unit);
            return;
        }

        Append((byte)'\\');
        switch (unit)
        {
            case (byte)'\b': Append((byte)'b'); break;
            case (byte)'\t': Append((byte)'t'); break;
            case (byte)'\n': Append((byte)'n'); break;
            case (byte)'\f': Append((byte)'f'); break;
            case (byte)'\r': Append((byte)'r'); break;
            default:
                Append((byte)'u');
                Append((byte)'0');
                Append((byte)'0');
                Append((byte)Hex[unit >> 4]);
                Append((byte)Hex[unit & 15]);
                break;
        }
    }

    private void AppendRune(int rune)
    {
        if (rune < 0x800)
        {
            Append((byte)(0xC0 | (rune >> 6)));
        }
        else
        {
            if (rune < 0x10000)
            {
                Append((byte)(0xE0 | (rune >> 12)));
            }
            else
            {
                Append((byte)(0xF0 | (rune >> 18)));
                Append((byte)(0x80 | ((rune >> 12) & 0x3F)));
            }

            Append((byte)(0x80 | ((rune >> 6) & 0x3F)));
        }

        Append((byte)(0x80 | (rune & 0x3F)));
    }

    private void Append(byte value)
    {
        if (Length == buffer.Length)
        {
            Reserve(1);
        }

        buffer[Length++] = value;
    }

    private void Reserve(int more)
    {
        if (Length + more > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, Length + more));
        }
    }
}

/// <summary>A member's name, encoded once: every token writes the same names.</summary>
internal sealed class JsonName
{
    /// <summary>The name in quotes and a colon, UTF-8.</summary>
    internal byte[] Encoded { get; }

    internal JsonName(string name)
    {
        var writer = new JsonWriter(name.Length + 3).Name(name);
        Encoded = new byte[writer.Length];
        Array.Copy(writer.Buffer, Encoded, writer.Length);
    }
}
