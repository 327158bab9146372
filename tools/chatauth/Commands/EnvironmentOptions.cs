using System.CommandLine;
using ChatAuth.Dataverse;
using ChatAuth.Deployment;
using ChatAuth.Keys;
using ChatAuth.Settings;

namespace ChatAuth.Commands;

/// <summary>The options of every command that works on an environment.</summary>
internal sealed class EnvironmentOptions
{
    private readonly Option<string> settings = new("--settings")
    {
        Description = "The settings file.",
        HelpName = "FILE",
        DefaultValueFactory = _ => "chatauth.json",
    };
    private readonly ConnectionOptions connection = new();
    private readonly Option<bool> dryRun =
        new("--dry-run")
        {
            Description = "Says what is and what would be done, and changes nothing; exit code 3 when something "
                + "would change.",
        };
    private readonly Option<bool> json = new("--json") { Description = "Writes the changes as JSON." };
    private readonly Option<string> timeout = Span("--timeout", "How long a target may take to serve the keys.", "20m");

    /// <summary>A span of time such as <c>24h</c>.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="usual">Its default.</param>
    public static Option<string> Span(string name, string description, string usual)
    {
        Option<string> option = new(name)
        {
            Description = description + " A number and s, m, h, d or w.",
            HelpName = "SPAN",
            DefaultValueFactory = _ => usual,
        };
        option.Validators.Add(result =>
        {
            if (SecondsOf(result.GetValueOrDefault<string>()) is null)
            {
                result.AddError($"{name} is not a whole number and s, m, h, d or w, for example {usual}.");
            }
        });
        return option;
    }

    /// <summary>The seconds of a span; none, <c>0s</c>, is one too. Null when it is no span.</summary>
    public static long? SecondsOf(string? text) => text == "0s" ? 0 : Lifetime.Parse(text ?? string.Empty);

