using System.Text.Json.Nodes;
using ChatAuth.Dataverse;
using ChatAuth.Plugins.Jose;
using ChatAuth.Probing.Questions;

namespace ChatAuth.Probing;

/// <summary>Asks an environment what nobody has shown of the platform.</summary>
/// <remarks>
/// <para>A step of the probe on our messages would answer visitors: refuse them, or publish its key. So where deploy
/// has been, no step of the
/// probe is enabled, and nothing is imported; those questions are asked in a sandbox. Where it has not been, no portal
/// gets a token anyway.</para>
/// <para>Should deploy come in between: it takes the probe's rows away; what is there all the same runs before its own
/// steps, whose answer is the
/// last; and the probe's key signs for the probe's own contact only. So no token by it ever reaches a visitor.</para>
/// </remarks>
/// <param name="dataverse">The environment.</param>
/// <param name="host">Where it writes.</param>
/// <param name="allowsTrace">Whether the plug-in trace may be switched on for the moment.</param>
/// <param name="customizer">Id of a system user who may register steps and is no administrator; null for none.</param>
internal sealed class Probe(WebApi dataverse, CommandHost host, bool allowsTrace, Guid? customizer)
{
    private const int RemovalAttempts = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly ChangeRunner changes = new(isDry: false, host.WriteLine, host.WriteError, host.Waiting);

    /// <summary>Asks every question; its rows are gone afterwards, whatever happened.</summary>
    /// <exception cref="CommandException">5501 the solution is not there, 5503 rows are left; 5006 another probe runs;
    /// 5001, 5002.</exception>
    public async Task<ProbeTable> RunAsync(CancellationToken cancellation)
    {
        Version solution = await SolutionZip.InstalledAsync(dataverse, cancellation)
            ?? throw new CommandException(Errors.NothingToProbe());
        await ProbeRows.RemoveAsync(dataverse, changes, cancellation);
        ProbeSite site = await ProbeSite.ReadAsync(dataverse, host, solution, allowsTrace, cancellation);
        JsonObject version = await dataverse.GetAsync("RetrieveVersion", cancellation);
        ProbeTable table = new(version.Column<string>("Version") ?? "unknown", solution,
            DateOnly.FromDateTime(host.Clock.GetUtcNow().UtcDateTime));
        try
        {
            await site.Rows.BeginAsync(site.PendingKeys(site.KeyEnd), cancellation);
            foreach (IQuestion question in Questions())
            {
                table.Add(question.Text, await AskAsync(question, site, table, cancellation));
            }
        }
        finally
        {
            await RemoveAsync();
        }

        return table;
    }

    private IEnumerable<IQuestion> Questions() =>
    [
        new Signing(),
        new PortalCall(),
        new AuthorizationReach(),
        new PlainCall(),
        new SecureConfigurationRenewal(),
        new RowVersions("steps", ProbeRows.PublishKeys.Path, "description"),
        new DisabledOnCreate(),
        new ManagedUpgrade(),
        new StepInSolution(),
        new LabelLanguage(),
        new StepOfAnother(customizer),
        new TraceRow(),
    ];

    private async Task<Answer> AskAsync(
        IQuestion question, ProbeSite site, ProbeTable table, CancellationToken cancellation)
    {
        if (question.TakesOver && site.IsDeployed)
        {
            return new Answer(
                Verdict.NotAsked, "ChatAuth is deployed here, and a step of the probe would answer in its place: ask "
                    + "in a sandbox where the solution is imported only");
        }

        try
        {
            changes.Say("asking: " + question.Text);
            Answer answer = await question.AskAsync(site, cancellation);
            await site.Rows.TidyAsync(cancellation);
            return answer;
        }
        catch (CommandException exception)
        {
            host.WriteError(exception.Errors[0]);
            table.Failures++;
            await TidyAfterFailureAsync(site, cancellation);
            return new Answer(Verdict.NotTold, "ended in " + exception.Errors[0].Code);
        }
    }

    private static async Task TidyAfterFailureAsync(ProbeSite site, CancellationToken cancellation)
    {
        try
        {
            await site.Rows.TidyAsync(cancellation);
        }
        catch (CommandException)
        {
            // The next question meets what is left and says so; the removal at the end tries again.
        }
    }

    // Not ended early: what was made is taken away also after Ctrl+C.
    private async Task RemoveAsync()
    {
        CommandException? failure = await Polling.UntilAsync(
            TryRemoveAsync,
            failure => failure == null,
            Polling.Even(Pause, RemovalAttempts),
            host.Clock,
            CancellationToken.None);
        if (failure != null)
        {
            throw new CommandException([failure.Errors[0], Errors.ProbeRowsLeft()]);
        }
    }

    private async Task<CommandException?> TryRemoveAsync()
    {
        try
        {
            await ProbeRows.RemoveAsync(dataverse, changes, CancellationToken.None);
            return null;
        }
        catch (CommandException exception)
        {
            return exception;
        }
    }
}
