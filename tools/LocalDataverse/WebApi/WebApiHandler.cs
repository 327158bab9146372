using System.Globalization;
using ChatAuth.LocalDataverse.Pipeline;
using ChatAuth.LocalDataverse.Rows;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.Solutions;
using ChatAuth.LocalDataverse.State;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.OData;
using Microsoft.OData.UriParser;

namespace ChatAuth.LocalDataverse.WebApi;

/// <summary>The Web API: faults on demand, sign-in, dispatch, error envelope, journal.</summary>
/// <param name="organization">What is served.</param>
/// <param name="users">Who signs in.</param>
/// <param name="operations">Writes rows.</param>
/// <param name="pipeline">Runs messages.</param>
/// <param name="imports">Imports solutions.</param>
internal sealed class WebApiHandler(
    OrganizationState organization, Users users, RowOperations operations, MessagePipeline pipeline,
    ImportJobs imports)
{
    /// <summary>Path of the service root.</summary>
    public const string Root = "/api/data/v9.2/";

    private readonly MessageRequests messages = new(organization, pipeline, imports);
    private readonly SolutionRequests solutions = new(organization);
    private readonly FileRequests files = new(organization.Rows, operations);
    private readonly FunctionRequests functions = new(users, organization.BusinessUnitId);
    private readonly AssociationRequests associations = new(organization.Rows);
    private readonly RowRequests rows = new(organization.Rows, operations);

    /// <summary>Answers a request.</summary>
    public async Task Serve(HttpContext http)
    {
        var call = new Call
        {
            Message = http.Request.Method + " "
                + http.Request.Path.Value?.Replace(Root, string.Empty, StringComparison.Ordinal),
        };
        var fault = organization.Faults.NextRequest();
        using var body = new MemoryStream();
        WebAnswer? answer = null;
        try
        {
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            answer = fault switch
            {
                RequestFault.DropBefore => null,
                RequestFault.TooManyRequests => Error(Refusal.Limited(
                    unchecked((uint)InjectedFaults.NumberOfRequests), organization.Faults.RetryAfter,
                    "Number of requests exceeded the limit of 6000 over time window of 300 seconds.")),
                RequestFault.ServiceUnavailable => Error(new DataverseException(
                    0x80044150, 503, "The server is busy and the request was not completed. Try again later.")),
                _ => await AnswerAsync(http.Request, body.ToArray(), call),
            };
            answer = fault == RequestFault.DropAfter ? null : answer;
            call.Status = answer?.Status ?? 0;
        }
        finally
        {
            // Before the caller can know of it, so that whoever reads the journal next finds it.
            organization.Journal.Add(call);
        }

        if (answer == null)
        {
            http.Abort();
            return;
        }

        if (call.WebServer is { } webServer && http.Request.Cookies[ServiceProtection.AffinityCookie] == null)
        {
            http.Response.Cookies.Append(
                ServiceProtection.AffinityCookie, webServer.ToString(CultureInfo.InvariantCulture));
        }

        await Send(http.Response, answer);
    }

    private async Task Send(HttpResponse response, WebAnswer answer)
    {
        response.StatusCode = answer.Status;
        response.Headers.Date = organization.Clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (answer.Body != null)
        {
            response.Headers["OData-Version"] = "4.0";
            response.ContentType = answer.ContentType;
            response.ContentLength = answer.Body.Length;
            await response.Body.WriteAsync(answer.Body);
        }
    }

    private async Task<WebAnswer> AnswerAsync(HttpRequest http, byte[] body, Call call)
    {
        try
        {
            if (!http.Path.StartsWithSegments(Root.TrimEnd('/'), StringComparison.Ordinal, out var rest)
                || !rest.HasValue)
            {
                throw Refusal.NoResource(http.Path);
            }

            imports.Settle();
            var root = new Uri($"{http.Scheme}://{http.Host}{Root}");
            var request =
                new WebRequest(http.Method, root, new Uri(http.GetEncodedUrl()), http.Query, http.Headers, body);
            if (RequestHeaders.Caller(users, request, call) is not { } caller)
            {
                var unauthorized = new WebAnswer(401);

                // As seen in microsoft/azuredatastudio, issue 13931.
                unauthorized.Headers["WWW-Authenticate"] = "Bearer authorization_uri="
                    + $"https://login.microsoftonline.com/{organization.TenantId:D}/oauth2/authorize, "
                    + $"resource_id={http.Scheme}://{http.Host}/";
                return unauthorized;
            }

            RequestHeaders.Check(request, mayHoldCookies: organization.Protection != null);
            var user = caller.Authenticated.Id;
            var protection = organization.Protection;
            call.WebServer = protection?.WebServerOf(user, http.Cookies[ServiceProtection.AffinityCookie]);
            using var admitted = protection == null ? null : await protection.AdmitAsync(user, call.WebServer!.Value);
            return messages.Answer(request, caller)
                ?? solutions.Answer(request, caller)
                ?? files.Answer(request, caller)
                ?? functions.Answer(request, caller)
                ?? associations.Answer(request, caller)
                ?? rows.Answer(request, caller);
        }
        catch (DataverseException e)
        {
            return Error(e);
        }
        catch (ODataUnrecognizedPathException e)
        {
            return Error(new DataverseException(0x8006088a, 404, e.Message));
        }
        catch (ODataException e)
        {
            return Error(Refusal.Query(e.Message));
        }
    }

    private static WebAnswer Error(DataverseException e)
    {
        WebAnswer answer = new(e.Status, RowJson.Write(json =>
        {
            json.WriteStartObject("error");
            json.WriteString("code", e.WireCode);
            json.WriteString("message", e.Message);
            json.WriteEndObject();
        }));
        if (e.RetryAfter is { } wait)
        {
            answer.Headers["Retry-After"] =
                Math.Ceiling(wait.TotalSeconds).ToString("F0", CultureInfo.InvariantCulture);
        }

        return answer;
    }
}
