using System.Text.RegularExpressions;
using ChatAuth.Settings;
using ChatAuth.Sites;

namespace ChatAuth.Checks;

/// <summary>
/// Whether the pages of the sites let the chat have its token: who else sets the function that it asks by, what the
/// content security policy holds back, and whether signed-in visitors have the web role.
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

    private static readonly (SiteKind Kind, string Name, string[] Columns)[] Places =
    [
        (SiteKind.ContentSnippet, "content snippet", ["value"]),
        (SiteKind.WebTemplate, "web template", ["source"]),
        (SiteKind.WebPage, "web page", ["copy", "customjavascript"]),
    ];

    /// <inheritdoc/>
    public string Subject => "pages of the sites";

    /// <inheritdoc/>
    public string? ReasonToSkip(Examination examination) =>
        examination.Settings.Portals.Count == 0 ? "the settings file has no \"portals\"" : null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        foreach (PortalSettings settings in examination.Settings.Portals)
        {
            LiveSite site = await SiteLookup.FindAsync(examination.Dataverse, settings.Site, examination.Cancellation);
            List<(string Place, string Text)> texts = await TextsAsync(site, examination.Cancellation);
            foreach ((string place, string text) in texts)
            {
                foreach (string function in Taken(text))
                {
                    yield return Errors.FunctionTaken(place, settings.Site, function);
                }
            }

            IReadOnlyList<SiteRow> values = await site.ListAsync(SiteKind.SiteSetting, examination.Cancellation);
            if (Named(values, PolicySetting)?.Text("value") is { Length: > 0 } policy)
            {
                IEnumerable<string> all = texts.Select(each => each.Text);
                foreach (Finding finding in Blocked(settings.Site, site.Domain, policy, all))
                {
                    yield return finding;
                }
            }

            if (await LacksRoleAsync(site, examination.Cancellation))
            {
                yield return Errors.WebRoleMissing(settings.Site);
            }
        }
    }

    private static async Task<List<(string Place, string Text)>> TextsAsync(Site site, CancellationToken cancellation)
    {
        List<(string, string)> texts = [];
        foreach ((SiteKind kind, string name, string[] columns) in Places)
        {
            foreach (SiteRow row in await site.ListAsync(kind, cancellation))
            {
                texts.AddRange(columns.Select(row.Text).OfType<string>().Select(text => ($"{name} {row.Name}", text)));
            }
        }

        foreach (SiteRow file in await site.ListAsync(SiteKind.WebFile, cancellation))
        {
            if (file.Text("partialurl") is { } path && path.EndsWith(".js", StringComparison.OrdinalIgnoreCase)
                && !path.Equals(PortalFile.ScriptName, StringComparison.OrdinalIgnoreCase)
                && await site.ReadFileAsync(file, cancellation) is { } text)
            {
                texts.Add(($"web file {file.Name}", text));
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

    private static async Task<bool> LacksRoleAsync(Site site, CancellationToken cancellation)
    {
        SiteRow? logic = Named(await site.ListAsync(SiteKind.ServerLogic, cancellation), PortalFile.ServerLogicName);
        if (logic == null)
        {
            return false; // deploy makes it, and says so
        }

        IReadOnlyList<SiteRow> roles = await site.ListAsync(SiteKind.WebRole, cancellation);
        string given = logic.Text(SiteRow.WebRoles) ?? string.Empty;
        return !roles.Any(role =>
            string.Equals(role.Text("authenticatedusersrole"), "true", StringComparison.OrdinalIgnoreCase)
            && given.Contains(role.Id.ToString("D"), StringComparison.OrdinalIgnoreCase));
    }

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
