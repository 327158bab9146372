using System;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace ChatAuth.Tools.Tests.SignIn;

/// <summary>An endpoint with one answer for whoever asks rightly.</summary>
internal sealed class Answering(Predicate<HttpRequestMessage> isRight, string json) : HttpMessageHandler
{
    /// <inheritdoc />
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(
            isRight(request) ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(json) }
                : new HttpResponseMessage(HttpStatusCode.Unauthorized));
}
