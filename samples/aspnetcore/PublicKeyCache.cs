using System;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Net.Http.Headers;

namespace ChatAuth.AspNetCore;

/// <summary>Public keys as they are served.</summary>
/// <param name="Bytes">The body.</param>
/// <param name="ContentType">Its type.</param>
/// <param name="ETag">Its hash.</param>
internal sealed record PublishedKeys(byte[] Bytes, string ContentType, EntityTagHeaderValue ETag)
{
    /// <summary>Keys out of an answer; null where it has none in that form.</summary>
    /// <param name="text">A response property.</param>
    /// <param name="contentType">The form's type.</param>
    public static PublishedKeys? Of(string? text, string contentType)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        var hash = Convert.ToHexString(SHA256.HashData(bytes))[..32];
        return new PublishedKeys(bytes, contentType, new EntityTagHeaderValue('"' + hash + '"'));
    }
}

/// <summary>Keeps the public keys for five minutes, so that an anonymous address costs Dataverse nothing.</summary>
/// <remarks>
/// One question for all who wait, and none for seconds after one that failed. A set without keys is an answer, as after
/// a revocation, and is shown. The last good keys outlive what tells nothing of the keys (silence, 429, 5xx without a
/// code) for an hour at most; any other answer ends them: the plug-in's own refusal, or none of its properties, which
/// says that no step serves it. The five minutes end early when this portal hands out a token of a key that is not in
/// them: a token is never out before its key.
/// </remarks>
/// <param name="dataverse">Where the keys come from.</param>
/// <param name="options">The form in which /publickey shows them.</param>
/// <param name="clock">Ends the five minutes; by its timestamps, which nobody sets.</param>
internal sealed class PublicKeyCache(ChatAuthDataverse dataverse, ChatAuthOptions options, TimeProvider clock)
{
    /// <summary>Seconds for which a failure is remembered, for Retry-After.</summary>
    public const int RetryAfter = 5;

    private const int Lifetime = 300;
    private static readonly TimeSpan LongestSilence = TimeSpan.FromHours(1);

    private readonly object gate = new();
    private volatile Entry? kept;
    private TimeSpan until;
    private bool hasFailed;
    private Task? asking;
    private (string? KeyId, TimeSpan At) expected;

    private TimeSpan Now => clock.GetElapsedTime(0);

    private bool IsPem => options.PublicKeyForm == PublicKeyForm.Pem;

    /// <summary>Gives the keys, out of the cache or from Dataverse.</summary>
    /// <param name="asJwks">Whether as a JWK set, else in the portal's form.</param>
    /// <param name="cancellation">Ends the waiting early; the question goes on for the others.</param>
    /// <returns>The keys, null where there are none, and for how many seconds caches may keep them.</returns>
    public async Task<(PublishedKeys? Keys, int MaxAge)> GetAsync(bool asJwks, CancellationToken cancellation)
    {
        if (Question() is { } question)
        {
            await question.WaitAsync(cancellation);
        }

        lock (gate)
        {
            var entry = Now - kept?.ReadAt < LongestSilence ? kept : null;
            return (asJwks ? entry?.Jwks : entry?.Shown, hasFailed ? RetryAfter : Lifetime);
        }
    }

    /// <summary>Told of the key that signed a token: what does not hold it is read again.</summary>
    /// <param name="keyId">The key's kid.</param>
    public void Expect(string keyId)
    {
        lock (gate)
        {
            var isThere = IsPem
                ? kept?.SigningKeyId == keyId
                : kept?.KeySet.Contains('"' + keyId + '"', StringComparison.Ordinal) == true;
            var now = Now;
            var isToldAgain = expected.KeyId == keyId && now - expected.At < TimeSpan.FromSeconds(RetryAfter);
            if (!isThere && !hasFailed && !isToldAgain)
            {
                expected = (keyId, now);
                until = default;
            }
        }
    }

    // Whoever asks first waits for the answer; nobody else waits behind a question that failed the last time.
    private Task? Question()
    {
        lock (gate)
        {
            return Now < until ? null
                : asking == null ? asking = AskAsync()
                : hasFailed ? null
                : asking;
        }
    }

    private async Task AskAsync()
    {
        await Task.Yield(); // the gate is left before the answer may come
        KeysAnswer answer = new(null, TellsNothing: true);
        try
        {
            answer = await dataverse.PublicKeysAsync();
        }
        finally
        {
            lock (gate)
            {
                var now = Now;
                hasFailed = answer.Keys == null;
                kept = answer.Keys is { } keys ? Entry.Of(keys, IsPem, now) : answer.TellsNothing ? kept : null;
                until = now + TimeSpan.FromSeconds(hasFailed ? RetryAfter : Lifetime);
                asking = null;
            }
        }
    }

    private sealed record Entry(
        PublishedKeys? Shown, PublishedKeys? Jwks, string KeySet, string? SigningKeyId, TimeSpan ReadAt)
    {
        public static Entry Of(JsonObject keys, bool isPem, TimeSpan now)
        {
            var keySet = ChatAuthDataverse.Text(keys, "KeySet")!;
            return new Entry(
                isPem ? PublishedKeys.Of(ChatAuthDataverse.Text(keys, "Pem"), "text/plain")
                    : PublishedKeys.Of(keySet, "application/json"),
                PublishedKeys.Of(ChatAuthDataverse.Text(keys, "Jwks"), "application/json"),
                keySet,
                ChatAuthDataverse.Text(keys, "SigningKeyId"),
                now);
        }
    }
}
