using System;
using ChatAuth.Plugins.Claims;
using ChatAuth.Plugins.Jose;
using ChatAuth.Plugins.Platform;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Plugins;

/// <summary>
/// Step of <c>chatauth_GetPublicKeys</c>: returns the public halves of all keys that are neither expired nor
/// revoked, in three formats.
/// </summary>
/// <remarks>
/// Synchronous, PostOperation, on the same secure configuration as <see cref="IssueChatToken"/>. Needs no privilege.
/// Keys that are revoked, by the set or by the step's own configuration, are left out: what unpublishes a stolen key
/// must not fail because of it.
/// </remarks>
public sealed class GetPublicKeys : IPlugin
{
    private readonly Parsed<JwkSet> keys;
    private readonly Func<DateTime> utcNow;

    /// <summary>What the platform calls once for each step.</summary>
    /// <param name="unsecureConfiguration">Further keys that are revoked, JSON; may be empty.</param>
    /// <param name="secureConfiguration">The keys, a JWK set.</param>
    public GetPublicKeys(string unsecureConfiguration, string secureConfiguration)
        : this(unsecureConfiguration, secureConfiguration, SystemClock.UtcNow)
    {
    }

    /// <summary>The same on another clock: LocalDataverse and tests move time.</summary>
    internal GetPublicKeys(string unsecureConfiguration, string secureConfiguration, Func<DateTime> utcNow)
    {
        keys = new Parsed<JwkSet>(
            () => JwkSet.Parse(secureConfiguration).WithRevoked(JwkSet.ParseRevoked(unsecureConfiguration)));
        this.utcNow = utcNow;
    }

    /// <inheritdoc/>
    public void Execute(IServiceProvider serviceProvider) =>
        Step.Run(CustomApi.GetPublicKeys, serviceProvider, Publish);

    private void Publish(StepContext context)
    {
        var now = NumericDate.From(utcNow());
        var set = keys.Value;
        set.EnsureOrganization(context.Execution.OrganizationId);
        var published = set.PublishedAt(now);

        // Before the first key is activated nothing signs: Pem and SigningKeyId are empty then.
        var signing = set.SigningKeyAt(now);
        context.Write("KeySet", PublicKeyFormats.KeySet(published));
        context.Write("Jwks", PublicKeyFormats.Jwks(published));
        context.Write("Pem", signing == null ? string.Empty : PublicKeyFormats.Pem(signing));
        context.Write("SigningKeyId", signing?.KeyId ?? string.Empty);
    }
}
