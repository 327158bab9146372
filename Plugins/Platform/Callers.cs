using System;
using System.Collections.Generic;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Plugins.Platform;

/// <summary>Tells who calls.</summary>
internal static class Callers
{
    /// <summary>Seconds beyond which an entry for a moment counts for nobody: deploy has not written it.</summary>
    internal const int LongestMoment = 3600;

    /// <summary>The caller's entry.</summary>
    /// <param name="entries">By application id, or by system user id for a moment.</param>
    /// <param name="context">The call.</param>
    /// <param name="ruleOf">How an entry says who the visitor is.</param>
    /// <param name="now">NumericDate.</param>
    /// <exception cref="ChatAuthException">1002 the caller is not listed, 1003 the call is made on behalf of another
    /// user.</exception>
    internal static T Find<T>(
        this Dictionary<Guid, T> entries, StepContext context, Func<T, ContactRule> ruleOf, long now)
        where T : class
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

        return entries.FindForAMoment(context, ruleOf, now) ?? throw NotListed(execution);
    }

    // An entry for a moment serves its very user alone, in person, for its one contact.
    private static T? FindForAMoment<T>(
        this Dictionary<Guid, T> entries, StepContext context, Func<T, ContactRule> ruleOf, long now)
        where T : class
    {
        var execution = context.Execution;
        return !execution.IsPortalsClientCall && execution.Depth == 1
            && execution.UserId == execution.InitiatingUserId
            && entries.TryGetValue(execution.InitiatingUserId, out var entry)
            && ruleOf(entry) is { Kind: ContactRuleKind.Only } rule
            && now < rule.Until && rule.Until <= now + LongestMoment
            && context.ReadGuid(CustomApi.ContactId) == rule.Contact
            ? entry
            : null;
    }

    private static ChatAuthException NotListed(IPluginExecutionContext2 execution)
    {
        var application = execution.InitiatingUserApplicationId;
        return Errors.CallerNotListed(application != Guid.Empty ? "application " + application.ToString("D")
            : execution.IsPortalsClientCall ? "a Power Pages site without application id"
            : "a user without application id");
    }
}
