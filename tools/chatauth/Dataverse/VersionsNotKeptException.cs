namespace ChatAuth.Dataverse;

/// <summary>Dataverse refuses to guard a row by its version, since it keeps none for the table.</summary>
/// <remarks>Source: Microsoft Learn, optimistic concurrency: OptimisticConcurrencyNotEnabled, -2147088243.</remarks>
internal sealed class VersionsNotKeptException() : Exception("Dataverse keeps no versions of this table's rows")
{
    /// <summary>How the Web API writes the code.</summary>
    public const string WireCode = "0x8006088d";
}
