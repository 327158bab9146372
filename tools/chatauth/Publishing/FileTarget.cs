using System.Text;
using ChatAuth.Keys;
using ChatAuth.Settings;
using ChatAuth.Tokens;

namespace ChatAuth.Publishing;

/// <summary>A file on this machine, for a static host or the next step of a pipeline.</summary>
/// <remarks>
/// Where the settings name its URL, that is what it serves; without one nothing but the file can be looked at.
/// </remarks>
/// <param name="settings">Path, format and URL.</param>
/// <param name="network">Answers requests for the URL; null for the network.</param>
internal sealed class FileTarget(TargetSettings settings, HttpMessageHandler? network) : IPublishingTarget
{
    /// <inheritdoc/>
    public string Name => "file " + settings.Place;

    /// <inheritdoc/>
    public PublicKeyFormat Format => settings.Format;

    /// <inheritdoc/>
    public TimeSpan MinimumLead => TimeSpan.Zero;

    /// <inheritdoc/>
    public bool IsLocalOnly => settings.Url == null;

    /// <inheritdoc/>
    public Task<string?> ReadAsync(CancellationToken cancellation) =>
        Task.FromResult(File.Exists(settings.Place) ? Utf8.Decode(DiskFile.Read(settings.Place)) : null);

    /// <inheritdoc/>
    public async Task WriteAsync(string text, CancellationToken cancellation)
    {
        await EnsureOursAsync(cancellation);
        DiskFile.Write(settings.Place, Encoding.ASCII.GetBytes(text));
    }

    /// <inheritdoc/>
    public async Task<PublicKeys?> FetchAsync(CancellationToken cancellation) =>
        settings.Url is { } url ? await PublicKeys.FetchAsync(url, network, cancellation)
            : File.Exists(settings.Place) ? PublicKeys.Parse(DiskFile.Read(settings.Place))
            : null;

    /// <inheritdoc/>
    public async Task RemoveAsync(CancellationToken cancellation)
    {
        await EnsureOursAsync(cancellation);
        DiskFile.Delete(settings.Place);
    }

    // A path that is mistyped may be that of another file.
    private async Task EnsureOursAsync(CancellationToken cancellation)
    {
        string? held = await ReadAsync(cancellation);
        if ((held == null && File.Exists(settings.Place)) || (held != null && PublicKeys.Parse(held).Fault != null))
        {
            throw new CommandException(Errors.TargetForeign(Name));
        }
    }
}
