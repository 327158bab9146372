using System.Text.RegularExpressions;
using ChatAuth.Settings;
using ChatAuth.Sites;

namespace ChatAuth.Checks;

/// <summary>
/// Whether the pages of the sites let the chat have its token: who else sets the function that it asks by, and what the
/// content security policy holds back.
/// </summary>
/// <remarks>
/// Read as text: what a script does when it runs, only the browser knows, where chatauth.js says the same. Policy:
/// Content Security Policy Level 3, sections 6.1 and 6.7; the site setting is Microsoft Learn's, power-pages
/// manage-content-security-policy. The widget's tag is known by the name of its script, LiveChatBootstrapper.js.
/// </remarks>
internal sealed partial class PagesCheck : ICheck
{
    private const string PolicySetting = "HTTP/Content-Security-Policy";
    private const string TokenPath = "the token request of chatauth.js (this site's own address)";

    private const string Script = "customjavascript";

    // A code site's pages are files.
    private static readonly string[] FileTypes = [".js", ".html", ".htm"];

    private static readonly (SiteKind Kind, string Name, string[] Columns)[] Places =
    [
        (SiteKind.ContentSnippet, "content snippet", ["value"]),
        (SiteKind.WebTemplate, "web template", ["source"]),
        (SiteKind.WebPage, "web page", ["copy", Script]),
    ];

    /// <inheritdoc/>
    public string Subject => "pages of the sites";

    /// <inheritdoc/>
    public string? ReasonToSkip(Examination examination) =>
        examination.Settings is { LiveAssist: { HasIdentity: true } } || examination.Settings.Sites.Any() ? null
            : "the settings file names no Power Pages site";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        bool isIdentityAsked = examination.Settings.LiveAssist is { HasIdentity: true };
        if (isIdentityAsked && examination.Settings.Portals.Count == 0)
        {
            yield return ScriptTagFindings.NoPortals();
        }

