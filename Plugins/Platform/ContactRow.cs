using System;
using System.Collections.Generic;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Plugins.Platform;

/// <summary>The visitor's contact as it was found: active, its columns as plain values.</summary>
internal sealed class ContactRow
{
    private readonly Entity row;
    private readonly Dictionary<string, string> aliases;

    /// <summary>A row and how its columns are named in it.</summary>
    /// <param name="row">A row of contact.</param>
    /// <param name="aliases">Attribute name by path, for columns one hop away.</param>
    /// <exception cref="ChatAuthException">1010 the contact is not active.</exception>
    internal ContactRow(Entity row, Dictionary<string, string> aliases)
    {
        this.row = row;
        this.aliases = aliases;
        Id = row.Id;

        // Ensure an active contact (statecode 0); a row that does not say so is none
        if (row.GetAttributeValue<OptionSetValue>("statecode")?.Value != 0)
        {
            throw Errors.ContactInactive();
        }
    }

    /// <summary>contactid.</summary>
    internal Guid Id { get; }

    /// <summary>The value of a column that the query asked for.</summary>
    /// <param name="path"><c>column</c> or <c>lookup:table.column</c>.</param>
    /// <returns>
    /// null when empty; a choice as its number, money as its amount, a lookup as its id, everything else as it is.
    /// </returns>
    internal object? Value(string path)
    {
        row.Attributes.TryGetValue(
            aliases.Count > 0 && aliases.TryGetValue(path, out var alias) ? alias : path, out var value);
        return (value is AliasedValue aliased ? aliased.Value : value) switch
        {
            OptionSetValue choice => choice.Value,
            Money money => money.Value,
            EntityReference lookup => lookup.Id,
            var plain => plain,
        };
    }
}
