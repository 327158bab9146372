using System;
using System.Collections.Generic;
using System.Globalization;
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
    /// <param name="path">Where it stands, for errors.</param>
    /// <exception cref="ChatAuthException">
    /// 2005 not such an object, 2007 a claim that ChatAuth writes itself, 2012 and 2013 see <see cref="SettingText"/>.
    /// </exception>
    internal static IReadOnlyList<ValueSource> Parse(JsonValue? setting, string path)
    {
        setting ??= Default;
        var claims = new List<ValueSource>();
        if (setting.Kind != JsonKind.Object)
        {
            throw Malformed(path);
        }

        foreach (var member in setting.Members)
        {
            var place = string.Format(CultureInfo.InvariantCulture, "{0}[{1}]", path, claims.Count + 1);
            SettingText.Compared(member.Key, "the name of " + place);
            if (Registered.Contains(member.Key))
            {
                throw Errors.ClaimRegistered(member.Key);
            }

            var source = member.Value.Kind == JsonKind.Object ? ValueSource.Parse(member.Key, member.Value, place)
                : member.Value.Kind == JsonKind.String
                    && ColumnName.IsLogicalName(SettingText.Compared(member.Value.Text, place))
                ? ValueSource.Of(member.Key, member.Value.Text)
                : throw Malformed(path);
            if (member.Key.Length == 0 || source.Request != null)
            {
                throw Malformed(path);
            }

            claims.Add(source);
        }

        return claims;
    }

    private static ChatAuthException Malformed(string path) =>
        Errors.SettingMalformed(
            path,
            "an object of claim names, each with a column of contact, {\"column\": \"lookup:table.name\"} or "
                + "{\"value\": constant}");
}
