namespace ChatAuth.Keys;

/// <summary>Whether the DER or BER of a key may be parsed: readers of it go down as deep as a file says.</summary>
internal static class DerBounds
{
    /// <summary>The most bytes that are read: a PFX of a 4096-bit key with its chain has some 10 KB.</summary>
    public const int MaximumLength = 64 * 1024;

    // The deepest that a key or a PFX goes is eleven.
    private const int MaximumDepth = 32;

    /// <summary>Whether the first value of a text of bytes, behind which nobody reads, is nested no deeper than in any
    /// key; false for too many bytes, too.</summary>
    /// <remarks>ITU-T X.690 section 8.1, without recursion and in one pass. What breaks its rules ends the pass: the
    /// reader says what is wrong.</remarks>
    public static bool Hold(ReadOnlySpan<byte> ber)
    {
        if (ber.Length > MaximumLength)
        {
            return false;
        }

        Stack<int> ends = new(); // of the constructed values that are open; int.MaxValue for an indefinite length
        for (int at = 0; at < ber.Length && ends.Count <= MaximumDepth;)
        {
            while (ends.TryPeek(out int end) && at >= end)
            {
                ends.Pop();
            }

            if (at > 0 && ends.Count == 0)
            {
                break;
            }

            bool isConstructed = (ber[at] & 0x20) != 0;
            bool isLongTag = (ber[at] & 0x1F) == 0x1F;
            bool isEnd = ber[at] == 0 && at + 1 < ber.Length && ber[at + 1] == 0;
            for (at++; isLongTag && at < ber.Length && (ber[at] & 0x80) != 0; at++)
            {
            }

            at += isLongTag ? 1 : 0;
            if (isEnd && ends.TryPeek(out int open) && open == int.MaxValue)
            {
                ends.Pop();
            }

            if (at >= ber.Length)
            {
                break;
            }

            int first = ber[at++];
            long length = first < 0x80 ? first : 0;
            for (int more = first > 0x80 ? first & 0x7F : 0; more > 0 && at < ber.Length; more--, at++)
            {
                length = Math.Min((length << 8) | ber[at], int.MaxValue);
            }

            if (isConstructed)
            {
                ends.Push(first == 0x80 ? int.MaxValue : (int)Math.Min(at + length, int.MaxValue - 1));
            }
            else
            {
                at = (int)Math.Min(at + length, ber.Length);
            }
        }

        return ends.Count <= MaximumDepth;
    }
}
