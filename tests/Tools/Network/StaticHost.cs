using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;

namespace ChatAuth.Tools.Tests.Network;

/// <summary>A static host that serves the files of a folder, as they are at that moment.</summary>
internal sealed class StaticHost(string folder) : HttpMessageHandler
{
    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, request.RequestUri!.AbsolutePath.TrimStart('/'));
        HttpResponseMessage response =
            new(File.Exists(path) ? HttpStatusCode.OK : HttpStatusCode.NotFound) { RequestMessage = request };
        response.Content = File.Exists(path)
            ? new ByteArrayContent(await File.ReadAllBytesAsync(path, cancellationToken))
            : new StringContent("<html>404</html>");
        response.Content.Headers.ContentType =
            new MediaTypeHeaderValue(File.Exists(path) ? "application/json" : "text/html");
        return response;
    }
}
