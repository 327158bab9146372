using System;
using System.Collections.Generic;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Claims;

/// <summary>The setting "claims": which claims come from which columns of the contact, in the order they were written.</summary>
internal sealed class ContactClaims
{
    // RFC 7519 section 4.1, and the claim that carries the context variables. In any case: a lenient reader may not care.
    private static readonly HashSet<string> Registered = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "iss", "sub", "aud", "exp", "nbf", "iat", "jti", ClaimsSet.ContextVariablesClaim,
    };

    // The claims of the portal's own token and of Omnichannel's sample.
    private static readonly JsonValue Default = JsonReader.Parse(
        "{\"given_name\":\"firstname\",\"family_name\":\"lastname\",\"email\":\"emailaddress1\",\"phone_number\":\"telephone1\"}");

    private readonly List<KeyValuePair<JsonName, string>> columns = new List<KeyValuePair<JsonName, string>>();

    private ContactClaims()
    {
    }

    /// <summary>Reads the setting.</summary>
    /// <param name="setting">An object of claim names and columns of the contact, or null for the default.</param>
    /// <exception cref="ChatAuthException">2005 not such an object, 2007 a claim that ChatAuth writes itself.</exception>
    internal static ContactClaims Parse(JsonValue? setting)
    {
        setting ??= Default;
        if (setting.Kind != JsonKind.Object)
        {
            throw Errors.SettingMalformed("claims", "an object of claim names and contact columns");
        }

        var claims = new ContactClaims();
        foreach (var member in setting.Members)
        {
            if (Registered.Contains(member.Key))
            {
                throw Errors.ClaimRegistered(member.Key);
            }

            if (member.Key.Length == 0 || member.Value.Kind != JsonKind.String || !ColumnName.IsLogicalName(member.Value.Text))
            {
                throw Errors.SettingMalformed("claims", "an object of claim names and contact columns");
            }

            claims.columns.Add(new KeyValuePair<JsonName, string>(new JsonName(member.Key), member.Value.Text));
        }

        return claims;
    }

    /// <summary>Adds the columns to ask for.</summary>
    internal void AddColumns(HashSet<string> wanted)
    {
        foreach (var claim in columns)
        {
            wanted.Add(claim.Value);
        }
    }

    /// <summary>Writes the claims; an empty column leaves its claim out.</summary>
    /// <param name="writer">An open object.</param>
    /// <param name="value">The value of a column, see <see cref="ColumnValue.TryWrite"/>.</param>
    /// <exception cref="ChatAuthException">2011 a column holds what no token carries.</exception>
    internal void Write(JsonWriter writer, Func<string, object?> value)
    {
        foreach (var claim in columns)
        {
            ColumnValue.TryWrite(writer, claim.Key, claim.Value, value(claim.Value));
        }
    }
}
