using ChatAuth.Checks;

namespace ChatAuth.Deployment;

/// <summary>What deploy looks at before its first write: all that can be read.</summary>
internal static class Preflight
{
    /// <summary>Looks at everything; warnings are told.</summary>
    /// <param name="context">What deploy works with.</param>
    /// <param name="environment">The environment as it was read.</param>
    /// <param name="sites">What sites are given.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">Every error that a person has to mend, but those that are
    /// overridden.</exception>
    public static async Task RunAsync(
        DeploymentContext context, ChatEnvironment environment, SiteDeployment sites, CancellationToken cancellation)
    {
        Diagnosis diagnosis = await Diagnosis.OfAsync(await BeginAsync(context, cancellation));
        foreach (Finding finding in diagnosis.Findings.Where(finding =>
            finding.Severity == Severity.Warning && finding.Mender is Mender.Person or Mender.Rotate))
        {
            context.Changes.Say("warning " + finding);
        }

        CodedError[] stops =
        [
            .. ((IEnumerable<CodedError>)[
                .. diagnosis.Findings.Where(finding => finding.Stops),
                .. await sites.CheckAsync(),
                .. await environment.LookAsync(),
            ]).Where(stop => !context.Forced.Contains(stop.Code)).DistinctBy(stop => stop.Text),
        ];
        if (stops.Length > 0)
        {
            context.Changes.Say("deploy stops before its first write");
            throw new CommandException(stops);
        }
    }

    /// <summary>Tells of steps and flows of others that are handed tokens or keys; stops nothing.</summary>
    /// <param name="context">What a command works with that goes on all the same.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5001, 5002, 5014.</exception>
    public static async Task WarnOfOthersAsync(DeploymentContext context, CancellationToken cancellation)
    {
        Diagnosis diagnosis = await Diagnosis.OfAsync(
            await BeginAsync(context, cancellation), [new ForeignStepsCheck(), new KeyReadersCheck()]);
        foreach (Finding finding in diagnosis.Findings.Where(finding => finding.Mender == Mender.Person))
        {
            context.Changes.Say("warning " + finding);
        }
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
