using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.LocalPortal.Stack;
using ChatAuth.Pack;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChatAuth.LocalPortal.Site;

/// <summary>The pages of the site, and the files they use.</summary>
/// <remarks>
/// chatauth.js and chatauth-identity.js are the very files of <c>Solution/portal</c>. In a page, <c>{{name}}</c> stands
/// for a value.
/// </remarks>
internal static partial class Pages
{
    /// <summary>Path of Live Assist's window, to which the portal sends it back.</summary>
    public const string WindowPath = "/live-assist/window";

    private static readonly Dictionary<string, string> Types =
        new() { [".js"] = "text/javascript", [".css"] = "text/css", [".svg"] = "image/svg+xml" };

    /// <summary>Serves them.</summary>
    /// <param name="routes">The site.</param>
    /// <param name="clock">The stack's time, which the page runs on too.</param>
    /// <param name="token">Whose token the Power Pages site gives.</param>
    public static void MapPages(this IEndpointRouteBuilder routes, StackClock clock, SiteToken token)
    {
        routes.MapGet("/", (HttpContext http, IAntiforgery antiforgery, string? portal) =>
        {
            var kind = PortalKind.All.FirstOrDefault(each => each.Name == portal) ?? PortalKind.PowerPages;
            return Page(http, antiforgery, "index.html", new()
            {
                ["ahead"] = Ahead(clock),
                ["kinds"] = Options(PortalKind.All.Select(each => (each.Name, each.Label)), kind.Name),
                ["kind"] = kind.Name,
                ["token-url"] = token.TokenUrl(kind),
                ["power-pages-url"] = token.TokenUrl(PortalKind.PowerPages),
                ["issuer"] = StackSettings.Issuer,
                ["subject"] = VisitorSession.Contact(http)?.ToString("D") ?? string.Empty,
            });
        });
        routes.MapGet(WindowPath, (HttpContext http, IAntiforgery antiforgery) =>
            Page(http, antiforgery, "window.html", new() { ["ahead"] = Ahead(clock) }));
        routes.MapGet("/sign-in", (HttpContext http, IAntiforgery antiforgery, string? returnUrl) =>
            Page(http, antiforgery, "sign-in.html", new() { ["return-url"] = Local(returnUrl) }));
        routes.MapPost("/sign-in", SignInAsync);
        foreach (var script in (string[])["chatauth.js", "chatauth-identity.js"])
        {
            routes.MapGet("/" + script, () =>
                Results.Bytes(EmbeddedFile.Read("Solution/portal/" + script), "text/javascript; charset=utf-8"));
        }

        foreach (var name in typeof(Pages).Assembly.GetManifestResourceNames())
        {
            if (Types.TryGetValue(Path.GetExtension(name), out var type))
            {
                var bytes = Encoding.UTF8.GetBytes(Read(name));
                routes.MapGet("/" + name, () => Results.Bytes(bytes, type + "; charset=utf-8"));
            }
        }
    }

    private static string Ahead(StackClock clock) =>
        ((long)clock.Ahead.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static async Task<IResult> SignInAsync(HttpContext http, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return Results.BadRequest();
        }

        var form = await http.Request.ReadFormAsync();
        await VisitorSession.ChangeAsync(http, form["contact"]);
        return Results.LocalRedirect(Local(form["returnUrl"]));
    }

    // A path of this site; //host and /\host would be another one, and browsers leave control characters out.
    private static string Local(string? url) =>
        url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.Any(char.IsControl) ? url : "/";

    private static IResult Page(
        HttpContext http, IAntiforgery antiforgery, string name, Dictionary<string, string> values)
    {
        http.Response.Headers.CacheControl = "no-store";
        values["antiforgery"] = antiforgery.GetAndStoreTokens(http).RequestToken!;
        values["contacts"] = Options(SampleData.Contacts.Select(contact => (contact.Id.ToString("D"), contact.Name)),
            VisitorSession.Contact(http)?.ToString("D"));
        // In one pass: what a value holds is not filled again.
        var page = Hole().Replace(Read(name), hole => hole.Groups[1].Value is "kinds" or "contacts"
            ? values[hole.Groups[1].Value]
            : WebUtility.HtmlEncode(values.GetValueOrDefault(hole.Groups[1].Value, hole.Value)));
        return Results.Content(page, "text/html; charset=utf-8");
    }

    private static string Options(IEnumerable<(string Value, string Text)> options, string? selected) =>
        string.Join('\n', options.Select(option => Option(option.Value, option.Text, option.Value == selected)));

    private static string Option(string value, string text, bool isSelected) =>
        $"<option value=\"{WebUtility.HtmlEncode(value)}\"{(isSelected ? " selected" : string.Empty)}>"
            + $"{WebUtility.HtmlEncode(text)}</option>";

    [GeneratedRegex(@"\{\{([a-z-]+)\}\}")]
    private static partial Regex Hole();

    private static string Read(string name)
    {
        using StreamReader reader = new(typeof(Pages).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
