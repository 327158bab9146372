using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using ChatAuth.Deployment;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.Settings;
using ChatAuth.Sites;

namespace ChatAuth.LocalPortal.Stack;

/// <summary>A key that can be revoked.</summary>
/// <param name="Kid">Its kid.</param>
/// <param name="Signs">Whether it signs now.</param>
internal sealed record PublishedKey(string Kid, bool Signs);

/// <summary>
/// Dataverse with the sample data, two portals and an agent, and the chatauth commands that an administrator runs on
/// it.
/// </summary>
/// <remarks>The commands are chatauth's own code, over HTTP. One runs at a time.</remarks>
internal sealed class LocalStack : IAsyncDisposable
{
    /// <summary>The client id that Live Assist's window names.</summary>
    public const string WindowClientId = "liveassist";

    private const string SiteName = "Contoso";

    private static readonly RotationOptions AtOnce =
        new(Lead: 0, ExpiresIn: (long)TimeSpan.FromDays(365).TotalSeconds, Force: true, Cutover: false);

    private readonly CommandHost terminal;
    private readonly LocalDataverseServer server;
    private readonly WebApi administrator;
    private readonly SemaphoreSlim one = new(1);
    private SettingsFile? settings;

    private LocalStack(
        CommandHost terminal, StackClock clock, LocalOrganization organization, LocalDataverseServer server)
    {
        this.terminal = terminal with { Clock = clock };
        this.server = server;
        Clock = clock;
        Organization = organization;
        CustomPortal = organization.AddApplicationUser(
            "Custom portal", Guid.NewGuid(), "prvReadContact", "prvReadAccount", "prvReadadx_externalidentity");

        // Facts 5: the site's own user reads everything; the caller list is what restrains it.
        SiteUser = organization.AddPortalsClient(
            "Power Pages site", Guid.NewGuid(), "prvReadContact", "prvReadAccount", "prvReadadx_externalidentity");
        Agent = organization.AddPerson(
            "Agent",
            "prvReadContact",
            "prvReadmsdyn_livechatconfig",
            "prvReadmsdyn_liveworkstream",
            "prvReadmsdyn_ocliveworkstreamcontextvariable");
        SiteId = EmptySite.AddTo(organization, SiteName, "localhost");
        administrator = new WebApi(server.Url, organization.Administrator.Token, clock);
    }

    /// <summary>Its time.</summary>
    public StackClock Clock { get; }

    /// <summary>Its Dataverse.</summary>
    public LocalOrganization Organization { get; }

    /// <summary>Address of its Dataverse.</summary>
    public Uri Environment => server.Url;

    /// <summary>Application user of the custom portal.</summary>
    public LocalUser CustomPortal { get; }

    /// <summary>Application user of the Power Pages site.</summary>
    public LocalUser SiteUser { get; }

    /// <summary>The agent at the desk.</summary>
    public LocalUser Agent { get; }

    /// <summary>Id of the Power Pages site.</summary>
    public Guid SiteId { get; }

    /// <summary>Starts Dataverse; nothing is deployed yet.</summary>
    /// <param name="terminal">Told of every step; its clock is the machine's.</param>
    public static async Task<LocalStack> StartAsync(CommandHost terminal)
    {
        StackClock clock = new(terminal.Clock);
        LocalOrganization organization = new(clock);
        SampleData.AddTo(organization);
        return new LocalStack(
            terminal, clock, organization, await LocalDataverseServer.StartAsync(organization, port: 0));
    }

    /// <summary>Deploys, as <c>chatauth deploy</c> does.</summary>
    /// <param name="keyPage">Where the Power Pages site shows the public keys.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">A step was refused.</exception>
    public async Task DeployAsync(Uri keyPage, CancellationToken cancellation)
    {
        settings = StackSettings.Of(
            terminal,
            [(CustomPortal.ApplicationId!.Value, "parameter"), (SiteUser.ApplicationId!.Value, "context")],
            [new JsonObject { ["page"] = SiteId.ToString("D"), ["url"] = keyPage.AbsoluteUri }],
            SampleData.BertHair);
        await RunAsync(work => new Deploy(work, cancellation).RunAsync(), cancellation);
    }

    /// <summary>Rotates the keys, as <c>chatauth rotate --lead 0s --force</c> does.</summary>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="CommandException">A step was refused.</exception>
    public Task<IReadOnlyList<string>> RotateAsync(CancellationToken cancellation) =>
        RunAsync(work => NextKeyAsync(work, cancellation), cancellation);

    /// <summary>The values for Live Assist's form, as <c>chatauth liveassist --json</c> writes them.</summary>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">A request was refused.</exception>
    public Task<IReadOnlyList<string>> LiveAssistAsync(CancellationToken cancellation) =>
        RunAsync(
            async work => work.Changes.Say((await LiveAssistForm.ReadAsync(work, cancellation)).Json()),
            cancellation,
            isLiveAssist: true);

