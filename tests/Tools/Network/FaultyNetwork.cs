using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;

namespace ChatAuth.Tools.Tests.Network;

/// <summary>A network on which the n-th request meets a fault.</summary>
/// <remarks>
/// An abandoned request is a task that never ends and heeds no cancellation, so the code that waits for it never runs
/// again: no <c>catch</c>, no <c>finally</c>, as after a kill.
/// </remarks>
/// <param name="network">The network behind it.</param>
/// <param name="faulty">Which request meets the fault; 1 is the first.</param>
/// <param name="fault">The fault.</param>
internal sealed class FaultyNetwork(HttpMessageHandler network, int faulty = 0, NetworkFault fault = NetworkFault.None)
    : HttpMessageHandler
{
    private readonly HttpMessageInvoker network = new(network, disposeHandler: false);
    private readonly TaskCompletionSource abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> requests = [];
    private readonly Lock guard = new();

    /// <summary>Ends when the process died.</summary>
    public Task Died => abandoned.Task;

    /// <summary>Looks at the world after each request that changed something, before its answer is known.</summary>
    public Func<Task>? Watch { get; set; }

    /// <summary>Told the number of each request before it is served.</summary>
    public Func<int, Task>? Arrives { get; init; }

    /// <summary>Method and address of each request so far.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (guard)
            {
                return [.. requests];
            }
        }
    }

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        int number;
        lock (guard)
        {
            requests.Add(request.Method + " " + request.RequestUri);
            number = requests.Count;
        }

        await (Arrives?.Invoke(number) ?? Task.CompletedTask);
        cancellationToken.ThrowIfCancellationRequested();
        if (number == faulty && fault == NetworkFault.Abandoned)
        {
            abandoned.SetResult();
        }

        if (abandoned.Task.IsCompleted)
        {
            await new TaskCompletionSource().Task;
        }

        switch (number == faulty ? fault : NetworkFault.None)
        {
            case NetworkFault.BreaksBefore:
                throw new HttpRequestException(HttpRequestError.ConnectionError, "the connection broke");
            case NetworkFault.BreaksAfter:
                (await ServedAsync(request, cancellationToken)).Dispose();
                throw new HttpRequestException(HttpRequestError.ResponseEnded, "the connection broke");
            case NetworkFault.TooManyRequests:
                HttpResponseMessage busy = Refused(request, HttpStatusCode.TooManyRequests, "0x80072322");
                busy.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(7));
                return busy;
            case NetworkFault.Unavailable:
                return Refused(request, HttpStatusCode.ServiceUnavailable, "0x80044150");
            default:
                return await ServedAsync(request, cancellationToken);
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        network.Dispose();
        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> ServedAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await network.SendAsync(request, cancellationToken);
        if (Watch != null && request.Method != HttpMethod.Get)
        {
            await Watch();
        }

        return response;
    }

    private static HttpResponseMessage Refused(HttpRequestMessage request, HttpStatusCode status, string code) =>
        new(status)
        {
            RequestMessage = request,
            Content = new StringContent(
            $$$"""{"error":{"code":"{{{code}}}","message":"Try again later."}}""", null, "application/json"),
        };
}
