using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.AspNetCore;
using ChatAuth.Dataverse;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.LocalPortal.ChatService;
using ChatAuth.LocalPortal.Stack;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace ChatAuth.LocalPortal.Site;

/// <summary>The site: a portal of both kinds, the chat service and the agent's desk, on 127.0.0.1.</summary>
internal sealed class SiteServer : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly List<IDisposable> owned;

    private SiteServer(LocalStack stack, WebApplication application, List<IDisposable> owned)
    {
        Stack = stack;
        this.application = application;
        this.owned = owned;
        Url = new Uri(application.Urls.Single());
    }

    /// <summary>Address of the site.</summary>
    public Uri Url { get; }

    /// <summary>What it stands on.</summary>
    public LocalStack Stack { get; }

    /// <summary>Starts everything, and deploys.</summary>
    /// <param name="port">TCP port; 0 for any free one.</param>
    /// <param name="terminal">Told of every step.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="IOException">The port is taken: its inner exception is AddressInUseException.</exception>
    /// <exception cref="CommandException">A step of deploy was refused.</exception>
    public static async Task<SiteServer> StartAsync(int port, CommandHost terminal, CancellationToken cancellation)
    {
        var stack = await LocalStack.StartAsync(terminal);
        List<IDisposable> owned = [];
        Dictionary<string, ChatChannel> channels = [];
        LiveAssistSetup liveAssist = new();
        SiteToken token = new();
        ExternalWindow window = new() { ClientId = LocalStack.WindowClientId };
        var application = SiteParts.Build(port, stack, channels, liveAssist, token, window, terminal, owned);
        try
        {
            await application.StartAsync(cancellation);
        }
        catch (IOException)
        {
            await application.DisposeAsync();
            await stack.DisposeAsync();
            throw;
        }

        SiteServer site = new(stack, application, owned);
        site.OpenChannels(channels, liveAssist, token);
        window.RedirectUris.Add(new Uri(site.Url, Pages.WindowPath).AbsoluteUri);
        await stack.DeployAsync(new Uri(site.Url, PortalKind.PowerPages.KeyPath), cancellation);
        return site;
    }

    /// <summary>Ends when the process is asked to stop.</summary>
    public Task StoppedAsync(CancellationToken cancellation) => application.WaitForShutdownAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        owned.ForEach(each => each.Dispose());
        await Stack.DisposeAsync();
    }

    // The chat service knows a portal by its public key URL, as the chat authentication settings name it.
    private void OpenChannels(
        Dictionary<string, ChatChannel> channels, LiveAssistSetup liveAssist, SiteToken token)
    {
        WebApi agent = new(Stack.Environment, Stack.Agent.Token, Stack.Clock);
        owned.Add(agent);
        foreach (var kind in PortalKind.All)
        {
            PublicKeyUrl keys = new(() => token.KeyUrl(kind, Url), Stack.Clock);
            owned.Add(keys);
            channels[kind.Name] =
                new ChatChannel(
                    new TokenCheck(keys, () => StackSettings.Issuer, Stack.Clock),
                    new AgentDesk(agent, SampleData.Widget));
        }

        channels[PortalKind.LiveAssist] =
            new ChatChannel(
                new TokenCheck(liveAssist, () => liveAssist.Issuer, Stack.Clock), new AgentDesk(agent, widget: null));
    }
}
