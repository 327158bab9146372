using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalPortal.PowerPages;

/// <summary>What a site has read of an organization at one moment.</summary>
internal sealed class SiteContent(RowSnapshot rows, Guid site)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<SiteComponent>> components =
        new(StringComparer.Ordinal);

    /// <summary>The organization's rows at that moment.</summary>
    public RowSnapshot Rows => rows;

    /// <summary>The components of one kind.</summary>
    /// <param name="kind">webpage, webtemplate and so on.</param>
    public IReadOnlyList<SiteComponent> Of(string kind) =>
        components.GetOrAdd(kind, read => SiteComponent.Read(rows, site, read));
}
