using System.Globalization;

namespace ChatAuth.Plugins.Json;

/// <summary>A place in a JSON text, and the steps by which it moves on.</summary>
internal abstract class JsonCursor
{
    private const string HexDigits = "0123456789abcdef";

    protected JsonCursor(string text)
    {
        Text = text;
    }

    protected string Text { get; }

    protected int Position { get; set; }

    protected char Next() => Position < Text.Length ? Text[Position++] : throw Error("a string without an end");

    protected void SkipWhiteSpace()
    {
        while (Position < Text.Length && (Text[Position] == ' ' || Text[Position] == '\t' || Text[Position] == '\n' || Text[Position] == '\r'))
        {
            Position++;
        }
    }

    protected char Peek() => Position < Text.Length ? Text[Position] : '\0';

    protected bool TakeIf(char wanted)
    {
        if (Peek() != wanted || Position >= Text.Length)
        {
            return false;
        }

        Position++;
        return true;
    }

    protected bool TryTake(char wanted)
    {
        SkipWhiteSpace();
        return TakeIf(wanted);
    }

    protected void Take(char wanted)
    {
        if (!TryTake(wanted))
        {
            throw Error(string.Format(CultureInfo.InvariantCulture, "'{0}' expected", wanted));
        }
    }

    protected char TakeHex()
    {
        // Digit by digit: the framework's parsers take NULs behind a number.
        var unit = 0;
        for (var i = 0; i < 4; i++)
        {
            var digit = HexDigits.IndexOf(char.ToLowerInvariant(Peek()));
            if (digit < 0)
            {
                throw new JsonSyntaxException(Position - i, "four hexadecimal digits expected");
            }

            unit = (unit << 4) | digit;
            Position++;
        }

        return (char)unit;
    }

    protected JsonSyntaxException Error(string rule) => new JsonSyntaxException(Position, rule);
}
