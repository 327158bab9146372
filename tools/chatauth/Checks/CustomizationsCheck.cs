using System.Text;
using ChatAuth.Dataverse;
using ChatAuth.Pack;
using ChatAuth.Settings;

namespace ChatAuth.Checks;

/// <summary>Whether the environment lets deploy, rotate and revoke write the steps.</summary>
/// <remarks>
/// Microsoft Learn, organization-table: settings without a column of their own are XML elements of orgdborgsettings,
/// and block-unmanaged-customizations: off by default. The element's name is that of the rule of environment groups.
/// </remarks>
internal sealed class CustomizationsCheck : ICheck
{
    private const string Column = "orgdborgsettings";
    private const string Element = "IsLockdownOfUnmanagedCustomizationEnabled";

    /// <inheritdoc/>
    public string Subject => "unmanaged customizations";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        string? settings = (await examination.OrganizationAsync(Column)).Column<string>(Column);
        if (!string.IsNullOrWhiteSpace(settings)
            && (SolutionXml.TryParse(Encoding.UTF8.GetBytes(settings)) ?? throw RowColumns.Odd(Column, "no XML"))
                .Descendants(Element)
                .Any(element => string.Equals(element.Value, "true", StringComparison.OrdinalIgnoreCase)))
        {
            yield return Errors.CustomizationsBlocked(await IsWrittenAsync(examination));
        }
    }

    // Whether deploy has more to write than the switch that enables a step.
    private static async Task<bool> IsWrittenAsync(Examination examination)
    {
        foreach (ChatAuthStep step in RegisteredStep.Own)
        {
            if (await examination.StepAsync(step) is not { IsBound: true } row
                || (step == ChatAuthStep.IssueToken
                    && MomentaryCaller.Without(row.Columns.Configuration) != examination.Settings.StepConfiguration))
            {
                return true;
            }
        }

        return false;
    }
}
