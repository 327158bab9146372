using ChatAuth.Keys;
using ChatAuth.Tokens;

namespace ChatAuth.Publishing;

/// <summary>A place that public keys are published to.</summary>
/// <remarks>
/// What it holds and what it serves are two things: between them lie caches, and a site that may be private.
/// </remarks>
internal interface IPublishingTarget
{
    /// <summary>How people see it, for example <c>file out/publickey.json</c>.</summary>
    string Name { get; }

    /// <summary>In which form it holds the keys.</summary>
    PublicKeyFormat Format { get; }

    /// <summary>How long its caches may keep what it held before.</summary>
    TimeSpan MinimumLead { get; }

    /// <summary>
    /// Whether only what this machine holds can be looked at: somebody else carries it on, to an address that is not
    /// known here.
    /// </summary>
    bool IsLocalOnly => false;

    /// <summary>The text it holds; null when it holds none.</summary>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">It cannot be read.</exception>
    Task<string?> ReadAsync(CancellationToken cancellation);

    /// <summary>Puts a text there, and makes what it needs to be served.</summary>
    /// <param name="text">Public keys in its format.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">It cannot be written.</exception>
    Task WriteAsync(string text, CancellationToken cancellation);

    /// <summary>What anyone reads there now; null when there is nothing.</summary>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">It does not answer.</exception>
    Task<PublicKeys?> FetchAsync(CancellationToken cancellation);

    /// <summary>Removes everything that was put there.</summary>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">It cannot be removed.</exception>
    Task RemoveAsync(CancellationToken cancellation);
}
