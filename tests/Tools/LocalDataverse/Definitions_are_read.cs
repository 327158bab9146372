using System;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse.Security;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class Definitions_are_read : Organization
{
    private const string Tables = "EntityDefinitions?$select=LogicalName,Privileges&$filter=";
    private const string Columns = "EntityDefinitions(LogicalName='contact')/Attributes?$select=LogicalName,IsSecured";

    [TestMethod]
    public async Task The_tables_of_those_names_that_are_there()
    {
        var answer = await Get(Tables + "LogicalName eq 'contact' or LogicalName eq 'nothing'");
        var table = answer.Json.GetProperty("value").EnumerateArray().Single();
        Assert.AreEqual("contact", table.GetProperty("LogicalName").GetString());
        Assert.AreEqual(
            "prvReadContact", table.GetProperty("Privileges").EnumerateArray().Single(
                p => p.GetProperty("PrivilegeType").GetString() == "Read").GetProperty("Name").GetString());
    }

    [TestMethod]
    public async Task The_columns_and_which_are_secured() => CollectionAssert.AreEqual(
        new[] { "governmentid" },
        (await Get(Columns)).Json.GetProperty("value")
            .EnumerateArray()
            .Where(c => c.GetProperty("IsSecured").GetBoolean())
            .Select(c => c.GetProperty("LogicalName").GetString())
            .ToArray());

    [TestMethod]
    [DataRow("EntityDefinitions?$select=LogicalName&$filter=LogicalName eq 'contact'")]
    [DataRow("EntityDefinitions?$select=LogicalName,Privileges&$filter=IsActivity eq true")]
    [DataRow("EntityDefinitions(LogicalName='nothing')/Attributes?$select=LogicalName,IsSecured")]
    public async Task Nothing_else_is_known(string path) => Assert.AreEqual(501, (await Get(path)).Status);

    [TestMethod]
    public async Task Whether_a_user_holds_a_privilege()
    {
        var user = Local.AddPerson("person", "prvReadContact");
        Assert.AreEqual(1, await Privileges(user, "prvReadContact"));
        Assert.AreEqual(0, await Privileges(user, "prvReadAccount"));
        Assert.AreEqual(1, await Privileges(Administrator, "prvReadAccount"));
        Assert.AreEqual(
            (501, 404), ((await Get(Address(user.Id, "prvReadNothing"))).Status,
                (await Get(Address(Guid.NewGuid(), "prvReadContact"))).Status));
        Assert.AreEqual((501, 501),
            ((await Get(Address(user.Id, "prvReadContact"), user)).Status, (await Get(Columns, user)).Status));
    }

    [TestMethod]
    public async Task A_secured_column_is_empty_for_whoever_has_no_profile()
    {
        var user = Local.AddPerson("person", "prvReadContact", "prvWriteContact");
        var contact = Local.AddRow("contact", Guid.NewGuid(), ("governmentid", "1"), ("lastname", "Hair")).Id;
        Assert.AreEqual("1", (await Get($"contacts({contact})?$select=governmentid")).Text("governmentid"));
        Assert.IsNull((await Get($"contacts({contact})?$select=governmentid", user)).Text("governmentid"));
        Assert.AreEqual(501, (await Get("contacts?$select=lastname&$filter=governmentid eq '1'", user)).Status);
        Assert.AreEqual(501, (await Send(user, "PATCH", $"contacts({contact})", new { governmentid = "2" })).Status);
    }

    [TestMethod]
    public async Task Each_answer_has_the_time_of_the_organization() =>
        Assert.AreEqual(Clock.GetUtcNow(),
            DateTimeOffset.Parse((await Get("WhoAmI")).Headers["Date"], CultureInfo.InvariantCulture));

    private static string Address(Guid user, string privilege) =>
        $"systemusers({user})/Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='{privilege}')";

    private async Task<int> Privileges(LocalUser user, string privilege) =>
        (await Get(Address(user.Id, privilege))).Json.GetProperty("RolePrivileges").GetArrayLength();
}
