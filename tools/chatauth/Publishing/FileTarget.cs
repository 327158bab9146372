using System.Text;
using ChatAuth.Keys;
using ChatAuth.Settings;
using ChatAuth.Tokens;

namespace ChatAuth.Publishing;

/// <summary>A file on this machine, which somebody uploads to its address; or one for trials, which has none.</summary>
/// <param name="settings">Path, format and URL.</param>
/// <param name="network">Answers requests for the URL; null for the network.</param>
internal sealed class FileTarget(TargetSettings settings, HttpMessageHandler? network) : IPublishingTarget
{
    /// <inheritdoc/>
    public string Name => "file " + settings.Place;

    /// <inheritdoc/>
    public PublicKeyFormat Format => settings.Format;

    /// <inheritdoc/>
    public bool IsUploaded => settings.Url != null;

    /// <inheritdoc/>
    public bool IsForTrials => settings.Url == null;

    /// <inheritdoc/>
    public TimeSpan LeadOf(TimeSpan? cacheLifetime) =>
        IsForTrials ? TimeSpan.Zero : 2 * cacheLifetime ?? KeyAddress.UsualLead;

    /// <inheritdoc/>
    public Task<Uri?> AddressAsync(CancellationToken cancellation) => Task.FromResult(settings.Url);

    /// <inheritdoc/>
    public Task<HeldText> ReadAsync(CancellationToken cancellation) => Task.FromResult<HeldText>(Read());

    /// <inheritdoc/>
    public void EnsureWritable() => DiskFile.EnsureWritable(settings.Place);

    /// <inheritdoc/>
    public Task WriteAsync(string text, HeldText read, CancellationToken cancellation)
    {
        DiskFile.Write(settings.Place, Encoding.ASCII.GetBytes(text), () => EnsureAsRead((HeldFile)read));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<PublicKeys?> FetchAsync(CancellationToken cancellation) =>
        settings.Url is { } url ? await PublicKeys.FindAsync(url, network, cancellation)
            : Read().Bytes is { } bytes ? PublicKeys.Parse(bytes)
            : null;

    /// <inheritdoc/>
    public Task RemoveAsync(HeldText read, CancellationToken cancellation)
    {
        EnsureAsRead((HeldFile)read);
        DiskFile.Delete(settings.Place);
        return Task.CompletedTask;
    }

    private HeldFile Read()
    {
        byte[]? bytes = File.Exists(settings.Place) ? DiskFile.Read(settings.Place) : null;
        return new HeldFile(bytes == null ? null : Utf8.Decode(bytes), bytes);
    }

    // A file has no version but its bytes; between this and its renaming lie microseconds.
    private void EnsureAsRead(HeldFile read)
    {
        byte[]? bytes = Read().Bytes;
        if (bytes == null ? read.Bytes != null : read.Bytes == null || !bytes.AsSpan().SequenceEqual(read.Bytes))
        {
            throw new CommandException(Errors.AnotherWriter(Name));
        }
    }

    // The file's text, null when it is not UTF-8, and its bytes, null when there is none.
    private sealed record HeldFile(string? Text, byte[]? Bytes) : HeldText(Text)
    {
        public override PublicKeys? Keys => Bytes == null ? null : PublicKeys.Parse(Bytes);
    }
}
