using System;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class Queries_over_the_Web_API : Organization
{
    protected override Task Prepare()
    {
        Add(1, "Ada", 3, 10m, 0, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Add(2, "ben ", 1, 30m, 1, new DateTime(2021, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Add(3, "Cleo", null, 20m, 0, null);
        return Task.CompletedTask;
    }

    [TestMethod]
    [DataRow("lastname eq 'ADA'", "1", DisplayName = "text without regard to case")]
    [DataRow("lastname eq 'Ben'", "2", DisplayName = "text without trailing blanks in the row")]
    [DataRow("lastname eq 'cleo  '", "3", DisplayName = "text without trailing blanks in the query")]
    [DataRow("lastname gt 'ada'", "2,3")]
    [DataRow("statecode eq 0", "1,3")]
    [DataRow("statecode ne 0", "2")]
    [DataRow("numberofchildren eq null", "3")]
    [DataRow("numberofchildren ne null", "1,2")]
    [DataRow("numberofchildren ne 1", "1,3", DisplayName = "ne holds for empty columns")]
    [DataRow("creditlimit ge 20", "2,3")]
    [DataRow("creditlimit lt 20.5 and statecode eq 0", "1,3")]
    [DataRow("lastname eq 'Ada' or (lastname eq 'Cleo' and statecode eq 1)", "1")]
    [DataRow("contactid eq 00000002-0000-0000-0000-000000000000", "2")]
    [DataRow("birthdate le 2020-06-01", "1")]
    [DataRow("createdon eq 2030-01-02T03:04:05Z", "1,2,3")]
    [DataRow("donotemail eq false", "1,2,3")]
    [DataRow("_parentcustomerid_value eq null", "1,2,3")]
    public async Task Filter_selects(string filter, string expected)
    {
        var answer = await Get($"contacts?$select=contactid&$filter={Uri.EscapeDataString(filter)}");
        Assert.AreEqual(200, answer.Status, answer.Status == 200 ? string.Empty : answer.Message);
        Assert.AreEqual(expected, Ids(answer));
    }

    [TestMethod]
    [DataRow("lastname desc", "3,2,1")]
    [DataRow("numberofchildren", "3,2,1", DisplayName = "empty first")]
    [DataRow("statecode desc,creditlimit desc", "2,3,1")]
    public async Task Orderby_orders(string order, string expected) =>
        Assert.AreEqual(expected, Ids(await Get($"contacts?$orderby={order}")));

    [TestMethod]
    public async Task Top_ends_the_answer() =>
        Assert.AreEqual("3", Ids(await Get("contacts?$orderby=lastname desc&$top=1")));

    [TestMethod]
    [DataRow("contacts?$select=nosuch", 400, "0x80060888")]
    [DataRow("contacts?$select=parentcustomerid", 400, "0x80060888")]
    [DataRow("contacts?$filter=nosuch eq 1", 400, "0x80060888")]
    [DataRow("contacts?$filter=lastname eq", 400, "0x80060888")]
    [DataRow("contacts?$filter=contactid eq 'x'", 400, "0x80060888")]
    [DataRow("contacts?$orderby=nosuch", 400, "0x80060888")]
    [DataRow("contacts?$bogus=1", 400, "0x80060888")]
    [DataRow("contacts?bogus=1", 400, "0x80060888")]
    [DataRow("contacts?$skip=1", 400, "0x80060888")]
    [DataRow("contacts?$count=true", 400, "0x80060888")]
    [DataRow("contacts?$top=0", 400, "0x80040203")]
    [DataRow("contacts(00000001-0000-0000-0000-000000000000)?$filter=statecode eq 0", 400, "0x80060888")]
    [DataRow("contacts?$expand=parentcustomerid_account", 501, null)]
    [DataRow("contacts?$filter=contains(lastname,'a')", 501, null)]
    [DataRow("contacts?$filter=not (statecode eq 0)", 501, null)]
    [DataRow("contacts?$select=*", 501, null)]
    [DataRow("contacts(00000001-0000-0000-0000-000000000000)/lastname", 501, null)]
    [DataRow("contacts/$count", 501, null)]
    [DataRow("$metadata", 501, null)]
    [DataRow("", 501, null)]
    [DataRow("nosuches", 404, "0x8006088a")]
    [DataRow("contacts(87b4d06c-abc2-e811-a9b0-000d3a10e09e)", 404, "0x80040217")]
    public async Task What_does_not_fit_is_refused(string path, int status, string? code)
    {
        var answer = await Get(path);
        Assert.AreEqual((status, code), (answer.Status, code == null ? null : answer.Code));
    }

    [TestMethod]
    public async Task Methods_that_do_not_fit_the_path_are_refused()
    {
        var put = await Send(Administrator, "PUT", "contacts(00000001-0000-0000-0000-000000000000)", new { });
        var delete = await Send(Administrator, "DELETE", "contacts");
        Assert.AreEqual((405, 405), (put.Status, delete.Status));
    }

    private static string Ids(Answer answer) =>
        string.Join(',',
            answer.Json.GetProperty("value").EnumerateArray().Select(r => r.GetProperty("contactid").GetString()![7]));

    private void Add(int id, string lastname, int? children, decimal limit, int state, DateTime? birth) => Local.AddRow(
        "contact",
        new Guid(id, 0, 0, new byte[8]),
        ("lastname", lastname),
        ("numberofchildren", children),
        ("creditlimit", limit),
        ("statecode", state),
        ("birthdate", birth));
}
