namespace ChatAuth.Dataverse;

/// <summary>Codes of Dataverse that decide something here.</summary>
/// <remarks>Source: Microsoft Learn, "Web service error codes"; the Web API writes 0x and eight digits.</remarks>
internal static class DataverseCode
{
    /// <summary>Dataverse keeps no versions of the table's rows, so it guards none (-2147088243).</summary>
    public const uint OptimisticConcurrencyNotEnabled = 0x8006088d;

    /// <summary>The query names a property that the table does not have (-2147088248).</summary>
    public const uint UnknownProperty = 0x80060888;
}
