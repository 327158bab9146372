using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse;

namespace ChatAuth.LocalPortal.PowerPages;

/// <summary>A Power Pages site as an anonymous visitor meets it, answered from the rows of an organization.</summary>
/// <remarks>
/// It shows what a change of rows does not do at once: facts 5, configuration and content caches last up to 15 minutes.
/// Here they last 15 minutes always, the worst of what may happen, unless told otherwise.
/// </remarks>
/// <param name="organization">Whose rows it shows.</param>
/// <param name="site">Id of the powerpagesite or adx_website row.</param>
internal sealed partial class PortalSite(LocalOrganization organization, Guid site) : HttpMessageHandler
{
    private readonly Lock guard = new();
    private (SiteContent Content, DateTimeOffset Until)? cache;

    /// <summary>How long its caches keep what they hold.</summary>
    public TimeSpan CacheLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Whether the site asks every visitor to sign in: facts 5, sites are private until published.</summary>
    public bool IsPrivate { get; set; }

    /// <summary>Fills the cache now, so that no change shows for the next 15 minutes.</summary>
    public void Visit() => Content();

    /// <summary>Empties the cache and fills it with what is there now.</summary>
    public void Restart()
    {
        lock (guard)
        {
            cache = null;
        }

        Visit();
    }

    /// <summary>
    /// What would run at <c>/_api/serverlogics/name</c>; null when there is none, or none for that visitor (facts 5:
    /// access by web role).
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="isSignedIn">Whether the visitor has the web role for authenticated users.</param>
    public string? ServerLogic(string name, bool isSignedIn)
    {
        SiteContent content = Content();
        SiteComponent? logic = content.Of("serverlogic").SingleOrDefault(l => l.Name == name);
        bool isAllowed = isSignedIn && logic?.WebRoles(content.Rows).Any(
            role => Component(content, "webrole", role)?.Flag("authenticatedusersrole") == true) == true;
        return isAllowed && logic!.FileIn(content.Rows) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
    }

    /// <inheritdoc />
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string path = request.RequestUri!.AbsolutePath;
        HttpResponseMessage response = request.Method != HttpMethod.Get
            ? Html(HttpStatusCode.MethodNotAllowed, "Method not allowed")
            : IsPrivate
            ? Html(HttpStatusCode.OK, "Sign in to your account")
            : Page(Content(), path) ?? WebFile(Content(), path) ?? Html(HttpStatusCode.NotFound, "Page Not Found");
        response.RequestMessage = request;
        return Task.FromResult(response);
    }

    private SiteContent Content()
    {
        lock (guard)
        {
            DateTimeOffset now = organization.Clock.GetUtcNow();
            if (cache is not { } kept || now >= kept.Until || now < kept.Until - CacheLifetime)
            {
                cache = (new SiteContent(organization.Rows.Now, site), now + CacheLifetime);
            }

            return cache.Value.Content;
        }
    }

    private static HttpResponseMessage? Page(SiteContent content, string path)
    {
        if (PageAt(content, path.Split('/', StringSplitOptions.RemoveEmptyEntries)) is not { } page
            || !IsVisible(content, page))
        {
            return null;
        }

        SiteComponent? pageTemplate = Component(content, "pagetemplate", page.Reference("pagetemplateid"));
        SiteComponent? webTemplate = Component(content, "webtemplate", pageTemplate?.Reference("webtemplateid"));

        // Learn, adx_pagetemplate: type 756150001 Web Template.
        if (pageTemplate?["type"] != "756150001" || webTemplate == null)
        {
            return null;
        }

        string text = Rendered(content, webTemplate["source"] ?? string.Empty);

        // Facts 5: the MIME type works only without the website's header and footer, which are there by default.
        return pageTemplate.Flag("usewebsiteheaderandfooter") == false
            ? new HttpResponseMessage
            {
                Content = new StringContent(text, Encoding.UTF8, webTemplate["mimetype"] ?? "text/html"),
            }
            : Html(HttpStatusCode.OK, text);
    }

    // Facts 5: anonymous static files may be kept for an hour.
    private static HttpResponseMessage? WebFile(SiteContent content, string path)
    {
        string[] segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        SiteComponent? file = segments.Length > 0 && PageAt(content, segments[..^1]) is { } parent
            ? Child(content.Of("webfile"), parent, segments[^1])
            : null;
        if (file == null || !IsVisible(content, file) || file.FileIn(content.Rows) is not { } bytes)
        {
            return null;
        }

        HttpResponseMessage response = new() { Content = new ByteArrayContent(bytes) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue(
            Path.GetExtension(segments[^1]) switch
            {
                ".json" => "application/json",
                ".js" => "text/javascript",
                _ => "application/octet-stream",
            });
        response.Headers.CacheControl = new CacheControlHeaderValue { Public = true, MaxAge = TimeSpan.FromHours(1) };
        return response;
    }

    private static SiteComponent? PageAt(SiteContent content, string[] segments)
    {
        IReadOnlyList<SiteComponent> pages = [.. content.Of("webpage").Where(p => p.Flag("isroot") != false)];
        SiteComponent? home = pages.SingleOrDefault(p => p["partialurl"] == "/" && p.Reference("parentpageid") == null);
        return segments.Aggregate(home, (page, segment) => page == null ? null : Child(pages, page, segment));
    }

    private static SiteComponent? Child(
        IReadOnlyList<SiteComponent> components, SiteComponent parent, string segment) =>
        components.SingleOrDefault(
            c => c.Reference("parentpageid") == parent.Id
                && string.Equals(c["partialurl"], segment, StringComparison.OrdinalIgnoreCase));

    // What has a publishing state that is not visible, or none, is not there.
    private static bool IsVisible(SiteContent content, SiteComponent component) =>
        Component(content, "publishingstate", component.Reference("publishingstateid"))?.Flag("isvisible") == true;

    private static SiteComponent? Component(SiteContent content, string kind, Guid? id) =>
        content.Of(kind).SingleOrDefault(c => c.Id == id);

    // Learn, Liquid objects: settings by name; only user and request are escaped by default.
    private static string Rendered(SiteContent content, string source)
    {
        IReadOnlyList<SiteComponent> settings = content.Of("sitesetting");
        string text = Setting().Replace(
            source,
            match => settings.SingleOrDefault(s => s.Name == match.Groups["name"].Value)?["value"] ?? string.Empty);
        int braces = source.Length - source.Replace("{{", string.Empty, StringComparison.Ordinal).Length;
        return text.Contains("{%", StringComparison.Ordinal) || braces > 2 * Setting().Count(source)
            ? throw new NotSupportedException("PortalSite does not know Liquid beyond {{ settings['name'] }}.")
            : text;
    }

    private static HttpResponseMessage Html(HttpStatusCode status, string text) =>
        new(status)
        {
            Content = new StringContent(
                $"<!DOCTYPE html><html><head><title>Site</title></head><body>{text}</body></html>",
                Encoding.UTF8,
                "text/html"),
        };

    [GeneratedRegex("""\{\{-?\s*settings\s*\[\s*(?<quote>['"])(?<name>[^'"]*)\k<quote>\s*\]\s*-?\}\}""")]
    private static partial Regex Setting();
}