    /// <summary>The option that overrides a refusal by its code.</summary>
    /// <remarks>
    /// A bare one stands at the end of the words (see <see cref="BareForceLast"/>): it takes no word.
    /// </remarks>
    /// <param name="codes">The refusals that may be overridden.</param>
    /// <param name="bare">What the option means without a code; null where it needs one.</param>
    /// <param name="which">How the help names the refusals; null for their codes.</param>
    /// <param name="isMore">Whether a further code may be overridden, asked for a code that is given alone: the table
    /// of all is not made for every start of the command.</param>
    public static Option<string[]> Force(
        IReadOnlyList<string> codes, string? bare = null, string? which = null, Func<string, bool>? isMore = null)
    {
        which ??= string.Join(" or ", codes);
        Option<string[]> option = new("--force")
        {
            Description = $"Overrides the refusal {which}, and may be given again."
                + (bare == null ? string.Empty : " Without a code: " + bare),
            HelpName = "CODE",
            Arity = bare == null ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore,
            AllowMultipleArgumentsPerToken = false,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => !codes.Contains(token.Value) && isMore?.Invoke(token.Value) != true))
            {
                result.AddError($"--force takes the code {which}; no other refusal can be overridden.");
            }
        });
        return option;
    }

    /// <summary>Whether it was given without a code, be it beside others with one.</summary>
    public static bool IsBare(ParseResult parsed, Option<string[]> force) =>
        parsed.GetResult(force) is { } result && result.IdentifierTokenCount > result.Tokens.Count;

    /// <summary>
    /// The words of a command line in which each --force that no code follows stands at the end, where it takes no
    /// other word.
    /// </summary>
    public static string[] BareForceLast(string[] args)
    {
        bool IsBare(int at) => args[at] == "--force"
            && !args.ElementAtOrDefault(at + 1).AsSpan().StartsWith("CHATAUTH", StringComparison.Ordinal);
        return
        [
            .. args.Where((_, at) => !IsBare(at)),
            .. Enumerable.Range(0, args.Length).Any(IsBare) ? new[] { "--force" } : [],
        ];
    }

    /// <summary>The option that ends a command before the keys are served.</summary>
    public static Option<string?> Until()
    {
        Option<string?> option = new("--until")
        {
            Description =
                "published: ends when the keys are written to every target, so that files can be uploaded; the "
                + "command is run again without it afterwards.",
            HelpName = "published",
        };
        option.AcceptOnlyFromAmong("published");
        return option;
    }

    /// <summary>The option that gives a key in place of a new random one.</summary>
    public static Option<string?> Key() => new("--key")
    {
        Description = "A key file with one key, made by chatauth key import: the chat service knows the key pair "
            + "already. Its end is the file's.",
        HelpName = "FILE",
    };

    /// <summary>The option that says that the line of a pending key was pasted.</summary>
    public static Option<bool> Yes() => new("--yes")
    {
        Description = "Says that the line of the pending key was pasted into Live Assist; nobody is asked.",
    };

    /// <summary>The context of a run with what <see cref="Key"/> and <see cref="Yes"/> say.</summary>
    /// <param name="context">Without it.</param>
    /// <param name="path">The key file; null for none.</param>
    /// <param name="isPasted">Whether the line was pasted.</param>
    /// <param name="clock">By which the key must not have expired.</param>
    /// <exception cref="CommandException">As <see cref="KeyFile.ReadGiven"/>.</exception>
    public static DeploymentContext With(
        DeploymentContext context, string? path, bool isPasted, TimeProvider clock) => context with
        {
            Given = path == null ? null : KeyFile.ReadGiven(path, clock.GetUtcNow().ToUnixTimeSeconds()),
            IsPastedAsync = !isPasted ? context.IsPastedAsync : (lines, _) =>
            {
                lines.ToList().ForEach(context.Changes.Say);
                return Task.FromResult(true);
            },
        };

    /// <summary>Makes a command that has these options and its own.</summary>
    /// <param name="command">The command.</param>
    /// <param name="changes">Whether it changes anything, so that it can be tried.</param>
    /// <param name="host">Where it reads and writes.</param>
    /// <param name="run">Runs it.</param>
    /// <param name="network">Answers the requests of a run; null for the network of <paramref name="host"/>.</param>
    public ExampleCommand For(
        ExampleCommand command,
        bool changes,
        CommandHost host,
        Func<ParseResult, DeploymentContext, CancellationToken, Task> run,
        Func<CommandHost, HttpMessageHandler>? network = null)
    {
        List<Option> all = [settings, .. connection.All, .. changes ? new Option[] { timeout, dryRun, json } : []];
        all.ForEach(command.Options.Add);
        command.SetAction(async (parsed, cancellation) =>
        {
            CommandHost world = network == null ? host : host with { Network = network(host) };
            SettingsFile file = SettingsFile.Read(parsed.GetRequiredValue(settings), host.Fill);
            using WebApi dataverse = connection.Open(parsed, world);
            ChangeRunner runner = Runner(parsed, host, changes);
            TimeSpan patience =
                TimeSpan.FromSeconds(changes ? SecondsOf(parsed.GetValue(timeout))!.Value : 0);
            DeploymentContext context =
                DeploymentContext.Of(file, dataverse, runner, world, patience, Forced(command, parsed));
            return await EndAsync(run(parsed, context, cancellation), runner, host);
        });
        return command;
    }

    /// <summary>Makes a command that changes an environment and needs no settings file.</summary>
    /// <param name="command">The command.</param>
    /// <param name="host">Where it reads and writes.</param>
    /// <param name="run">Runs it, with the codes of the refusals that a person overrides.</param>
    public ExampleCommand Changing(
        ExampleCommand command,
        CommandHost host,
        Func<ParseResult, WebApi, ChangeRunner, IReadOnlySet<string>, CancellationToken, Task> run)
    {
        List<Option> all = [.. connection.All, dryRun, json];
        all.ForEach(command.Options.Add);
        command.SetAction(async (parsed, cancellation) =>
        {
            using WebApi dataverse = connection.Open(parsed, host);
            ChangeRunner runner = Runner(parsed, host, changes: true);
            return await EndAsync(
                run(parsed, dataverse, runner, Forced(command, parsed), cancellation), runner, host);
        });
        return command;
    }

    /// <summary>Makes a command that needs an environment and no settings file.</summary>
    /// <param name="command">The command.</param>
    /// <param name="host">Where it reads and writes.</param>
    /// <param name="run">Runs it.</param>
    public ExampleCommand WithoutSettings(
        ExampleCommand command, CommandHost host, Func<ParseResult, WebApi, CancellationToken, Task> run)
    {
        connection.All.ToList().ForEach(command.Options.Add);
        command.SetAction(async (parsed, cancellation) =>
        {
            using WebApi dataverse = connection.Open(parsed, host);
            await run(parsed, dataverse, cancellation);
        });
        return command;
    }

    private ChangeRunner Runner(ParseResult parsed, CommandHost host, bool changes) => new(
        changes && parsed.GetValue(dryRun), host.WriteLine, host.WriteError, host.Waiting,
        changes && parsed.GetValue(json), host.WriteProgress, host.Filled.Hide);

    private static HashSet<string> Forced(ExampleCommand command, ParseResult parsed) =>
        command.Options.OfType<Option<string[]>>().FirstOrDefault(option => option.Name == "--force") is { } force
            ? [.. parsed.GetValue(force) ?? []]
            : [];

    // A program that reads JSON is told what was done also where the run failed or was interrupted.
    private static async Task<int> EndAsync(Task run, ChangeRunner runner, CommandHost host)
    {
        try
        {
            await run;
        }
        finally
        {
            if (runner.Plan(run.IsCompletedSuccessfully) is { } plan)
            {
                await host.Out.WriteLineAsync(plan);
            }
        }

        return runner is { IsDry: true, Count: > 0 } ? Invocation.WouldChange : Invocation.Done;
    }
}
