using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using ChatAuth.Tools.Tests.LocalPortal;
using Microsoft.AspNetCore.Http;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Dataverse;

[TestClass]
public sealed class No_web_server_is_held_to
{
    [TestMethod]
    public async Task By_the_cookie_that_an_environment_sets()
    {
        ConcurrentQueue<string?> cookies = new();
        await using LocalHost environment = await LocalHost.AnsweringAsync(http =>
        {
            cookies.Enqueue(http.Request.Headers.Cookie);
            http.Response.Cookies.Append("ARRAffinity", "1");
            return http.Response.WriteAsync("{}");
        });
#pragma warning disable RS0030 // a request over the network takes the machine's time
        using WebApi dataverse = new(environment.Url, "token", System.TimeProvider.System);
#pragma warning restore RS0030
        await dataverse.GetAsync("WhoAmI", CancellationToken.None);
        await dataverse.GetAsync("WhoAmI", CancellationToken.None);
        CollectionAssert.AreEqual(new string?[] { null, null }, cookies);
    }
}
