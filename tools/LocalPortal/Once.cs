using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.LocalDataverse;
using ChatAuth.Pack;
using ChatAuth.Tokens;

namespace ChatAuth.LocalPortal;

/// <summary>The whole round on one machine, over HTTP: pack, import, key, steps, token, verification.</summary>
/// <remarks>Every step is the chatauth command's own code; nothing reaches into LocalDataverse but its sample rows and users.</remarks>
internal sealed class Once(OnceOptions options, Terminal terminal)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly CancellationToken cancellation = CancellationToken.None;
    private long started = terminal.Clock.GetTimestamp();

    /// <summary>Runs the round: the token and nothing else goes to stdout, each step with its time to stderr.</summary>
    /// <exception cref="CommandException">A step was refused; its coded lines say why.</exception>
    public async Task RunAsync()
    {
        var package = SolutionPackage.Check();
        var zip = package.Pack(managed: true);
        Save(package.FileName(managed: true), zip);
        Done("packed " + package.FileName(managed: true) + ", " + zip.Length.ToString(CultureInfo.InvariantCulture) + " bytes");

        var organization = new LocalOrganization(terminal.Clock);
        SampleData.AddTo(organization);
        var portal = organization.AddApplicationUser("LocalPortal", Guid.NewGuid(), "prvReadContact", "prvReadAccount", "prvReadadx_externalidentity");
        await using var server = await LocalDataverseServer.StartAsync(organization, port: 0);
        Done("started LocalDataverse");

        using var administrator = new WebApi(server.Url, organization.Administrator.Token);
        await SolutionImport.RunAsync(administrator, zip, terminal.Clock, cancellation);
        Done("imported the solution");

        var now = terminal.Clock.GetUtcNow().ToUnixTimeSeconds();
        await Installation.CreateSecureConfigurationAsync(administrator, KeyFile.Generate(2048, now, now + (long)TimeSpan.FromDays(365).TotalSeconds), cancellation);
        Done("put a new key into secure configuration");

        await Installation.CreateStepsAsync(administrator, Settings(portal.ApplicationId!.Value), cancellation);
        Done("created the steps");

        using var application = new WebApi(server.Url, portal.Token);
        var jwks = await ChatTokens.PublicKeysAsync(application, "Jwks", cancellation);
        await SaveEvidenceAsync(administrator, application, jwks);
        Done("read the public keys");

        var token = await ChatTokens.IssueAsync(application, options.ContactId, options.ContextVariables, cancellation);
        Done("issued a token of " + token.Length.ToString(CultureInfo.InvariantCulture) + " characters");

        TokenVerification.Verify(Token.Parse(token), VerificationKeys.Parse(jwks, "GetPublicKeys"), terminal.Clock.GetUtcNow());
        Done("verified the token with the public keys");
        terminal.WriteLine(token);
    }

    // The sample variables of Microsoft's documents come from the visitor; the contact comes from Dataverse.
    private static string Settings(Guid portal) => new JsonObject
    {
        ["issuer"] = "contosohelp.com",
        ["contextVariables"] = new JsonObject
        {
            ["msdyn_cartvalue"] = new JsonObject { ["request"] = "string" },
            ["msdyn_isvip"] = new JsonObject { ["request"] = "string" },
            ["portalcontactid"] = new JsonObject { ["column"] = "contactid" },
        },
        ["callers"] = new JsonObject { [portal.ToString("D")] = new JsonObject { ["contact"] = "parameter" } },
    }.ToJsonString();

    private async Task SaveEvidenceAsync(WebApi administrator, WebApi application, string jwks)
    {
        if (options.Folder == null)
        {
            return;
        }

        Save("jwks.json", jwks);
        Save("keyset.json", await ChatTokens.PublicKeysAsync(application, "KeySet", cancellation));
        Save("public.pem", await ChatTokens.PublicKeysAsync(application, "Pem", cancellation));
        var contacts = await administrator.GetAsync("contacts?$select=" + string.Join(',', SampleData.Columns), cancellation);
        var rows = contacts["value"]!.AsArray().Select(row => new JsonObject(
            SampleData.Columns.Select(column => new KeyValuePair<string, JsonNode?>(column, row![column]?.DeepClone()))));
        Save("contacts.json", new JsonArray([.. rows]).ToJsonString(Readable));
    }

    private void Save(string name, string text) => Save(name, Encoding.UTF8.GetBytes(text));

    private void Save(string name, byte[] content)
    {
        if (options.Folder != null)
        {
            DiskFile.Write(Path.Combine(options.Folder, name), content);
        }
    }

    private void Done(string step)
    {
        var milliseconds = (int)terminal.Clock.GetElapsedTime(started).TotalMilliseconds;
        started = terminal.Clock.GetTimestamp();
        terminal.WriteError(string.Create(CultureInfo.InvariantCulture, $"{milliseconds,6} ms  {step}"));
    }
}
