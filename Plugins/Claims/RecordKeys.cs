using System;
using System.Collections.Generic;

namespace ChatAuth.Plugins.Claims;

/// <summary>The names by which Omnichannel itself links records ("Automatically identify customers").</summary>
internal static class RecordKeys
{
    private static readonly HashSet<string> Names = new HashSet<string>(StringComparer.Ordinal)
    {
        "portalcontactid", "name", "email", "phone", "casenumber",
    };

    /// <summary>The one that a variable's name is, however it is written; or null.</summary>
    /// <param name="name">The variable's name, without half a character in it.</param>
    internal static string? Find(string name)
    {
        var folded = CompatibleLetters.Fold(name).Trim();
        return Names.Contains(folded) ? folded : null;
    }
}
