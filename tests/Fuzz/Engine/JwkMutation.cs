using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;

namespace ChatAuth.Fuzz;

/// <summary>JWK sets whose syntax is sound and whose keys are not, or hardly.</summary>
internal static class JwkMutation
{
    // Primes of 512 bits: their product stands where a prime of 1,024 bits should.
    private static readonly BigInteger Composite =
        BigInteger.Parse(
            "0F6A144447669CC0102A8CBCCE70FC915213BEC5FB11CD551DFE2B8E726B8764"
                + "DA37BCB24E12A560CF1B9F107EBE0713DE7F060EEFFFEDC382C5B6446E7730FBD",
            NumberStyles.HexNumber,
            CultureInfo.InvariantCulture)
        * BigInteger.Parse(
            "0CB7D021BA8A7F0E8762ED06D1B875A774A831FC60F54097081085F3EB127A37"
                + "2DA9890E77B2AF75BEABDB9086100DD73907A1221D9A105BEEF916C682FBDAEC7",
            NumberStyles.HexNumber,
            CultureInfo.InvariantCulture);

    // p and q that fit, so that all that is wrong with a key is its exponent.
    private static readonly BigInteger[] Exponents =
    [
        1, 2, 3, 17, 65535, 65536, 65537, 65539, 4294967291, uint.MaxValue, (BigInteger)uint.MaxValue + 2,
        BigInteger.Pow(2, 2047) + 1,
    ];

    private static readonly IReadOnlyList<IReadOnlyDictionary<string, string>> Crafted = Craft();

    private static readonly string[] Literals = [
        "null", "true", "0", "65537", "[]", "{}", "\"\"", "\"AA\"", "\"AQ\"", "\"=\"", "\"A\"", "\"\\u0041QAB\"",
        "\"AQAB=\"", "\"AQ AB\"", "\"+/+/\"",
    ];

    /// <summary>A set of one or two keys, one of them changed.</summary>
    public static string Of(Dice dice)
    {
        Dictionary<string, string> members = Whole(dice);
        for (int changes = dice.OneIn(16) ? 0 : 1 + dice.Below(2); changes > 0; changes--)
        {
            Change(dice, members);
        }

        string[] keys = [Text(members), .. dice.OneIn(8) ? [Text(Whole(dice))] : Array.Empty<string>()];
        string set = string.Join(',', dice.OneIn(2) ? keys : keys.Reverse());
        return $$"""{"organization":"{{JwkSetParser.Organization:D}}","keys":[{{set}}]}""";
    }

    /// <summary>A sound set of one key.</summary>
    public static string Sound(int key) =>
        $$"""{"organization":"{{JwkSetParser.Organization:D}}","keys":[{{Text(Quoted(Corpus.Keys[key]))}}]}""";

    private static Dictionary<string, string> Whole(Dice dice) =>
        Quoted(dice.OneIn(3) ? dice.Pick(Crafted) : dice.Pick(Corpus.Keys));

    // Numbers that fit one another, but for one thing: the exponent, a composite or equal prime, an even modulus.
    private static IReadOnlyList<IReadOnlyDictionary<string, string>> Craft() =>
    [
        .. Corpus.Keys.SelectMany(key =>
        {
            BigInteger p = RsaNumbers.Parse(key["p"]);
            BigInteger q = RsaNumbers.Parse(key["q"]);
            return Exponents.Select(e => RsaNumbers.Of(p, q, e))
                .Concat(
                    [
                        RsaNumbers.Of(q, p, 65537), RsaNumbers.Of(Composite, q, 65537), RsaNumbers.Of(p, p, 65537),
                        RsaNumbers.Of(p, q + 1, 65537),
                    ]);
        }),
    ];

    private static Dictionary<string, string> Quoted(IReadOnlyDictionary<string, string> key)
    {
        Dictionary<string, string> members = Corpus.Numbers.ToDictionary(name => name, name => $"\"{key[name]}\"");
        (members["kty"], members["use"], members["alg"], members["nbf"], members["exp"]) =
            ("\"RSA\"", "\"sig\"", "\"RS256\"", "1700000000", "1900000000");
        return members;
    }

    private static void Change(Dice dice, Dictionary<string, string> members)
    {
        string name = dice.Pick(Corpus.Numbers);
        switch (dice.Below(12))
        {
            case 0:
                members.Remove(dice.Pick([.. members.Keys]));
                break;
            case 1:
                members[dice.Pick([.. members.Keys])] = dice.Pick(Literals);
                break;
            case 2: // the number of another key, of another member, of a public key
                members[name] = $"\"{dice.Pick(Corpus.Keys)[dice.Pick(Corpus.Numbers)]}\"";
                break;
            case 3: // one bit, anywhere in the number
                Compute(members, name, number => number ^ (BigInteger.One << dice.Below((int)number.GetBitLength())));
                break;
            case 4:
                Compute(members, name, number => number + dice.Pick([1, 2, -1, 65536]));
                break;
            case 5: // equal modulo (p-1)(q-1), yet not the number
                Compute(members, "d",
                    d => d + ((Value(members, "p") - 1) * (Value(members, "q") - 1) / dice.Pick<BigInteger>([1, 2])));
                break;
            case 6:
                Compute(members, "qi", qi => qi + Value(members, "p"));
                break;
            case 7: // longer than any number: not decoded at all
                members[name] =
                    $"\"{new string(dice.Pick(['A', 'B', '_']), dice.Pick([4, 340, 344, 684, 4096, 4097, 20000]))}\"";
                break;
            case 8: // leading zeros, which some writers leave in
                members[name] = "\"" + System.Buffers.Text.Base64Url.EncodeToString(
                    [0, .. System.Buffers.Text.Base64Url.DecodeFromChars(Plain(members, name))]) + "\"";
                break;
            case 9:
                members[dice.Pick(["kty", "use", "alg"])] = dice.Pick(
                    [
                        "\"EC\"", "\"oct\"", "\"enc\"", "\"none\"", "\"HS256\"", "\"RS384\"", "\"rs256\"", "\"RS256 \"",
                        "null",
                    ]);
                break;
            case 10:
                members[dice.Pick(["nbf", "exp"])] = dice.Pick(
                    [
                        "0", "-1", "1e3", "1700000000", "2147483647", "2147483648", "253402300799",
                        "99999999999999999999", "\"1\"", "1.0",
                    ]);
                break;
            default:
                members["kid"] = dice.Pick(
                    [
                        "\"a\"", "\"\"", "\"a b\"", "\"{0}\"", "\"\\u0000\"", "\"é\"", "1",
                        $"\"{new string('k', 128)}\"", $"\"{new string('k', 129)}\"", "\"__proto__\"",
                    ]);
                break;
        }
    }

    private static void Compute(Dictionary<string, string> members, string name, Func<BigInteger, BigInteger> change) =>
        members[name] = "\"" + RsaNumbers.Write(BigInteger.Max(0, change(Value(members, name)))) + "\"";

    private static BigInteger Value(Dictionary<string, string> members, string name) =>
        RsaNumbers.Parse(Plain(members, name));

    // The number as it stands, where an earlier change left one.
    private static string Plain(Dictionary<string, string> members, string name) =>
        members.TryGetValue(name, out string? text) && text.Length > 2 && System.Buffers.Text.Base64Url.IsValid(
            text.AsSpan(1, text.Length - 2)) ? text[1..^1] : "AQAB";

    private static string Text(Dictionary<string, string> members) =>
        "{" + string.Join(',', members.Select(member => $"\"{member.Key}\":{member.Value}")) + "}";
}
