using ChatAuth.LocalDataverse.Rows;

namespace ChatAuth.LocalDataverse.Tables;

/// <summary>Secure configuration of steps: its table has no versions (facts 1), so no ETag guards a row.</summary>
internal sealed class SecureConfigurationRule() : TableRule("sdkmessageprocessingstepsecureconfig")
{
    /// <inheritdoc/>
    public override bool KeepsVersions => false;
}
