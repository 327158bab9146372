using System;
using System.Collections.Generic;
using System.Linq;
using ChatAuth.LocalDataverse.Security;

namespace ChatAuth.Load;

/// <summary>A portal that asks for tokens, with an issuer and contacts that no other one has.</summary>
/// <param name="Users">Its application users, one at least.</param>
/// <param name="Issuer">What its entry in "callers" makes of <c>iss</c>.</param>
/// <param name="Contacts">Its visitors.</param>
internal sealed record Portal(IReadOnlyList<LocalUser> Users, string Issuer, IReadOnlyList<Visitor> Contacts)
{
    /// <summary>The one that asks where there is one only.</summary>
    public LocalUser User => Users.Single();
}

/// <summary>A contact and what its row says.</summary>
internal sealed record Visitor(Guid ContactId, string FirstName, string LastName, string Email);

/// <summary>One question, as no other is asked.</summary>
/// <param name="Portal">Who asks.</param>
/// <param name="Visitor">For whom.</param>
/// <param name="Number">Unique in a run; travels as a request variable.</param>
internal sealed record Ask(Portal Portal, Visitor Visitor, int Number)
{
    /// <summary>The parameter ContextVariables.</summary>
    public string ContextVariables => FormattableString.Invariant($$"""{"page":"{{Page}}","ask":{{Number}}}""");

    /// <summary>The request variable page.</summary>
    public string Page => FormattableString.Invariant($"https://{Portal.Issuer}/{Visitor.ContactId:N}?ask={Number}");
}

/// <summary>What chatauth_IssueChatToken answered.</summary>
internal sealed record Issued(string Token, DateTime ExpiresAt, string KeyId, Guid ContactId);
