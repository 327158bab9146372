using System;
using System.Security.Cryptography;

namespace ChatAuth.Plugins.Claims;

/// <summary>Values of jti: random UUIDs, RFC 9562 section 5.4.</summary>
/// <remarks>
/// The system's generator is asked for many at a time, since asking it costs more than writing a token's claims. What a
/// thread drew is its own, so that nothing is shared; unused ids are no secret and die with the thread.
/// </remarks>
internal static class TokenId
{
    private const int Size = 16;
    private const int DrawnAtOnce = 64;

    private static readonly RandomNumberGenerator Generator = RandomNumberGenerator.Create();

    [ThreadStatic]
    private static byte[]? drawn;

    [ThreadStatic]
    private static int used;

    /// <summary>An id that was not given before.</summary>
    internal static Guid Next()
    {
        var source = drawn;
        if (source == null || used == source.Length)
        {
            source = new byte[Size * DrawnAtOnce];
            Generator.GetBytes(source);
            drawn = source;
            used = 0;
        }

        var id = new byte[Size];
        Buffer.BlockCopy(source, used, id, 0, Size);
        used += Size;

        // Version 4 and the variant lie in the bytes 6 and 8 of the standard's order; Guid keeps byte 6 at place 7.
        id[7] = (byte)((id[7] & 0x0F) | 0x40);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id);
    }
}
