using System;
using System.Globalization;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Platform;

/// <summary>The ways in which a caller may say who the visitor is.</summary>
internal enum ContactRuleKind
{
    /// <summary>The platform says it: a portals client call with PortalsContactId.</summary>
    Context,

    /// <summary>The portal passes ContactId.</summary>
    Parameter,

    /// <summary>The portal passes UserName, matched against external identities of one provider.</summary>
    ExternalIdentity,

    /// <summary>The portal passes UserName, matched against one column of contact.</summary>
    Column,

    /// <summary>One contact alone, for a moment: an entry <c>user:GUID</c>.</summary>
    Only,
}

/// <summary>The member "contact" of a caller's entry; immutable.</summary>
internal sealed class ContactRule
{
    private ContactRule(ContactRuleKind kind, string name = "", Guid contact = default, long until = 0)
    {
        Kind = kind;
        Name = name;
        Contact = contact;
        Until = until;
    }

    /// <summary>Which way.</summary>
    internal ContactRuleKind Kind { get; }

    /// <summary>The identity provider's name, or the column's.</summary>
    internal string Name { get; }

    /// <summary>The one contact of an entry for a moment; else empty.</summary>
    internal Guid Contact { get; }

    /// <summary>The NumericDate at which an entry for a moment ends; else 0.</summary>
    internal long Until { get; }

    /// <summary>Reads the members "contact" and "until" of an entry for a moment.</summary>
    /// <param name="contact">An object with "only", a contact's id.</param>
    /// <param name="until">A whole NumericDate.</param>
    /// <param name="path">Where the entry stands, for errors.</param>
    /// <exception cref="ChatAuthException">2005 none of these.</exception>
    internal static ContactRule ParseOnly(JsonValue? contact, JsonValue? until, string path) =>
        contact is { Kind: JsonKind.Object, Members.Count: 1 }
            && contact["only"] is { Kind: JsonKind.String } only && Guid.TryParseExact(only.Text, "D", out var id)
            && until is { Kind: JsonKind.Number }
            && long.TryParse(until.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var end)
            ? new ContactRule(ContactRuleKind.Only, contact: id, until: end)
            : throw Errors.SettingMalformed(path, "{\"contact\": {\"only\": id}, \"until\": NumericDate}");

    /// <summary>Reads the member.</summary>
    /// <param name="contact">"context", "parameter", an object with externalIdentity or column, or null.</param>
    /// <param name="defaultKind">What null stands for.</param>
    /// <param name="path">Where it stands, for errors.</param>
    /// <exception cref="ChatAuthException">
    /// 2005 none of these, 2012 and 2013 see <see cref="SettingText"/>.
    /// </exception>
    internal static ContactRule Parse(JsonValue? contact, ContactRuleKind defaultKind, string path)
    {
        if (contact == null)
        {
            return new ContactRule(defaultKind);
        }

        if (contact.Kind == JsonKind.String)
        {
            SettingText.Compared(contact.Text, path);
        }

        switch (contact.Kind)
        {
            case JsonKind.String when contact.Text == "context":
                return new ContactRule(ContactRuleKind.Context);
            case JsonKind.String when contact.Text == "parameter":
                return new ContactRule(ContactRuleKind.Parameter);
            case JsonKind.Object when contact.Members.Count == 1
                    && contact["externalIdentity"] is { Kind: JsonKind.String, Text.Length: > 0 } provider:
                return new ContactRule(
                    ContactRuleKind.ExternalIdentity, SettingText.Compared(provider.Text, path + ".externalIdentity"));
            case JsonKind.Object when contact.Members.Count == 1
                    && contact["column"] is { Kind: JsonKind.String, Text.Length: > 0 } column:
                // A name that a query can take
                return ColumnName.IsLogicalName(SettingText.Compared(column.Text, path + ".column"))
                    ? new ContactRule(ContactRuleKind.Column, column.Text)
                    : throw Errors.SettingMalformed("contact", "{\"column\": \"logical name\"}");
            default:
                throw Errors.SettingMalformed(path,
                    "\"context\", \"parameter\", {\"externalIdentity\": \"provider\"} or {\"column\": \"name\"}");
        }
    }
}
