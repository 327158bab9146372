using System.Collections.Immutable;
using ChatAuth.LocalDataverse.Rows;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Tables;

/// <summary>Contacts: the platform writes the full name.</summary>
internal sealed class ContactRule() : TableRule("contact")
{
    /// <inheritdoc/>
    public override void Complete(
        RowSnapshot rows, ImmutableDictionary<string, object>.Builder values, IEnumerable<string> given, bool isNew)
    {
        object?[] names = [values.GetValueOrDefault("firstname"), values.GetValueOrDefault("lastname")];
        values["fullname"] = string.Join(' ', names.Where(name => name != null));
    }
}
