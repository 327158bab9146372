using ChatAuth.Keys;

namespace ChatAuth.Publishing;

/// <summary>Where keys of an environment are to be looked at.</summary>
/// <param name="targets">The publishing targets that the settings file names.</param>
/// <param name="keyUrls">Where chat services read the keys, as far as the settings file says.</param>
/// <param name="network">Answers requests for public URLs; null for the network.</param>
internal sealed class KeyPlaces(
    IReadOnlyList<IPublishingTarget> targets, IReadOnlyList<Uri> keyUrls, HttpMessageHandler? network)
{
    /// <summary>
    /// The targets, and behind them each address that a chat service reads and that is none of theirs.
    /// </summary>
    public async Task<IReadOnlyList<IKeyPlace>> NamedAsync(CancellationToken cancellation)
    {
        IReadOnlyList<PublishedPlace> named = keyUrls.Count == 0 ? [] : await AddressesAsync(cancellation);
        return
        [
            .. targets,
            .. keyUrls.Distinct().Where(url => named.All(place => place.Url != url))
                .Select(url => new KeyAddress(url.OriginalString, url, network)),
        ];
    }

    /// <summary>Targets that are one place, as a site that is named in two ways.</summary>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>5104 for each that comes behind.</returns>
    public async Task<IReadOnlyList<CodedError>> CollisionsAsync(CancellationToken cancellation) =>
    [
        .. (await AddressesAsync(cancellation)).GroupBy(place => place.Url).Where(group => group.Count() > 1)
            .Select(group => Errors.SettingBad(
                $"\"url\" of the {group.Last().Name}", $"another address than that of the {group.First().Name}")),
    ];

    /// <summary>The places that keys were published to and that the settings file does not name any more.</summary>
    /// <param name="keys">The environment's memory.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task<IReadOnlyList<PublishedPlace>> LeftAsync(KeyFile keys, CancellationToken cancellation)
    {
        if (keys.Targets.Count == 0)
        {
            return [];
        }

        IReadOnlyList<PublishedPlace> named = await AddressesAsync(cancellation);
        return
        [
            .. keys.Targets.Where(place => !keyUrls.Contains(place.Url) && named.All(other => other.Url != place.Url)),
        ];
    }

    /// <summary>
    /// The targets' addresses; without those that cannot be found out, which is told of where they are written to.
    /// </summary>
    public async Task<IReadOnlyList<PublishedPlace>> AddressesAsync(CancellationToken cancellation)
    {
        List<PublishedPlace> addresses = [];
        foreach (IPublishingTarget target in targets)
        {
            try
            {
                if (await target.AddressAsync(cancellation) is { } url)
                {
                    addresses.Add(new PublishedPlace(target.Name, url));
                }
            }
            catch (CommandException)
            {
                continue;
            }
        }

        return addresses;
    }
}
