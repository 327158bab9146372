using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace ChatAuth.Tools.Tests.Network;

/// <summary>The network as a test has it: a handler for each host, and no other host.</summary>
internal sealed class Hosts : HttpMessageHandler
{
    private readonly Dictionary<string, HttpMessageInvoker> hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Lets a handler, which is the network's from then on, answer for a host.</summary>
    public Hosts Add(string host, HttpMessageHandler handler)
    {
        hosts[host] = new HttpMessageInvoker(handler);
        return this;
    }

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Yield(); // no network answers on the caller's stack
        return hosts.TryGetValue(request.RequestUri!.Host, out HttpMessageInvoker? host)
            ? await host.SendAsync(request, cancellationToken)
            : throw new HttpRequestException(HttpRequestError.NameResolutionError, "no such host");
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        foreach (HttpMessageInvoker host in hosts.Values)
        {
            host.Dispose();
        }

        base.Dispose(disposing);
    }
}
