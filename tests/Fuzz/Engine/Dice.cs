using System.Collections.Generic;

namespace ChatAuth.Fuzz;

/// <summary>A stream of numbers that a seed decides: SplitMix64.</summary>
/// <remarks>
/// Not System.Random, whose numbers no document fixes: an input must be made again from its seed on any runtime.
/// </remarks>
/// <param name="seed">Equal seeds give equal streams.</param>
internal sealed class Dice(ulong seed)
{
    private ulong state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to one less than <paramref name="end"/>; 0 for an end of 0.</summary>
    public int Below(int end) => end <= 1 ? 0 : (int)(Next() % (ulong)end);

    /// <summary>Whether a chance of one in <paramref name="chances"/> came up.</summary>
    public bool OneIn(int chances) => Below(chances) == 0;

    /// <summary>One of several.</summary>
    public T Pick<T>(IReadOnlyList<T> several) => several[Below(several.Count)];
}
