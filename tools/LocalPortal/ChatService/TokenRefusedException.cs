using System;

namespace ChatAuth.LocalPortal.ChatService;

/// <summary>The chat service does not take a token.</summary>
/// <param name="code">One word for the reason: format, algorithm, no-kid, unknown-kid, keys, signature, expired,
/// not-yet, issuer, claims, subject, context, visitor.</param>
/// <param name="reason">The reason in plain words.</param>
internal sealed class TokenRefusedException(string code, string reason) : Exception(reason)
{
    /// <summary>One word for the reason.</summary>
    public string Code => code;
}
