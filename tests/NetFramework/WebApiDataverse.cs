using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Web.Script.Serialization;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.NetFramework.Host;

/// <summary>Dataverse by its Web API; a refusal comes as the organization service would throw it.</summary>
internal sealed class WebApiDataverse : IDataverse
{
#pragma warning disable CA5399 // the Dataverse of a test is on this machine, without TLS
    private static readonly HttpClient Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
#pragma warning restore CA5399

    private readonly Uri environment;
    private readonly string token;

    public WebApiDataverse(Uri environment, string token)
    {
        this.environment = environment;
        this.token = token;
    }

    /// <inheritdoc/>
    public DataverseAnswer Execute(string message, IDictionary<string, object> parameters)
    {
        var text = new JavaScriptSerializer().Serialize(parameters);
        using (var request = new HttpRequestMessage(HttpMethod.Post, new Uri(environment, "/api/data/v9.2/" + message)))
        {
            request.Content = new StringContent(text, Encoding.UTF8, "application/json");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using (var response = Http.SendAsync(request).Result)
            {
                if (response.Headers.TryGetValues("Test-Sign-In", out var failures))
                {
                    throw new InvalidOperationException(string.Concat(failures));
                }

                var body = Parsed(response.Content.ReadAsStringAsync().Result);
                return !response.IsSuccessStatusCode
                    ? new DataverseAnswer(Fault((int)response.StatusCode, response.Headers.RetryAfter?.Delta, body))
                    : body == null ? new DataverseAnswer(200) : new DataverseAnswer(Properties(body));
            }
        }
    }

    private static ParameterCollection Properties(IDictionary<string, object> body)
    {
        var properties = new ParameterCollection();
        foreach (var property in body)
        {
            properties[property.Key] = property.Value;
        }

        return properties;
    }

    private static OrganizationServiceFault Fault(int status, TimeSpan? retryAfter, IDictionary<string, object>? body)
    {
        object? found = null, code = null, message = null;
        body?.TryGetValue("error", out found);
        var error = found as IDictionary<string, object>;
        error?.TryGetValue("message", out message);
        error?.TryGetValue("code", out code);
        var fault = new OrganizationServiceFault
        {
            Message = message as string,
            ErrorCode = code is string hex && hex.StartsWith("0x", StringComparison.Ordinal)
                ? unchecked((int)Convert.ToUInt32(hex, 16)) : 0,
        };
        fault.ErrorDetails["ApiExceptionHttpStatusCode"] = status;
        if (retryAfter != null && status == 429)
        {
            fault.ErrorDetails["Retry-After"] = retryAfter;
        }

        return fault;
    }

    private static IDictionary<string, object>? Parsed(string text)
    {
        try
        {
            return new JavaScriptSerializer().DeserializeObject(text) as IDictionary<string, object>;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