        bool readsKeys = examination.Settings is not { Authentication: null, LiveAssist: null };
        foreach (string name in examination.Settings.Sites)
        {
            LiveSite site = await SiteLookup.FindAsync(examination.Dataverse, name, examination.Cancellation);
            PortalSettings? settings = examination.Settings.Portals.FirstOrDefault(
                portal => portal.Site.Equals(name, StringComparison.OrdinalIgnoreCase));
            IReadOnlyList<SiteRow> logics = await site.ListAsync(SiteKind.ServerLogic, examination.Cancellation);
            if (settings == null && Named(logics, PortalFile.ServerLogicName) == null)
            {
                continue; // it shows keys, and gives a token of its own or none
            }

            IReadOnlyList<PageText> texts = await TextsAsync(site, examination.Cancellation);
            IReadOnlyList<SiteRow> values = await site.ListAsync(SiteKind.SiteSetting, examination.Cancellation);
            foreach (Finding finding in ScriptTagFindings.Of(name, settings, texts, values, readsKeys))
            {
                yield return finding;
            }

            if (settings == null)
            {
                continue;
            }

            foreach (PageText each in texts)
            {
                foreach (string function in Taken(each.Text))
                {
                    yield return Errors.FunctionTaken(each.Place, settings.Site, function);
                }
            }

            if (Named(values, PolicySetting)?.Text("value") is { Length: > 0 } policy)
            {
                IEnumerable<string> all = texts.Select(each => each.Text);
                foreach (Finding finding in Blocked(settings.Site, site.Domain, policy, all))
                {
                    yield return finding;
                }
            }
        }
    }

    private static async Task<IReadOnlyList<PageText>> TextsAsync(Site site, CancellationToken cancellation)
    {
        List<PageText> texts = [];
        foreach ((SiteKind kind, string name, string[] columns) in Places)
        {
            foreach (SiteRow row in await site.ListAsync(kind, cancellation))
            {
                texts.AddRange(columns.Where(column => row.Text(column) != null).Select(column => new PageText(
                    $"{name} {row.Name}", row.Text(column)!, IsHtml: column != Script,
                    kind == SiteKind.ContentSnippet ? row.Name : null)));
            }
        }

        foreach (SiteRow file in await site.ListAsync(SiteKind.WebFile, cancellation))
        {
            if (file.Text("partialurl") is { } path && FileTypes.Contains(Path.GetExtension(path).ToLowerInvariant())
                && !path.Equals(PortalFile.ScriptName, StringComparison.OrdinalIgnoreCase)
                && await site.ReadFileAsync(file, cancellation) is { } text)
            {
                bool isHtml = !path.EndsWith(".js", StringComparison.OrdinalIgnoreCase);
                texts.Add(new PageText($"web file {file.Name}", text, isHtml, Snippet: null));
            }
        }

        return texts;
    }

    // The functions of shared names that a text sets; a name of ours belongs to chatauth.js alone.
    private static IEnumerable<string> Taken(string text) =>
        new (string Name, Regex Sets)[]
        {
            ("auth.getAuthenticationToken", SetsAuth()),
            ("authoriseChatWithCallback", SetsAuthorise()),
            ("lpGetAuthenticationToken", SetsLivePerson()),
        }.Where(each => each.Sets.IsMatch(text)).Select(each => each.Name);

    private static IEnumerable<Finding> Blocked(
        string site, string? domain, string policy, IEnumerable<string> texts)
    {
        Dictionary<string, string[]> directives = Directives(policy);
        (string Directive, string[] Sources)? SourcesOf(string directive) =>
            new[] { directive, "default-src" }.Where(directives.ContainsKey)
                .Select(name => ((string, string[])?)(name, directives[name])).FirstOrDefault();

        if (SourcesOf("script-src") is var (scripts, allowed))
        {
            // A site writes its nonce into every tag of its pages where the policy says 'nonce'.
            bool hasNonce = allowed.Any(source => source.StartsWith("'nonce", StringComparison.OrdinalIgnoreCase));
            bool trusts = allowed.Contains("'strict-dynamic'", StringComparer.OrdinalIgnoreCase);
            if (!hasNonce && (trusts || !AllowsSelf(allowed, domain)))
            {
                yield return Errors.PolicyBlocks(site, scripts, "'self'", "chatauth.js (this site's own address)");
            }

            IEnumerable<string> hosts = texts.SelectMany(text => Widget().Matches(text))
                .Select(match => match.Groups[1].Value.ToLowerInvariant()).Distinct();
            foreach (string host in hosts.Where(host => !Allows(allowed, host) && !(hasNonce && trusts)))
            {
                yield return Errors.PolicyBlocks(site, scripts, host, $"the chat widget's script of {host}");
            }
        }

        if (SourcesOf("connect-src") is var (connections, reached) && !AllowsSelf(reached, domain))
        {
            yield return Errors.PolicyBlocks(site, connections, "'self'", TokenPath);
        }
    }

    // The first of a name counts (section 2.2.1), in any case.
    private static Dictionary<string, string[]> Directives(string policy)
    {
        Dictionary<string, string[]> directives = new(StringComparer.OrdinalIgnoreCase);
        foreach (string directive in policy.Split(';', StringSplitOptions.TrimEntries))
        {
            string[] parts = directive.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length > 0)
            {
                directives.TryAdd(parts[0], parts[1..]);
            }
        }

        return directives;
    }

    private static bool AllowsSelf(string[] sources, string? domain) =>
        sources.Contains("'self'", StringComparer.OrdinalIgnoreCase)
        || (domain == null
            ? sources.Any(source => source is "*" or "https:")
            : Allows(sources, domain.ToLowerInvariant()));

    // Whether a source list has a host over https.
    private static bool Allows(string[] sources, string host) => sources.Any(source =>
    {
        string text = source.ToLowerInvariant();
        string name = text.StartsWith("https://", StringComparison.Ordinal) ? text["https://".Length..] : text;
        name = name.Split('/', ':')[0];
        return text is "*" or "https:"
            || name == host
            || (name.StartsWith("*.", StringComparison.Ordinal) && host.EndsWith(name[1..], StringComparison.Ordinal));
    });

    private static SiteRow? Named(IReadOnlyList<SiteRow> rows, string name) =>
        rows.FirstOrDefault(row => string.Equals(row.Name, name, StringComparison.OrdinalIgnoreCase));

    // auth.getAuthenticationToken = …, auth['getAuthenticationToken'] = …, { getAuthenticationToken: … } and
    // { getAuthenticationToken() { … } }.
    [GeneratedRegex(
        """getAuthenticationToken["'\]]*\s*(=(?![=>])|:)"""
            + """|[{,]\s*getAuthenticationToken\s*(\([^()]*\)\s*\{|[,}])""")]
    private static partial Regex SetsAuth();

    [GeneratedRegex("""function\s+authoriseChatWithCallback\b|authoriseChatWithCallback["'\]]*\s*=(?![=>])""")]
    private static partial Regex SetsAuthorise();

    [GeneratedRegex("""function\s+lpGetAuthenticationToken\b|lpGetAuthenticationToken["'\]]*\s*=(?![=>])""")]
    private static partial Regex SetsLivePerson();

    [GeneratedRegex("""src\s*=\s*["']?(?:https:)?//([\w.-]+)/[^"'\s>]*LiveChatBootstrapper""", RegexOptions.IgnoreCase)]
    private static partial Regex Widget();
}
