using System;
using System.Collections.Generic;

namespace ChatAuth.Plugins.Platform;

/// <summary>Tells who calls.</summary>
internal static class Callers
{
    /// <summary>The caller's entry.</summary>
    /// <exception cref="ChatAuthException">1002 the caller is not listed, 1003 the call is made on behalf of another
    /// user.</exception>
    internal static T Find<T>(this Dictionary<Guid, T> entries, StepContext context)
    {
        var execution = context.Execution;

        // Ensure the caller is itself: whoever may impersonate a listed application user is not that portal
        if (execution.AuthenticatedUserId != Guid.Empty && execution.AuthenticatedUserId != execution.InitiatingUserId)
        {
            throw Errors.CallByImpersonation();
        }

        var application = execution.InitiatingUserApplicationId;
        if ((application != Guid.Empty || execution.IsPortalsClientCall)
            && entries.TryGetValue(application, out var entry))
        {
            return entry;
        }

        throw Errors.CallerNotListed(application != Guid.Empty ? "application " + application.ToString("D")
            : execution.IsPortalsClientCall ? "a Power Pages site without application id"
            : "a user without application id");
    }
}
