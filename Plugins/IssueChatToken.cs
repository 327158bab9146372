using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using ChatAuth.Plugins.Claims;
using ChatAuth.Plugins.Jose;
using ChatAuth.Plugins.Json;
using ChatAuth.Plugins.Platform;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Plugins;

/// <summary>
/// Step of <c>chatauth_IssueChatToken</c>: resolves the contact of the visitor in whose name a listed portal calls and
/// returns a short-lived token that names it. One query, one signature, no state between calls.
/// </summary>
/// <remarks>
/// Synchronous, PostOperation. The unsecure configuration holds the settings, the secure one the keys. A fault in
/// either is told at each call, since the platform would hide what a constructor throws.
/// </remarks>
public sealed class IssueChatToken : IPlugin
{
    // The token travels in the HTTP header AuthenticatedUserToken; servers commonly end at 8 KB a header.
    private const int MaximumTokenLength = 8000;

    private readonly Parsed<Dictionary<Guid, Entry>> callers;
    private readonly Parsed<SigningKeys> keys;
    private readonly Func<DateTime> utcNow;
    private readonly Func<Guid> newTokenId;
    private readonly Action<StepContext> issue;
    private readonly CustomApi api;

    /// <summary>What the platform calls once for each step.</summary>
    /// <param name="unsecureConfiguration">The settings, JSON.</param>
    /// <param name="secureConfiguration">The keys, a JWK set.</param>
    public IssueChatToken(string unsecureConfiguration, string secureConfiguration)
        : this(unsecureConfiguration, secureConfiguration, SystemClock.UtcNow)
    {
    }

    /// <summary>The same on another clock: LocalDataverse and tests move time.</summary>
    internal IssueChatToken(string unsecureConfiguration, string secureConfiguration, Func<DateTime> utcNow)
        : this(unsecureConfiguration, secureConfiguration, utcNow, TokenId.Next, RsaImport.Import)
    {
    }

    /// <summary>
    /// The same with a known jti, as a golden token needs it, and another import of keys, as benchmarks need it.
    /// </summary>
    internal IssueChatToken(
        string unsecureConfiguration, string secureConfiguration, Func<DateTime> utcNow, Func<Guid> newTokenId,
        Func<RSAParameters, string, RSA> import)
    {
        callers = new Parsed<Dictionary<Guid, Entry>>(
            () => IssueSettings.Parse(unsecureConfiguration).ToDictionary(
                caller => caller.Key, caller => new Entry(caller.Value)));
        keys = new Parsed<SigningKeys>(
            () => new SigningKeys(JwkSet.Parse(secureConfiguration), import, NumericDate.From(utcNow())));
        this.utcNow = utcNow;
        this.newTokenId = newTokenId;
        issue = Issue;

        // The first visitor shall not wait for the contract to be made, nor for the random generator to start.
        api = CustomApi.IssueChatToken;
        newTokenId();
    }

    /// <inheritdoc/>
    public void Execute(IServiceProvider serviceProvider) => Step.Run(api, serviceProvider, issue);

    private void Issue(StepContext context)
    {
        // Everything that can refuse without Dataverse comes before the query: a refusal costs nothing.
        var now = NumericDate.From(utcNow());
        var entry = callers.Value.Find(context, RuleOf, now);
        var request = entry.Settings.ContextVariables.ParseRequest(context.ReadString(CustomApi.ContextVariables));
        var key = keys.Value.At(now, context.Execution.OrganizationId);

        var contact = Visitor.Resolve(context, entry.Rule, entry.Query);
        var claims = new ClaimsSet
        {
            Subject = contact.Id,
            IssuedAt = now,

            // A token never outlives its key: its public half may be gone by then.
            ExpiresAt = Math.Min(now + entry.Settings.LifetimeSeconds, key.ExpiresAt),
            TokenId = newTokenId().ToString("D"),
            Request = request,
        };
        var payload = claims.Write(entry.Settings, contact.Value);
        var length = CompactJws.Length(key, payload);
        if (length > MaximumTokenLength)
        {
            throw Errors.TokenTooLong(length);
        }

        context.Write("Token", CompactJws.Sign(key, payload));
        context.Write("ExpiresAt", NumericDate.ToDateTime(claims.ExpiresAt));
        context.Write("KeyId", key.KeyId);
        context.Write("ContactId", contact.Id);
        context.Trace(key.IssuedLine);
    }

    private static ContactRule RuleOf(Entry entry) => entry.Rule;

    // A caller's settings, with the one query that they ask for.
    private sealed class Entry
    {
        internal Entry(CallerSettings settings)
        {
            Rule = settings.Rule;
            Settings = settings.Token;
            Query = new ContactQuery(Settings.Columns);
        }

        internal ContactRule Rule { get; }

        internal TokenSettings Settings { get; }

        internal ContactQuery Query { get; }
    }
}
