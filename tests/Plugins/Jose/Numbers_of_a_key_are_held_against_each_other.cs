using System.Linq;
using System.Security.Cryptography;
using ChatAuth.Plugins.Jose;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Plugins.Tests.Jose;

/// <summary>A key of 11 bits: small enough that one number can be wrong while all other rules hold.</summary>
[TestClass]
public class Numbers_of_a_key_are_held_against_each_other
{
    [TestMethod]
    [DataRow(1357, 65537L, 483, 23, 59, 21, 19, 16, true, DisplayName = "all fit")]
    [DataRow(1357, 65535L, 139, 23, 59, 7, 23, 16, false, DisplayName = "e is 2^16 - 1")]
    [DataRow(1357, 4294967295L, 147, 23, 59, 15, 31, 16, true, DisplayName = "e is 2^32 - 1")]
    [DataRow(1357, 4294967297L, 273, 23, 59, 9, 41, 16, false, DisplayName = "e is 2^32 + 1")]
    [DataRow(1361, 65537L, 483, 23, 59, 21, 19, 16, false, DisplayName = "n is not p q")]
    [DataRow(1357, 65537L, 483, 1, 1357, 21, 19, 0, false, DisplayName = "p is 1")]
    [DataRow(1357, 65537L, 483, 1357, 1, 483, 19, 16, false, DisplayName = "q is 1")]
    [DataRow(1357, 65651L, 81, 23, 59, 15, 23, 16, true, DisplayName = "d below n")]
    [DataRow(1357, 65651L, 1357, 23, 59, 15, 23, 16, false, DisplayName = "d is n")]
    [DataRow(1357, 65537L, 1759, 23, 59, 21, 19, 16, false, DisplayName = "d is above n")]
    [DataRow(1357, 65537L, 483, 23, 59, 43, 19, 16, false, DisplayName = "dp is not d mod p - 1, only congruent to it")]
    [DataRow(1357, 65537L, 483, 23, 59, 21, 77, 16, false, DisplayName = "dq is not d mod q - 1, only congruent to it")]
    [DataRow(1357, 65537L, 541, 23, 59, 13, 19, 16, false, DisplayName = "d does not undo e modulo p - 1")]
    [DataRow(1357, 65537L, 505, 23, 59, 21, 41, 16, false, DisplayName = "d does not undo e modulo q - 1")]
    [DataRow(1357, 65537L, 483, 23, 59, 21, 19, 15, false, DisplayName = "qi does not undo q")]
    [DataRow(1357, 65537L, 483, 23, 59, 21, 19, 39, false, DisplayName = "qi undoes q and is above p")]
    public void One_that_does_not_fit_is_found(int n, long e, int d, int p, int q, int dp, int dq, int qi, bool fit) =>
        Assert.AreEqual(fit, RsaParts.BelongTogether(new RSAParameters
        {
            Modulus = CraftedKeys.Bytes(n),
            Exponent = CraftedKeys.Bytes(e),
            D = CraftedKeys.Bytes(d),
            P = CraftedKeys.Bytes(p),
            Q = CraftedKeys.Bytes(q),
            DP = CraftedKeys.Bytes(dp),
            DQ = CraftedKeys.Bytes(dq),
            InverseQ = CraftedKeys.Bytes(qi),
        }));

    [TestMethod]
    public void Each_is_as_long_as_an_import_asks_for()
    {
        var parts = JwkSet.Parse(TestKeys.Set(TestKeys.Jwk(TestKeys.Rfc7515))).Keys[0].Parts;
        CollectionAssert.AreEqual(
            new[] { 256, 3, 256, 128, 128, 128, 128, 128 },
            new[] { parts.Modulus, parts.Exponent, parts.D, parts.P, parts.Q, parts.DP, parts.DQ, parts.InverseQ }
                .Select(number => number!.Length)
                .ToArray());
    }
}
