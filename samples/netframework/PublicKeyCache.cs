using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace ChatAuth.NetFramework;

/// <summary>Keeps the public keys for five minutes, so that an anonymous address costs Dataverse nothing.</summary>
/// <remarks>
/// One question for all who wait, and none for seconds after one that failed. A set without keys is an answer, as after
/// a revocation, and is shown. The last good keys outlive what tells nothing of the keys (silence, 429, 5xx without a
/// code) for an hour at most; any other answer ends them. The five minutes end early when this portal hands out a token
/// of a key that is not in them: a token is never out before its key.
/// </remarks>
internal sealed class PublicKeyCache
{
    /// <summary>Seconds for which a failure is remembered, for Retry-After.</summary>
    public const int RetryAfter = 5;

    private const int Lifetime = 300;
    private static readonly TimeSpan LongestSilence = TimeSpan.FromHours(1);

    private readonly object gate = new object();
    private readonly ChatAuthSite site;
    private DataverseAnswer? kept;
    private TimeSpan readAt;
    private TimeSpan until;
    private bool hasFailed;
    private Task? asking;
    private string? expected;
    private TimeSpan expectedAt;

    /// <summary>The cache of a portal.</summary>
    /// <param name="site">Asks Dataverse, and has the clock.</param>
    public PublicKeyCache(ChatAuthSite site) => this.site = site;

    /// <summary>Reads the keys from Dataverse where it is time.</summary>
    public Task RefreshAsync()
    {
        lock (gate)
        {
            // Whoever asks first waits for the answer; nobody else waits behind a question that failed the last time.
            return site.Elapsed() >= until && (asking == null || !hasFailed)
                ? asking = asking ?? Task.Run(AskAsync)
                : Task.CompletedTask;
        }
    }

    /// <summary>A form of the keys, as they were read the last time.</summary>
    /// <param name="property">The response property.</param>
    /// <param name="maxAge">For how many seconds caches may keep it.</param>
    /// <returns>Null where there are none.</returns>
    public string? Get(string property, out int maxAge)
    {
        lock (gate)
        {
            maxAge = hasFailed ? RetryAfter : Lifetime;
            var text = site.Elapsed() - readAt < LongestSilence ? kept?.Text(property) : null;
            return string.IsNullOrEmpty(text) ? null : text;
        }
    }

    /// <summary>Told of the key that signed a token: what does not hold it is read again.</summary>
    /// <param name="keyId">The key's kid.</param>
    public void Expect(string keyId)
    {
        lock (gate)
        {
            var isThere = site.ShowsPem
                ? kept?.Text("SigningKeyId") == keyId
                : kept?.Text("KeySet")?.Contains('"' + keyId + '"') == true;
            var isToldAgain = expected == keyId && site.Elapsed() - expectedAt < TimeSpan.FromSeconds(RetryAfter);
            if (!isThere && !hasFailed && !isToldAgain)
            {
                expected = keyId;
                expectedAt = site.Elapsed();
                until = default;
            }
        }
    }

    private async Task AskAsync()
    {
        const string Message = "chatauth_GetPublicKeys";
        var answer = await site.Users.AskAsync(Message, new Dictionary<string, object>());
        lock (gate)
        {
            hasFailed = answer.Status != 200 || string.IsNullOrEmpty(answer.Text("KeySet"));
            if (!hasFailed)
            {
                kept = answer;
                readAt = site.Elapsed();
            }
            else if ((answer.Status != 429 && answer.Status < 500) || ChatAuthSite.CodedMessage(answer) != null)
            {
                kept = null;
            }

            if (hasFailed && answer.Status == 200)
            {
                object? keys = null;
                answer.Properties?.TryGetValue("KeySet", out keys);
                var isNoStep = answer.Properties != null && keys == null;
                site.Tell(Message, 200, isNoStep ? ChatAuthSite.NoStep : "an answer without keys.");
            }

            until = site.Elapsed() + TimeSpan.FromSeconds(hasFailed ? RetryAfter : Lifetime);
            asking = null;
        }
    }
}
