using ChatAuth.Keys;
using ChatAuth.Tokens;

namespace ChatAuth.Publishing;

/// <summary>
/// What a target holds, and the version of it: a write that carries it is refused if it was overtaken.
/// </summary>
/// <remarks>Each kind of target adds the versions that it needs.</remarks>
/// <param name="Text">The text; null when it holds none, empty when a part of it is missing or other than it must
/// be.</param>
internal record HeldText(string? Text)
{
    /// <summary>What is there read as keys, whether the rest is as it must be or not; null for nothing.</summary>
    public virtual PublicKeys? Keys => Text == null ? null : PublicKeys.Parse(Text);
}

/// <summary>A place that public keys are published to.</summary>
/// <remarks>
/// What it holds and what it serves are two things: between them lie caches, and a site that may be private. A write
/// carries what was read, with its version: a command that was held while another one wrote must not put its own state
/// back.
/// </remarks>
internal interface IPublishingTarget : IKeyPlace
{
    /// <summary>In which form it holds the keys.</summary>
    PublicKeyFormat Format { get; }

    /// <summary>Whether this command writes it; else a portal serves it out of Dataverse.</summary>
    bool IsWritten => true;

    /// <summary>Whether somebody uploads what was written, between two runs of this command.</summary>
    bool IsUploaded => false;

    /// <summary>Whether it lies in rows of this environment.</summary>
    bool IsInDatabase => false;

    /// <summary>Whether it is for trials: no chat service reads it.</summary>
    bool IsForTrials => false;

    /// <inheritdoc/>
    bool IKeyPlace.Serves(Publication publication, PublicKeys? served, bool exactly) =>
        publication.IsServedBy(served, Format, exactly && !IsUploaded);

    /// <summary>Where everyone reads it; null when only this machine does.</summary>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">It cannot be found out.</exception>
    Task<Uri?> AddressAsync(CancellationToken cancellation);

    /// <summary>What it holds.</summary>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">It cannot be read.</exception>
    Task<HeldText> ReadAsync(CancellationToken cancellation);

    /// <summary>Sees whether this machine could write it.</summary>
    /// <exception cref="CommandException">4002 it cannot.</exception>
    void EnsureWritable()
    {
    }

    /// <summary>Puts a text there, and makes what it needs to be served.</summary>
    /// <param name="text">Public keys in its format.</param>
    /// <param name="read">What <see cref="ReadAsync"/> gave.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5006 it has changed since; it cannot be written.</exception>
    Task WriteAsync(string text, HeldText read, CancellationToken cancellation);

    /// <summary>Removes everything that was put there.</summary>
    /// <param name="read">What <see cref="ReadAsync"/> gave.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5006 it has changed since; it cannot be removed.</exception>
    Task RemoveAsync(HeldText read, CancellationToken cancellation);
}
