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

    /// <summary>Runs the import.</summary>
    /// <param name="dataverse">As a user who may import.</param>
    /// <param name="zip">The packed solution.</param>
    /// <param name="clock">Paces the questions.</param>
    /// <param name="progress">Told how far Dataverse is, in percent, whenever it is further.</param>
    /// <param name="cancellation">Ends the waiting, not the import.</param>
    /// <exception cref="CommandException">5003 Dataverse did not take the solution; 5001, 5002.</exception>
    public static async Task RunAsync(
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
            $"asyncoperations({started?["AsyncOperationId"]})?$select=statecode,statuscode,friendlymessage";
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
        if (job["statuscode"]?.GetValue<int>() != Succeeded)
        {
            throw new CommandException(
                Errors.ImportFailed(job["friendlymessage"]?.GetValue<string>() ?? "Dataverse gave no reason."));
        }
    }

    private static bool IsCompleted(JsonObject job) => job["statecode"]?.GetValue<int>() == Completed;

    // The job's row comes a moment after the call; without it there is only nothing to tell.
    private static async Task<double> PercentAsync(WebApi dataverse, Guid importJob, CancellationToken cancellation)
    {
        JsonObject? row = await dataverse.FindAsync(
            $"importjobs?$select=progress&$filter=importjobid eq {importJob:D}", cancellation);
        return row?["progress"]?.GetValue<double>() ?? 0;
    }
}
