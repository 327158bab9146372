using System;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Text.Json;
using ChatAuth.Plugins.Claims;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Fuzz;

/// <summary>The request parameter ContextVariables: the only text in which a visitor writes JSON.</summary>
internal sealed class ContextVariablesParser : Parser
{
    private static readonly ContextVariables Mapped =
        ContextVariables.Parse(
            JsonReader.Parse(
                """{"cart":{"request":"string"},"total":{"request":"number"},"vip":{"request":"boolean"}}"""),
            "contextVariables");

    /// <inheritdoc/>
    public override string Name => "context";

    /// <inheritdoc/>
    public override int Share => 200;

    /// <inheritdoc/>
    public override string Make(Dice dice) =>
        TextMutation.Of(dice, dice.Pick(Corpus.ContextVariables), Corpus.ContextVariables);

    /// <inheritdoc/>
    public override object Read(object prepared) => Mapped.ParseRequest((string)prepared)!;

    /// <inheritdoc/>
    public override string? Disagreement(string input, object? result, Refusal? refusal)
    {
        string? disagreement = JsonOracle.Disagreement(input, out JsonElement? root);
        string? expected = input.Length > TextMutation.MaximumLength ? "CHATAUTH1011"
            : root is not { ValueKind: JsonValueKind.Object } request ? "CHATAUTH1012"
            : request.EnumerateObject().Select(CodeOf).FirstOrDefault(code => code != null);
        return disagreement ?? (refusal?.Code != expected ? $"{expected ?? "acceptance"} is right"
            : expected == null && !Written((JsonValue)result!, root!.Value)
            ? "lwicontexts does not hold what was passed"
            : null);
    }

    private static string? CodeOf(JsonProperty member) => (member.Name, member.Value.ValueKind) switch
    {
        ("cart", JsonValueKind.String) => member.Value.GetString()!.Length > 4000 ? "CHATAUTH1015" : null,
        ("total", JsonValueKind.Number) => member.Value.GetRawText().Length > 4000 ? "CHATAUTH1015" : IsExact(
            member.Value.GetRawText()) ? null : "CHATAUTH1016",
        ("vip", JsonValueKind.True or JsonValueKind.False) => null,
        ("cart" or "total" or "vip", _) => "CHATAUTH1014",
        _ => "CHATAUTH1013",
    };

    // RFC 7493 section 2.2: a whole number that a double holds exactly, or any other that is not beyond a double.
    private static bool IsExact(string literal) => literal.AsSpan().IndexOfAny(".eE") < 0
        ? BigInteger.Abs(BigInteger.Parse(literal, CultureInfo.InvariantCulture)) <= (BigInteger.One << 53) - 1
        : double.IsFinite(double.Parse(literal, CultureInfo.InvariantCulture));

    private static bool Written(JsonValue request, JsonElement expected)
    {
        using JsonDocument written = JsonDocument.Parse(Mapped.Write(request, _ => null)?.ToString() ?? "{}");
        return JsonOracle.AreEqual(written.RootElement, expected);
    }
}
