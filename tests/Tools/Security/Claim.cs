using System;
using System.Collections.Generic;
using System.Linq;
using ChatAuth.LocalDataverse;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Security;

/// <summary>Whom a call claims its visitor to be; null is a parameter left out.</summary>
internal sealed record Claim(string? Id, string? Name)
{
    /// <summary>The claim that no platform lets through to a step.</summary>
    public const string NoGuid = "an id that is no GUID";

    /// <summary>The provider that external identities are matched of.</summary>
    public const string Provider = "https://login.contoso.example";

    /// <summary>The column that names are matched with.</summary>
    public const string Column = "externaluseridentifier";

    private static readonly Dictionary<string, (Guid Id, string Name)> Contacts = new(StringComparer.Ordinal)
    {
        ["A"] = (Person(0xa), "anna"),
        ["B"] = (Person(0xb), "berta"),
        ["C"] = (Person(0xc), "ANNA"),
        ["I"] = (Person(0x1), "ida"),
        ["D"] = (Person(0xd), "dora"),
        ["twin"] = (Person(0x2), "twin"),
        ["other twin"] = (Person(0x3), "twin"),
        ["returned"] = (Person(0x4), "returned"),
        ["gone"] = (Person(0x5), "returned"),
    };

    /// <summary>Every claim by its name in SECURITY.md.</summary>
    public static readonly IReadOnlyDictionary<string, Claim> All =
        new Dictionary<string, Claim>(StringComparer.Ordinal)
        {
            ["nothing"] = new(null, null),
            ["the empty GUID"] = new(Guid.Empty.ToString("D"), null),
            ["a blank name"] = new(null, " "),
            ["A's id"] = new(Text("A"), null),
            ["A's id in capitals"] = new(Text("A").ToUpperInvariant(), null),
            ["B's id"] = new(Text("B"), null),
            ["I's id"] = new(Text("I"), null),
            ["D's id"] = new(Text("D"), null),
            [NoGuid] = new("anna", null),
            ["A's name"] = new(null, "anna"),
            ["B's name"] = new(null, "berta"),
            ["C's name"] = new(null, "ANNA"),
            ["I's name"] = new(null, "ida"),
            ["D's name"] = new(null, "dora"),
            ["A's name in a third case"] = new(null, "Anna"),
            ["A's name and a blank"] = new(null, "anna "),
            ["a pattern that fits A's name"] = new(null, "ann%"),
            ["A's retired name"] = new(null, "anna before"),
            ["A's name at another provider"] = new(null, "anna elsewhere"),
            ["the name of two contacts"] = new(null, "twin"),
            ["the name of an active and an inactive contact"] = new(null, "returned"),
            ["a name of 501 characters"] = new(null, new string('a', 501)),
            ["A's id and A's name"] = new(Text("A"), "anna"),
            ["A's id and B's name"] = new(Text("A"), "berta"),
            ["B's id and A's name"] = new(Text("B"), "anna"),
        };

    /// <summary>The request parameters.</summary>
    public IReadOnlyDictionary<string, object> Parameters { get; } = new[] { ("ContactId", Id), ("UserName", Name) }
        .Where(parameter => parameter.Item2 != null).ToDictionary(
            parameter => parameter.Item1, parameter => (object)parameter.Item2!, StringComparer.Ordinal);

    /// <summary>The letter of that contact.</summary>
    public static string LetterOf(Guid id) => Contacts.Single(contact => contact.Value.Id == id).Key;

    /// <summary>The contact of that letter.</summary>
    public static Guid IdOf(string letter) => Contacts[letter].Id;

    /// <summary>Adds the contacts and their external identities to an organization; D comes and goes.</summary>
    public static void AddTo(LocalOrganization organization)
    {
        foreach (var (letter, (id, name)) in Contacts)
        {
            organization.AddRow("contact", id, ("lastname", letter), (Column, name));
            var identity = AddIdentity(organization, letter, name, Provider);
            switch (letter)
            {
                case "I" or "gone":
                    Retire(organization, "contact", id);
                    break;
                case "D":
                    // LocalDataverse does not know what a deletion does to rows that refer to the deleted one, so both
                    // are taken away.
                    organization.Rows.Change(draft =>
                    {
                        draft.Remove("adx_externalidentity", identity);
                        draft.Remove("contact", id);
                        return id;
                    });
                    break;
                default:
                    break;
            }
        }

        Retire(organization, "adx_externalidentity", AddIdentity(organization, "A", "anna before", Provider));
        AddIdentity(organization, "A", "anna elsewhere", "https://login.fabrikam.example");
    }

    private static Guid AddIdentity(LocalOrganization organization, string letter, string name, string provider) =>
        organization.AddRow(
        "adx_externalidentity",
        Guid.NewGuid(),
        ("adx_username", name),
        ("adx_identityprovidername", provider),
        ("adx_contactid", new EntityReference("contact", IdOf(letter)))).Id;

    private static void Retire(LocalOrganization organization, string table, Guid id) =>
        organization.ChangeRow(table, id, ("statecode", new OptionSetValue(1)), ("statuscode", new OptionSetValue(2)));

    private static Guid Person(int number) => new(FormattableString.Invariant($"ab0e1c8e-3f0a-4b57-8f3c-{number:x12}"));

    private static string Text(string letter) => IdOf(letter).ToString("D");
}
