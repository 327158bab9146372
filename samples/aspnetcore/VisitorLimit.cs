using System;
using System.Threading.RateLimiting;

namespace ChatAuth.AspNetCore;

/// <summary>How often each visitor may ask.</summary>
/// <remarks>
/// By visitor, not by address: whole offices share one. One limiter a process; anonymous visitors never come so far.
/// </remarks>
/// <param name="options">How many tokens a minute.</param>
internal sealed class VisitorLimit(ChatAuthOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<ChatVisitor> limiter =
        PartitionedRateLimiter.Create<ChatVisitor, ChatVisitor>(visitor =>
            RateLimitPartition.GetFixedWindowLimiter(visitor, _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = options.TokensPerMinute,
                Window = TimeSpan.FromMinutes(1),
            }));

    /// <summary>Counts one request.</summary>
    /// <param name="visitor">Who asks.</param>
    /// <param name="wait">Seconds to wait, for Retry-After.</param>
    /// <returns>Whether the visitor may have the token.</returns>
    public bool Allows(ChatVisitor visitor, out int wait)
    {
        using var lease = limiter.AttemptAcquire(visitor);
        wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after)
            ? (int)Math.Ceiling(after.TotalSeconds)
            : 60;
        return lease.IsAcquired;
    }

    /// <inheritdoc/>
    public void Dispose() => limiter.Dispose();
}
