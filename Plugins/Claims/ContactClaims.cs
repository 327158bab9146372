using System;
using System.Collections.Generic;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Claims;

/// <summary>The setting "claims": which claims come from where, in the order they were written.</summary>
internal static class ContactClaims
{
    // RFC 7519 section 4.1, and the claim that carries the context variables. In any case: a lenient reader may not
    // care.
    private static readonly HashSet<string> Registered = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "iss", "sub", "aud", "exp", "nbf", "iat", "jti", ContextVariables.Claim,
    };

    // The claims of the portal's own token and of Omnichannel's sample.
    private static readonly JsonValue Default = JsonReader.Parse(
        "{\"given_name\":\"firstname\",\"family_name\":\"lastname\","
            + "\"email\":\"emailaddress1\",\"phone_number\":\"telephone1\"}");

    /// <summary>Reads the setting.</summary>
    /// <param name="setting">
    /// An object of claim names, each with a column of contact or with what <see cref="ValueSource.Parse"/> takes but a
    /// request: a claim is never the visitor's own word. Null for the default.
    /// </param>
    /// <exception cref="ChatAuthException">
    /// 2005 not such an object, 2007 a claim that ChatAuth writes itself.
    /// </exception>
    internal static IReadOnlyList<ValueSource> Parse(JsonValue? setting)
    {
        setting ??= Default;
        var claims = new List<ValueSource>();
        if (setting.Kind != JsonKind.Object)
        {
            throw Malformed();
        }

        foreach (var member in setting.Members)
        {
            if (Registered.Contains(member.Key))
            {
                throw Errors.ClaimRegistered(member.Key);
            }

            var source = member.Value.Kind == JsonKind.String && ColumnName.IsLogicalName(member.Value.Text)
                ? ValueSource.Of(member.Key, member.Value.Text)
                : member.Value.Kind == JsonKind.Object ? ValueSource.Parse(member.Key, member.Value, "claims")
                : throw Malformed();
            if (member.Key.Length == 0 || source.Request != null)
            {
                throw Malformed();
            }

            claims.Add(source);
        }

        return claims;
    }

    private static ChatAuthException Malformed() =>
        Errors.SettingMalformed(
            "claims",
            "an object of claim names, each with a column of contact, {\"column\": \"lookup:table.name\"} or "
                + "{\"value\": constant}");
}
