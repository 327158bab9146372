namespace ChatAuth;

/// <content>55xx: probing.</content>
internal static partial class Errors
{
    /// <summary>The solution, whose plug-ins are to be asked, is not there.</summary>
    public static CodedError NothingToProbe() => Of(5501, $"The solution ChatAuth is not installed, so there is nothing to probe. Import ChatAuth_managed.zip, which chatauth pack writes, into a sandbox environment.");
    /// <summary>Questions ended in errors.</summary>
    public static CodedError ProbeIncomplete(int questions) => Of(5502, $"{questions} of the questions ended in the errors above. Mend what they name, then run chatauth probe again.");
    /// <summary>The probe's own rows could not be removed.</summary>
    public static CodedError ProbeRowsLeft() => Of(5503, $"Rows of the probe are left behind, because Dataverse refused to delete them. Run chatauth probe again, which removes them first.");
}
