using ChatAuth.Keys;

namespace ChatAuth.Publishing;

/// <summary>Where keys of an environment are to be looked at.</summary>
/// <param name="targets">The publishing targets that the settings file names.</param>
/// <param name="publicKeyUrl">Where the chat service reads the keys; null when the settings file does not say.</param>
/// <param name="network">Answers requests for public URLs; null for the network.</param>
internal sealed class KeyPlaces(
    IReadOnlyList<IPublishingTarget> targets, Uri? publicKeyUrl, HttpMessageHandler? network)
{
    /// <summary>
    /// The targets, and the public key URL of the chat service where it is none of theirs.
    /// </summary>
    public async Task<IReadOnlyList<IKeyPlace>> NamedAsync(CancellationToken cancellation)
    {
        List<IKeyPlace> places = [.. targets];
        if (publicKeyUrl != null && (await AddressesAsync(cancellation)).All(place => place.Url != publicKeyUrl))
        {
            places.Add(new KeyAddress(publicKeyUrl.OriginalString, publicKeyUrl, network));
        }

        return places;
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
            .. keys.Targets.Where(place => place.Url != publicKeyUrl && named.All(other => other.Url != place.Url)),
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
