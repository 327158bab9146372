using System;
using System.IO;
using System.Net.Http;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Network;

[TestClass]
public sealed class A_static_host_answers
{
    [TestMethod]
    public async Task Serves_a_file_as_it_is_now_and_nothing_else()
    {
        using TemporaryFolder folder = new();
        using StaticHost host = new(folder.Path);
        using HttpClient client = new(host, disposeHandler: false);
        Uri address = new("https://static.contosohelp.com/publickey.json");
        await Assert.ThrowsExactlyAsync<HttpRequestException>(() => client.GetStringAsync(address));
        await File.WriteAllTextAsync(folder.File("publickey.json"), "[]");
        Assert.AreEqual("[]", await client.GetStringAsync(address));
    }
}
