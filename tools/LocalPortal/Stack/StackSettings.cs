using System;
using System.Collections.Generic;
using System.Text.Json.Nodes;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.Settings;

namespace ChatAuth.LocalPortal.Stack;

/// <summary>The chatauth.json of the local stack.</summary>
internal static class StackSettings
{
    /// <summary>The issuer of its tokens.</summary>
    public const string Issuer = "contosohelp.com";

    /// <summary>The settings, read as the command reads them.</summary>
    /// <remarks>
    /// The sample variables of Microsoft's documents come from the visitor; the contact comes from Dataverse.
    /// </remarks>
    /// <param name="terminal">Fills in environment variables.</param>
    /// <param name="callers">Application id of each portal, and how it knows its visitor.</param>
    /// <param name="publish">The publishing targets.</param>
    /// <param name="testContact">The contact that deploy asks a token for, as a proof.</param>
    public static SettingsFile Of(
        CommandHost terminal, IEnumerable<(Guid Application, string Contact)> callers, JsonArray publish,
        Guid testContact)
    {
        JsonObject entries = [];
        foreach (var (application, contact) in callers)
        {
            entries[application.ToString("D")] = new JsonObject { ["contact"] = contact };
        }

        JsonObject settings = new()
        {
            ["issuer"] = Issuer,
            ["contextVariables"] = new JsonObject
            {
                [SampleData.Variables[0]] = new JsonObject { ["request"] = "string" },
                [SampleData.Variables[1]] = new JsonObject { ["request"] = "string" },
                [SampleData.Variables[2]] = new JsonObject { ["column"] = "contactid" },
            },
            ["callers"] = entries,
            ["publish"] = publish,
            ["testContact"] = testContact.ToString("D"),
        };
        return SettingsFile.Parse(settings.ToJsonString(), "chatauth.json", terminal.Environment);
    }
}
