using ChatAuth.Tokens;

namespace ChatAuth.Publishing;

/// <summary>A place at which anyone may read public keys: it is only looked at.</summary>
internal interface IKeyPlace
{
    /// <summary>How people see it, for example <c>file out/publickey.json</c>.</summary>
    string Name { get; }

    /// <summary>What anyone reads there now; null when there is nothing.</summary>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">It does not answer.</exception>
    Task<PublicKeys?> FetchAsync(CancellationToken cancellation);

    /// <summary>How long its caches may keep what it served before.</summary>
    /// <param name="cacheLifetime">What its answer says of that (max-age); null when it says nothing.</param>
    TimeSpan LeadOf(TimeSpan? cacheLifetime);

    /// <summary>Whether it serves what is published.</summary>
    /// <param name="publication">What is published.</param>
    /// <param name="served">What it serves; null for nothing.</param>
    /// <param name="exactly">Whether it must serve nothing else.</param>
    bool Serves(Publication publication, PublicKeys? served, bool exactly);
}

/// <summary>An address that this command writes nothing to.</summary>
/// <param name="name">How people see it.</param>
/// <param name="url">The address.</param>
/// <param name="network">Answers requests; null for the network.</param>
internal sealed class KeyAddress(string name, Uri url, HttpMessageHandler? network) : IKeyPlace
{
    /// <summary>The lead of an address whose answers do not say how long they may be kept.</summary>
    public static readonly TimeSpan UsualLead = TimeSpan.FromMinutes(30);

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public Task<PublicKeys?> FetchAsync(CancellationToken cancellation) =>
        PublicKeys.FindAsync(url, network, cancellation);

    /// <inheritdoc/>
    public TimeSpan LeadOf(TimeSpan? cacheLifetime) => 2 * cacheLifetime ?? UsualLead;

    /// <inheritdoc/>
    public bool Serves(Publication publication, PublicKeys? served, bool exactly) =>
        publication.IsServedInAnyForm(served);
}
