using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Azure.Core;
using Microsoft.Extensions.Logging;

namespace ChatAuth.AspNetCore;

/// <summary>One of the portal's application users.</summary>
/// <param name="credential">Signs it in.</param>
/// <param name="number">Its place in the options, from 1.</param>
internal sealed class ApplicationUser(TokenCredential credential, int number)
{
    /// <summary>Signs it in.</summary>
    public TokenCredential Credential => credential;

    /// <summary>Its place in the options, from 1: how the log names it.</summary>
    public int Number => number;

    /// <summary>Until when Dataverse limits it, by the clock that nobody sets.</summary>
    public TimeSpan LimitedUntil { get; set; }

    /// <summary>Until when others are asked first, by the same; null while it is not refused.</summary>
    public TimeSpan? RefusedUntil { get; set; }
}

/// <summary>The portal's application users: whose turn it is, and who is out.</summary>
/// <remarks>
/// Dataverse limits each user by itself, and one that asks on while it is limited waits the longer (Microsoft Learn,
/// service protection API limits): it is out until its Retry-After. One that cannot sign in or is refused is out for a
/// minute; where nobody else is left, one of these is asked all the same. Each process of a portal finds out by itself.
/// </remarks>
/// <param name="options">How they sign in.</param>
/// <param name="clock">Ends their being out.</param>
/// <param name="log">Told of each that goes out and comes back.</param>
internal sealed partial class ApplicationUsers(
    ChatAuthOptions options, TimeProvider clock, ILogger<ApplicationUsers> log)
{
    private static readonly TimeSpan RefusedFor = TimeSpan.FromMinutes(1);

    // Where no Retry-After says; and the limits look at five minutes, so that a longer wait is of no use.
    private static readonly TimeSpan UsualLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestLimit = TimeSpan.FromMinutes(5);

    private readonly object gate = new();
    private readonly ApplicationUser[] users =
        [.. options.UsedCredentials.Select((credential, index) => new ApplicationUser(credential, index + 1))];

    private int turn;

    private TimeSpan Now => clock.GetElapsedTime(0);

    /// <summary>How many there are.</summary>
    public int Count => users.Length;

    /// <summary>How many there are and are out, for <c>chatauth doctor</c>.</summary>
    public string State
    {
        get
        {
            lock (gate)
            {
                var (limited, refused) = (users.Count(IsLimited), users.Count(user => user.RefusedUntil != null));
                return FormattableString.Invariant($"all={users.Length}, limited={limited}, refused={refused}");
            }
        }
    }

    /// <summary>Seconds until the first of those that are limited may be asked; null while none is.</summary>
    public int? Wait
    {
        get
        {
            lock (gate)
            {
                return users.Where(IsLimited).MinBy(user => user.LimitedUntil) is { } first
                    ? (int)Math.Ceiling((first.LimitedUntil - Now).TotalSeconds)
                    : null;
            }
        }
    }

    /// <summary>Whom a call may ask next.</summary>
    /// <param name="asked">Whom it asked already.</param>
    /// <returns>Nobody who is limited, or was asked; null when nobody is left.</returns>
    public ApplicationUser? Next(IReadOnlyCollection<ApplicationUser> asked)
    {
        lock (gate)
        {
            var now = Now;
            for (var tried = 0; tried < users.Length; tried++)
            {
                var user = users[turn++ % users.Length];
                if (!IsLimited(user) && !(now < user.RefusedUntil) && !asked.Contains(user))
                {
                    return user;
                }
            }

            // One only: a call that is refused itself is not to be made as often as there are users.
            return asked.Any(user => user.RefusedUntil != null) ? null
                : users.Where(user => !IsLimited(user) && !asked.Contains(user)).MinBy(user => user.RefusedUntil);
        }
    }

    /// <summary>Dataverse limits a user: nobody asks as that user for as long as it says.</summary>
    /// <param name="user">Who asked.</param>
    /// <param name="retryAfter">What it says; null where it does not.</param>
    public void Limit(ApplicationUser user, TimeSpan? retryAfter)
    {
        var wait = retryAfter is not { } told ? UsualLimit : told < LongestLimit ? told : LongestLimit;
        lock (gate)
        {
            if (!IsLimited(user))
            {
                LogLimited(log, user.Number, users.Length, Math.Ceiling(wait.TotalSeconds));
            }

            user.LimitedUntil = Now + wait;
        }
    }

    /// <summary>A user cannot sign in, or Dataverse does not take it.</summary>
    /// <param name="user">Who asked.</param>
    /// <param name="reason">A code or a status.</param>
    public void Refuse(ApplicationUser user, string reason)
    {
        lock (gate)
        {
            var now = Now;
            if (!(now < user.RefusedUntil))
            {
                LogRefused(log, user.Number, users.Length, reason);
                user.RefusedUntil = now + RefusedFor;
            }
        }
    }

    /// <summary>A user was answered.</summary>
    /// <param name="user">Who asked.</param>
    public void Take(ApplicationUser user)
    {
        lock (gate)
        {
            if (user.RefusedUntil != null)
            {
                user.RefusedUntil = null;
                LogTaken(log, user.Number, users.Length);
            }
        }
    }

    private bool IsLimited(ApplicationUser user) => Now < user.LimitedUntil;

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Application user {Number} of {Count} is limited by Dataverse (429), and left out for {Seconds} s.")]
    private static partial void LogLimited(ILogger log, int number, int count, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Application user {Number} of {Count} is refused ({Reason}), and left out for a minute. Look at its secret in "
            + "Entra, at its user in Dataverse and at \"callers\" in chatauth.json.")]
    private static partial void LogRefused(ILogger log, int number, int count, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Application user {Number} of {Count} is taken again.")]
    private static partial void LogTaken(ILogger log, int number, int count);
}
