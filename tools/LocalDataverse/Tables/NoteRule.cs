using ChatAuth.LocalDataverse.Rows;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Tables;

/// <summary>Notes: the file that one holds is of no blocked type.</summary>
internal sealed class NoteRule(OrganizationState organization) : TableRule("annotation")
{
    /// <inheritdoc/>
    public override void Check(RowSnapshot rows, IReadOnlyDictionary<string, object?> given)
    {
        if (given.GetValueOrDefault("filename") is string name)
        {
            BlockedFiles.Check(organization, rows, name);
        }
    }
}
