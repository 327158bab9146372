// A portal to begin with: sign in, ask for a chat token. A portal that is there already copies the other files only.
//   dotnet run --project tools/LocalDataverse -- --sample     says what to set before the next line
//   dotnet run --project samples/aspnetcore
using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Security.Claims;
using Azure.Core;
using ChatAuth.AspNetCore;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

const string Cookies = CookieAuthenticationDefaults.AuthenticationScheme;
const string Page = "wwwroot/portal.html";
var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = File.Exists(Page) ? null : AppContext.BaseDirectory,
});
var (url, token, port) = (
    builder.Configuration["CHATAUTH_URL"] ?? string.Empty,
    builder.Configuration["PORTAL_ACCESS_TOKEN"] ?? string.Empty,
    builder.Configuration["PORT"] is { Length: > 0 } set ? set : "5081");
var hasAddress = Uri.TryCreate(url, UriKind.Absolute, out var environment);
var fault = url.Length == 0
        ? "CHATAUTH_URL is not set. Set the variable, in this terminal, to the address of the Dataverse environment; "
            + "LocalDataverse --sample prints its own."
    : !hasAddress || environment!.UserInfo.Length > 0
        || !(environment.Scheme == Uri.UriSchemeHttps
            || (environment.Scheme == Uri.UriSchemeHttp && environment.IsLoopback))
        ? "CHATAUTH_URL is no https address without user name. Set it to the address of the Dataverse environment, for "
            + "example https://contoso.crm.dynamics.com."
    : token.Length == 0 && environment.IsLoopback
        ? "PORTAL_ACCESS_TOKEN is not set, and CHATAUTH_URL is on this machine. Set the variable, in this terminal, to "
            + "what LocalDataverse --sample prints."
    : token.Any(letter => letter is < '!' or > '~')
        ? "PORTAL_ACCESS_TOKEN has a letter that no access token has. Set it to what LocalDataverse --sample prints, "
            + "or leave it out before an environment, where the application user signs in."
    : !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        ? "PORT is no port. Set it to a number up to 65535, or leave it out for 5081."
    : !File.Exists(Path.Combine(builder.Environment.ContentRootPath, Page))
        ? "wwwroot/portal.html is not there. Copy samples/portal.html and Solution/portal/chatauth.js into the folder "
            + "wwwroot of the portal, and start it there."
    : null;
if (fault != null)
{
    await Console.Error.WriteLineAsync(fault);
    return 1;
}

builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Critical); // told of whatever cookie comes
builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical); // what it tells is told below
builder.Services.AddAuthentication(Cookies).AddCookie();
builder.Services.AddChatAuth(chat =>
{
    chat.Environment = environment;

    // LocalDataverse takes words of its own for access tokens; elsewhere the application user signs in.
    if (token.Length > 0)
    {
        chat.Credential = DelegatedTokenCredential.Create((_, _) => new AccessToken(token, DateTimeOffset.MaxValue));
    }
});

var app = builder.Build();
app.UseAuthentication();
app.UseStaticFiles(); // wwwroot/chatauth.js
app.MapChatAuth("/auth");

// Whoever comes says who they are: your own sign-in belongs here. It gives the visitor the claim contactid.
app.MapPost("/sign-in", async (HttpContext http) =>
{
    if (!http.Request.HasFormContentType)
    {
        return Results.BadRequest();
    }

    var form = await http.Request.ReadFormAsync();
    Claim contact = new(ChatAuthOptions.ContactClaim, form["contact"].ToString());
    await http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([contact], Cookies)));
    return Results.Redirect("/");
});

var page = await File.ReadAllTextAsync(Path.Combine(app.Environment.ContentRootPath, Page));
app.MapGet("/", (HttpContext http, IAntiforgery antiforgery) => Results.Content(
    page.Replace("{antiforgery}", antiforgery.GetAndStoreTokens(http).RequestToken, StringComparison.Ordinal),
    "text/html"));
try
{
    await app.RunAsync($"http://127.0.0.1:{port}");
    return 0;
}
catch (Exception exception) when (exception is IOException or SocketException)
{
    await Console.Error.WriteLineAsync(
        $"The portal cannot listen on port {port}: it is in use, or not allowed. Set PORT to another.");
    return 1;
}
