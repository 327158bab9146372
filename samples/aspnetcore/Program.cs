// A portal to begin with: sign in, ask for a chat token. A portal that is there already copies the other files only.
//   dotnet run --project tools/LocalDataverse -- --sample     says what to set before the next line
//   dotnet run --project samples/aspnetcore
using System;
using System.IO;
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

if (Environment.GetEnvironmentVariable("CHATAUTH_URL") is not { } environment)
{
    await Console.Error.WriteLineAsync("CHATAUTH_URL is not set. Set it to the address of the Dataverse environment.");
    return 1;
}

const string Cookies = CookieAuthenticationDefaults.AuthenticationScheme;
var builder = WebApplication.CreateBuilder(args);
var settings = builder.Configuration;
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Services.AddAuthentication(Cookies).AddCookie();
builder.Services.AddChatAuth(chat =>
{
    chat.Environment = new Uri(environment);

    // LocalDataverse takes words of its own for access tokens; elsewhere the application user signs in.
    if (settings["PORTAL_ACCESS_TOKEN"] is { } token)
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
    var form = await http.Request.ReadFormAsync();
    Claim contact = new(ChatAuthOptions.ContactClaim, form["contact"].ToString());
    await http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([contact], Cookies)));
    return Results.Redirect("/");
});

var page = await File.ReadAllTextAsync(Path.Combine(app.Environment.WebRootPath, "portal.html"));
app.MapGet("/", (HttpContext http, IAntiforgery antiforgery) => Results.Content(
    page.Replace("{antiforgery}", antiforgery.GetAndStoreTokens(http).RequestToken, StringComparison.Ordinal),
    "text/html"));
await app.RunAsync($"http://127.0.0.1:{settings["PORT"] ?? "5081"}");
return 0;
