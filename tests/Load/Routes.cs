using System;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Load;

/// <summary>The two ways to the custom API.</summary>
internal static class Routes
{
    private const string Message = "chatauth_IssueChatToken";

    /// <summary>
    /// Through the event pipeline of this process: privilege, parameter checks, step, plug-in, query.
    /// </summary>
    public static Func<Ask, Issued> InProcess(LocalOrganization organization) => ask =>
    {
        var caller = new Caller(ask.Portal.User, ask.Portal.User, Guid.Empty, null,
            new Call { Message = Message, UserId = ask.Portal.User.Id });
        var input = new ParameterCollection
        {
            ["ContactId"] = ask.Visitor.ContactId,
            ["ContextVariables"] = ask.ContextVariables,
        };
        var output = organization.Pipeline.Run(caller, Message, input, null);
        return new Issued(
            (string)output["Token"], (DateTime)output["ExpiresAt"], (string)output["KeyId"], (Guid)output["ContactId"]);
    };

    /// <summary>Through the Web API.</summary>
    public static Func<Ask, Issued> OverHttp(HttpClient client, Uri organization)
    {
        var address = new Uri(organization, "/api/data/v9.2/" + Message);
        return ask =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ask.Portal.User.Token);
            request.Content = new ByteArrayContent(
                JsonSerializer.SerializeToUtf8Bytes(new { ask.Visitor.ContactId, ask.ContextVariables }));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = client.Send(request);
            using var body = response.Content.ReadAsStream();
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            return response.IsSuccessStatusCode
                ? new Issued(
                    root.GetProperty("Token").GetString()!, root.GetProperty("ExpiresAt").GetDateTime(),
                    root.GetProperty("KeyId").GetString()!, root.GetProperty("ContactId").GetGuid())
                : throw new HttpRequestException(root.GetProperty("error").GetProperty("message").GetString());
        };
    }
}
