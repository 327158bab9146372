using System;
using System.Collections.Generic;
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
    [DataRow("contacts?$select=contactid", 1, "1 2 3")]
    [DataRow("contacts", 2, "1,2 3")]
    [DataRow("contacts", 3, "1,2,3")]
    [DataRow("contacts?$orderby=lastname desc", 1, "3 2 1")]
    [DataRow("contacts?$orderby=statecode", 2, "1,3 2")]
    [DataRow("contacts?$filter=statecode eq 0&$select=contactid", 1, "1 3")]
    [DataRow("contacts?$top=1", 2, "1,2 3", DisplayName = "$top is ignored beside a length")]
    [DataRow("contacts?$top=1", 5001, "1", DisplayName = "a length beyond the platform's own is ignored")]
    public async Task Pages_follow_one_another(string path, int size, string expected)
    {
        List<string> pages = [];
        for (string? next = path; next != null; next = NextOf(await PageAsync(next, size, pages)))
        {
        }

        Assert.AreEqual(expected, string.Join(' ', pages));
    }

    [TestMethod]
    public async Task A_page_holds_5000_rows()
    {
        for (int number = 4; number <= 5001; number++)
        {
            Local.AddRow("contact", Id(number), ("lastname", "x"));
        }

        var first = await Get("contacts?$select=contactid");
        Assert.AreEqual(5000, first.Json.GetProperty("value").GetArrayLength());
        var second = await Get(NextOf(first)!);
        Assert.AreEqual("9", Ids(second)); // of 0x1389
        Assert.IsNull(NextOf(second));
        Assert.IsFalse(first.Headers.ContainsKey("Preference-Applied"));
        Assert.IsNull(NextOf(await Get("contacts?$select=contactid&$top=5000")));
    }

    [TestMethod]
    public async Task A_page_begins_behind_the_last_row_also_where_rows_come_and_go()
    {
        List<string> pages = [];
        var first = await PageAsync("contacts", 2, pages);
        await Delete($"contacts({Id(2):D})");
        Local.AddRow("contact", Guid.Empty, ("lastname", "before"));
        await PageAsync(NextOf(first)!, 2, pages);
        Assert.AreEqual("1,2 3", string.Join(' ', pages));

        var ordered = await PageAsync("contacts?$orderby=lastname", 1, pages);
        await Delete($"contacts({Id(1):D})");
        Assert.AreEqual(501, (await Get(NextOf(ordered)!)).Status);
    }

    [TestMethod]
    [DataRow("contacts?$skiptoken=1")]
    [DataRow("contacts?$skiptoken=")]
    [DataRow("contacts?$top=1&{0}")]
    [DataRow("accounts?{0}")]
    [DataRow("contacts?{0}x")]
    public async Task A_cookie_that_is_not_its_own_is_not_known(string path)
    {
        string next = NextOf(await PageAsync("contacts", 1, []))!;
        Assert.AreEqual(501, (await Get(string.Format(
            System.Globalization.CultureInfo.InvariantCulture, path, next.Split('?')[1]))).Status);
    }

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

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    // Below the service root; null behind the last page.
    private static string? NextOf(Answer answer) => answer.Json.TryGetProperty("@odata.nextLink", out var link)
        ? link.GetString()!.Split("/api/data/v9.2/")[1]
        : null;

    private async Task<Answer> PageAsync(string path, int size, List<string> pages)
    {
        var answer = await Send(
            Administrator, "GET", path, null, ("Prefer", string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"odata.maxpagesize={size}")));
        Assert.AreEqual(200, answer.Status, path);
        Assert.AreEqual(size <= 5000, answer.Headers.ContainsKey("Preference-Applied"));
        pages.Add(Ids(answer));
        return answer;
    }

    private static string Ids(Answer answer) =>
        string.Join(',',
            answer.Json.GetProperty("value").EnumerateArray().Select(r => r.GetProperty("contactid").GetString()![7]));

    private void Add(int id, string lastname, int? children, decimal limit, int state, DateTime? birth) => Local.AddRow(
        "contact",
        Id(id),
        ("lastname", lastname),
        ("numberofchildren", children),
        ("creditlimit", limit),
        ("statecode", state),
        ("birthdate", birth));
}
