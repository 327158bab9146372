using ChatAuth.Keys;
using ChatAuth.Settings;
using ChatAuth.Tokens;

namespace ChatAuth.Publishing;

/// <summary>
/// A portal that serves what chatauth_GetPublicKeys answers, as the samples do; nothing is written there.
/// </summary>
/// <param name="settings">Address and format.</param>
/// <param name="network">Answers requests; null for the network.</param>
internal sealed class PortalTarget(TargetSettings settings, HttpMessageHandler? network) : IPublishingTarget
{
    // A server of the portal goes on with its last good keys so long while Dataverse is silent (samples).
    private static readonly TimeSpan LongestSilence = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public string Name => "portal " + settings.Place;

    /// <inheritdoc/>
    public PublicKeyFormat Format => settings.Format;

    /// <inheritdoc/>
    public bool IsWritten => false;

    /// <inheritdoc/>
    public TimeSpan LeadOf(TimeSpan? cacheLifetime) =>
        cacheLifetime is { } kept && 2 * kept > LongestSilence ? 2 * kept : LongestSilence;

    /// <inheritdoc/>
    public Task<Uri?> AddressAsync(CancellationToken cancellation) => Task.FromResult(settings.Url);

    /// <inheritdoc/>
    public Task<PublicKeys?> FetchAsync(CancellationToken cancellation) =>
        PublicKeys.FindAsync(settings.Url!, network, cancellation);

    /// <inheritdoc/>
    public Task<HeldText> ReadAsync(CancellationToken cancellation) => Task.FromResult(new HeldText(null));

    /// <inheritdoc/>
    public Task WriteAsync(string text, HeldText read, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task RemoveAsync(HeldText read, CancellationToken cancellation) => Task.CompletedTask;
}
