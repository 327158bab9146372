using System;
using System.Text;

namespace ChatAuth.Plugins.Json;

/// <summary>Bytes of UTF-8 that grow, and the escapes of RFC 8259 section 7.</summary>
internal abstract class Utf8Buffer
{
    private const string Hex = "0123456789abcdef";

    // ASCII that stands in a string as it is.
    private static readonly bool[] Plain = MakePlain();

    private byte[] buffer;

    protected Utf8Buffer(int capacity)
    {
        buffer = new byte[capacity];
    }

    /// <summary>Bytes written so far.</summary>
    internal int Length { get; private protected set; }

    /// <summary>The bytes written are the first <see cref="Length"/> of these, until more are written.</summary>
    internal byte[] Buffer => buffer;

    /// <summary>What is written, as text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(buffer, 0, Length);

    // Nearly every text is all plain: it is copied with nothing but a comparison a character. There is room for it already.
    protected int CopyPlain(string value)
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

    protected void Escape(byte unit)
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

    protected void AppendRune(int rune)
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

    protected void Append(byte value)
    {
        if (Length == buffer.Length)
        {
            Reserve(1);
        }

        buffer[Length++] = value;
    }

    protected void Reserve(int more)
    {
        if (Length + more > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, Length + more));
        }
    }
}
