using System;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ChatAuth.Tools.Tests;

/// <summary>Random keys of 2048 bits that all tests share: each takes a third of a second to make.</summary>
internal static class PreparedKeys
{
    private static readonly ConcurrentDictionary<int, Lazy<RSAParameters>> Made = new();

    /// <summary>A key; those of different numbers differ.</summary>
    /// <param name="number">From 0. Who asks in the same order gets the same keys, so an environment counts by
    /// itself; from 80 on they are somebody else's.</param>
    public static RSAParameters At(int number) =>
        Made.GetOrAdd(number, _ => new Lazy<RSAParameters>(() => CommandHost.RandomKey(2048))).Value;
}
