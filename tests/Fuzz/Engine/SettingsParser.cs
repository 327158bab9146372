using System;
using System.Linq;
using System.Text.Json;
using ChatAuth.Plugins;

namespace ChatAuth.Fuzz;

/// <summary>The step's settings, as the plug-in reads them.</summary>
internal sealed class SettingsParser : Parser
{
    /// <inheritdoc/>
    public override string Name => "settings";

    /// <inheritdoc/>
    public override int Share => 180;

    /// <inheritdoc/>
    public override string Make(Dice dice) => TextMutation.Of(dice, dice.Pick(Corpus.Settings), Corpus.Settings);

    /// <inheritdoc/>
    public override object Read(object prepared)
    {
        IssueSettings.Parse((string)prepared);
        return prepared;
    }

    /// <inheritdoc/>
    public override string? Disagreement(string input, object? result, Refusal? refusal)
    {
        string? disagreement = JsonOracle.Disagreement(input, out JsonElement? root);
        return disagreement ?? (string.IsNullOrWhiteSpace(input) ? Expected(refusal, "CHATAUTH2001")
            : root is not { ValueKind: JsonValueKind.Object } settings ? Expected(refusal, "CHATAUTH2002")
            : refusal?.Code is "CHATAUTH2001" or "CHATAUTH2002" ? "it is a JSON object"
            : refusal == null && !IsComplete(settings) ? "what must be there is not"
            : null);
    }

    /// <summary>Whether settings have what every token and every call needs.</summary>
    public static bool IsComplete(JsonElement settings) =>
        settings.TryGetProperty("callers", out JsonElement callers) && callers.ValueKind == JsonValueKind.Object
        && callers.EnumerateObject().Any()
        && callers.EnumerateObject().All(caller =>
            (caller.Name == "powerpages" || Guid.TryParseExact(caller.Name, "D", out _))
            && (
                caller.Value.TryGetProperty("issuer", out JsonElement issuer)
                    || settings.TryGetProperty("issuer", out issuer))
            && issuer.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(issuer.GetString()));

    private static string? Expected(Refusal? refusal, string code) => refusal?.Code == code ? null : code + " is right";
}
