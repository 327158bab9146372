using ChatAuth.Settings;
using ChatAuth.Sites;

namespace ChatAuth.Checks;

/// <summary>A text of a site that its pages are made of.</summary>
/// <param name="Place">Where it stands, as a person finds it.</param>
/// <param name="Text">The text.</param>
/// <param name="IsHtml">Whether it is HTML; else a script.</param>
/// <param name="Snippet">Name of the content snippet that it is; null for anything else.</param>
internal sealed record PageText(string Place, string Text, bool IsHtml, string? Snippet)
{
    /// <summary>Whether every page has it in its head.</summary>
    public bool IsHeader => string.Equals(Snippet, HeaderSnippet.Name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What is wrong with the script tags that people have put into the pages of a site.</summary>
/// <remarks>
/// Of several tags of chatauth.js the first one of a page counts. So visitors are refused for sure where it is the
/// header's first one that asks the portal, or where no other is there.
/// </remarks>
internal static class ScriptTagFindings
{
    /// <summary>LivePerson is to be told who is signed in, and no site is named whose pages could.</summary>
    public static Finding NoPortals() =>
        Errors.IdentityWithoutTag("the settings file has no \"portals\" whose pages have its function");

    /// <summary>What is wrong.</summary>
    /// <param name="site">The site, as people name it.</param>
    /// <param name="settings">What is asked of it; null where it came by solution.</param>
    /// <param name="texts">What its pages are made of.</param>
    /// <param name="values">Its site settings.</param>
    /// <param name="readsKeys">Whether the settings file lets a chat read the keys of ChatAuth.</param>
    public static IEnumerable<Finding> Of(
        string site,
        PortalSettings? settings,
        IReadOnlyList<PageText> texts,
        IReadOnlyList<SiteRow> values,
        bool readsKeys)
    {
        ILookup<string, string> known = values.Select(row => (row.Name, row.Text("value") ?? string.Empty))
            .Concat(texts.Where(each => each.Snippet != null).Select(each => (each.Snippet!, each.Text)))
            .ToLookup(each => each.Item1, each => each.Item2, StringComparer.OrdinalIgnoreCase);
        List<(PageText Where, bool IsFirst, bool AsksPortal)> tags = [];
        foreach (PageText each in texts.Where(each => each.IsHtml))
        {
            LiquidText text = new(each.Text, known);
            tags.AddRange(ScriptTag.In(text).Where(tag => tag.IsChatAuth)
                .Select((tag, index) => (each, index == 0, tag.AsksPortal(text))));
        }

        PageText[] headers = [.. texts.Where(each => each.IsHeader)];
        bool isServed = tags.Any(tag => !tag.AsksPortal)
            || (settings is { HasHeaderSnippet: true }
                && !(headers.Length > 0 && headers.All(header => HeaderSnippet.HasOwnTag(header.Text))));
        foreach ((PageText where, bool isFirst, _) in tags.Where(tag => tag.AsksPortal))
        {
            yield return Errors.ScriptTagAsksPortal(
                $"{where.Place} of the site {site}", readsKeys && (!isServed || (where.IsHeader && isFirst)));
        }

        if (settings is { IdentityIssuer: { } issuer })
        {
            foreach (Finding finding in OfIdentity(settings, issuer, texts, headers))
            {
                yield return finding;
            }
        }
    }

    // Deploy's own tag is deploy's to mend.
    private static IEnumerable<Finding> OfIdentity(
        PortalSettings settings, string issuer, IReadOnlyList<PageText> texts, IReadOnlyList<PageText> headers)
    {
        string name = settings.Site;
        ScriptTag[] tags =
        [
            .. texts.Where(each => each.IsHtml)
                .SelectMany(each => ScriptTag.In(new LiquidText(HeaderSnippet.Without(each.Text) ?? each.Text)))
                .Where(tag => tag.IsIdentity),
        ];
        if (tags.SelectMany(tag => tag.IdentityIssuers).Any(other => other != issuer))
        {
            yield return Errors.IdentityWithoutTag(
                $"a tag of the site {name} has another issuer in data-liveperson-issuer");
        }

        if (tags.Length > 0)
        {
            yield break;
        }

        if (!settings.HasHeaderSnippet)
        {
            yield return Errors.IdentityWithoutTag(
                $"the site {name} has \"headerSnippet\": false and no tag of chatauth-identity.js of its own");
        }
        else if (headers.Any(header => HeaderSnippet.HasOwnTag(header.Text)))
        {
            yield return Errors.IdentityWithoutTag(
                $"{HeaderSnippet.Name} of the site {name} has a tag of its own for chatauth.js, beside which deploy "
                    + "puts none, and none for chatauth-identity.js");
        }
    }
}
