using System;
using System.Collections.Immutable;
using System.Globalization;

namespace ChatAuth.Pack;

/// <summary>The types of request parameters and response properties.</summary>
internal static class ApiType
{
    // Facts, section 1: type codes in order. Types of the SDK by name: this command needs no instance of them.
    private static readonly ImmutableArray<string> Names =
    [
        "Boolean", "DateTime", "Decimal", "Entity", "EntityCollection", "EntityReference", "Double", "Int32", "Money",
        "OptionSetValue", "String", "String[]", "Guid",
    ];

    /// <summary>The name of the .NET type that a code stands for; null for an unknown code.</summary>
    public static string? Of(string code) =>
        int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < Names.Length ? Names[number] : null;

    /// <summary>The code of a .NET type.</summary>
    public static string CodeOf(Type type) => Names.IndexOf(type.Name).ToString(CultureInfo.InvariantCulture);
}
