using System;
using System.Collections.Generic;
using System.Globalization;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Platform;

/// <summary>The setting "callers": who may ask for tokens, and how each says who its visitor is.</summary>
/// <remarks>
/// The real fence: the Power Pages application user holds create, read and write on every table, so privileges restrain nothing
/// there (Microsoft Learn, power-pages admin/connectivity).
/// </remarks>
internal sealed class Callers<TEntry>
{
    // A portals call without application id: sites that still connect as SYSTEM.
    private const string PowerPages = "powerpages";

    private readonly Dictionary<Guid, TEntry> entries;

    private Callers(Dictionary<Guid, TEntry> entries)
    {
        this.entries = entries;
    }

    /// <summary>Reads the setting.</summary>
    /// <param name="callers">An object of application ids, or "powerpages", and entries.</param>
    /// <param name="knownMembers">Members an entry may have besides "contact".</param>
    /// <param name="parse">Makes an entry of its rule and its object.</param>
    /// <exception cref="ChatAuthException">2003 to 2005, and what <paramref name="parse"/> throws.</exception>
    internal static Callers<TEntry> Parse(JsonValue? callers, IEnumerable<string> knownMembers, Func<ContactRule, JsonValue, TEntry> parse)
    {
        if (callers == null)
        {
            throw Errors.SettingMissing("callers");
        }

        if (callers.Kind != JsonKind.Object || callers.Members.Count == 0)
        {
            throw Errors.SettingMalformed("callers", "an object with at least one caller");
        }

        var known = new HashSet<string>(knownMembers) { "contact" };
        var entries = new Dictionary<Guid, TEntry>();
        for (var i = 0; i < callers.Members.Count; i++)
        {
            var path = string.Format(CultureInfo.InvariantCulture, "callers[{0}]", i + 1);
            var isPowerPages = callers.Members[i].Key == PowerPages;
            var id = Guid.Empty;

            // Ensure an application id; the empty Guid is what the platform says of a caller that has none
            if (!isPowerPages && (!Guid.TryParseExact(callers.Members[i].Key, "D", out id) || id == Guid.Empty))
            {
                throw Errors.SettingMalformed(path, "named with an application id, or \"powerpages\"");
            }

            if (entries.ContainsKey(id))
            {
                throw Errors.SettingMalformed(path, "an application id that stands once");
            }

            var entry = callers.Members[i].Value;
            if (entry.Kind != JsonKind.Object)
            {
                throw Errors.SettingMalformed(path, "an object");
            }

            Settings.EnsureKnown(entry, known, path);
            var rule = ContactRule.Parse(entry["contact"], isPowerPages ? ContactRuleKind.Context : ContactRuleKind.Parameter, path + ".contact");
            entries.Add(id, parse(rule, entry));
        }

        return new Callers<TEntry>(entries);
    }

    /// <summary>The entry of the caller.</summary>
    /// <exception cref="ChatAuthException">1002 the caller is not listed, 1003 the call is made on behalf of another user.</exception>
    internal TEntry Find(StepContext context)
    {
        var execution = context.Execution;

        // Ensure the caller is itself: whoever may impersonate a listed application user is not that portal
        if (execution.AuthenticatedUserId != Guid.Empty && execution.AuthenticatedUserId != execution.InitiatingUserId)
        {
            throw Errors.CallByImpersonation();
        }

        var application = execution.InitiatingUserApplicationId;
        if ((application != Guid.Empty || execution.IsPortalsClientCall) && entries.TryGetValue(application, out var entry))
        {
            return entry;
        }

        throw Errors.CallerNotListed(application != Guid.Empty ? "application " + application.ToString("D")
            : execution.IsPortalsClientCall ? "a Power Pages site without application id" : "a user without application id");
    }
}
