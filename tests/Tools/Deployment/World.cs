using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;
using ChatAuth.LocalPortal.PowerPages;
using ChatAuth.Tokens;
using ChatAuth.Tools.Tests.Network;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>A state of the world to which a test returns.</summary>
internal sealed record WorldState(
    RowSnapshot Rows, DateTimeOffset Time, IReadOnlyDictionary<string, string> Files, int KeysMade);

/// <summary>Where the keys of a <see cref="World"/> are published beside a file that a static host serves.</summary>
internal enum WorldPlace
{
    /// <summary>Nowhere.</summary>
    File,

    /// <summary>A second file of the same host.</summary>
    TwoFiles,

    /// <summary>A page of a Power Pages site.</summary>
    Page,

    /// <summary>A web file of a Power Pages site.</summary>
    WebFile,

    /// <summary>Not even in that file: one key is pasted into Live Assist, and whoever runs a command says that it
    /// was.</summary>
    Pasted,
}

/// <summary>
/// An organization, a static host and one clock, without sockets, that can be put back to what it was.
/// </summary>
internal sealed class World : IDisposable
{
    private const string StaticHostName = "static.contosohelp.com";

    private static readonly Uri Environment = new("https://contoso.crm.dynamics.com");
    private static readonly Uri FileAddress = new($"https://{StaticHostName}/publickey.json");
    private static readonly Uri SecondAddress = new($"https://{StaticHostName}/second.json");
    private static readonly Uri PageAddress = new("https://contosohelp.com/auth/publickey");
    private static readonly Uri WebFileAddress = new("https://contosohelp.com/publickey.json");
    private static readonly Guid Bert = new("87b4d06c-abc2-e811-a9b0-000d3a10e09e");

    private readonly MovableClock clock = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly TemporaryFolder folder = new();
    private readonly LocalOrganization organization;
    private readonly LocalUser portal;
    private readonly DataverseHost dataverse;
    private readonly StaticHost files;
    private readonly PortalSite? site;
    private readonly Hosts hosts = new();
    private readonly WorldPlace place;
    private readonly bool withPortal;
    private int keysMade;

    /// <summary>
    /// An organization without the solution, with one contact, a portal's application user and a settings file.
    /// </summary>
    /// <param name="place">Where else the keys are published.</param>
    /// <param name="withPortal">Whether a Power Pages site is to give tokens.</param>
    public World(WorldPlace place = WorldPlace.File, bool withPortal = false)
    {
        this.place = place;
        this.withPortal = withPortal;
        organization = new LocalOrganization(clock);
        organization.AddRow("contact", Bert, ("firstname", "Bert"), ("lastname", "Hair"));
        portal = organization.AddApplicationUser("portal", Guid.NewGuid(), "prvReadContact", "prvReadAccount");
        dataverse = new DataverseHost(organization);
        files = new StaticHost(folder.Path);
        hosts.Add(Environment.Host, dataverse).Add(StaticHostName, files);
        if (place is WorldPlace.Page or WorldPlace.WebFile)
        {
            site = new PortalSite(organization, EmptySite.AddTo(organization, "Contoso", PageAddress.Host));
            hosts.Add(PageAddress.Host, site);
        }

        if (withPortal)
        {
            EmptySite.AddTo(organization, "Fabrikam", "fabrikam.com");
            organization.ChangeRow("organization", organization.Id, ("blockedattachments", "exe"));
        }

        JsonObject settings = Settings();
        if (place == WorldPlace.Pasted)
        {
            settings["publish"] = new JsonArray();
            settings["liveAssist"] = new JsonObject { ["key"] = "line" };
        }

        File.WriteAllText(folder.File("chatauth.json"), settings.ToJsonString());
    }

    /// <summary>The keys in secure configuration; none when the row is not there.</summary>
    public KeyFile? Keys =>
        organization.Rows.Now.All("sdkmessageprocessingstepsecureconfig").SingleOrDefault() is { } row ? KeyFile.Parse(
        row.Text("secureconfig")) : null;

    /// <summary>The time, NumericDate.</summary>
    public long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>What the world is now.</summary>
    public WorldState Save() =>
        new(organization.Rows.Now, clock.GetUtcNow(), Files.ToDictionary(name => name, File.ReadAllText), keysMade);

    /// <summary>Puts the world back; the instances of the plug-in are those that its steps had.</summary>
    /// <param name="state">What it was.</param>
    /// <param name="secureConfigurationRenews">Whether a changed secure configuration renews the plug-in's instances:
    /// nobody knows (facts 1).</param>
    public async Task ReturnAsync(WorldState state, bool secureConfigurationRenews)
    {
        organization.Pipeline.Instances.SecureConfigurationRenews = secureConfigurationRenews;
        clock.MovesByItself = false;
        clock.Move(state.Time - clock.GetUtcNow());
        organization.Rows.Return(state.Rows);
        keysMade = state.KeysMade;
        foreach (string file in Files)
        {
            File.Delete(file);
        }

        foreach ((string file, string text) in state.Files)
        {
            await File.WriteAllTextAsync(file, text);
        }

        site?.Restart();
        await AskAsync();
    }

