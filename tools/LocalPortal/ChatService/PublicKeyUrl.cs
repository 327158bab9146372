using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace ChatAuth.LocalPortal.ChatService;

/// <summary>The public key URL of the chat authentication settings, read anonymously over HTTP.</summary>
/// <remarks>
/// How long Omnichannel keeps keys is unknown; here a minute, and a kid that is not among them is looked for again at
/// once.
/// </remarks>
/// <param name="url">The URL that they name at that time.</param>
/// <param name="clock">Ends the minute, by its timestamps, and keys that have an expiry.</param>
internal sealed class PublicKeyUrl(Func<Uri> url, TimeProvider clock) : IServiceKeys, IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = 256 * 1024,
    };
    private (Uri Url, IReadOnlyList<ServiceKey> Keys, TimeSpan Until)? kept;

    /// <inheritdoc/>
    public string Source => url().ToString();

    /// <inheritdoc/>
    public async Task<ServiceKey> FindAsync(string? keyId, CancellationToken cancellation)
    {
        var keys = kept is { } fresh && fresh.Url == url() && clock.GetElapsedTime(0) < fresh.Until
            ? fresh.Keys
            : await FetchAsync(cancellation);
        var found = Find(keys, keyId) ?? Find(await FetchAsync(cancellation), keyId)
            ?? throw new TokenRefusedException(
                "unknown-kid",
                $"The token names the key {keyId}, which {Source} does not show. It was never published, or it was "
                    + "revoked.");
        return found.Expiry is { } expiry && expiry <= clock.GetUtcNow().ToUnixTimeSeconds()
            ? throw new TokenRefusedException(
                "unknown-kid", $"The key {keyId} has passed the expiry that {Source} gives it.")
            : found;
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    // With a key set the header must carry kid (facts 7); a PEM by itself is the key of every token.
    private static ServiceKey? Find(IReadOnlyList<ServiceKey> keys, string? keyId) =>
        keys is [{ KeyId: null } only] ? only
        : keyId == null
        ? throw new TokenRefusedException(
            "no-kid",
            "The token's header names no key (kid), which it must with a key set. ChatAuth's tokens name one; the "
                + "portal's own, for which pages from before a move still ask, name none.")
        : keys.FirstOrDefault(key => key.KeyId == keyId);

    private async Task<IReadOnlyList<ServiceKey>> FetchAsync(CancellationToken cancellation)
    {
        var asked = url();
        try
        {
            using var response = await http.GetAsync(asked, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            var keys = !response.IsSuccessStatusCode ? throw Unusable($"it answered {(int)response.StatusCode}")
                : text.TrimStart().StartsWith('<') ? throw Unusable("it answered with a web page")
                : ServiceKey.Parse(text);
            kept = (asked, keys, clock.GetElapsedTime(0) + Lifetime);
            return keys;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw Unusable("it cannot be reached");
        }
        catch (FormatException exception)
        {
            throw Unusable(exception.Message);
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Unusable("it did not answer within 10 seconds");
        }
    }

    private TokenRefusedException Unusable(string fact) =>
        new("keys", $"The public key URL {Source} cannot be used: {fact}.");
}
