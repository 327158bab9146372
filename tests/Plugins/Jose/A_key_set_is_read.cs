using System;
using System.Linq;
using System.Security.Cryptography;
using ChatAuth.Plugins.Jose;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Plugins.Tests.Jose;

[TestClass]
public class A_key_set_is_read
{
    private static readonly string Good = TestKeys.Jwk(TestKeys.Rfc7515, "good");

    [TestMethod]
    [DataRow(null, 3001)]
    [DataRow(" ", 3001)]
    [DataRow("{", 3002)]
    [DataRow("[]", 3002)]
    [DataRow("""{"keys":[]}""", 3002)]
    [DataRow("""{"organization":"org","keys":[]}""", 3002)]
    [DataRow("""{"organization":5,"keys":[]}""", 3002)]
    [DataRow("""{"organization":"11111111-0000-0000-0000-000000000001"}""", 3002)]
    [DataRow("""{"organization":"11111111-0000-0000-0000-000000000001","keys":{}}""", 3002)]
    [DataRow("""{"organization":"11111111-0000-0000-0000-000000000001","keys":[]}""", 3008)]
    [DataRow("""{"organization":"11111111-0000-0000-0000-000000000001","keys":[5]}""", 3004)]
    [DataRow("""{"organization":"11111111-0000-0000-0000-000000000002","keys":[]}""", 3003)]
    public void A_text_that_is_no_set_of_ours_is_refused(string? keys, int code)
    {
        var call = new Call { Keys = keys! };
        call.IsRefused(code);
        Assert.IsEmpty(call.Platform.Queries);
    }

    [TestMethod]
    [DataRow("kty", "EC", 3004)]
    [DataRow("kty", null, 3004)]
    [DataRow("n", null, 3004)]
    [DataRow("n", "", 3004)]
    [DataRow("n", "AA", 3004)]
    [DataRow("n", "a+b/", 3004)]
    [DataRow("n", "AQAB", 3005)]
    [DataRow("e", null, 3004)]
    [DataRow("e", "AQ", 3006)]
    [DataRow("e", "AQAC", 3006)]
    [DataRow("e", "AQAAAAE", 3006)]
    [DataRow("d", null, 3004)]
    [DataRow("d", "AQAB", 3006)]
    [DataRow("p", null, 3004)]
    [DataRow("p", "AQAB", 3006)]
    [DataRow("q", "AQAB", 3006)]
    [DataRow("dp", "AQAB", 3006)]
    [DataRow("dq", "AQAB", 3006)]
    [DataRow("qi", "AQAB", 3006)]
    public void A_key_whose_parts_are_wrong_is_refused_by_kid(string member, string? value, int code)
    {
        var members = TestKeys.Rfc7515;
        if (value == null)
        {
            members.Remove(member);
        }
        else
        {
            members[member] = value;
        }

        var refusal = new Call { Keys = TestKeys.Set(Good, TestKeys.Jwk(members, "bad")) }.IsRefused(code);
        StringAssert.Contains(refusal.Message, "Key \"bad\"");
        Assert.IsFalse(members.Values.Any(part => part.Length > 8 && refusal.Message.Contains(part)));
    }

    [TestMethod]
    [DataRow("p", "q")]
    [DataRow("dp", "dq")]
    [DataRow("p", "d")]
    public void Parts_in_each_others_place_are_refused(string one, string other)
    {
        var members = TestKeys.Rfc7515;
        var swapped = members[one];
        members[one] = members[other];
        members[other] = swapped;
        new Call { Keys = TestKeys.Set(TestKeys.Jwk(members)) }.IsRefused(3006);
    }

    [TestMethod]
    public void Parts_of_two_keys_are_refused()
    {
        foreach (var member in new[] { "n", "d", "p", "q", "dp", "dq", "qi" })
        {
            var members = TestKeys.Rfc7515;
            members[member] = TestKeys.Rfc7520[member];
            new Call { Keys = TestKeys.Set(TestKeys.Jwk(members)) }.IsRefused(3006);
        }
    }

    [TestMethod]
    [DataRow("\"alg\":\"RS256\"", "\"alg\":\"PS256\"")]
    [DataRow("\"alg\":\"RS256\"", "\"alg\":\"rs256\"")]
    [DataRow("\"alg\":\"RS256\",", "")]
    [DataRow("\"use\":\"sig\"", "\"use\":\"enc\"")]
    [DataRow("\"use\":\"sig\",", "")]
    [DataRow("\"nbf\":0", "\"nbf\":\"0\"")]
    [DataRow("\"nbf\":0,", "")]
    [DataRow("\"nbf\":0", "\"nbf\":-1")]
    [DataRow("\"nbf\":0", "\"nbf\":253402300800")]
    [DataRow("\"nbf\":0", "\"nbf\":2147483647")]
    [DataRow("\"exp\":2147483647", "\"exp\":2147483648")]
    [DataRow("\"exp\":2147483647", "\"exp\":1e9")]
    [DataRow("\"e\":\"AQAB\"", "\"e\":1234")]
    [DataRow("\"kid\":\"good\"", "\"kid\":5")]
    [DataRow("\"kid\":\"good\"", "\"kid\":\"\"")]
    [DataRow("\"kid\":\"good\"", "\"kid\":\"two words\"")]
    [DataRow("\"kid\":\"good\"", "\"kid\":\"\\u00e9\"")]
    [DataRow("\"kid\":\"good\"", "\"kid\":\"\\\"\"")]
    [DataRow("\"kid\":\"good\"", "\"kid\":\"\\\\\"")]
    [DataRow("\"kid\":\"good\"", "\"kid\":\"\\u007f\"")]
    public void A_member_that_is_wrong_is_refused(string right, string wrong) =>
        new Call { Keys = TestKeys.Set(Good.Replace(right, wrong)) }.IsRefused(3004);

