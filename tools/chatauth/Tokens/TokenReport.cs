using System.Text;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Tokens;

/// <summary>Tells a person what a token says.</summary>
internal static class TokenReport
{
    /// <summary>One sentence: who says what about whom, and until when.</summary>
    /// <param name="token">The token.</param>
    /// <param name="now">The time.</param>
    public static string Sentence(Token token, DateTimeOffset now) =>
        $"{token.String("iss") ?? "Nobody"} says that the visitor is contact {token.String("sub") ?? "(none)"}, "
        + (token.Date("exp") is { } end ? $"until {ReadableDate.Of(end, now)}." : "without an end.");

    /// <summary>The whole token, line by line: sentence, header, claims, context variables, warnings.</summary>
    /// <param name="token">The token.</param>
    /// <param name="now">The time.</param>
    public static IEnumerable<string> Lines(Token token, DateTimeOffset now)
    {
        JsonValue? variables = TokenWarnings.ContextVariables(token);
        return
        [
            Sentence(token, now),
            "The signature was NOT verified. To verify it: chatauth token verify - --key FILE|URL",
            .. Section("Header", token.Header.Members.Select(member => (member.Key, Render(member.Value)))),
            .. Section("Claims", token.Payload.Members.Select(member => (member.Key, Claim(token, member, now)))),
            .. variables is null ? []
                : Section("Context variables", variables.Members.Select(member => (member.Key, Render(member.Value)))),
            .. Section("Warnings", TokenWarnings.Of(token, now).Select(warning => ("!", warning.Text))),
        ];
    }

    private static string Claim(Token token, KeyValuePair<string, JsonValue> member, DateTimeOffset now) =>
        member.Key is "iat" or "nbf" or "exp" && token.Date(member.Key) is { } date
            ? $"{date}  {ReadableDate.Of(date, now)}"
            : Render(member.Value);

    private static IEnumerable<string> Section(string title, IEnumerable<(string Name, string Text)> rows)
    {
        (string Name, string Text)[] all = [.. rows];
        int width = all.Length == 0 ? 0 : Math.Min(24, all.Max(row => row.Name.Length));
        return all.Length == 0 ? []
            : [string.Empty, title, .. all.Select(row => $"  {row.Name.PadRight(width)}  {row.Text}")];
    }

    // As JSON, so that "false" and false look different.
    private static string Render(JsonValue value) => value.Kind switch
    {
        JsonKind.Object => "{" + string.Join(
            ", ", value.Members.Select(member => Quote(member.Key) + ": " + Render(member.Value))) + "}",
        JsonKind.Array => "[" + string.Join(", ", value.Items.Select(Render)) + "]",
        JsonKind.String => Quote(value.Text),
        JsonKind.Number => value.Text,
        JsonKind.Boolean => ReferenceEquals(value, JsonValue.True) ? "true" : "false",
        _ => "null",
    };

    private static string Quote(string text) =>
        new StringBuilder(text).Replace("\\", "\\\\").Replace("\"", "\\\"").Insert(0, '"').Append('"').ToString();
}
