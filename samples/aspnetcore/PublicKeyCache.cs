using System;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Net.Http.Headers;

namespace ChatAuth.AspNetCore;

/// <summary>The public keys as they are served.</summary>
/// <param name="Bytes">The body.</param>
/// <param name="ContentType">Its type.</param>
/// <param name="ETag">Its hash.</param>
internal sealed record PublishedKeys(byte[] Bytes, string ContentType, EntityTagHeaderValue ETag);

/// <summary>Keeps the public keys for five minutes, so that an anonymous address costs Dataverse nothing.</summary>
/// <remarks>
/// It ends early when this portal hands out a token of a key that is not in it: a token is never out before its key.
/// </remarks>
/// <param name="dataverse">Where the keys come from.</param>
/// <param name="options">The form in which they are shown.</param>
/// <param name="clock">Ends the five minutes.</param>
internal sealed class PublicKeyCache(ChatAuthDataverse dataverse, ChatAuthOptions options, TimeProvider clock)
    : IDisposable
{
    /// <summary>Its lifetime, for Cache-Control.</summary>
    public const string Seconds = "300";

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(300);

    private readonly SemaphoreSlim one = new(1);
    private volatile Entry? kept;

    private bool IsPem => options.PublicKeyForm == PublicKeyForm.Pem;

    /// <summary>Gives the keys, out of the cache or from Dataverse.</summary>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>The keys; null when Dataverse gives none.</returns>
    public async Task<PublishedKeys?> GetAsync(CancellationToken cancellation)
    {
        if (Fresh() is { } keys)
        {
            return keys;
        }

        // Of many who ask at once one asks Dataverse.
        await one.WaitAsync(cancellation);
        try
        {
            return Fresh() ?? await AskAsync(cancellation);
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Told of the key that signed a token: what does not hold it is not served any more.</summary>
    /// <param name="keyId">The key's kid.</param>
    public void Expect(string keyId)
    {
        if (kept is { } entry
            && !(IsPem
                ? entry.SigningKeyId == keyId
                : entry.Text.Contains('"' + keyId + '"', StringComparison.Ordinal)))
        {
            kept = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => one.Dispose();

    private PublishedKeys? Fresh() => kept is { } entry && clock.GetUtcNow() < entry.Until ? entry.Keys : null;

    private async Task<PublishedKeys?> AskAsync(CancellationToken cancellation)
    {
        var answer = await dataverse.PublicKeysAsync(cancellation);
        if (ChatAuthDataverse.Text(answer, IsPem ? "Pem" : "KeySet") is not { Length: > 0 } text)
        {
            return null;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        PublishedKeys keys = new(
            bytes,
            IsPem ? "text/plain" : "application/json",
            new EntityTagHeaderValue('"' + Convert.ToHexStringLower(SHA256.HashData(bytes))[..32] + '"'));
        kept = new Entry(
            keys, text, ChatAuthDataverse.Text(answer, "SigningKeyId"), clock.GetUtcNow() + Lifetime);
        return keys;
    }

    private sealed record Entry(PublishedKeys Keys, string Text, string? SigningKeyId, DateTimeOffset Until);
}
