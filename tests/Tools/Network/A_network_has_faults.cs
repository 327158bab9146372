using System;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Network;

[TestClass]
public sealed class A_network_has_faults : IDisposable
{
    private static readonly Uri Address = new("https://contosohelp.com/publickey.json");

    private readonly Counter server = new();
    private readonly Hosts hosts = new();

    public A_network_has_faults() => hosts.Add(Address.Host, server);

    public void Dispose()
    {
        hosts.Dispose();
        server.Dispose();
    }

    [TestMethod]
    [DataRow(NetworkFault.BreaksBefore, 2)]
    [DataRow(NetworkFault.BreaksAfter, 3)]
    public async Task A_broken_connection_is_seen_by_the_client_only(NetworkFault fault, int served)
    {
        using FaultyNetwork network = new(hosts, 2, fault);
        using HttpClient client = new(network, disposeHandler: false);
        await client.GetStringAsync(Address);
        await Assert.ThrowsExactlyAsync<HttpRequestException>(() => client.GetStringAsync(Address));
        await client.GetStringAsync(Address);
        Assert.AreEqual((served, 3), (server.Served, network.Requests.Count));
    }

    [TestMethod]
    [DataRow(NetworkFault.TooManyRequests, 429)]
    [DataRow(NetworkFault.Unavailable, 503)]
    public async Task A_refused_request_never_reaches_the_server(NetworkFault fault, int status)
    {
        using FaultyNetwork network = new(hosts, 1, fault);
        using HttpClient client = new(network, disposeHandler: false);
        using HttpResponseMessage response = await client.GetAsync(Address);
        Assert.AreEqual(
            (status, 0, status == 429), ((int)response.StatusCode, server.Served, response.Headers.RetryAfter != null));
    }

    [TestMethod]
    public async Task After_the_process_died_nothing_is_answered()
    {
        using FaultyNetwork network = new(hosts, 2, NetworkFault.Abandoned);
        using HttpClient client = new(network, disposeHandler: false);
        await client.GetStringAsync(Address);
        bool finallyRan = false;
        Task command = Run();
        await network.Died;
        Task<string> later = client.GetStringAsync(Address);
        await Task.Yield();
        Assert.AreEqual((1, false, false, false), (server.Served, finallyRan, command.IsCompleted, later.IsCompleted));

        async Task Run()
        {
            try
            {
                await client.GetStringAsync(Address);
            }
            finally
            {
                finallyRan = true;
            }
        }
    }

    [TestMethod]
    public async Task An_unknown_host_cannot_be_reached()
    {
        using HttpClient client = new(hosts, disposeHandler: false);
        HttpRequestException exception = await Assert.ThrowsExactlyAsync<HttpRequestException>(
            () => client.GetStringAsync(new Uri("https://fabrikam.com/")));
        Assert.AreEqual(HttpRequestError.NameResolutionError, exception.HttpRequestError);
    }

    private sealed class Counter : HttpMessageHandler
    {
        public int Served { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, System.Threading.CancellationToken cancellationToken)
        {
            Served++;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("[]") });
        }
    }
}
