using System;
using System.Collections.Generic;
using System.Text.Json.Nodes;
using ChatAuth.LocalPortal.ChatService;

namespace ChatAuth.LocalPortal.Desk;

/// <summary>What the agent's desk shows of one request.</summary>
/// <param name="Conversation">The conversation; null when none was opened.</param>
/// <param name="Refusal">Why the token was refused; null when it was not.</param>
/// <param name="Contact">The visitor's contact; null with a refusal.</param>
/// <param name="Context">The context variables.</param>
/// <param name="Token">The token, taken apart; null when it cannot be read.</param>
/// <param name="Lines">The conversation so far.</param>
internal sealed record DeskView(
    Guid? Conversation, Refusal? Refusal, ContactCard? Contact, IReadOnlyList<KeyValuePair<string, string>> Context,
    InspectedToken? Token, IReadOnlyList<ChatLine> Lines)
{
    /// <summary>Of a request that was accepted.</summary>
    public static DeskView Of(
        string token, Uri keyUrl, CheckedToken accepted, ContactCard contact, Conversation conversation) => new(
        conversation.Id, null, contact, accepted.Variables, TokenInspector.Inspect(token, isVerified: true,
            $"The chat service, just now, with the key that {keyUrl} shows."), conversation.Lines);

    /// <summary>Of a request that was refused.</summary>
    public static DeskView Of(string token, Uri keyUrl, TokenRefusedException refusal) => new(
        null, new Refusal(refusal.Code, refusal.Message), null, [], TokenInspector.Inspect(
            token, isVerified: false, $"Nobody. The chat service refused it, with the keys of {keyUrl}."), []);
}

/// <summary>A refusal.</summary>
/// <param name="Code">One word.</param>
/// <param name="Reason">Plain words.</param>
internal sealed record Refusal(string Code, string Reason);

/// <summary>The contact that pops at the desk.</summary>
/// <param name="Id">Id of the contact.</param>
/// <param name="Name">Full name; empty when the contact is not linked.</param>
/// <param name="Email">Or null.</param>
/// <param name="Telephone">Or null.</param>
/// <param name="IsLinked">Whether the conversation is linked to the contact.</param>
/// <param name="Note">Why not, otherwise null.</param>
internal sealed record ContactCard(Guid Id, string Name, string? Email, string? Telephone, bool IsLinked, string? Note);

/// <summary>A token, taken apart.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Payload">Its claims.</param>
/// <param name="Claims">Each claim in plain words.</param>
/// <param name="ExpiresAt">exp as NumericDate; null when there is none.</param>
/// <param name="SignedBy">Which key signed it, as it says.</param>
/// <param name="VerifiedBy">Who verified that, and with what.</param>
internal sealed record InspectedToken(
    JsonObject Header, JsonObject Payload, IReadOnlyList<ExplainedClaim> Claims, long? ExpiresAt, string SignedBy,
    string VerifiedBy);

/// <summary>A claim.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; dates in UTC.</param>
/// <param name="Meaning">What it means.</param>
internal sealed record ExplainedClaim(string Name, string Value, string Meaning);
