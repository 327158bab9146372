using System;
using System.Linq;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class A_plugin_asks_its_services : Organization
{
    private const string Fault = "System.ServiceModel.FaultException`1|";

    private static readonly Guid Application = new("6f0c1f0e-0000-0000-0000-000000000001");
    private static readonly Guid Contact = new("87b4d06c-abc2-e811-a9b0-000d3a10e09e");

    protected override async Task Prepare()
    {
        await Import(new TestSolution());
        await AddStep("step");
        Local.AddRow("contact", Contact, ("lastname", "Hair"));
    }

    [TestMethod]
    public async Task The_context_says_who_calls_what()
    {
        var user = Local.AddApplicationUser("portal", Application, "prvReadContact");
        var answer = await Send(user, "POST", "test_Probe", new { Mode = "context" }, ("User-Agent", "tests"));
        var context =
            answer.Text("Report")!.Split('\n').Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => l[1]);
        string Values(params string[] names) => string.Join('|', names.Select(n => context[n]));
        Assert.AreEqual("40|0|2|1|test_Probe|none||True",
            Values("Stage", "Mode", "IsolationMode", "Depth", "MessageName", "PrimaryEntityName", "ParentContext",
                "IsInTransaction"));
        Assert.AreEqual($"{user.Id}|{user.Id}|{user.Id}", Values("UserId", "InitiatingUserId", "AuthenticatedUserId"));
        Assert.AreEqual($"{Application}|{user.ObjectId}|True",
            Values("InitiatingUserApplicationId", "InitiatingUserAzureActiveDirectoryObjectId", "IsApplicationUser"));
        Assert.AreEqual(
            $"False|{Guid.Empty}|tests", Values("IsPortalsClientCall", "PortalsContactId", "InitiatingUserAgent"));
        Assert.AreEqual($"{Local.Id}|{Local.Name}|01/02/2030 03:04:06",
            Values("OrganizationId", "OrganizationName", "OperationCreatedOn"));
        Assert.AreEqual($"{Local.TenantId}|{Local.EnvironmentId}|{Local.BusinessUnitId}",
            Values("TenantId", "EnvironmentId", "BusinessUnitId"));
        Assert.AreNotEqual($"{Guid.Empty}", Values("CorrelationId"));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task A_portals_client_calls_for_its_visitor(bool isSignedIn)
    {
        var site = Local.AddPortalsClient("site", null, "prvReadContact");
        (string, string)[] headers = isSignedIn ? [("LocalDataverse-PortalsContactId", Contact.ToString())] : [];
        var report = (await Send(site, "POST", "test_Probe", new { Mode = "context" }, headers)).Text("Report");
        StringAssert.Contains(report, "IsPortalsClientCall=True", StringComparison.Ordinal);
        StringAssert.Contains(
            report, $"PortalsContactId={(isSignedIn ? Contact : Guid.Empty)}", StringComparison.Ordinal);
        StringAssert.Contains(report, $"InitiatingUserApplicationId={Guid.Empty}", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Impersonation_shows_in_the_authenticated_user()
    {
        LocalUser person = Local.AddPerson("person", "prvReadContact");
        var report = (
            await Send(Administrator, "POST", "test_Probe", new { Mode = "context" },
                ("CallerObjectId", person.ObjectId.ToString()))).Text("Report");
        StringAssert.Contains(report, $"InitiatingUserId={person.Id}", StringComparison.Ordinal);
        StringAssert.Contains(report, $"AuthenticatedUserId={Administrator.Id}", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_nested_call_is_one_deeper_and_knows_its_parent()
    {
        var report = await Report("nested");
        StringAssert.Contains(report, "Depth=2", StringComparison.Ordinal);
        StringAssert.Contains(report, "ParentContext=test_Probe", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task An_endless_loop_is_cut_at_depth_8()
    {
        var answer = await Probe("loop");
        Assert.AreEqual((500, 8), (answer.Status, Local.Journal.Last.OrganizationRequests));
    }

    [TestMethod]
    [DataRow("column", Fault + "80041103")]
    [DataRow("table", Fault + "80041102")]
    [DataRow("write", "System.NotSupportedException|")]
    [DataRow("services", "null")]
    [DataRow("read", "rows:1")]
    [DataRow("retrieve:87b4d06c-abc2-e811-a9b0-000d3a10e09e", "Hair")]
    [DataRow("nestedwith:Mode", Fault + "80040203", DisplayName = "nested call with a parameter of the wrong type")]
    [DataRow("nestedwith:Nothing", Fault + "80040203", DisplayName = "nested call with an unknown parameter")]
    [DataRow("nestedwith:Number", "done", DisplayName = "nested call with a right parameter")]
    [DataRow(
        "readas:87b4d06c-abc2-e811-a9b0-000d3a10e09e",
        Fault + "80040217",
        DisplayName = "as a user who does not exist")]
    [DataRow("assembly:Microsoft.OData.Core", "System.IO.FileNotFoundException|")]
    public async Task What_it_asks_is_answered_or_refused(string mode, string expected) =>
        Assert.AreEqual(expected, await Report(mode));

    [TestMethod]
    public async Task A_query_runs_with_the_privileges_of_its_user()
    {
        // The API's own privilege is another one, so that only the query is refused.
        await Import(
            new TestSolution(version: "1.1.0.0").With(TestSolution.ApiFile, "prvReadContact", "prvReadAccount"));
        var user = Local.AddPerson("person", "prvReadAccount");
        Assert.AreEqual(Fault + "80040220", await Report("read", user));
        Assert.AreEqual("rows:1", await Report("readassystem", user));
    }

    [TestMethod]
    [DataRow(InjectedFaults.NumberOfRequests, "80072322")]
    [DataRow(InjectedFaults.ExecutionTime, "80072321")]
    [DataRow(InjectedFaults.ConcurrentRequests, "80072326")]
    [DataRow(InjectedFaults.SqlTimeout, "80044151")]
    public async Task A_fault_on_demand_reaches_it(int code, string wire)
    {
        Local.Faults.OnQuery(2, code);
        Assert.AreEqual("rows:1", await Report("read"));
        Assert.AreEqual(Fault + wire, await Report("read"));
        Assert.AreEqual("rows:1", await Report("read"));
    }
}