    [TestMethod]
    public void A_kid_may_have_the_first_and_the_last_printable_character() =>
        Assert.AreEqual("!~", JwkSet.Parse(TestKeys.Set(TestKeys.Jwk(TestKeys.Rfc7515, "!~"))).Keys[0].KeyId);

    [TestMethod]
    public void A_kid_has_at_most_128_characters()
    {
        Assert.IsNotNull(
            new Call { Keys = TestKeys.Set(TestKeys.Jwk(TestKeys.Rfc7515, new string('k', 128))) }.Token());
        new Call { Keys = TestKeys.Set(TestKeys.Jwk(TestKeys.Rfc7515, new string('k', 129))) }.IsRefused(3004);
    }

    [TestMethod]
    public void A_kid_that_stands_twice_is_refused() =>
        new Call { Keys = TestKeys.Set(Good, TestKeys.Jwk(TestKeys.Rfc7520, "good")) }.IsRefused(3007);

    [TestMethod]
    public void Members_that_are_not_ours_are_ignored() =>
        Assert.IsNotNull(new Call { Keys = TestKeys.Set(Good.Replace("\"use\"", "\"x5c\":[],\"use\"")) }.Token());

    [TestMethod]
    public void A_modulus_of_1024_or_8192_bits_is_refused()
    {
        using var small = CraftedKeys.Small();
        new Call { Keys = TestKeys.Set(TestKeys.Jwk(TestKeys.Members(small.ExportParameters(true)))) }.IsRefused(3005);
        var large = TestKeys.Rfc7515;
        large["n"] = Base64Url.Encode(Enumerable.Repeat((byte)0xFF, 1024).ToArray());
        new Call { Keys = TestKeys.Set(TestKeys.Jwk(large)) }.IsRefused(3005);
    }

    [TestMethod]
    [DataRow(255, 0xFF, 3005)]
    [DataRow(256, 0x7F, 3005)]
    [DataRow(256, 0x80, 3006)]
    [DataRow(257, 0xFF, 3005)]
    [DataRow(258, 0xFF, 3006)]
    [DataRow(512, 0xFF, 3006)]
    [DataRow(513, 0x01, 3005)]
    [DataRow(514, 0xFF, 3005)]
    public void A_modulus_has_2048_to_4096_bits_in_whole_pairs_of_bytes(int bytes, int first, int code)
    {
        var members = TestKeys.Rfc7515;
        members["n"] = Base64Url.Encode([(byte)first, .. Enumerable.Repeat((byte)0xFF, bytes - 1)]);
        new Call { Keys = TestKeys.Set(TestKeys.Jwk(members)) }.IsRefused(code);
    }

    [TestMethod]
    public void A_number_has_at_most_4096_characters()
    {
        var members = TestKeys.Rfc7515;
        members["n"] = Base64Url.Encode([.. new byte[3072 - 256], .. Base64Url.Decode(members["n"])!]);
        Assert.AreEqual(4096, members["n"].Length);
        Assert.AreEqual(new Call().Token(), new Call { Keys = TestKeys.Set(TestKeys.Jwk(members)) }.Token());
        members["n"] = "AAAA" + members["n"];
        new Call { Keys = TestKeys.Set(TestKeys.Jwk(members)) }.IsRefused(3004);
    }

    [TestMethod]
    public void Leading_zeros_make_no_other_key()
    {
        var members = TestKeys.Rfc7515;
        foreach (var member in members.Keys.Where(name => name != "kty").ToArray())
        {
            members[member] = Base64Url.Encode([0, .. Base64Url.Decode(members[member])!]);
        }

        Assert.AreEqual(new Call().Token(), new Call { Keys = TestKeys.Set(TestKeys.Jwk(members)) }.Token());
    }

    [TestMethod]
    public void Composite_primes_are_found_by_the_trial_signature()
    {
        new Call
        {
            Keys = TestKeys.Set(TestKeys.Jwk(TestKeys.Members(CraftedKeys.WithCompositePrime()))),
        }.IsRefused(3009);
    }

    [TestMethod]
    [DataRow(257L)]
    [DataRow(65535L)]
    [DataRow(4294967311L)]
    public void A_public_exponent_outside_2_to_the_16_and_2_to_the_32_is_refused(long exponent) =>
        new Call
        {
            Keys = TestKeys.Set(TestKeys.Jwk(TestKeys.Members(CraftedKeys.WithExponent(exponent)))),
        }.IsRefused(3006);

    [TestMethod]
    public void A_public_exponent_within_them_is_taken() =>
        Assert.IsNotNull(
            new Call { Keys = TestKeys.Set(TestKeys.Jwk(TestKeys.Members(CraftedKeys.WithExponent(65539)))) }.Token());

    [TestMethod]
    public void A_private_exponent_beyond_the_modulus_is_refused() =>
        new Call
        {
            Keys = TestKeys.Set(TestKeys.Jwk(TestKeys.Members(CraftedKeys.WithLargePrivateExponent()))),
        }.IsRefused(3006);

    [TestMethod]
    public void Its_text_shows_the_kid_only()
    {
        var set = JwkSet.Parse(TestKeys.Set(Good));
        Assert.AreEqual("Key \"good\"", set.Keys[0].ToString());
        Assert.AreEqual("Key \"good\"", new SigningKey(set.Keys[0], RsaImport.Import).ToString());
    }
}
