using System;
using System.Collections.Generic;

namespace ChatAuth.LocalPortal.ChatService;

/// <summary>What the agent's desk shows of one request.</summary>
/// <param name="Conversation">The conversation; null when none was opened.</param>
/// <param name="Refusal">Why the token was refused; null when it was not.</param>
/// <param name="Contact">The visitor's contact; null with a refusal.</param>
/// <param name="Context">The context variables.</param>
/// <param name="Token">The token, taken apart; null when it cannot be read.</param>
/// <param name="Lines">The conversation so far.</param>
internal sealed record DeskView(
    Guid? Conversation,
    Refusal? Refusal,
    ContactCard? Contact,
    IReadOnlyList<KeyValuePair<string, string>> Context,
    InspectedToken? Token,
    IReadOnlyList<ChatLine> Lines)
{
    /// <summary>Of a request that was accepted.</summary>
    /// <param name="token">The token, a compact JWS.</param>
    /// <param name="keySource">Where the chat service found the key.</param>
    /// <param name="accepted">What the token says.</param>
    /// <param name="contact">The visitor's contact.</param>
    /// <param name="conversation">The conversation.</param>
    public static DeskView Of(
        string token, string keySource, CheckedToken accepted, ContactCard contact, Conversation conversation) => new(
        conversation.Id,
        Refusal: null,
        contact,
        accepted.Variables,
        TokenInspector.Inspect(
            token, isVerified: true, $"The chat service, just now, with the key that {keySource} shows"),
        conversation.Lines);

    /// <summary>Of a request that was refused.</summary>
    /// <param name="token">What came as the token.</param>
    /// <param name="keySource">Where the chat service looks for keys.</param>
    /// <param name="refusal">Why it was refused.</param>
    public static DeskView Of(string token, string keySource, TokenRefusedException refusal) => new(
        Conversation: null,
        new Refusal(refusal.Code, refusal.Message),
        Contact: null,
        Context: [],
        TokenInspector.Inspect(
            token, isVerified: false, $"Nobody. The chat service refused it, with the keys of {keySource}"),
        Lines: []);
}

/// <summary>A refusal.</summary>
/// <param name="Code">One word.</param>
/// <param name="Reason">Plain words.</param>
internal sealed record Refusal(string Code, string Reason);
