using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChatAuth.LocalDataverse.WebApi;
using Jurassic;
using Jurassic.Library;

namespace ChatAuth.LocalPortal.ServerLogic;

/// <summary><c>Server.Connector.Dataverse</c>: calls custom APIs as the site's application user, for one visitor.</summary>
/// <remarks>
/// Source: MicrosoftDocs/power-pages-docs, configure/server-objects.md, InvokeCustomApi and its response. The visitor's contact goes along in
/// the header of the stand-in, in whose place the platform itself tells Dataverse.
/// </remarks>
internal sealed class DataverseConnector : ObjectInstance
{
    private const string ApiPath = "/api/data/v9.2/";

    private readonly HttpClient dataverse;
    private readonly Guid? contact;

    /// <summary>Makes it for one call.</summary>
    /// <param name="engine">The call's engine.</param>
    /// <param name="dataverse">Calls the environment as the site's application user.</param>
    /// <param name="contact">Contact of the signed-in visitor; null for an anonymous one.</param>
    public DataverseConnector(ScriptEngine engine, HttpClient dataverse, Guid? contact)
        : base(engine)
    {
        this.dataverse = dataverse;
        this.contact = contact;
        PopulateFunctions();
    }

    /// <summary>Calls a custom API and waits for its answer.</summary>
    /// <param name="method"><c>get</c> or <c>post</c>.</param>
    /// <param name="url">Below the Web API's address.</param>
    /// <param name="payload">JSON of the request parameters; undefined for none.</param>
    /// <returns>JSON with StatusCode, Body (text), IsSuccessStatusCode, ReasonPhrase, ServerError, ServerErrorMessage and Headers.</returns>
    [JSFunction(Name = "InvokeCustomApi")]
    public string InvokeCustomApi(string method, string url, object payload)
    {
        using HttpRequestMessage request = new(HttpMethod.Parse(method), ApiPath + url);
        if (contact is { } id)
        {
            request.Headers.Add(RequestHeaders.PortalsContactId, id.ToString("D"));
        }

        if (payload is string or ConcatenatedString)
        {
            request.Content = new StringContent(payload.ToString()!, Encoding.UTF8, "application/json");
        }

        try
        {
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
                Headers = new JsonObject(response.Headers.Select(header => new KeyValuePair<string, JsonNode?>(header.Key, string.Join(", ", header.Value)))),
            });
        }
        catch (HttpRequestException exception)
        {
            throw new JavaScriptException(ErrorType.Error, exception.HttpRequestError.ToString());
        }
    }
}
