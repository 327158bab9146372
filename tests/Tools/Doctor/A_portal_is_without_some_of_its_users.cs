using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Doctor;

/// <summary>As a portal of samples/ says it beside the public keys.</summary>
[TestClass]
public sealed class A_portal_is_without_some_of_its_users : SoundEnvironment
{
    [TestMethod]
    [DataRow("all=2, limited=0, refused=0")]
    [DataRow("all=2")]
    [DataRow("all=2, limited=0, refused=1; and more")]
    [DataRow("all=2, limited=0, refused=99999999999999999999")]
    [DataRow("<b>")]
    public async Task Nothing_is_wrong_or_it_says_nothing_that_is_known(string said)
    {
        Say(said);
        await FindsAsync();
    }

    [TestMethod]
    [DataRow("all=2, limited=0, refused=1", "Of 2 application users", "0 are limited by Dataverse and 1 ")]
    [DataRow("all=8, limited=3, refused=1", "Of 8 application users", "3 are limited by Dataverse and 1 ")]
    [DataRow("all=2, limited=1, refused=1", "Of 2 application users", "1 are limited by Dataverse and 1 ")]
    [DataRow("all=1, limited=0, refused=1", "Of 1 application users", "0 are limited by Dataverse and 1 ")]
    public async Task Or_without_all_of_them(string said, string all, string are)
    {
        Say(said);
        string found = await FindsAsync("warning 5444");
        StringAssert.Contains(found, all);
        StringAssert.Contains(found, are);
        StringAssert.Contains(found, KeyUrl);
    }

    private void Say(string users)
    {
        Settings["publish"] = new JsonArray(new JsonObject { ["portal"] = KeyUrl });
        Serve(null, users: users);
    }
}
