using ChatAuth.LocalDataverse.Rows;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Tables;

/// <summary>Secure configuration of steps: whether an ETag guards it is unknown.</summary>
internal sealed class SecureConfigurationRule(OrganizationState organization)
    : TableRule("sdkmessageprocessingstepsecureconfig")
{
    /// <inheritdoc/>
    public override bool KeepsVersions => !organization.Unknowns.KeepsNoVersions;
}
