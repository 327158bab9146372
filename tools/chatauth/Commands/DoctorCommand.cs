using System.CommandLine;
using ChatAuth.Checks;
using ChatAuth.Deployment;
using ChatAuth.Doctor;

namespace ChatAuth.Commands;

/// <summary><c>chatauth doctor</c>: what stands between an environment and authenticated chat.</summary>
internal static class DoctorCommand
{
    /// <summary>The command.</summary>
    /// <param name="host">Where it reads and writes.</param>
    public static Command Create(CommandHost host)
    {
        Option<bool> json = new("--json") { Description = "Writes JSON." };
        ExampleCommand command = new(
            "doctor",
            "Says what stands between the environment and authenticated chat, and how to mend it; changes nothing. "
                + "Exit code 1 when a finding is an error.",
            "chatauth doctor --settings chatauth.json --url https://yourorg.crm.dynamics.com",
            "chatauth doctor --json --settings chatauth.json --url https://yourorg.crm.dynamics.com")
        {
            json,
        };
        async Task RunAsync(ParseResult parsed, DeploymentContext context, CancellationToken cancellation)
        {
            ResponseObserver responses = (ResponseObserver)context.Network!;
            Examination examination = await Examination.BeginAsync(
                context.Settings, context.Dataverse, context.Publisher.Targets, responses, cancellation);
            Diagnosis diagnosis = (await Diagnosis.OfAsync(examination)).With(host.Filled.Hide);
            if (parsed.GetValue(json))
            {
                await host.Out.WriteLineAsync(Report.Json(diagnosis));
            }
            else
            {
                foreach ((string line, Severity? tone) in Report.Text(diagnosis))
                {
                    host.WriteLine(line, tone);
                }
            }

            foreach (Finding finding in diagnosis.Findings)
            {
                host.Annotate(finding, finding.Severity);
            }

            if (diagnosis.Errors > 0)
            {
                throw new CommandException(Errors.EnvironmentNotSound(diagnosis.Errors));
            }
        }

        return new EnvironmentOptions().For(
            command, changes: false, host, RunAsync, world => new ResponseObserver(world.Network, world.Clock));
    }
}
