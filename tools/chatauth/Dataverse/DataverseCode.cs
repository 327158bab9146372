namespace ChatAuth.Dataverse;

/// <summary>Codes of Dataverse that decide something here.</summary>
/// <remarks>Source: Microsoft Learn, "Web service error codes"; the Web API writes 0x and eight digits.</remarks>
internal static class DataverseCode
{
    /// <summary>Dataverse keeps no versions of the table's rows, so it guards none (-2147088243).</summary>
    public const uint OptimisticConcurrencyNotEnabled = 0x8006088d;

    /// <summary>The body has a member that the table does not, or one that is not of its type (-2147185383).</summary>
    public const uint InvalidPayload = 0x80048d19;

    /// <summary>
    /// The environment blocks unmanaged customizations (Microsoft Learn, troubleshooting of Copilot Studio agents).
    /// </summary>
    public const uint UnmanagedCustomizationsBlocked = 0x80072042;

    /// <summary>
    /// Another import, removal or publication runs (CustomizationLockException); with status 429 in the public scripts
    /// that wait for it.
    /// </summary>
    public const uint CustomizationLocked = 0x80071151;

    /// <summary>The query names a property that the table does not have (-2147088248).</summary>
    public const uint UnknownProperty = 0x80060888;
}
