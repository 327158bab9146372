using System.Numerics;
using System.Security.Cryptography;
using ChatAuth.Plugins.Jose;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Keys;

/// <summary>Whether a private RSA key is fit to sign chat tokens, judged where keys enter.</summary>
/// <remarks>
/// The plug-in asks whether the numbers belong together. That p and q are prime costs tenths of a second, so it is
/// asked once, here; a trial signature does not show it.
/// </remarks>
internal static class KeyQuality
{
    // A composite passes one round for at most a quarter of all bases.
    private const int Rounds = 32;

    // FIPS 186-5, A.1.3: p and q differ within their first 100 bits.
    private const int SameBits = 100;

    /// <summary>Why a key of several primes is not taken.</summary>
    public const string MorePrimes = "it has more than two primes";

    /// <summary>What to do with a key that is sound elsewhere.</summary>
    public const string KeepIt = "Leave it to what it was made for, and make one for the chat with chatauth key new";
    private const string DropIt = "Sign nothing with it anywhere, and make another with chatauth key new";

    // Lehman's method finds primes whose ratio is near that of two small numbers as Fermat's finds close ones.
    private static readonly int[] Ratios = [.. Enumerable.Range(1, 16)];

    private static readonly int[] SmallPrimes =
        [.. Enumerable.Range(2, 1000).Where(n => Enumerable.Range(2, n - 2).All(m => m * m > n || n % m != 0))];

    /// <summary>Refuses a JWK that says of itself that it is for something else than signatures by RS256, or that has
    /// more primes, or another size or public exponent, than are taken.</summary>
    /// <param name="jwk">A private JWK; what it lacks is left to the plug-in's reader.</param>
    /// <param name="name">How the error names it.</param>
    /// <exception cref="CommandException">4212.</exception>
    public static void EnsureSuited(JsonValue jwk, string name)
    {
        byte[]? n = jwk["n"] is { Kind: JsonKind.String } modulus ? Base64Url.Decode(modulus.Text) : null;
        byte[]? e = jwk["e"] is { Kind: JsonKind.String } exponent ? Base64Url.Decode(exponent.Text) : null;
        bool Says(string member, Func<JsonValue, bool> isSuited) =>
            jwk[member] is { Kind: not JsonKind.Null } value && !isSuited(value); // some writers write null for nothing
        string? fact = Says("oth", _ => false) ? MorePrimes + " (oth)"
            : Says("key_ops", uses => uses.Items.Any(use => use.Text == "sign")) ? "its key_ops lack sign"
            : Says("use", use => use.Text == "sig") ? "its use is not sig"
            : Says("alg", algorithm => algorithm.Text == "RS256") ? "its alg is not RS256"
            : n is { Length: > 0 } && e is { Length: > 0 } ? Unsuited(Number(n), Number(e))
            : null;
        Ensure(fact, name, KeepIt);
        Ensure(Says("revoked", _ => false) ? "it says that it is revoked" : null, name, DropIt);
    }

    /// <summary>Refuses a key by which no chat token should be signed.</summary>
    /// <param name="key">All eight numbers.</param>
    /// <param name="name">How the error names it.</param>
    /// <exception cref="CommandException">4212: its size or exponent, a p or q that is no prime, primes too close to
    /// one another. Numbers that are not one key are left to the plug-in's reader.</exception>
    public static void Ensure(RSAParameters key, string name)
    {
        Ensure(Unsuited(Number(key.Modulus), Number(key.Exponent)), name, KeepIt);
        Ensure(RsaParts.BelongTogether(key) ? Weakness(key) : null, name, DropIt);
    }

    private static void Ensure(string? fact, string name, string remedy)
    {
        if (fact != null)
        {
            throw new CommandException(Errors.KeyUnfit(name, fact, remedy));
        }
    }

    private static string? Unsuited(BigInteger n, BigInteger e) =>
        n.GetBitLength() is var bits && (bits is < RsaParts.MinimumBits or > RsaParts.MaximumBits || bits % 16 != 0)
            ? FormattableString.Invariant(
                $"it has {bits} bits, and RS256 tokens are signed with 2048 to 4096, a multiple of 16")
            : e <= ushort.MaxValue || e > uint.MaxValue || e.IsEven
            ? "its public exponent is not an odd number from 65537 to 4294967295 (FIPS 186-5; 3 and 17 are of old)"
            : null;

    private static string? Weakness(RSAParameters key)
    {
        BigInteger p = Number(key.P);
        BigInteger q = Number(key.Q);
        int close = (key.Modulus!.Length * 4) - SameBits;
        return Ratios.Any(a => Ratios.Any(b => BigInteger.Abs((a * p) - (b * q)).GetBitLength() <= close))
            ? "its primes, or small multiples of them, are so close to one another that anybody can find them "
                + "(FIPS 186-5, A.1.3)"
            : IsOfWeakChip(Number(key.Modulus)) ? "it was made by a chip whose keys anybody can break (CVE-2017-15361)"
            : !IsPrime(p) || !IsPrime(q) ? "its p or q is no prime"
            : null;
    }

    // The chip's primes are powers of 65537 modulo each of the first 126 primes, so that the modulus is one, too; of
    // other keys one in 2^150 is (Nemec and others, The return of Coppersmith's attack, 2017).
    private static bool IsOfWeakChip(BigInteger modulus) => SmallPrimes.TakeWhile(prime => prime <= 701).All(prime =>
    {
        int rest = (int)(modulus % prime);
        int power = 1;
        for (int i = 0; i < prime && power != rest; i++)
        {
            power = power * (65537 % prime) % prime;
        }

        return power == rest;
    });

    // Miller-Rabin (FIPS 186-5, B.3.1) with bases that nobody can foresee.
    private static bool IsPrime(BigInteger candidate)
    {
        if (SmallPrimes.Any(prime => candidate % prime == 0))
        {
            return false;
        }

        BigInteger last = candidate - 1;
        int twos = 0;
        BigInteger odd = last;
        for (; odd.IsEven; odd >>= 1)
        {
            twos++;
        }

        return Enumerable.Range(0, Rounds).AsParallel().All(_ => Passes(candidate, last, odd, twos));
    }

    private static bool Passes(BigInteger candidate, BigInteger last, BigInteger odd, int twos)
    {
        byte[] random = RandomNumberGenerator.GetBytes(candidate.GetByteCount() + 8);
        BigInteger power = BigInteger.ModPow(
            (new BigInteger(random, isUnsigned: true) % (last - 2)) + 2, odd, candidate);
        bool passes = power.IsOne || power == last;
        for (int i = 1; i < twos && !passes; i++)
        {
            power = power * power % candidate;
            passes = power == last;
        }

        return passes;
    }

    private static BigInteger Number(byte[]? bigEndian) => new(bigEndian, isUnsigned: true, isBigEndian: true);
}
