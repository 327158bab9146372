using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class A_contact : Organization
{
    [TestMethod]
    public async Task Is_owned_by_who_makes_it_and_has_a_gender()
    {
        var id = Guid.NewGuid();
        Assert.AreEqual(204, (await Post("contacts", new { contactid = id, gendercode = 2 })).Status);
        var row = await Get($"contacts({id})?$select=_ownerid_value,gendercode");
        Assert.AreEqual((Administrator.Id.ToString(), 2),
            (row.Text("_ownerid_value"), row.Json.GetProperty("gendercode").GetInt32()));
        Assert.AreEqual("0x8004431a", (await Patch($"contacts({id})", new { gendercode = 3 })).Code);
    }

    [TestMethod]
    public async Task Is_given_to_nobody_else_here()
    {
        var id = Guid.NewGuid();
        await Post("contacts", new { contactid = id });
        Assert.AreEqual(501, (await Patch($"contacts({id})", new Dictionary<string, object>
        {
            ["ownerid@odata.bind"] = $"/systemusers({Administrator.Id})",
        })).Status);
    }
}
