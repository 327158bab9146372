using ChatAuth.LocalDataverse.Rows;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.LocalDataverse.Pipeline;

/// <summary>A request parameter or response property of a custom API.</summary>
/// <param name="Name">Unique name.</param>
/// <param name="Type">Type code (facts 1).</param>
/// <param name="IsOptional">Whether a request may leave it out.</param>
internal sealed record ApiParameter(string Name, int Type, bool IsOptional)
{
    /// <summary>The parameter a row describes.</summary>
    public static ApiParameter Of(Row row) => new(row.Text("uniquename")!, row.Number("type"), row.Flag("isoptional"));

    /// <summary>The SDK's type of its values.</summary>
    public Type ClrType => Type switch
    {
        0 => typeof(bool),
        1 => typeof(DateTime),
        2 => typeof(decimal),
        6 => typeof(double),
        7 => typeof(int),
        8 => typeof(Money),
        9 => typeof(OptionSetValue),
        10 => typeof(string),
        11 => typeof(string[]),
        12 => typeof(Guid),
        _ => throw Refusal.NotKnown($"custom API parameters of type {Type}"),
    };

    /// <summary>What a response property holds that nobody set (facts 1).</summary>
    public object? Default => ClrType.IsValueType ? Activator.CreateInstance(ClrType) : null;
}
