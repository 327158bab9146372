using System;
using System.Collections.Generic;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace ChatAuth.AspNetCore;

/// <summary>Tells the portal's log why there was no token, or no keys: each kind once a minute.</summary>
/// <remarks>Nothing of a request stands there: whoever asks does not write this log.</remarks>
/// <param name="clock">Ends the minute.</param>
/// <param name="log">The portal's.</param>
internal sealed class FailureLog(TimeProvider clock, ILogger<FailureLog> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    // Not by attribute: what that generates for two classes stands in an order that goes by where the sources lie.
    private static readonly Action<ILogger, string, string, string, Exception?> LogFailure =
        LoggerMessage.Define<string, string, string>(
            LogLevel.Error, new EventId(1, nameof(LogFailure)), "{Api} failed, {Status}: {Reason}");

    private static readonly Action<ILogger, string, string, Exception?> LogRefusal =
        LoggerMessage.Define<string, string>(
            LogLevel.Warning, new EventId(2, nameof(LogRefusal)), "{Route} refused: {Reason}");

    private readonly object gate = new();
    private readonly Dictionary<string, TimeSpan> toldAt = new(StringComparer.Ordinal);

    /// <summary>Tells one, unless its kind was told within the last minute.</summary>
    /// <param name="api">The custom API that was called.</param>
    /// <param name="status">What Dataverse answered; null where it did not.</param>
    /// <param name="reason">Fact and remedy, without personal data.</param>
    /// <param name="kind">What counts as the same; the reason unless given.</param>
    public void Tell(string api, int? status, string reason, string? kind = null)
    {
        var told = status is { } number ? "status " + number.ToString(CultureInfo.InvariantCulture) : "no status";
        if (IsDue($"{api} {told} {kind ?? reason}"))
        {
            LogFailure(log, api, told, reason, null);
        }
    }

    /// <summary>Tells that the portal itself refused a request, unless it told so within the last minute.</summary>
    /// <param name="route">Method and route, without the prefix.</param>
    /// <param name="reason">Fact and remedy; it is the kind too, so that there are few.</param>
    public void TellRefusal(string route, string reason)
    {
        if (IsDue($"{route} {reason}"))
        {
            LogRefusal(log, route, reason, null);
        }
    }

    private bool IsDue(string kind)
    {
        lock (gate)
        {
            var now = clock.GetElapsedTime(0);
            if (toldAt.TryGetValue(kind, out var last) && now - last < Pause)
            {
                return false;
            }

            toldAt[kind] = now;
            return true;
        }
    }
}
