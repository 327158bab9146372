using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace ChatAuth.Fuzz;

/// <summary>
/// Finds input in a message: any eight characters in a row that stand in both and in no text of the product.
/// </summary>
internal static partial class Repetition
{
    private const int Window = 8;

    // What the product's own messages say and a document may say too: names of members and their fixed values.
    private static readonly string[] Own =
    [
        "\"organization\"", "\"keys\"", "contextVariables", "ContextVariables", "tokenLifetimeSeconds",
        "authenticationSettings", "publicKeyUrl", "javaScriptFunction", "testContact",
        "one of {\"column\": \"name\"}, {\"column\": \"lookup:table.name\"}, {\"value\": constant} and {\"request\": "
            + "\"string\", \"number\" or \"boolean\"}",
        "\"context\", \"parameter\", {\"externalIdentity\": \"provider\"} or {\"column\": \"name\"}",
        "example {\"cart\":\"12\"}", "or \"powerpages\".", "chatauth.json", "callers.powerpages",
        "contact.", "callers[", "publish[", "keyset, jwks", "webfile",
        "2147483647", "253402300799", "\"publicKey\"", "publicKey ", "publickey.json", "audience", "solution",
        "callers.", "\"callers\"", ": callers is missing",
        "\"expiry\"", " \"portalcontactid\" ", " \"casenumber\" ", "headerSnippet",
        " \"total\" is", "Give its variable a value where",
        "signInUrl", "portals[", "the settings file", "The settings file", "contact.externalIdentity", "widgets[",
        "claims[", "callers.${CALLER}.",
        "callers.${CALLER} ", "\"unicode\": true beside \"request\", ", "contextVariables[", "authenticationSettings.",
    ];

    private static readonly ConcurrentDictionary<string, SearchValues<string>?> Windows = new();

    /// <summary>The piece that a message repeats; null when it repeats nothing.</summary>
    /// <param name="message">What was said.</param>
    /// <param name="input">What was read.</param>
    public static string? Of(string message, string input)
    {
        if (message.Length < Window || input.Length < Window)
        {
            return null;
        }

        // Messages differ in places and counts only: their windows are made once.
        SearchValues<string>? windows = Windows.GetOrAdd(ShortNumber().Replace(message, "\uffff"), WindowsOf);
        int at = windows == null ? -1 : input.AsSpan().IndexOfAny(windows);
        return at < 0 ? null : input.Substring(at, Window);
    }

    private static SearchValues<string>? WindowsOf(string message)
    {
        HashSet<string> windows = [
            .. Enumerable.Range(0, Math.Max(0, message.Length - Window + 1))
                .Select(start => message.Substring(start, Window)),
        ];
        windows.RemoveWhere(window => Own.Any(own => own.Contains(window, StringComparison.Ordinal)));
        return windows.Count == 0 ? null : SearchValues.Create([.. windows], StringComparison.Ordinal);
    }

    [GeneratedRegex("[0-9]{1,7}(?![0-9])")]
    private static partial Regex ShortNumber();
}
