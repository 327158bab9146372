using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Plugins.Jose;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Keys;

/// <summary>Keys that sign and verify, and by which no token should be signed: where keys enter.</summary>
[TestClass]
public sealed class Keys_that_are_no_good
{
    private static readonly BigInteger F4 = 65537;
    private static int primes;

    private static Dictionary<string, (Func<string> File, string Word)> Keys { get; } = new()
    {
        ["close primes"] = (() => Jwk(Close(0)), "so close"),
        ["primes that differ by 2^900"] = (() => Jwk(Close(900)), "so close"),
        ["primes near three to two"] = (() => Jwk(NearThreeToTwo()), "small multiples of them"),
        ["a chip of 2017"] = (() => Jwk(OfWeakChip()), "CVE-2017-15361"),
        ["three primes, PKCS#1"] = (
            () => PemEncoding.WriteString("RSA PRIVATE KEY", OfThreePrimes(rsa => rsa.ExportRSAPrivateKey())),
            "more than two primes"),
        ["three primes, PKCS#8"] = (
            () => PemEncoding.WriteString("PRIVATE KEY", OfThreePrimes(rsa => rsa.ExportPkcs8PrivateKey())),
            "more than two primes"),
        ["p of two primes"] = (() => Jwk(WithComposite(() => Prime(512) * Prime(512))), "no prime"),
        ["p a square"] = (() => Jwk(WithComposite(() => BigInteger.Pow(Prime(512), 2))), "no prime"),
        ["p of three primes"] = (() => Jwk(WithComposite(() => Prime(342) * Prime(342) * Prime(341))), "no prime"),
        ["p with a small factor"] = (() => Jwk(WithComposite(() => 7 * Prime(1021))), "no prime"),
        ["a Carmichael p"] = (() => Jwk(WithComposite(() => Carmichael())), "no prime"),
        ["p with a factor of 21 bits"] = (
            () => Jwk(WithComposite(() => Next(BigInteger.One << 20) * Prime(1004))), "no prime"),
        ["1024 bits"] = (() => RSA.Create(1024).ExportPkcs8PrivateKeyPem(), "1024 bits"),
        ["4160 bits"] = (() => RSA.Create(4160).ExportPkcs8PrivateKeyPem(), "4160 bits"),
        ["exponent 3"] = (() => Jwk(OfExponent(3)), "public exponent"),
        ["exponent 17"] = (() => Jwk(OfExponent(17)), "public exponent"),
        ["exponent 257"] = (() => Jwk(OfExponent(257)), "public exponent"),
        ["exponent beyond 32 bits"] = (() => Jwk(OfExponent((BigInteger.One << 33) + 1)), "public exponent"),
    };

    public static IEnumerable<object[]> Names => Keys.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public async Task Are_not_imported(string kind)
    {
        (Func<string> file, string word) = Keys[kind];
        using TemporaryFolder folder = new();
        CommandRun run = await Key_files_as_people_have_them.ImportAsync(
            folder, Encoding.UTF8.GetBytes(file()), null);
        Assert.AreEqual("1 CHATAUTH4212", $"{run.ExitCode} {run.Codes}", run.Error);
        StringAssert.Contains(run.Error, word);
        Assert.IsFalse(File.Exists(folder.File("key.json")));
    }

    [TestMethod]
    [DataRow(""","oth":[{"r":"AQ","d":"AQ","t":"AQ"}]""", "oth")]
    [DataRow(""","key_ops":["verify"]""", "key_ops")]
    [DataRow(""","key_ops":[]""", "key_ops")]
    [DataRow(""","key_ops":["encrypt","decrypt"]""", "key_ops")]
    [DataRow(",\"key_ops\":\"sign\"", "key_ops")]
    [DataRow(""","revoked":{"revoked_at":1700000000,"reason":"compromised"}""", "revoked")]
    [DataRow(",\"use\":\"enc\"", "use")]
    [DataRow(",\"use\":[\"sig\"]", "use")]
    [DataRow(",\"alg\":\"rs256\"", "alg")]
    [DataRow(",\"alg\":256", "alg")]
    [DataRow(",\"alg\":\"PS256\"", "alg")]
    [DataRow(",\"alg\":\"RSA-OAEP\"", "alg")]
    public async Task Say_themselves_that_they_are_for_something_else(string more, string word)
    {
        using RSA rsa = RSA.Create(PreparedKeys.At(0));
        using TemporaryFolder folder = new();
        CommandRun run = await Key_files_as_people_have_them.ImportAsync(
            folder, Encoding.UTF8.GetBytes(Key_files_as_people_have_them.Jwk(rsa, more)), null);
        Assert.AreEqual("1 CHATAUTH4212", $"{run.ExitCode} {run.Codes}", run.Error);
        StringAssert.Contains(run.Error, word);
    }

