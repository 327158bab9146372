namespace ChatAuth.LocalDataverse.State;

/// <summary>What becomes of a step on a custom API that an imported solution holds.</summary>
internal enum ImportedSteps
{
    /// <summary>It is bound to the message of the name.</summary>
    Bind,

    /// <summary>The solution is refused.</summary>
    AreRefused,

    /// <summary>The solution is imported without it.</summary>
    AreLeftOut,

    /// <summary>It is imported and bound to no message.</summary>
    NameNoMessage,
}

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

    /// <summary>An exported step on a custom API names its message by id (facts 1).</summary>
    public bool ExportsMessageIds { get; set; }

    /// <summary>What becomes of a step on a custom API that an imported solution holds (facts 1).</summary>
    public ImportedSteps ImportedSteps { get; set; }

    /// <summary>
    /// A site with enhanced authorization calls custom APIs as its application user all the same (facts 5).
    /// </summary>
    public bool EnhancedAuthorizationSparesCustomApis { get; set; }

    /// <summary>A disabled user is refused with 400 instead of 403.</summary>
    public bool DisabledUsersAreBadRequests { get; set; }

    /// <summary>A step that is created as disabled arrives enabled.</summary>
    public bool StepsArriveEnabled { get; set; }

    /// <summary>
    /// The table of steps keeps no versions, so that no ETag guards its rows.
    /// </summary>
    public bool KeepsNoVersions { get; set; }

    /// <summary>
    /// A step is bound to a secure configuration only by who may append to that, which no System Customizer may.
    /// </summary>
    public bool SecureConfigurationsAreGuarded { get; set; }
}
