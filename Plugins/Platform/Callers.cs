using System;
using System.Collections.Generic;

namespace ChatAuth.Plugins.Platform;

/// <summary>Tells who calls.</summary>
internal static class Callers
{
    // An entry for a moment that lies further ahead was not written by deploy, and counts for nobody.
    private const int LongestMoment = 3600;

    /// <summary>The caller's entry.</summary>
    /// <param name="entries">By application id, or by system user id for a moment.</param>
    /// <param name="context">The call.</param>
    /// <param name="ruleOf">How an entry says who the visitor is.</param>
    /// <param name="now">NumericDate.</param>
    /// <exception cref="ChatAuthException">1002 the caller is not listed, 1003 the call is made on behalf of another
    /// user.</exception>
    internal static T Find<T>(
        this Dictionary<Guid, T> entries, StepContext context, Func<T, ContactRule> ruleOf, long now)
    {
        var execution = context.Execution;

        // Ensure the caller is itself: whoever may impersonate a listed application user is not that portal
        if (execution.AuthenticatedUserId != Guid.Empty && execution.AuthenticatedUserId != execution.InitiatingUserId)
        {
            throw Errors.CallByImpersonation();
        }

        var application = execution.InitiatingUserApplicationId;
        if ((application != Guid.Empty || execution.IsPortalsClientCall)
            && entries.TryGetValue(application, out var entry) && ruleOf(entry).Kind != ContactRuleKind.Only)
        {
            return entry;
        }

        // Ensure that an entry for a moment serves its very user alone, in person, for its one contact
        if (!execution.IsPortalsClientCall && execution.Depth == 1
            && execution.UserId == execution.InitiatingUserId
            && entries.TryGetValue(execution.InitiatingUserId, out entry)
            && ruleOf(entry) is { Kind: ContactRuleKind.Only } rule
            && now < rule.Until && rule.Until <= now + LongestMoment
            && context.ReadGuid(CustomApi.ContactId) == rule.Contact)
        {
            return entry;
        }

        throw Errors.CallerNotListed(application != Guid.Empty ? "application " + application.ToString("D")
            : execution.IsPortalsClientCall ? "a Power Pages site without application id"
            : "a user without application id");
    }
}
