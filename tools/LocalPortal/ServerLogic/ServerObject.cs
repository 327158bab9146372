using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using ChatAuth.LocalDataverse.WebApi;

namespace ChatAuth.LocalPortal.ServerLogic;

/// <summary>The global <c>Server</c> of a server logic.</summary>
/// <remarks>
/// Source: MicrosoftDocs/power-pages-docs, configure/server-objects.md. What this product does not use (HttpClient,
/// EnvironmentVariable, Website, rows) is not there. User holds the contact's id under the name of its column; the page
/// says no more than that it is the contact.
/// </remarks>
internal static class ServerObject
{
    private const string ApiPath = "/api/data/v9.2/";

    /// <summary>Makes it for one call.</summary>
    /// <param name="site">What the file reaches.</param>
    /// <param name="request">The request, and who sends it.</param>
    /// <param name="name">Name of the server logic.</param>
    public static object Of(ServerLogicSite site, ServerLogicRequest request, string name) => new
    {
        Connector = new
        {
            Dataverse = new
            {
                InvokeCustomApi = (Func<string, string, string?, string>)(
                    (method, url, payload) => Invoke(site.Dataverse, request.ContactId, method, url, payload)),
            },
        },
        Context = new
        {
            ActivityId = request.Id.ToString("D"),
            request.Body,
            FunctionName = request.Function,
            request.Headers,
            HttpMethod = request.Method,
            QueryParameters = request.Query,
            ServerLogicName = name,
            Url = request.Url.AbsoluteUri,
        },
        Logger = new { Log = Log(site, "Log"), Warn = Log(site, "Warn"), Error = Log(site, "Error") },
        SiteSetting = new { Get = site.Setting },
        User = request.ContactId is { } contact ? new { contactid = contact.ToString("D") } : null,
    };

    private static Action<string> Log(ServerLogicSite site, string level) => text => site.Log(level, text);

    // Calls a custom API as the site's application user, for one visitor: the stand-in takes the contact in a header,
    // the platform itself tells Dataverse. The answer is the response of server-objects.md, InvokeCustomApi.
    private static string Invoke(HttpClient dataverse, Guid? contact, string method, string url, string? payload)
    {
        using HttpRequestMessage request = new(HttpMethod.Parse(method), ApiPath + url);
        if (contact is { } id)
        {
            request.Headers.Add(RequestHeaders.PortalsContactId, id.ToString("D"));
        }

        request.Content = payload == null ? null : new StringContent(payload, Encoding.UTF8, "application/json");
        using var response = dataverse.Send(request);
        using StreamReader body = new(response.Content.ReadAsStream(), Encoding.UTF8);
        return JsonSerializer.Serialize(new
        {
            StatusCode = (int)response.StatusCode,
            Body = body.ReadToEnd(),
            response.IsSuccessStatusCode,
            response.ReasonPhrase,
            ServerError = false,
            ServerErrorMessage = (string?)null,
            Headers = response.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value)),
        });
    }
}
