using ChatAuth.LocalDataverse.Rows;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Tables;

/// <summary>Secure configuration of steps: its table has no versions (facts 1), so no ETag guards a row.</summary>
internal sealed class SecureConfigurationRule(OrganizationState organization)
    : TableRule("sdkmessageprocessingstepsecureconfig")
{
    /// <inheritdoc/>
    public override bool IsGuarded => organization.Unknowns.SecureConfigurationsAreGuarded;

    /// <inheritdoc/>
    public override bool KeepsVersions => false;
}