    [TestMethod]
    [DataRow(new[] { "p", "q", "dp", "dq", "qi" }, "", "\"p\" is missing")]
    [DataRow(new[] { "e" }, "", "\"e\" is missing")]
    [DataRow(new[] { "d" }, ",\"d\":7", "\"d\" is missing or no base64url number")]
    [DataRow(new[] { "d" }, ",\"d\":\"AQ\"", "do not belong to one RSA key")]
    [DataRow(new[] { "e" }, ",\"e\":\"AQAD\"", "do not belong to one RSA key")]
    [DataRow(new[] { "qi" }, ",\"qi\":\"AA\"", "\"qi\" is missing or no base64url number")]
    [DataRow(new[] { "p", "q" }, ",\"p\":\"AQ\",\"q\":\"AQ\"", "do not belong to one RSA key")]
    public async Task Lack_a_number_and_are_not_to_be_rotated(string[] gone, string more, string fact)
    {
        using RSA rsa = RSA.Create(PreparedKeys.At(0));
        using TemporaryFolder folder = new();
        JsonObject jwk = JsonNode.Parse(Key_files_as_people_have_them.Jwk(rsa))!.AsObject();
        gone.ToList().ForEach(name => jwk.Remove(name));
        CommandRun run = await Key_files_as_people_have_them.ImportAsync(
            folder, Encoding.UTF8.GetBytes(jwk.ToJsonString()[..^1] + more + "}"), null);
        Assert.AreEqual("1 CHATAUTH4206", $"{run.ExitCode} {run.Codes}", run.Error);
        StringAssert.Contains(run.Error, fact);
        Assert.DoesNotContain("rotate", run.Error);
    }

    [TestMethod]
    [DataRow("close primes")]
    [DataRow("a Carmichael p")]
    [DataRow("oth")]
    [DataRow("key_ops")]
    public async Task Are_not_taken_out_of_a_key_file(string kind)
    {
        using RSA rsa = RSA.Create(PreparedKeys.At(0));
        string jwk = kind switch
        {
            "oth" => Key_files_as_people_have_them.Jwk(rsa, ""","oth":[]"""),
            "key_ops" => Key_files_as_people_have_them.Jwk(rsa, ""","key_ops":["wrapKey"]"""),
            _ => Keys[kind].File(),
        };
        using TemporaryFolder folder = new();
        string ours = jwk.Replace("\"kty\"", "\"alg\":\"RS256\",\"use\":\"sig\",\"nbf\":0,\"exp\":2000000000,\"kty\"");
        await File.WriteAllTextAsync(folder.File("key.json"), $$"""{"keys":[{{ours}}]}""");
        CommandRun run = await CommandRun.OfAsync(["key", "public", folder.File("key.json")]);
        Assert.AreEqual("1 CHATAUTH4212", $"{run.ExitCode} {run.Codes}", run.Error);
    }

    [TestMethod]
    [DataRow("AQ", DisplayName = "1")]
    [DataRow("Ag", DisplayName = "2")]
    [DataRow("AQAA", DisplayName = "65536")]
    [DataRow("AA", DisplayName = "0")]
    [DataRow("", DisplayName = "nothing")]
    [DataRow("AQAAAAE", DisplayName = "beyond 32 bits")]
    public async Task A_public_key_with_such_an_exponent_verifies_nothing(string exponent)
    {
        using RSA rsa = RSA.Create(PreparedKeys.At(0));
        using TemporaryFolder folder = new();
        string n = Plugins.Jose.Base64Url.Encode(rsa.ExportParameters(false).Modulus!);
        await File.WriteAllTextAsync(
            folder.File("public.json"), $$"""{"kty":"RSA","n":"{{n}}","e":"{{exponent}}"}""");
        CommandRun run =
            await CommandRun.OfAsync(["token", "verify", "e30.e30.AAAA", "--key", folder.File("public.json")]);
        Assert.AreEqual("1 CHATAUTH4308", $"{run.ExitCode} {run.Codes}", run.Error);
    }

    private static (BigInteger P, BigInteger Q, BigInteger E, BigInteger D) Of(
        BigInteger p, BigInteger q, BigInteger e) => (p, q, e, Inverse(e, (p - 1) * (q - 1)));

    private static (BigInteger, BigInteger, BigInteger, BigInteger) OfExponent(BigInteger e)
    {
        BigInteger p = Fit(() => Prime(1024), e);
        return Of(p, Fit(() => Prime(1024), e), e);
    }

    private static (BigInteger, BigInteger, BigInteger, BigInteger) Close(int bits)
    {
        BigInteger p = Fit(() => Prime(1024), F4);
        BigInteger q = Next(p + (BigInteger.One << bits));
        while (((q - 1) % F4).IsZero || (p * q).GetBitLength() != 2048)
        {
            q = Next(q + 2);
        }

        return Of(q, p, F4);
    }

