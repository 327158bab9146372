using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Commands;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.LocalPortal.Site;
using Microsoft.AspNetCore.Connections;

namespace ChatAuth.LocalPortal;

/// <summary>LocalPortal: the product, alive, on one machine.</summary>
internal static class Program
{
    private const int UsualPort = 5080;

    /// <summary>Runs LocalPortal in the shell; 0 done, 1 refused, 2 bad use.</summary>
    public static Task<int> Main(string[] args) => RunAsync(
        args,
#pragma warning disable RS0030 // the entry point is the one place that names the system's clock
        new CommandHost(Console.Out, Console.Error, Console.In, TimeProvider.System));
#pragma warning restore RS0030 // the entry point is the one place that names the system's clock

    /// <summary>Runs LocalPortal with a terminal of the caller's.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="terminal">Where it reads and writes.</param>
    /// <param name="cancellation">Stops the site, as Ctrl+C does.</param>
    public static Task<int> RunAsync(string[] args, CommandHost terminal, CancellationToken cancellation = default)
    {
        Option<int> port = new("--port")
        {
            Description = "TCP port of the site on 127.0.0.1; 0 takes any free one.",
            DefaultValueFactory = _ => UsualPort,
        };
        port.Validators.Add(result =>
        {
            if (result.Tokens is [var token]
                && !ushort.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                result.AddError("--port takes a number from 0 to 65535.");
            }
        });
        Option<bool> once =
            new("--once") { Description = "Do the whole round once and print a token, instead of serving the site." };
        Option<string> contact = new("--contact")
        {
            Description = "With --once: id of the visitor's contact, or none for the anonymous visitor.",
            DefaultValueFactory = _ => SampleData.BertHair.ToString("D"),
        };
        contact.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && token.Value != "none" && !Guid.TryParse(token.Value, out _))
            {
                result.AddError("--contact takes the id of a contact, or none.");
            }
        });
        Option<string?> context = new("--context")
        {
            Description =
                "With --once: JSON object of context variables, msdyn_cartvalue and msdyn_isvip, both strings.",
        };
        Option<string?> output = new("--out")
        {
            Description =
                "With --once: folder for public.pem, keyset.json, jwks.json, contacts.json and the managed zip.",
        };
        RootCommand root = new(
            "Packs the solution, deploys it to LocalDataverse and serves a portal, a chat service and an agent's desk "
                + "on top of it.")
        {
            port, once, contact, context, output,
        };
        root.SetAction((parsed, stop) => parsed.GetValue(once)
            ? new Once(
                new OnceOptions(
                    parsed.GetRequiredValue(contact) is var visitor && visitor == "none" ? null : Guid.Parse(visitor),
                    parsed.GetValue(context),
                    parsed.GetValue(output)),
                terminal).RunAsync()
            : ServeAsync(parsed.GetValue(port), terminal, stop));
        return Invocation.RunAsync(root.Parse(args), terminal, cancellation);
    }

    private static async Task ServeAsync(int port, CommandHost terminal, CancellationToken stop)
    {
        await using var site = await OpenAsync(port, terminal, stop);
        terminal.WriteLine(site.Url.AbsoluteUri.TrimEnd('/'));
        terminal.WriteError("Open that address. Ctrl+C stops the site.");
        await site.StoppedAsync(stop);
    }

    private static async Task<SiteServer> OpenAsync(int port, CommandHost terminal, CancellationToken stop)
    {
        try
        {
            return await SiteServer.StartAsync(port, terminal, stop);
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            throw new CommandException(Errors.PortTaken(port));
        }
    }
}