    /// <summary>
    /// Ensures that the site, if there is one, has what it needs to give tokens, and each of it once.
    /// </summary>
    public void EnsurePortal()
    {
        string[] made =
        [
            .. organization.Rows.Now.All("powerpagecomponent")
                .Where(row => withPortal && row.Number("powerpagecomponenttype") is 3 or 7 or 9 or 35)
                .Select(row => $"{row.Text("name")} {row.Text("filecontent_name")}".TrimEnd())
                .Order(StringComparer.Ordinal),
        ];
        CollectionAssert.AreEqual(
            withPortal ? new[]
            {
                "Head/Bottom",
                "ServerLogic/Enabled",
                "chatauth-token chatauth-token.sl",
                "chatauth.js chatauth.js",
            } : [], withPortal ? made : []);
    }

    /// <summary>Moves the clock.</summary>
    public void Move(TimeSpan by) => clock.Move(by);

    /// <summary>The network of one command, on which one request may meet a fault.</summary>
    public FaultyNetwork Network(int faulty = 0, NetworkFault fault = NetworkFault.None) => new(hosts, faulty, fault);

    /// <summary>The network of one command that is held at one request, until something else has happened.</summary>
    public FaultyNetwork Network(int held, Func<Task> until) =>
        Network(number => number == held ? until() : Task.CompletedTask);

    /// <summary>The network of one command that tells each request before it is served.</summary>
    /// <param name="arrives">Told its number; 1 is the first.</param>
    public FaultyNetwork Network(Func<int, Task> arrives) => new(hosts) { Arrives = arrives };

    /// <summary>Runs a command that must end well; waiting takes no time.</summary>
    /// <returns>Its requests.</returns>
    public async Task<IReadOnlyList<string>> DoAsync(params string[] args)
    {
        using FaultyNetwork network = Network();
        CommandRun run = (await RunAsync(network, args))!;
        return run.ExitCode == 0 ? network.Requests : throw new AssertFailedException(run.Error);
    }

    /// <summary>Runs a command until it ends or its process dies; waiting takes no time.</summary>
    /// <returns>The run; null when the process died.</returns>
    public Task<CommandRun?> RunAsync(FaultyNetwork network, params string[] args) =>
        RunAsync(network, skipsWaiting: true, args);

    /// <summary>Runs a command until it ends or its process dies.</summary>
    /// <param name="network">Its network.</param>
    /// <param name="skipsWaiting">Whether the clock moves to what is waited for, or somebody else moves it.</param>
    /// <param name="args">The command line, without settings and address.</param>
    /// <returns>The run; null when the process died.</returns>
    public async Task<CommandRun?> RunAsync(FaultyNetwork network, bool skipsWaiting, string[] args)
    {
        bool movedByItself = clock.MovesByItself; // another command may be held while this one runs
        clock.MovesByItself = skipsWaiting;
        Task<CommandRun> run = CommandRun.OfAsync(
            [.. args, .. Said(args[0]), "--settings", folder.File("chatauth.json"), "--url", Environment.AbsoluteUri],
            clock: clock,
            environment: name => name == "CHATAUTH_ACCESS_TOKEN" ? organization.Administrator.Token : null,
            network: network,
            newKey: _ => PreparedKeys.At(keysMade++));
        Task first = await Task.WhenAny(run, network.Died);
        clock.MovesByItself = movedByItself;
        return first == run ? await run : null;
    }

    /// <summary>
    /// Asks for a token as the portal, and verifies it as a chat service that reads a target now, each of them.
    /// </summary>
    /// <param name="unpublished">A kid whose tokens need not verify, since the key is being revoked; null for
    /// none.</param>
    /// <returns>The kid it is signed with, or the code of the refusal.</returns>
    /// <exception cref="CommandException">The token does not verify.</exception>
    public async Task<string> AskAsync(string? unpublished = null)
    {
        string text;
        try
        {
            text = await IssueAsync();
        }
        catch (CommandException refusal)
        {
            return refusal.Errors.Single().Code;
        }

        if (Token.Parse(text).Header["kid"]!.Text == unpublished)
        {
            return unpublished;
        }

        foreach (Uri address in Addresses.Skip(1))
        {
            Verify(text, await PublicKeys.ReadAsync(address.AbsoluteUri, hosts, CancellationToken.None));
        }

        return Verify(text, await ServedAsync());
    }

