using System;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class Site_components : Organization
{
    private const string Id = "094864f6-32f3-4017-a89d-5692e4babad5";
    private const string File = "powerpagecomponents/" + Id + "/powerpagecomponent.xml";
    private const string Content = "powerpagecomponents/" + Id + "/filecontent/a.xml";

    private static readonly Guid Site = new("20f5d326-50b3-492b-aa2f-b29c913c932a");

    [TestMethod]
    public async Task Come_with_a_solution_and_go_with_it()
    {
        Assert.AreEqual(30, (await Import(Solution())).Json.GetProperty("statuscode").GetInt32());
        var row = await Get(
            $"powerpagecomponents({Id})?$select=name,content,powerpagecomponenttype,filecontent_name,ismanaged,"
                + "_powerpagesiteid_value");
        Assert.AreEqual(
            ("a", "{\"partialurl\":\"a\"}", 3, "a.xml", true), (
                row.Text("name"), row.Text("content"), row.Json.GetProperty("powerpagecomponenttype").GetInt32(),
                row.Text("filecontent_name"), row.Json.GetProperty("ismanaged").GetBoolean()));
        Assert.AreEqual("<a />", (await Get($"powerpagecomponents({Id})/filecontent/$value")).Text("text"));
        Assert.AreEqual(400, (await Delete($"powerpagecomponents({Id})")).Status);

        var solution = await Get("solutions?$filter=uniquename eq 'TestSolution'");
        await Delete($"solutions({solution.Json.GetProperty("value")[0].GetProperty("solutionid").GetString()})");
        Assert.AreEqual(404, (await Get($"powerpagecomponents({Id})")).Status);
    }

    [TestMethod]
    public async Task Keep_what_was_changed_of_them_through_an_upgrade()
    {
        await Import(Solution());
        Assert.AreEqual(204, (await Patch($"powerpagecomponents({Id})", new { content = "{}" })).Status);
        Assert.AreEqual(30,
            (await Import(Solution().With(File, "<name>a<", "<name>b<"))).Json.GetProperty("statuscode").GetInt32());
        var row = await Get($"powerpagecomponents({Id})?$select=name,content,ismanaged");
        Assert.AreEqual(
            ("b", "{}", true), (row.Text("name"), row.Text("content"), row.Json.GetProperty("ismanaged").GetBoolean()));
        Assert.AreEqual(
            501, (
                await Send(Administrator, "PATCH", $"powerpagecomponents({Id})/filecontent", new byte[1],
                    ("x-ms-file-name", "a.xml"))).Status);
        Assert.AreEqual(
            501, (
                await Post(
                    "ImportSolutionAsync", new
                    {
                        OverwriteUnmanagedCustomizations = true,
                        PublishWorkflows = true,
                        CustomizationFile = "AAAA",
                    })).Status);
        var solution = await Get("solutions?$filter=uniquename eq 'TestSolution'");
        var id = solution.Json.GetProperty("value")[0].GetProperty("solutionid").GetString();
        Assert.AreEqual(501, (await Delete($"solutions({id})")).Status);
    }

    [TestMethod]
    public async Task Carry_the_text_that_the_search_of_a_site_finds()
    {
        var imported = await Import(
            Solution().With(File, "<statecode>", "<searchcontent>words</searchcontent><statecode>"));
        Assert.AreEqual(30, imported.Json.GetProperty("statuscode").GetInt32());
        Assert.AreEqual("words", (await Get($"powerpagecomponents({Id})?$select=searchcontent")).Text("searchcontent"));
    }

    [TestMethod]
    public async Task Are_not_changed_unless_they_may_be()
    {
        await Import(Solution().With(File, "<iscustomizable>1<", "<iscustomizable>0<"));
        Assert.AreEqual(501, (await Patch($"powerpagecomponents({Id})", new { content = "{}" })).Status);
    }

    [TestMethod]
    [DataRow("20f5d326", "20f5d327", "dependencies are missing")]
    [DataRow("powerpagecomponentid=\"0", "powerpagecomponentid=\"1", "of that id")]
    [DataRow("<statecode>", "<other>1</other><statecode>", "does not know other of powerpagecomponent")]
    [DataRow("a.xml", "b.xml", "b.xml is missing")]
    [DataRow("<filecontent>a.xml</filecontent>", "", "does not know the file powerpagecomponents")]
    [DataRow(">3<", ">99<", "outside the valid range")]
    public async Task Are_refused_when_they_do_not_fit(string old, string changed, string message)
    {
        var done = await Import(Solution().With(File, old, changed));
        Assert.AreEqual(31, done.Json.GetProperty("statuscode").GetInt32());
        StringAssert.Contains(done.Text("message"), message);
    }

    [TestMethod]
    public async Task That_are_there_already_would_be_a_layer()
    {
        await Post("powerpagecomponents", new { powerpagecomponentid = Id, name = "a", powerpagecomponenttype = 3 });
        StringAssert.Contains((await Import(Solution())).Text("message"), "does not know layers");
    }

    [TestMethod]
    public async Task Hold_no_file_of_a_blocked_type()
    {
        await Post("powerpagecomponents", new { powerpagecomponentid = Id, name = "a", powerpagecomponenttype = 3 });
        Assert.AreEqual(
            "0x80043e09", (
                await Send(Administrator, "PATCH", $"powerpagecomponents({Id})/filecontent", new byte[1],
                    ("x-ms-file-name", "a.JS"))).Code);
        Assert.AreEqual(
            "0x80043e09", (await Post("annotations", new { filename = "a.js", documentbody = "YQ==" })).Code);
    }

    [TestMethod]
    public async Task Of_the_standard_model_are_linked_many_to_many()
    {
        var logic = (await Post("adx_serverlogics", new { adx_name = "x" })).Headers["OData-EntityId"];
        var role = (await Post("adx_webroles", new { adx_name = "y" })).Headers["OData-EntityId"];
        var collection = logic.Split("/v9.2/")[1] + "/adx_serverlogic_adx_webrole";
        var link = new System.Collections.Generic.Dictionary<string, object> { ["@odata.id"] = role };
        Assert.AreEqual(204, (await Post(collection + "/$ref", link)).Status);
        Assert.AreEqual(412, (await Post(collection + "/$ref", link)).Status);
        Assert.AreEqual(
            400, (
                await Post(collection + "/$ref",
                    new System.Collections.Generic.Dictionary<string, object> { ["@odata.id"] = logic })).Status);
        StringAssert.Contains(role,
            (await Get(collection + "?$select=adx_webroleid")).Json.GetProperty("value")[0].GetProperty("adx_webroleid")
                .GetString());
        Assert.AreEqual(204, (await Delete($"{collection}({role.Split('(', ')')[1]})/$ref")).Status);
        Assert.AreEqual(
            0, (await Get(collection + "?$select=adx_webroleid")).Json.GetProperty("value").GetArrayLength());
        await Post(collection + "/$ref", link);
        await Delete(logic.Split("/v9.2/")[1]);
        Assert.IsFalse(Local.Rows.Now.All("adx_serverlogic_adx_webrole").Any());
    }

    protected override Task Prepare()
    {
        Local.AddRow("powerpagesite", Site, ("name", "Contoso"));
        return Task.CompletedTask;
    }

    private static TestSolution Solution() => new()
    {
        [Content] = "<a />",
        [File] = $$"""
            <powerpagecomponent powerpagecomponentid="{{Id}}">
            <content>{"partialurl":"a"}</content><filecontent>a.xml</filecontent>
            <iscustomizable>1</iscustomizable><name>a</name>
            <powerpagecomponenttype>3</powerpagecomponenttype>
            <powerpagesiteid><powerpagesiteid>{{Site}}</powerpagesiteid></powerpagesiteid>
            <statecode>0</statecode><statuscode>1</statuscode></powerpagecomponent>
            """,
    };
}
