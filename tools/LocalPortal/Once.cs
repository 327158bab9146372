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
using ChatAuth.Deployment;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.LocalPortal.Stack;
using ChatAuth.Pack;
using ChatAuth.Tokens;

namespace ChatAuth.LocalPortal;

/// <summary>What <c>LocalPortal --once</c> is asked for.</summary>
/// <param name="ContactId">The visitor; null is the anonymous one.</param>
/// <param name="ContextVariables">JSON as the visitor's page would send it, unchecked on purpose; or null.</param>
/// <param name="Folder">Where public keys, contacts and the zip are written; or null.</param>
internal sealed record OnceOptions(Guid? ContactId, string? ContextVariables, string? Folder);

/// <summary>The whole round on one machine, over HTTP: pack, deploy, token, verification.</summary>
/// <remarks>
/// Every step is the chatauth command's own code; nothing reaches into LocalDataverse but its sample rows and users.
/// </remarks>
internal sealed class Once(OnceOptions options, CommandHost terminal)
{
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly (string Name, string Format)[] Published =
        [("keyset.json", "keyset"), ("jwks.json", "jwks"), ("public.pem", "pem")];

    private readonly CancellationToken cancellation = CancellationToken.None;
    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("chatauth-");
    private long started = terminal.Clock.GetTimestamp();

    /// <summary>Runs the round: the token and nothing else goes to stdout, each step with its time to stderr.</summary>
    /// <exception cref="CommandException">A step was refused; its coded lines say why.</exception>
    public async Task RunAsync()
    {
        var package = SolutionPackage.Product();
        var zip = package.Pack(managed: true);
        Save(package.FileName(managed: true), zip);
        Done(string.Create(
            CultureInfo.InvariantCulture, $"packed {package.FileName(managed: true)}, {zip.Length} bytes"));

        var organization = new LocalOrganization(terminal.Clock);
        SampleData.AddTo(organization);
        var portal = organization.AddApplicationUser(
            "LocalPortal", Guid.NewGuid(), "prvReadContact", "prvReadAccount", "prvReadadx_externalidentity");
        await using var server = await LocalDataverseServer.StartAsync(organization, port: 0);
        Done("started LocalDataverse");

        using var administrator = new WebApi(server.Url, organization.Administrator.Token, terminal.Clock);
        var settings = StackSettings.Of(
            terminal, [(portal.ApplicationId!.Value, "parameter")], [.. Files()], SampleData.BertHair);
        var plan = new ChangeRunner(isDry: false, terminal.WriteLine, Done,
            new Waiting(Done, text => text, terminal.Clock, null));

        // The keys of an earlier round may lie in the folder: their organization was gone with its process.
        DeploymentContext context = DeploymentContext.Of(
            settings, administrator, plan, terminal, DeploymentContext.UsualPatience,
            new HashSet<string> { ChatAuth.Errors.StrangersKeysHeldCode });
        await new Deploy(context, cancellation).RunAsync();
        temporary.Delete(recursive: true);
        await SaveContactsAsync(administrator);

        using var application = new WebApi(server.Url, portal.Token, terminal.Clock);
        var jwks = await ChatTokens.PublicKeysAsync(application, "Jwks", cancellation);

        var token = await ChatTokens.IssueAsync(application, options.ContactId, options.ContextVariables, cancellation);
        Done(string.Create(CultureInfo.InvariantCulture, $"issued a token of {token.Length} characters"));

        TokenVerification.Verify(
            Token.Parse(token), PublicKeys.Parse(jwks).Keys, terminal.Clock.GetUtcNow());
        Done("verified the token with the public keys");
        terminal.WriteLine(token);
    }

    private IEnumerable<JsonNode> Files() => Published.Select(file => new JsonObject
    {
        ["file"] = Path.GetFullPath(Path.Combine(options.Folder ?? temporary.FullName, file.Name)),
        ["format"] = file.Format,
        ["local"] = true,
    });

    private async Task SaveContactsAsync(WebApi administrator)
    {
        if (options.Folder == null)
        {
            return;
        }

        var contacts =
            await administrator.GetAsync("contacts?$select=" + string.Join(',', SampleData.Columns), cancellation);
        var rows = contacts["value"]!.AsArray().Select(row => new JsonObject(
            SampleData.Columns.Select(
                column => new KeyValuePair<string, JsonNode?>(column, row![column]?.DeepClone()))));
        Save("contacts.json", Encoding.UTF8.GetBytes(new JsonArray([.. rows]).ToJsonString(Readable)));
    }

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
