using System.CommandLine;
using ChatAuth.Probing;

namespace ChatAuth.Commands;

/// <summary><c>chatauth probe</c>: finds out in an environment what nobody has shown of the platform.</summary>
internal static class ProbeCommand
{
    /// <summary>The command.</summary>
    /// <param name="host">Where it reads and writes.</param>
    public static Command Create(CommandHost host)
    {
        Option<bool> json = new("--json") { Description = "Writes JSON." };
        Option<bool> trace = new("--trace")
        {
            Description =
                "Lets plug-in trace be switched from Off to Exception for the moment, to look at a row of it.",
        };
        Option<Guid?> customizer = new("--as")
        {
            Description = "System user id of somebody who may register steps and is no System Administrator: whether "
                + "a step of theirs can be bound to a secure configuration is asked in their name.",
            HelpName = "GUID",
        };
        ExampleCommand command = new(
            "probe",
            "Asks an environment what is not proven of the platform, with rows of its own that it removes, and writes "
                + "a table to paste into an issue. Use a sandbox where the solution is imported and nothing is "
                + "deployed; elsewhere it asks only what disturbs nobody.",
            "chatauth probe --url https://yoursandbox.crm.dynamics.com",
            "chatauth probe --trace --url https://yoursandbox.crm.dynamics.com")
        {
            json,
            trace,
            customizer,
        };
        return new EnvironmentOptions().WithoutSettings(command, host, async (parsed, dataverse, cancellation) =>
        {
            ProbeTable table = await new Probe(
                dataverse, host, parsed.GetValue(trace), parsed.GetValue(customizer)).RunAsync(cancellation);
            if (parsed.GetValue(json))
            {
                await host.Out.WriteLineAsync(table.Json());
            }
            else
            {
                table.Markdown().ToList().ForEach(host.WriteLine);
            }

            if (table.Failures > 0)
            {
                throw new CommandException(Errors.ProbeIncomplete(table.Failures));
            }
        });
    }
}
