using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using ChatAuth.Deployment;
using ChatAuth.LocalDataverse;
using ChatAuth.Settings;

namespace ChatAuth.Load;

/// <summary>An organization as <c>chatauth deploy</c> leaves it, with many portals, served on 127.0.0.1.</summary>
internal sealed class LoadedOrganization : IAsyncDisposable
{
    /// <summary>aud of every token.</summary>
    public const string Audience = "chat.contosohelp.com";

    private const int ContactsOfAPortal = 4;

    private readonly LocalDataverseServer server;

    private LoadedOrganization(
        LocalOrganization organization, IReadOnlyList<Portal> portals, LocalDataverseServer server, string publicKeys)
    {
        Organization = organization;
        Portals = portals;
        this.server = server;
        PublicKeys = publicKeys;
    }

    /// <summary>The organization.</summary>
    public LocalOrganization Organization { get; }

    /// <summary>Who asks.</summary>
    public IReadOnlyList<Portal> Portals { get; }

    /// <summary>Root of its Web API.</summary>
    public Uri Url => server.Url;

    /// <summary>Its public keys, a JWK set.</summary>
    public string PublicKeys { get; }

    /// <summary>Makes one with so many portals, each with so many application users.</summary>
    public static async Task<LoadedOrganization> StartAsync(int portals, TimeProvider clock, int users = 1)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("chatauth-load-");
        var organization = new LocalOrganization(clock) { ImportDuration = TimeSpan.Zero };
        Portal[] asking =
            [.. Enumerable.Range(1, portals).Select(number => AddPortal(organization, number, users))];
        var server = await LocalDataverseServer.StartAsync(organization, port: 0);
        using var administrator = new WebApi(server.Url, organization.Administrator.Token, clock);
        var terminal = new CommandHost(TextWriter.Null, TextWriter.Null, TextReader.Null, clock);
        var settings = SettingsFile.Parse(Settings(asking, folder), "chatauth.json", terminal.Environment);
        var plan = new ChangeRunner(isDry: false, terminal.WriteLine, terminal.WriteError, terminal.Waiting);
        DeploymentContext context =
            DeploymentContext.Of(settings, administrator, plan, terminal, DeploymentContext.UsualPatience);
        await new Deploy(context, CancellationToken.None)
            .RunAsync();
        folder.Delete(recursive: true);
        return new LoadedOrganization(organization, asking, server,
            await ChatTokens.PublicKeysAsync(administrator, "Jwks", CancellationToken.None));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static Portal AddPortal(LocalOrganization organization, int number, int users)
    {
        var issuer = FormattableString.Invariant($"portal{number}.contosohelp.com");
        Visitor[] contacts = [
            .. Enumerable.Range(1, ContactsOfAPortal).Select(
                i => new Visitor(Guid.NewGuid(), FormattableString.Invariant($"Visitor {i}"), "of " + issuer,
                    FormattableString.Invariant($"visitor{i}@{issuer}"))),
        ];
        foreach (var contact in contacts)
        {
            organization.AddRow(
                "contact", contact.ContactId, ("firstname", contact.FirstName), ("lastname", contact.LastName),
                ("emailaddress1", contact.Email));
        }

        return new Portal(
            [
                .. Enumerable.Range(0, users)
                    .Select(_ => organization.AddApplicationUser(issuer, Guid.NewGuid(), "prvReadContact")),
            ],
            issuer,
            contacts);
    }

    private static string Settings(IEnumerable<Portal> portals, DirectoryInfo folder) => new JsonObject
    {
        ["issuer"] = "contosohelp.com",
        ["audience"] = Audience,
        ["contextVariables"] = new JsonObject
        {
            ["portalcontactid"] = new JsonObject { ["column"] = "contactid" },
            ["page"] = new JsonObject { ["request"] = "string" },
            ["ask"] = new JsonObject { ["request"] = "number" },
        },
        ["callers"] = new JsonObject(portals.Select(portal => KeyValuePair.Create<string, JsonNode?>(
            portal.Users[0].ApplicationId!.Value.ToString("D"),
            new JsonObject
            {
                ["contact"] = "parameter",
                ["issuer"] = portal.Issuer,
                ["applications"] = new JsonArray(
                    [.. portal.Users.Skip(1).Select(user => (JsonNode)user.ApplicationId!.Value.ToString("D"))]),
            }))),
        ["publish"] = new JsonArray(
            new JsonObject { ["file"] = Path.Combine(folder.FullName, "publickey.json"), ["local"] = true }),
    }.ToJsonString();
}