    /// <summary>Asks for a token as the portal.</summary>
    /// <exception cref="CommandException">It is refused.</exception>
    public async Task<string> IssueAsync()
    {
        using WebApi api = new(Environment, portal.Token, clock, hosts);
        return await ChatTokens.IssueAsync(api, Bert, null, CancellationToken.None);
    }

    /// <summary>The keys that the static host serves now; where a key is pasted those that the environment
    /// names.</summary>
    /// <exception cref="CommandException">It serves none.</exception>
    public async Task<IReadOnlyList<VerificationKey>> ServedAsync()
    {
        using WebApi api = new(Environment, portal.Token, clock, hosts);
        return place == WorldPlace.Pasted
            ? PublicKeys.Parse(await ChatTokens.PublicKeysAsync(api, "KeySet", CancellationToken.None)).Keys
            : await PublicKeys.ReadAsync(FileAddress.AbsoluteUri, hosts, CancellationToken.None);
    }

    /// <summary>Verifies a token as a chat service does.</summary>
    /// <returns>The kid it is signed with.</returns>
    /// <exception cref="CommandException">It does not verify.</exception>
    public string Verify(string text, IReadOnlyList<VerificationKey> keys)
    {
        Token token = Token.Parse(text);
        TokenVerification.Verify(token, keys, clock.GetUtcNow());
        return token.Header["kid"]!.Text;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        hosts.Dispose();
        dataverse.Dispose();
        files.Dispose();
        site?.Dispose();
        folder.Dispose();
    }

    /// <summary>The texts that the targets hold, whatever caches still serve.</summary>
    public IReadOnlyList<string> Held() =>
    [
        .. Files.Select(File.ReadAllText),
        .. organization.Rows.Now.All("powerpagecomponent")
            .Where(row => row.Text("name") == "ChatAuth/PublicKeys")
            .Select(row => JsonNode.Parse(row.Text("content")!)!["value"]?.GetValue<string>() ?? string.Empty),
        .. organization.Rows.Now.All("powerpagecomponent")
            .Where(row => row.Text("filecontent_name") == "publickey.json")
            .Select(row => Encoding.UTF8.GetString(Convert.FromBase64String(row.Text("filecontent")!))),
    ];

    /// <summary>Whether a step or row of this product is there.</summary>
    public bool IsInstalled => Keys != null || organization.Rows.Now.All("sdkmessageprocessingstep").Any();

    /// <summary>Whether row or steps say that a key is revoked.</summary>
    public bool IsRevoked(string keyId) => Keys?.Revoked.Any(key => key.KeyId == keyId) == true
        || organization.Rows.Now.All("sdkmessageprocessingstep").Any(
            step => KeyFile.NamedIn(step.Text("configuration")).Revoked.Any(key => key.KeyId == keyId)
                || step.Text("description")?.EndsWith(", revoked " + keyId, StringComparison.Ordinal) == true);

    // What a person says who pastes the line that a command shows.
    private string[] Said(string command) => (place, command) switch
    {
        (WorldPlace.Pasted, "deploy") => ["--yes"],
        (WorldPlace.Pasted, "rotate") => ["--yes", "--cutover"],
        _ => [],
    };

    private IReadOnlyList<Uri> Addresses => place switch
    {
        WorldPlace.TwoFiles => [FileAddress, SecondAddress],
        WorldPlace.Page => [FileAddress, PageAddress],
        WorldPlace.WebFile => [FileAddress, WebFileAddress],
        _ => [FileAddress],
    };

    private string[] Files =>
        [.. new[] { folder.File("publickey.json"), folder.File("second.json") }.Where(File.Exists)];

    private JsonObject Settings() => new()
    {
        ["issuer"] = "contosohelp.com",
        ["callers"] = new JsonObject
        {
            [portal.ApplicationId!.Value.ToString("D", CultureInfo.InvariantCulture)] =
                new JsonObject { ["contact"] = "parameter" },
        },
        ["publish"] = new JsonArray(
            [
                new JsonObject { ["file"] = "publickey.json", ["url"] = FileAddress.AbsoluteUri },
                .. place switch
                {
                    WorldPlace.TwoFiles =>
                        [new JsonObject { ["file"] = "second.json", ["url"] = SecondAddress.AbsoluteUri }],
                    WorldPlace.Page => [new JsonObject { ["page"] = "Contoso" }],
                    WorldPlace.WebFile => [new JsonObject { ["webfile"] = "Contoso" }],
                    _ => Array.Empty<JsonNode>(),
                },
            ]),
        ["portals"] = new JsonArray(withPortal ? [new JsonObject { ["site"] = "Fabrikam" }] : []),
    };
}
