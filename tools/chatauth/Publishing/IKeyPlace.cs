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
}

/// <summary>An address that this command writes nothing to.</summary>
/// <param name="name">How people see it.</param>
/// <param name="url">The address.</param>
/// <param name="network">Answers requests; null for the network.</param>
internal sealed class KeyAddress(string name, Uri url, HttpMessageHandler? network) : IKeyPlace
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public Task<PublicKeys?> FetchAsync(CancellationToken cancellation) =>
        PublicKeys.FindAsync(url, network, cancellation);
}
