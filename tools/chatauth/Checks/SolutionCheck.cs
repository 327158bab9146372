using ChatAuth.Dataverse;

namespace ChatAuth.Checks;

/// <summary>Whether the solution is installed, and not older than the one that deploy would import.</summary>
internal sealed class SolutionCheck : ICheck
{
    /// <inheritdoc/>
    public string Subject => "solution";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        Version carried = examination.Settings.Solution is { } path ? SolutionZip.Read(path).Version
            : Version.Parse(ProductVersion.OfSolution);
        Version? installed = await SolutionZip.InstalledAsync(examination.Dataverse, examination.Cancellation);
        if (installed == null)
        {
            yield return Errors.SolutionMissing();
        }
        else if (installed < carried)
        {
            yield return Errors.SolutionOld(installed.ToString(), carried.ToString());
        }
        else if (installed > carried)
        {
            yield return Errors.SolutionNewer(installed.ToString(), carried.ToString());
        }
    }
}
