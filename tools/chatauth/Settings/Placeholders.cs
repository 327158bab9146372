using System.Text;
using System.Text.RegularExpressions;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Settings;

/// <summary>Fills <c>${NAME}</c> in the strings and member names of a document from environment variables.</summary>
/// <remarks>
/// One settings file then serves every environment; its values are never part of an error. A value is not filled
/// again, and there is no escape: what still looks like a placeholder is refused where the text is read.
/// </remarks>
/// <param name="environment">Reads a variable; null or empty is not set.</param>
internal sealed partial class Placeholders(Func<string, string?> environment)
{
    /// <summary>The document with every placeholder filled.</summary>
    /// <exception cref="CommandException">5105 a variable is not set, 5106 it is one that the command signs in with;
    /// 5101 two members have one name afterwards.</exception>
    public JsonValue Fill(JsonValue value) => !IsIn(value) ? value : value.Kind switch
    {
        JsonKind.String => new JsonValue(JsonKind.String, Fill(value.Text)),
        JsonKind.Array => new JsonValue([.. value.Items.Select(Fill)]),
        JsonKind.Object => FillObject(value),
        _ => value,
    };

    private static bool IsIn(JsonValue value) => value.Kind switch
    {
        JsonKind.String => IsIn(value.Text),
        JsonKind.Array => value.Items.Any(IsIn),
        JsonKind.Object => value.Members.Any(member => IsIn(member.Key) || IsIn(member.Value)),
        _ => false,
    };

    private static bool IsIn(string text) => text.Contains("${", StringComparison.Ordinal);

    private JsonValue FillObject(JsonValue value)
    {
        List<KeyValuePair<string, JsonValue>> members =
            [.. value.Members.Select(member => KeyValuePair.Create(Fill(member.Key), Fill(member.Value)))];
        Dictionary<string, JsonValue> index = new(StringComparer.Ordinal);
        return members.All(member => index.TryAdd(member.Key, member.Value))
            ? new JsonValue(members, index)
            : throw new CommandException(
                Errors.SettingsNotJson(
                    "The settings file", "two members have one name once the placeholders are filled"));
    }

    private string Fill(string text)
    {
        StringBuilder filled = new();
        int from = 0;
        foreach (ValueMatch match in Placeholder().EnumerateMatches(text))
        {
            filled.Append(text, from, match.Index - from);
            from = match.Index + match.Length;
            filled.Append(ValueOf(text[(match.Index + 2)..(from - 1)]));
        }

        return filled.Append(text, from, text.Length - from).ToString();
    }

    private string ValueOf(string name) =>
        SignInVariables.Holds(name) ? throw new CommandException(Errors.VariableOfSignIn(name))
        : environment(name) is { Length: > 0 } value ? value
        : throw new CommandException(Errors.VariableMissing(name));

    [GeneratedRegex(@"(?<!\$)\$\{[A-Za-z_][A-Za-z0-9_]*\}")]
    private static partial Regex Placeholder();
}
