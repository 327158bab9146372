using System;
using System.Threading;
using System.Threading.Tasks;
using Azure.Core;

namespace ChatAuth.LocalPortal.Stack;

/// <summary>The bearer token of a LocalDataverse user, where a real portal signs in to Entra.</summary>
/// <param name="token">The token; it never expires.</param>
internal sealed class StaticCredential(string token) : TokenCredential
{
    /// <inheritdoc/>
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(token, DateTimeOffset.MaxValue);

    /// <inheritdoc/>
    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext,
        CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
}
