using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace ChatAuth.LocalPortal.ChatService;

/// <summary>One line of a conversation.</summary>
/// <param name="From">visitor, agent or note.</param>
/// <param name="Text">What was said.</param>
internal sealed record ChatLine(string From, string Text);

/// <summary>A conversation between a visitor and the agent.</summary>
/// <param name="id">Its id.</param>
/// <param name="opened">What the token it was opened with says.</param>
internal sealed class Conversation(Guid id, CheckedToken opened)
{
    // Enough for a person at a demonstration, and a bound for everyone else.
    private const int MostLines = 200;

    private readonly Lock guard = new();
    private readonly List<ChatLine> lines = [];
    private CheckedToken token = opened;

    /// <summary>Its id.</summary>
    public Guid Id => id;

    /// <summary>Its visitor's contact.</summary>
    public Guid ContactId { get; } = opened.ContactId;

    /// <summary>The lines, the oldest first.</summary>
    public IReadOnlyList<ChatLine> Lines
    {
        get
        {
            lock (guard)
            {
                return [.. lines];
            }
        }
    }

    /// <summary>Adds a line; the oldest goes when there are too many.</summary>
    public void Add(string from, string text)
    {
        lock (guard)
        {
            lines.Add(new ChatLine(from, text));
            lines.RemoveRange(0, Math.Max(0, lines.Count - MostLines));
        }
    }

    /// <summary>Takes the token of the next request, and notes where it differs from the one before.</summary>
    /// <param name="next">What it says.</param>
    /// <param name="why">Why it would be another one by the same key, as the end of a sentence.</param>
    /// <exception cref="TokenRefusedException">visitor: it is somebody else's.</exception>
    public void Continue(CheckedToken next, string why)
    {
        if (next.ContactId != ContactId)
        {
            throw new TokenRefusedException(
                "visitor", "The token belongs to another visitor than the one who opened this conversation.");
        }

        CheckedToken before;
        lock (guard)
        {
            (before, token) = (token, next);
        }

        if (before.KeyId != next.KeyId)
        {
            Add("note", "New token, signed by the new key. The conversation went on.");
        }
        else if (before.TokenId != next.TokenId)
        {
            Add("note", $"New token, since {why}. The conversation went on.");
        }
    }
}