    /// <summary>
    /// Rotates the key that is pasted into Live Assist, as <c>chatauth rotate --cutover</c> does in two runs, the first
    /// one with <c>--until published</c>.
    /// </summary>
    /// <param name="isPasted">Whether this is the second run: somebody has pasted the line.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>What was done; of the first run the line too.</returns>
    /// <exception cref="CommandException">A step was refused.</exception>
    public Task<IReadOnlyList<string>> CutOverAsync(bool isPasted, CancellationToken cancellation) =>
        RunAsync(
            async work => work.Changes.Say(await new Rotation(
                work, AtOnce with { Cutover = true, UntilPublished = !isPasted }, cancellation).RunAsync()),
            cancellation,
            isLiveAssist: true);

    /// <summary>Sets the site's own token service up, as <c>chatauth builtin configure</c> does.</summary>
    /// <param name="thumbprint">Of the certificate that is uploaded.</param>
    /// <param name="client">The client id by which pages ask.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>What was done; nothing where it is set up.</returns>
    /// <exception cref="CommandException">A request was refused.</exception>
    public Task<IReadOnlyList<string>> ConfigureBuiltInAsync(
        string thumbprint, string client, CancellationToken cancellation) =>
        RunAsync(
            async work =>
            {
                LiveSite site = await SiteLookup.FindAsync(work.Dataverse, SiteId.ToString("D"), cancellation);
                foreach (SitePart part in await new BuiltInSettings(thumbprint, client, Lifetime: null).PartsAsync(
                    site, SiteName, mayOverwrite: false, cancellation))
                {
                    await work.Changes.DoAsync(
                        $"create the {part.Name} of the site {SiteName}",
                        () => part.MakeRightAsync(site, cancellation));
                }
            },
            cancellation);

    /// <summary>The keys that are published.</summary>
    /// <param name="cancellation">Ends it early.</param>
    public async Task<IReadOnlyList<PublishedKey>> KeysAsync(CancellationToken cancellation)
    {
        var answer = await administrator.PostAsync("chatauth_GetPublicKeys", [], cancellation);
        var signing = answer!["SigningKeyId"]?.GetValue<string>();
        return
        [
            .. JsonNode.Parse(answer["KeySet"]!.GetValue<string>())!.AsArray()
                .Select(key => key!["kid"]!.GetValue<string>())
                .Select(kid => new PublishedKey(kid, kid == signing)),
        ];
    }

    /// <summary>
    /// Revokes a key, as <c>chatauth revoke</c> does; where it signs, after a next one took its place. Then lets the
    /// caches of portal and chat service end.
    /// </summary>
    /// <param name="keyId">Its kid.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="CommandException">A step was refused.</exception>
    public async Task<IReadOnlyList<string>> RevokeAsync(string keyId, CancellationToken cancellation)
    {
        var done = await RunAsync(
            async work =>
            {
                if ((await KeysAsync(cancellation)).Any(key => key.Signs && key.Kid == keyId))
                {
                    await NextKeyAsync(work, cancellation);
                }

                var revocation = new Revocation(work, cancellation);
                work.Changes.Say(await revocation.RunAsync(keyId, isForced: false, forgotten: null));
            },
            cancellation);

        // Five minutes at the portal, one at the chat service.
        Clock.Pass(TimeSpan.FromMinutes(6));
        return [.. done, "Six minutes passed, in which the caches ended."];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        administrator.Dispose();
        one.Dispose();
        await server.DisposeAsync();
    }

    private static async Task NextKeyAsync(DeploymentContext work, CancellationToken cancellation) =>
        work.Changes.Say(await new Rotation(work, AtOnce, cancellation).RunAsync());

    private async Task<IReadOnlyList<string>> RunAsync(
        Func<DeploymentContext, Task> command, CancellationToken cancellation, bool isLiveAssist = false)
    {
        List<string> said = [];
        ChangeRunner plan = new(isDry: false, said.Add, said.Add, terminal.Waiting);
        await one.WaitAsync(cancellation);
        try
        {
            var liveAssist = LiveAssistSettings.Pasted(StackSettings.Issuer) with
            {
                Window = new ExternalWindow("/auth/authorize", [], WindowClientId),
            };
            var file = isLiveAssist ? settings! with { LiveAssist = liveAssist } : settings!;
            var work = DeploymentContext.Of(file, administrator, plan, terminal, DeploymentContext.UsualPatience);
            await command(work with { IsPastedAsync = (_, _) => Task.FromResult(false) });
            return said;
        }
        finally
        {
            one.Release();
            said.ForEach(terminal.WriteError);
        }
    }
}
