using ChatAuth.LocalDataverse.Rows;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Tables;

/// <summary>Chat authentication settings: a public key URL that is written answers with a key.</summary>
/// <remarks>Facts 4, one community report: the row is refused otherwise. The text is this stand-in's own.</remarks>
internal sealed class ChatSettingsRule(OrganizationState organization) : TableRule("msdyn_authenticationsettings")
{
    /// <inheritdoc/>
    public override void Check(RowSnapshot rows, IReadOnlyDictionary<string, object?> given)
    {
        if (given.GetValueOrDefault("msdyn_publickeyurl") is string url && !organization.PublicKeyUrlAnswers(url))
        {
            throw new DataverseException(0x80040265, 400, "The public key URL does not answer with a public key.");
        }
    }
}
