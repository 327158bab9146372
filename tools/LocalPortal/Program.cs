using System;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Commands;

namespace ChatAuth.LocalPortal;

/// <summary>LocalPortal: the product, alive, on one machine.</summary>
internal static class Program
{
    /// <summary>Runs LocalPortal in the shell; 0 done, 1 refused, 2 bad use.</summary>
    public static Task<int> Main(string[] args) => RunAsync(
        args,
#pragma warning disable RS0030 // the entry point is the one place that names the system's clock
        new Terminal(Console.Out, Console.Error, Console.In, TimeProvider.System));
#pragma warning restore RS0030 // the entry point is the one place that names the system's clock

    /// <summary>Runs LocalPortal with a terminal of the caller's.</summary>
    public static Task<int> RunAsync(string[] args, Terminal terminal)
    {
        var once = new Option<bool>("--once") { Description = "Do the whole round once and print a token.", Required = true };
        var contact = new Option<string>("--contact")
        {
            Description = "Id of the visitor's contact, or none for the anonymous visitor.",
            DefaultValueFactory = _ => SampleData.BertHair.ToString("D"),
        };
        contact.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && token.Value != "none" && !Guid.TryParse(token.Value, out _))
            {
                result.AddError("--contact takes the id of a contact, or none.");
            }
        });
        var context = new Option<string?>("--context") { Description = "JSON object of context variables: msdyn_cartvalue and msdyn_isvip, both strings." };
        var output = new Option<string?>("--out") { Description = "Folder for public.pem, keyset.json, jwks.json, contacts.json and the managed zip." };
        var root = new RootCommand("Packs the solution, imports it into LocalDataverse and issues a token as a portal would.") { once, contact, context, output };
        root.SetAction(parsed => new Once(
            new OnceOptions(
                parsed.GetRequiredValue(contact) is var visitor && visitor == "none" ? null : Guid.Parse(visitor),
                parsed.GetValue(context),
                parsed.GetValue(output)),
            terminal).RunAsync());
        return Invocation.RunAsync(root.Parse(args), terminal, CancellationToken.None);
    }
}
