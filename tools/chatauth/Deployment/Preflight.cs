using ChatAuth.Checks;

namespace ChatAuth.Deployment;

/// <summary>What deploy and rotate look at before their first write: all that can be read.</summary>
internal static class Preflight
{
    /// <summary>Looks at everything; warnings are told.</summary>
    /// <param name="context">What the command works with.</param>
    /// <param name="environment">The environment as it was read.</param>
    /// <param name="sites">What sites are given; null for rotate, which touches nothing but keys.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <param name="refusals">What the command itself has to say against it, asked last; null for nothing.</param>
    /// <exception cref="CommandException">Every error that a person has to mend, but those that are
    /// overridden.</exception>
    public static async Task RunAsync(
        DeploymentContext context, ChatEnvironment environment, SiteDeployment? sites, CancellationToken cancellation,
        Func<Task<IReadOnlyList<CodedError>>>? refusals = null)
    {
        Diagnosis diagnosis = await Diagnosis.OfAsync(
            await BeginAsync(context, cancellation), sites == null ? OfKeys(context) : null);
        foreach (Finding finding in diagnosis.Findings.Where(finding =>
            finding.Severity == Severity.Warning && finding.Mender is Mender.Person or Mender.Rotate))
        {
            context.Changes.Say("warning " + finding);
        }

        CodedError[] stops =
        [
            .. ((IEnumerable<CodedError>)[
                .. diagnosis.Findings.Where(finding => finding.Stops),
                .. sites == null ? [] : await sites.CheckAsync(),
                .. await environment.LookAsync(),
                .. refusals == null ? [] : await refusals(),
            ]).Where(stop => !context.Forced.Contains(stop.Code)).DistinctBy(stop => stop.Text),
        ];
        if (stops.Length > 0)
        {
            context.Changes.Say($"{(sites == null ? "rotate" : "deploy")} stops before its first write");
            throw new CommandException(stops);
        }
    }

    /// <summary>Tells of steps and flows of others that are handed tokens or keys; stops nothing.</summary>
    /// <param name="context">What a command works with that goes on all the same.</param>
    /// <param name="checks">Which of them.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5001, 5002, 5014.</exception>
    public static async Task WarnOfOthersAsync(
        DeploymentContext context, IEnumerable<ICheck> checks, CancellationToken cancellation)
    {
        Diagnosis diagnosis = await Diagnosis.OfAsync(await BeginAsync(context, cancellation), checks);
        foreach (Finding finding in diagnosis.Findings.Where(finding => finding.Mender == Mender.Person))
        {
            context.Changes.Say("warning " + finding);
        }
    }

    // What a new key would fall into: steps bound to its row, another assembly, a trace, a place that is not ours.
    private static IEnumerable<ICheck> OfKeys(DeploymentContext context)
    {
        string? zip = context.Settings.Solution;
        bool isThere = zip == null || File.Exists(zip);
        if (!isThere)
        {
            context.Changes.Say($"the plug-in assembly is not compared, since {zip} is not there");
        }

        return
        [
            .. isThere ? new ICheck[] { new AssemblyCheck() } : [],
            new KeyReadersCheck(), new ServedKeysCheck(), new TraceCheck(),
        ];
    }

    private static Task<Examination> BeginAsync(DeploymentContext context, CancellationToken cancellation) =>
        Examination.BeginAsync(
            context.Settings,
            context.Dataverse,
            context.Publisher.Targets,
            new ResponseObserver(context.Network ?? CommandHost.Direct, context.Clock),
            cancellation,
            isPreflight: true,
            context.Given);
}