    private static (BigInteger, BigInteger, BigInteger, BigInteger) NearThreeToTwo()
    {
        BigInteger p = Fit(() => Next(((BigInteger.One << 1023) / 5 * 6) + Random(900)), F4);
        return Of(Fit(() => Next(p * 3 / 2 + Random(800)), F4), p, F4);
    }

    // k M + (65537^a mod M), as the chip made them, with M of the first 126 primes.
    private static (BigInteger, BigInteger, BigInteger, BigInteger) OfWeakChip()
    {
        BigInteger product = Enumerable.Range(2, 700).Where(n => Enumerable.Range(2, n - 2).All(m => n % m != 0))
            .Aggregate(BigInteger.One, (all, prime) => all * prime);
        BigInteger Made()
        {
            BigInteger candidate = 0;
            while (!IsPrime(candidate) || candidate.GetBitLength() != 1024)
            {
                candidate = (((BigInteger.One << 1024) / product) - Random(48)) * product
                    + BigInteger.ModPow(65537, Random(64), product);
            }

            return candidate;
        }

        return Of(Fit(Made, F4), Fit(Made, F4), F4);
    }

    // The version says so; what is behind the eight numbers nobody reads.
    private static byte[] OfThreePrimes(Func<RSA, byte[]> export)
    {
        using RSA rsa = RSA.Create(PreparedKeys.At(0));
        byte[] der = export(rsa);
        der[der.AsSpan().IndexOf((ReadOnlySpan<byte>)[2, 1, 0, 2, 0x82]) + 2] = 1;
        return der;
    }

    private static (BigInteger, BigInteger, BigInteger, BigInteger) WithComposite(Func<BigInteger> make)
    {
        BigInteger p = make();
        while (p.GetBitLength() != 1024)
        {
            p = make();
        }

        BigInteger q = Fit(() => Next(((BigInteger.One << 2047) / p) + Random(900)), F4); // 2,048 bits in all
        return Of(p, q, F4);
    }

    // (6k + 1)(12k + 1)(18k + 1), all prime (Chernick), with a k of 338 bits: 1,024 bits. It passes Fermat's test.
    private static BigInteger Carmichael()
    {
        BigInteger k = BigInteger.Parse(
            "0383b0a6eb8c9ebd69fe29d76d4330f1446beab0c11fdecb91ce375bc8fbbcbde5c0994164d8399f866530",
            NumberStyles.HexNumber,
            CultureInfo.InvariantCulture);
        return (6 * k + 1) * (12 * k + 1) * (18 * k + 1);
    }

    private static BigInteger Fit(Func<BigInteger> make, BigInteger e)
    {
        BigInteger p = make();
        while (!BigInteger.GreatestCommonDivisor(p - 1, e).IsOne)
        {
            p = make();
        }

        return p;
    }

    // With its two highest bits set. One of 1,024 bits takes a second to find, so those of prepared keys are taken.
    private static BigInteger Prime(int bits)
    {
        if (bits != 1024)
        {
            return Next((BigInteger)3 << (bits - 2) | Random(bits - 3));
        }

        int number = Interlocked.Increment(ref primes);
        RSAParameters key = PreparedKeys.At(number / 2);
        return new BigInteger(number % 2 == 0 ? key.P : key.Q, isUnsigned: true, isBigEndian: true);
    }

    private static BigInteger Next(BigInteger from)
    {
        BigInteger candidate = from | 1;
        while (!IsPrime(candidate))
        {
            candidate += 2;
        }

        return candidate;
    }

    private static bool IsPrime(BigInteger n) =>
        !new[] { 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73 }
            .Any(prime => (n % prime).IsZero)
        && BigInteger.ModPow(2, n - 1, n).IsOne && BigInteger.ModPow(3, n - 1, n).IsOne;

    private static BigInteger Random(int bits) =>
        new BigInteger(RandomNumberGenerator.GetBytes(bits / 8), isUnsigned: true);

    private static BigInteger Inverse(BigInteger e, BigInteger modulus)
    {
        (BigInteger a, BigInteger b, BigInteger x, BigInteger y) = (e % modulus, modulus, BigInteger.One, 0);
        while (b > 0)
        {
            (a, b, x, y) = (b, a % b, y, x - a / b * y);
        }

        return ((x % modulus) + modulus) % modulus;
    }

    private static string Jwk((BigInteger P, BigInteger Q, BigInteger E, BigInteger D) key)
    {
        string Member(string name, BigInteger number) => $",\"{name}\":\"{Number(number)}\"";
        return "{\"kty\":\"RSA\"" + Member("n", key.P * key.Q) + Member("e", key.E) + Member("d", key.D)
            + Member("p", key.P) + Member("q", key.Q) + Member("dp", key.D % (key.P - 1))
            + Member("dq", key.D % (key.Q - 1)) + Member("qi", Inverse(key.Q, key.P)) + "}";
    }

    private static string Number(BigInteger number) =>
        Plugins.Jose.Base64Url.Encode(number.ToByteArray(isUnsigned: true, isBigEndian: true));
}
