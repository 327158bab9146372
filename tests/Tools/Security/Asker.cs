using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Security;

namespace ChatAuth.Tools.Tests.Security;

/// <summary>Somebody who asks for a token.</summary>
/// <param name="User">Whose bearer token the call carries.</param>
/// <param name="SignedIn">The contact that the platform names, or the empty Guid.</param>
/// <param name="Impersonated">The user of the impersonation header, or null.</param>
internal sealed record Asker(LocalUser User, Guid SignedIn = default, LocalUser? Impersonated = null)
{
    private static readonly string[] Privileges = ["prvReadContact", "prvReadadx_externalidentity"];

    private static readonly Guid Portal = new("6f0c1f0e-0000-0000-0000-000000000001");
    private static readonly Guid Site = new("6f0c1f0e-0000-0000-0000-000000000002");
    private static readonly Guid Unprivileged = new("6f0c1f0e-0000-0000-0000-000000000003");

    private static readonly string[] Listed =
        [Portal.ToString("D"), Site.ToString("D"), Unprivileged.ToString("D"), "powerpages"];

    /// <summary>The user whom a call counts for.</summary>
    public LocalUser Initiating => Impersonated ?? User;

    /// <summary>The headers that say the same to LocalDataverse.</summary>
    public (string Name, string Value)[] Headers =>
        Impersonated != null ? [("MSCRMCallerID", Impersonated.Id.ToString("D"))]
        : SignedIn != Guid.Empty ? [("LocalDataverse-PortalsContactId", SignedIn.ToString("D"))]
        : [];

    /// <summary>Settings in which every portal has an entry of one kind.</summary>
    /// <param name="contact">The member "contact" of an entry, JSON.</param>
    public static string Settings(string contact) =>
        new JsonObject
        {
            ["issuer"] = "contosohelp.com",
            ["callers"] = new JsonObject(
                Listed.Select(
                    caller => new KeyValuePair<string, JsonNode?>(
                        caller, new JsonObject { ["contact"] = JsonNode.Parse(contact) }))),
        }.ToJsonString();

    /// <summary>Makes the users of an organization.</summary>
    /// <returns>Callers by their names in SECURITY.md.</returns>
    public static IReadOnlyDictionary<string, Asker> AddTo(LocalOrganization organization)
    {
        var site = organization.AddPortalsClient("site", Site, Privileges);
        var system = organization.AddPortalsClient("site that connects as SYSTEM", null, Privileges);
        var portal = organization.AddApplicationUser("portal", Portal, [.. Privileges, "prvActOnBehalfOfAnotherUser"]);
        var user = organization.AddPerson("user", [.. Privileges, "prvActOnBehalfOfAnotherUser"]);
        var (a, i, d) = (Claim.IdOf("A"), Claim.IdOf("I"), Claim.IdOf("D"));
        return new Dictionary<string, Asker>(StringComparer.Ordinal)
        {
            ["anonymous visitor of a site"] = new(site),
            ["visitor A of a site"] = new(site, a),
            ["visitor I of a site"] = new(site, i),
            ["visitor D of a site"] = new(site, d),
            ["anonymous visitor of a site that connects as SYSTEM"] = new(system),
            ["visitor A of a site that connects as SYSTEM"] = new(system, a),
            ["visitor I of a site that connects as SYSTEM"] = new(system, i),
            ["visitor D of a site that connects as SYSTEM"] = new(system, d),
            ["server logic of a site (the platform says nothing of a portal)"] =
                new(organization.AddApplicationUser("server logic", Site, Privileges)),
            ["portal"] = new(portal),
            ["portal (the platform names A for it)"] = new(portal, a),
            ["portal without read on contact"] = new(organization.AddApplicationUser("unprivileged", Unprivileged)),
            ["portal that is not listed"] =
                new(organization.AddApplicationUser("stranger", Guid.NewGuid(), Privileges)),
            ["visitor A of a site that is not listed"] =
                new(organization.AddPortalsClient("another site", Guid.NewGuid(), Privileges), a),
            ["ordinary user"] = new(user),
            ["system administrator"] = new(organization.Administrator),
            ["user who impersonates the portal"] = new(user, Impersonated: portal),
            ["system administrator who impersonates a site"] = new(organization.Administrator, Impersonated: site),
            ["portal that impersonates a user"] = new(portal, Impersonated: user),
        };
    }
}
