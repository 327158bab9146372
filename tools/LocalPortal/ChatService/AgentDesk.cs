using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;

namespace ChatAuth.LocalPortal.ChatService;

/// <summary>The contact that pops at the desk.</summary>
/// <param name="Id">Id of the contact.</param>
/// <param name="Name">Full name; empty when the contact is not linked.</param>
/// <param name="Email">Or null.</param>
/// <param name="Telephone">Or null.</param>
/// <param name="IsLinked">Whether the conversation is linked to the contact.</param>
/// <param name="Note">Why not, otherwise null.</param>
internal sealed record ContactCard(Guid Id, string Name, string? Email, string? Telephone, bool IsLinked, string? Note);

/// <summary>The agent's desk: reads contacts as the agent, in Dataverse, over HTTP.</summary>
/// <remarks>
/// Facts 7: the record must be active with the standard status reason; otherwise Omnichannel does not link it, and says
/// so to nobody.
/// </remarks>
/// <param name="dataverse">The environment, as the agent.</param>
/// <param name="widget">Name of the chat widget, which names the workstream; null for Live Assist, which reads no
/// context variables.</param>
internal sealed class AgentDesk(WebApi dataverse, string? widget)
{
    private const int Active = 0;
    private const int StandardReason = 1;

    /// <summary>The contact of a token that was accepted.</summary>
    /// <param name="contactId">Its id, the token's sub.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task<ContactCard> FindAsync(Guid contactId, CancellationToken cancellation)
    {
        var row = await dataverse.FindAsync(
            "contacts?$select=fullname,emailaddress1,telephone1,statecode,statuscode"
                + $"&$filter=contactid eq {contactId:D}",
            cancellation);
        return row == null
            ? NotLinked(contactId, "Not linked: there is no such contact. Omnichannel would not say so.")
            : row["statecode"]!.GetValue<int>() != Active || row["statuscode"]!.GetValue<int>() != StandardReason
            ? NotLinked(contactId, "Not linked: the contact is inactive. Omnichannel would not say so.")
            : new ContactCard(
                contactId,
                row["fullname"]?.GetValue<string>() ?? string.Empty,
                row["emailaddress1"]?.GetValue<string>(),
                row["telephone1"]?.GetValue<string>(),
                IsLinked: true,
                Note: null);
    }

    /// <summary>The variables of a token that the widget's workstream defines.</summary>
    /// <remarks>Facts 7: Omnichannel drops every other name, and says so to nobody; upper and lower case
    /// differ.</remarks>
    /// <param name="variables">Those of a token that was accepted.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>> DefinedAsync(
        IReadOnlyList<KeyValuePair<string, string>> variables, CancellationToken cancellation)
    {
        var workstream = widget == null ? null : await Workstream.ReadAsync(dataverse, widget, cancellation);
        return [.. variables.Where(variable => workstream?.Variables.Contains(variable.Key) == true)];
    }

    private static ContactCard NotLinked(Guid contactId, string note) =>
        new(contactId, string.Empty, null, null, IsLinked: false, note);
}
