using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using ChatAuth.Plugins.Claims;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Plugins.Tests.Claims;

[TestClass]
public class A_token_id_is_made
{
    [TestMethod]
    public void Is_never_given_twice_on_any_thread()
    {
        // More than one draw on each of several threads.
        var ids = new List<Guid>[4];
        Parallel.For(0, ids.Length, i => ids[i] = Enumerable.Range(0, 1000).Select(_ => TokenId.Next()).ToList());
        Assert.HasCount(4000, ids.SelectMany(id => id).Distinct());
    }

    [TestMethod]
    public void Is_a_random_UUID_in_every_other_bit()
    {
        string[] ids = [.. Enumerable.Range(0, 1000).Select(_ => TokenId.Next().ToString("D"))];
        foreach (var place in Enumerable.Range(0, 36))
        {
            var digits = new string([.. ids.Select(id => id[place]).Distinct().OrderBy(digit => digit)]);
            Assert.AreEqual(
                place is 8 or 13 or 18 or 23 ? "-" : place == 14 ? "4" : place == 19 ? "89ab" : "0123456789abcdef",
                digits,
                $"at {place}");
        }
    }
}
