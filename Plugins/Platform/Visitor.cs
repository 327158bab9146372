using System;

namespace ChatAuth.Plugins.Platform;

/// <summary>Finds the contact of the visitor in whose name a portal calls.</summary>
internal static class Visitor
{
    // adx_username and the columns that hold user names are shorter; the bound is for the parameter, which is the
    // caller's.
    private const int MaximumUserNameLength = 500;

    /// <summary>Resolves the visitor by the caller's rule, with one query.</summary>
    /// <param name="context">The call.</param>
    /// <param name="rule">How the caller's entry says who the visitor is.</param>
    /// <param name="query">The query for a contact.</param>
    /// <returns>An active contact.</returns>
    /// <exception cref="ChatAuthException">1001, 1004 to 1011 the request; 1018 to 1020, 2010 the query.</exception>
    internal static ContactRow Resolve(StepContext context, ContactRule rule, ContactQuery query)
    {
        var contactId = context.ReadGuid(CustomApi.ContactId);
        var userName = context.ReadString(CustomApi.UserName);
        var signedIn = context.Execution.PortalsContactId;
        if (rule.Kind == ContactRuleKind.Context || rule.Kind == ContactRuleKind.Parameter
            || rule.Kind == ContactRuleKind.Only)
        {
            // Ensure one way of naming the visitor: two could name two
            if (userName != null)
            {
                throw Errors.ParameterNotTaken(CustomApi.UserName);
            }

            return query.ById(context.OrganizationService(), rule.Kind == ContactRuleKind.Context
                ? SignedIn(context, contactId)
                : Named(contactId, signedIn));
        }

        if (contactId != null)
        {
            throw Errors.ParameterNotTaken(CustomApi.ContactId);
        }

        if (userName == null)
        {
            throw Errors.UserNameMissing();
        }

        if (userName.Length > MaximumUserNameLength)
        {
            throw Errors.ParameterMalformed(CustomApi.UserName, "at most 500 characters long");
        }

        var contact = rule.Kind == ContactRuleKind.Column
            ? query.ByColumn(context.OrganizationService(), rule.Name, userName)
            : query.ByExternalIdentity(context.OrganizationService(), rule.Name, userName);
        EnsureSame(contact.Id, signedIn);
        return contact;
    }

    private static Guid SignedIn(StepContext context, Guid? contactId)
    {
        var signedIn = context.Execution.PortalsContactId;
        if (!context.Execution.IsPortalsClientCall || signedIn == Guid.Empty)
        {
            throw Errors.VisitorNotSignedIn();
        }

        EnsureSame(contactId ?? signedIn, signedIn);
        return signedIn;
    }

    private static Guid Named(Guid? contactId, Guid signedIn)
    {
        var named = contactId ?? throw Errors.ContactIdMissing();
        EnsureSame(named, signedIn);
        return named;
    }

    private static void EnsureSame(Guid contact, Guid signedIn)
    {
        if (signedIn != Guid.Empty && contact != signedIn)
        {
            throw Errors.ContactDiffers();
        }
    }
}
