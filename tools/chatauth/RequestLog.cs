using System.Globalization;

namespace ChatAuth;

/// <summary>Tells each request on stderr, once it is answered.</summary>
/// <remarks>
/// A line has no body and no query: bodies may hold keys and secrets, queries what people are called. The id is what
/// Microsoft's support asks for.
/// </remarks>
internal sealed class RequestLog : DelegatingHandler
{
    // Of Dataverse, and of Microsoft Entra.
    private static readonly string[] Ids = ["x-ms-service-request-id", "x-ms-request-id"];

    private readonly Action<string> tell;
    private readonly TimeProvider clock;

    /// <summary>Makes it.</summary>
    /// <param name="network">Answers the requests.</param>
    /// <param name="tell">Takes a line for each.</param>
    /// <param name="clock">Says how long each took.</param>
    public RequestLog(HttpMessageHandler network, Action<string> tell, TimeProvider clock)
        : base(network)
    {
        this.tell = tell;
        this.clock = clock;
    }

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        long began = clock.GetTimestamp();
        string outcome = "no answer";
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            string? id = Ids.Select(name => response.Headers.TryGetValues(name, out IEnumerable<string>? values)
                ? string.Join(' ', values) : null).FirstOrDefault(value => value != null);
            outcome = string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode}")
                + (id == null ? string.Empty : $", id {id}");
            return response;
        }
        finally
        {
            string address = request.RequestUri!.GetLeftPart(UriPartial.Path);
            double spent = clock.GetElapsedTime(began).TotalMilliseconds;
            tell(string.Create(
                CultureInfo.InvariantCulture, $"{request.Method} {address}: {outcome}, {spent:F0} ms"));
        }
    }
}
