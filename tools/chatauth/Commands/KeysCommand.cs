using System.CommandLine;
using ChatAuth.Checks;
using ChatAuth.Deployment;

namespace ChatAuth.Commands;

/// <summary><c>chatauth keys</c>: the keys of an environment.</summary>
internal static class KeysCommand
{
    /// <summary>The command.</summary>
    /// <param name="host">Where it reads and writes.</param>
    public static Command Create(CommandHost host)
    {
        Option<bool> json = new("--json") { Description = "Writes JSON." };
        ExampleCommand command = new(
            "keys",
            "Shows every key of the environment: kid, state, dates, and which targets serve it.",
            "chatauth keys --url https://yourorg.crm.dynamics.com",
            "chatauth keys --json --url https://yourorg.crm.dynamics.com")
        {
            json,
        };
        return new EnvironmentOptions().For(command, changes: false, host, async (parsed, context, cancellation) =>
        {
            IReadOnlyList<KeyLine> lines =
            [
                .. (await KeyTable.ReadAsync(context, cancellation)).Select(
                    line => line with { ServedAt = [.. line.ServedAt.Select(host.Filled.Hide)] }),
            ];
            await Preflight.WarnOfOthersAsync(
                context, [new ForeignStepsCheck(), new KeyReadersCheck()], cancellation);
            if (parsed.GetValue(json))
            {
                await host.Out.WriteLineAsync(KeyTable.Json(lines));
            }
            else
            {
                KeyTable.Text(lines).ToList().ForEach(host.WriteLine);
            }
        });
    }
}
