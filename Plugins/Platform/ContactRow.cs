using System;
using System.Collections.Generic;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Plugins.Platform;

/// <summary>The visitor's contact as it was found: active, its columns as plain values.</summary>
internal sealed class ContactRow
{
    private readonly Entity row;
    private readonly IReadOnlyDictionary<string, string> attributes;

    /// <summary>A row and how its columns are named in it.</summary>
    /// <param name="row">A row of contact.</param>
    /// <param name="attributes">Attribute name by column path.</param>
    /// <exception cref="ChatAuthException">1010 the contact is not active.</exception>
    internal ContactRow(Entity row, IReadOnlyDictionary<string, string> attributes)
    {
        this.row = row;
        this.attributes = attributes;
        Id = row.Id;

        // Ensure an active contact (statecode 0); a row that does not say so is none
        if (row.GetAttributeValue<OptionSetValue>("statecode")?.Value != 0)
        {
            throw Errors.ContactInactive();
        }
    }

    /// <summary>contactid.</summary>
    internal readonly Guid Id;

    /// <summary>The value of a column that the query asked for.</summary>
    /// <param name="path"><c>column</c> or <c>lookup:table.column</c>.</param>
    /// <returns>null when empty; a choice as its number, money as its amount, a lookup as its id, everything else as it is.</returns>
    internal object? Value(string path)
    {
        row.Attributes.TryGetValue(attributes[path], out var value);
        return (value is AliasedValue aliased ? aliased.Value : value) switch
        {
            OptionSetValue choice => choice.Value,
            Money money => money.Value,
            EntityReference lookup => lookup.Id,
            var plain => plain,
        };
    }
}
