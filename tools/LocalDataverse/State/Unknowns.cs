namespace ChatAuth.LocalDataverse.State;

/// <summary>
/// Switches for what is unknown on the platform: each left off is what this stand-in does by itself, each set is the
/// other answer.
/// </summary>
/// <remarks>
/// README.md has a row for each. Two more stand where they belong: those of plug-in instances and of the plug-in trace.
/// </remarks>
internal sealed class Unknowns
{
    /// <summary>
    /// In a call without impersonation AuthenticatedUserId is another user than InitiatingUserId (facts 2).
    /// </summary>
    public bool AuthenticatedUserDiffers { get; set; }

    /// <summary>No RSA class of the sandbox signs (facts 2).</summary>
    public bool SigningFails { get; set; }

    /// <summary>
    /// An import over an installed solution takes their secure configuration from the steps of its plug-ins (facts 1).
    /// </summary>
    public bool UpgradeDropsSecureConfiguration { get; set; }

    /// <summary>A solution zip whose entries are stored, not deflated, is refused (facts 3).</summary>
    public bool RefusesStoredEntries { get; set; }

    /// <summary>An exported step names its message by another id than the environment has for it (facts 1).</summary>
    public bool ExportsAnotherMessageId { get; set; }

    /// <summary>A step that is created as disabled arrives enabled.</summary>
    public bool StepsArriveEnabled { get; set; }

    /// <summary>
    /// The tables of steps and of secure configuration keep no versions, so that no ETag guards their rows.
    /// </summary>
    public bool KeepsNoVersions { get; set; }
}
