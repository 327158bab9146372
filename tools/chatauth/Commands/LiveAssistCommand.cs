using System.CommandLine;
using ChatAuth.Deployment;

namespace ChatAuth.Commands;

/// <summary><c>chatauth liveassist</c>: what an administrator pastes into Live Assist.</summary>
internal static class LiveAssistCommand
{
    /// <summary>The command.</summary>
    /// <param name="host">Where it reads and writes.</param>
    public static Command Create(CommandHost host)
    {
        Option<bool> json = new("--json") { Description = "Writes JSON; what stays blank is an empty text." };
        ExampleCommand command = new(
            "liveassist",
            "Says what to paste into Live Assist for Dynamics 365, in the order of its form, the public key on one "
                + "line included.",
            "chatauth liveassist --url https://yourorg.crm.dynamics.com",
            "chatauth liveassist --json --url https://yourorg.crm.dynamics.com")
        {
            json,
        };
        return new EnvironmentOptions().For(command, changes: false, host, async (parsed, context, cancellation) =>
        {
            LiveAssistForm form = await LiveAssistForm.ReadAsync(context, cancellation);
            if (parsed.GetValue(json))
            {
                await host.Out.WriteLineAsync(form.Json());
            }
            else
            {
                Write(form, host, host.Out);
            }
        });
    }

    /// <summary>Writes the form.</summary>
    /// <param name="form">What to paste: shown as it is, also where the environment filled it in, since all of it
    /// stands in every token or is public.</param>
    /// <param name="host">Of the command.</param>
    /// <param name="writer">Where to.</param>
    public static void Write(LiveAssistForm form, CommandHost host, TextWriter writer) =>
        form.Text().ToList().ForEach(
            line => writer.WriteLine(PipelineLog.Disarmed(SafeText.Of(line), host.Environment)));
}
