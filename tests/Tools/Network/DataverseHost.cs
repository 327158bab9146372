using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.WebApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace ChatAuth.Tools.Tests.Network;

/// <summary>
/// The Web API of an organization without a socket: LocalDataverse's own handler, request by request.
/// </summary>
internal sealed class DataverseHost(LocalOrganization organization) : HttpMessageHandler
{
    private readonly WebApiHandler api = organization.Api;

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Connection connection = new();
        DefaultHttpContext http = new();
        http.Features.Set<IHttpRequestLifetimeFeature>(connection);
        http.Request.Method = request.Method.Method;
        http.Request.Scheme = request.RequestUri!.Scheme;
        http.Request.Host = HostString.FromUriComponent(request.RequestUri);
        http.Request.Path = PathString.FromUriComponent(request.RequestUri);
        http.Request.QueryString = QueryString.FromUriComponent(request.RequestUri);
        foreach (var (name, values) in request.Headers.Concat(
            request.Content?.Headers.AsEnumerable() ?? []))
        {
            http.Request.Headers[name] = new StringValues([.. values]);
        }

        using MemoryStream body =
            new(request.Content == null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken));
        using MemoryStream answer = new();
        http.Request.Body = body;
        http.Response.Body = answer;
        await api.Serve(http);
        if (connection.IsAborted)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "the connection broke");
        }

        HttpResponseMessage response = new((HttpStatusCode)http.Response.StatusCode)
        {
            Content = new ByteArrayContent(answer.ToArray()),
            RequestMessage = request,
        };
        foreach (var (name, values) in http.Response.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                response.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        return response;
    }

    private sealed class Connection : IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }
}
