using System.Globalization;
using ChatAuth.Dataverse;

namespace ChatAuth.Checks;

/// <summary>Whether the clock here, by which keys get their dates, is that of the environment.</summary>
internal sealed class ClockCheck : ICheck
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public string Subject => "clock";

    /// <inheritdoc/>
    public bool IsPreflight => false; // deploy takes the environment's own time

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        await WhoAmI.ReadAsync(examination.Dataverse, examination.Cancellation);
        if (examination.Responses.ClockLead is not { } lead)
        {
            yield return Errors.NotChecked(Subject, "The answers of the environment have no date");
        }
        else if (lead.Duration() > Tolerance)
        {
            yield return Errors.ClockOff(
                string.Create(CultureInfo.InvariantCulture,
                    $"{lead.Duration().TotalSeconds:F0} s {(lead > TimeSpan.Zero ? "behind" : "ahead of")}"));
        }
    }
}
