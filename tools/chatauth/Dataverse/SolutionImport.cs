using System.Text.Json.Nodes;

namespace ChatAuth.Dataverse;

/// <summary>Imports a solution zip and waits until Dataverse is done with it.</summary>
/// <remarks>Sources: Microsoft Learn, ImportSolutionAsync action; asyncoperation table (statecode 3 completed,
/// statuscode 30 succeeded);
/// importjob table (progress, 0 to 100).</remarks>
internal static class SolutionImport
{
    private const int Completed = 3;
    private const int Succeeded = 30;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // An import is refused while another one runs, at once by a code, or as a failed job, which has this text alone:
    // "Cannot start another [Import]", "Cannot start the requested operation [Import]".
    private const string Busy = "Cannot start ";

    private static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(15);

    /// <summary>Runs the import; while another import runs in the environment it is waited for.</summary>
    /// <param name="dataverse">As a user who may import.</param>
    /// <param name="zip">The packed solution.</param>
    /// <param name="clock">Paces the questions.</param>
    /// <param name="waiting">Tells how far it is.</param>
    /// <param name="patience">How long another import is waited for.</param>
    /// <param name="cancellation">Ends the waiting, not the import.</param>
    /// <exception cref="CommandException">5003 Dataverse did not take the solution, or is still busy with another one;
    /// 5001, 5002.</exception>
    public static async Task RunAsync(
        WebApi dataverse, byte[] zip, TimeProvider clock, Waiting waiting, TimeSpan patience,
        CancellationToken cancellation)
    {
        DateTimeOffset end = clock.GetUtcNow() + patience;
        CommandException? busy = await TryAsync(dataverse, zip, clock, waiting, cancellation);
        if (busy != null)
        {
            busy = await waiting.RunAsync("waiting for another import of this environment", end, tell =>
            {
                tell("Dataverse takes one at a time", null);
                return Polling.UntilAsync(
                    () => TryAsync(dataverse, zip, clock, waiting, cancellation),
                    refusal => refusal == null,
                    Enumerable.Repeat(BusyPause, int.MaxValue).Before(end, clock),
                    clock,
                    cancellation,
                    _ => tell("Dataverse takes one at a time", null));
            });
        }

        if (busy != null)
        {
            throw busy;
        }
    }

    // Null when it is done; the refusal while another import runs.
    private static async Task<CommandException?> TryAsync(
        WebApi dataverse, byte[] zip, TimeProvider clock, Waiting waiting, CancellationToken cancellation)
    {
        try
        {
            await waiting.RunAsync("importing the solution", null, async tell =>
            {
                await ImportAsync(dataverse, zip, clock, percent => tell(string.Empty, percent), cancellation);
                return true;
            });
            return null;
        }
        catch (WebApiException refusal) when (refusal.DataverseCode == DataverseCode.CustomizationLocked)
        {
            return new CommandException(Errors.ImportFailed("another import of this environment is running"));
        }
        catch (CommandException refusal) when (
            refusal is not WebApiException && refusal.Message.Contains(Busy, StringComparison.Ordinal))
        {
            return refusal;
        }
    }

    private static async Task ImportAsync(
        WebApi dataverse, byte[] zip, TimeProvider clock, Action<double> progress, CancellationToken cancellation)
    {
        Guid importJob = Guid.NewGuid();
        JsonObject? started = await dataverse.PostAsync(
            "ImportSolutionAsync",
            new JsonObject
            {
                ["OverwriteUnmanagedCustomizations"] = false,
                ["PublishWorkflows"] = false,
                ["CustomizationFile"] = Convert.ToBase64String(zip),
                ["ImportJobId"] = importJob,
            },
            cancellation);
        string operation =
            $"asyncoperations({(started ?? []).Required<Guid>("AsyncOperationId")})"
                + "?$select=statecode,statuscode,friendlymessage";
        double told = 0;
        async Task<JsonObject> AskAsync()
        {
            JsonObject answer = await dataverse.GetAsync(operation, cancellation);
            double percent = IsCompleted(answer) ? told : await PercentAsync(dataverse, importJob, cancellation);
            if (percent > told)
            {
                told = percent;
                progress(percent);
            }

            return answer;
        }

        JsonObject job = await Polling.UntilAsync(
            AskAsync, IsCompleted, Polling.Growing(FirstPause, LongestPause), clock, cancellation);
        if (job.Column<int?>("statuscode") != Succeeded)
        {
            throw new CommandException(
                Errors.ImportFailed(job.Column<string>("friendlymessage") ?? "Dataverse gave no reason."));
        }
    }

    private static bool IsCompleted(JsonObject job) => job.Column<int?>("statecode") == Completed;

    // The job's row comes a moment after the call; without it there is only nothing to tell.
    private static async Task<double> PercentAsync(WebApi dataverse, Guid importJob, CancellationToken cancellation)
    {
        JsonObject? row = await dataverse.FindAsync(
            $"importjobs?$select=progress&$filter=importjobid eq {importJob:D}", cancellation);
        return row?.Column<double?>("progress") ?? 0;
    }
}
