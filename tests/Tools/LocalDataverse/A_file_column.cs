using System;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class A_file_column : Organization
{
    private static readonly byte[] Content = "file"u8.ToArray();

    private string row = string.Empty;

    [TestMethod]
    public async Task Is_uploaded_and_downloaded_by_an_address_of_its_own()
    {
        Assert.AreEqual(204, (await Upload()).Status);
        Assert.AreEqual("file", (await Get(row + "/filecontent/$value")).Text("text"));
        var read = await Get(row);
        Assert.AreEqual(
            (false, "a.json"), (read.Json.TryGetProperty("filecontent", out _), read.Text("filecontent_name")));
    }

    [TestMethod]
    public async Task Is_emptied_by_delete()
    {
        await Upload();
        Assert.AreEqual(204, (await Delete(row + "/filecontent")).Status);
        Assert.AreEqual(501, (await Get(row + "/filecontent/$value")).Status);
    }

    [TestMethod]
    public async Task Is_not_written_with_the_row() =>
        Assert.AreEqual("0x80048d19", (await Patch(row, new { filecontent = "ZmlsZQ==" })).Code);

    [TestMethod]
    public async Task Needs_a_name() =>
        Assert.AreEqual(400, (await Send(Administrator, "PATCH", row + "/filecontent", Content)).Status);

    [TestMethod]
    public async Task Needs_the_privileges_of_its_row()
    {
        var stranger = Local.AddApplicationUser("stranger", Guid.NewGuid(), "prvReadContact");
        Assert.AreEqual(
            403, (await Send(stranger, "PATCH", row + "/filecontent", Content, ("x-ms-file-name", "a.json"))).Status);
        await Upload();
        Assert.AreEqual(403, (await Get(row + "/filecontent/$value", stranger)).Status);
    }

    protected override async Task Prepare() =>
        row = (
            await Post("powerpagecomponents",
                new { name = "a.json", powerpagecomponenttype = 3 })).Headers["OData-EntityId"].Split("/v9.2/")[1];

    private Task<Answer> Upload() =>
        Send(Administrator, "PATCH", row + "/filecontent", Content, ("x-ms-file-name", "a.json"));
}
