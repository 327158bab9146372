using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;

namespace ChatAuth.LocalPortal.ChatService;

/// <summary>The chat service of one portal: a token with every request, checked every time.</summary>
/// <param name="check">Checks tokens.</param>
/// <param name="agent">The desk where conversations arrive.</param>
internal sealed class ChatChannel(TokenCheck check, AgentDesk agent)
{
    // Conversations of people who left; the oldest are not told from others, so all go.
    private const int MostConversations = 500;

    private readonly ConcurrentDictionary<Guid, Conversation> conversations = new();

    /// <summary>Opens a conversation.</summary>
    /// <param name="token">The visitor's.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>What the desk shows, a refusal included.</returns>
    public async Task<DeskView> OpenAsync(string token, CancellationToken cancellation)
    {
        try
        {
            var accepted = await AcceptAsync(token, cancellation);
            if (conversations.Count >= MostConversations)
            {
                conversations.Clear();
            }

            Conversation conversation = new(Guid.NewGuid(), accepted);
            conversations[conversation.Id] = conversation;
            var contact = await agent.FindAsync(accepted.ContactId, cancellation);

            // Isolated (Unicode UAX 9): a name that turns the direction of writing turns its own only.
            conversation.Add(
                "agent",
                contact.IsLinked
                    ? $"Hello \u2068{contact.Name}\u2069, your record is in front of me. How can I help?"
                    : "Hello, how can I help?");
            return DeskView.Of(token, check.KeySource, accepted, contact, conversation);
        }
        catch (TokenRefusedException refusal)
        {
            return DeskView.Of(token, check.KeySource, refusal);
        }
    }

    /// <summary>Takes a message.</summary>
    /// <param name="id">The conversation.</param>
    /// <param name="token">The visitor's.</param>
    /// <param name="text">The message.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>What the desk shows, a refusal included; null when there is no such conversation.</returns>
    public Task<DeskView?> SendAsync(Guid id, string token, string text, CancellationToken cancellation) =>
        ContinueAsync(
            id,
            token,
            "the old one had run out",
            conversation =>
            {
                conversation.Add("visitor", text);
                conversation.Add("agent", "Thank you. I am looking into it.");
            },
            cancellation);

    /// <summary>Goes on with a conversation after the visitor's page was loaded again.</summary>
    /// <param name="id">The conversation.</param>
    /// <param name="token">The visitor's.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>What the desk shows, a refusal included; null when there is no such conversation.</returns>
    public Task<DeskView?> ReconnectAsync(Guid id, string token, CancellationToken cancellation) =>
        ContinueAsync(id, token, "the page was loaded again", _ => { }, cancellation);

    private async Task<CheckedToken> AcceptAsync(string token, CancellationToken cancellation)
    {
        var accepted = await check.CheckAsync(token, cancellation);
        return accepted with { Variables = await agent.DefinedAsync(accepted.Variables, cancellation) };
    }

    private async Task<DeskView?> ContinueAsync(
        Guid id, string token, string why, Action<Conversation> add, CancellationToken cancellation)
    {
        if (!conversations.TryGetValue(id, out var conversation))
        {
            return null;
        }

        try
        {
            var accepted = await AcceptAsync(token, cancellation);
            conversation.Continue(accepted, why);
            add(conversation);
            return DeskView.Of(
                token, check.KeySource, accepted, await agent.FindAsync(accepted.ContactId, cancellation),
                conversation);
        }
        catch (TokenRefusedException refusal)
        {
            return DeskView.Of(token, check.KeySource, refusal);
        }
    }
}
