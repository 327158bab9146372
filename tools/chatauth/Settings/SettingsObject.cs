using ChatAuth.Plugins.Json;

namespace ChatAuth.Settings;

/// <summary>One object of the settings file, of which every member is known.</summary>
/// <remarks>
/// A misspelt member would silently be its default. Errors name the path, never a value: values may come from the
/// environment. So may names: one that is neither short nor the slip of a known one is told by its place.
/// </remarks>
internal sealed class SettingsObject
{
    // No secret is shorter.
    private const int ShortName = 7;

    private const int LongestList = 100;

    private readonly JsonValue value;
    private readonly string path;

    /// <summary>Takes an object.</summary>
    /// <param name="value">The object.</param>
    /// <param name="path">How errors name it; empty for the file itself.</param>
    /// <param name="known">Every member it may have.</param>
    /// <exception cref="CommandException">5104 no object, 5102 an unknown member.</exception>
    public SettingsObject(JsonValue value, string path, params IReadOnlyList<string> known)
    {
        this.value = value;
        this.path = path;
        if (value.Kind != JsonKind.Object)
        {
            throw new CommandException(Errors.SettingBad(path.Length == 0 ? "The settings file" : path, "an object"));
        }

        CodedError[] unknown =
        [
            .. value.Members.Select((member, index) => (member.Key, Place: index + 1))
                .Where(member => !known.Contains(member.Key))
                .Select(member => Unknown(member.Key, member.Place, Spelling.Nearest(member.Key, known))),
        ];
        if (unknown.Length > 0)
        {
            throw new CommandException(unknown);
        }
    }

    /// <summary>A member; null when it is not there.</summary>
    public JsonValue? this[string name] => value[name];

    /// <summary>The path of a member.</summary>
    public string Path(string name) => path.Length == 0 ? name : path + "." + name;

    /// <summary>A text; null when it is not there.</summary>
    /// <exception cref="CommandException">5104 no text, an empty one, or one with NUL, which no path can
    /// hold.</exception>
    public string? Text(string name) => value[name] switch
    {
        null => null,
        { Kind: JsonKind.String, Text: var text }
            when !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal) => text,
        _ => throw Bad(name, "a text that is not empty"),
    };

    /// <summary>A text that must be there.</summary>
    /// <exception cref="CommandException">5103, 5104.</exception>
    public string RequiredText(string name) =>
        Text(name) ?? throw new CommandException(Errors.SettingMissing(Path(name)));

    /// <summary>A list; empty when it is not there.</summary>
    /// <exception cref="CommandException">5104 no array, or one that nobody would work through.</exception>
    public IReadOnlyList<JsonValue> List(string name) => value[name] switch
    {
        null => [],
        { Kind: JsonKind.Array, Items.Count: <= LongestList } list => list.Items,
        _ => throw Bad(name, $"an array of at most {LongestList}"),
    };

    /// <summary>An address that public keys are read at; null when it is not there.</summary>
    /// <remarks>
    /// Keys that came by http could be anybody's, so it is for this machine alone. A user name in an address is a
    /// credential, or makes the host look like another.
    /// </remarks>
    /// <exception cref="CommandException">5104 none.</exception>
    public Uri? Url(string name) => Text(name) switch
    {
        null => null,
        { } text
            when Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
                && (url.Scheme == Uri.UriSchemeHttps
                    || (url.Scheme == Uri.UriSchemeHttp && url.Host is "localhost" or "127.0.0.1" or "[::1]"))
                && url.UserInfo.Length == 0 => url,
        _ => throw Bad(name, "an https URL without user name"),
    };

    /// <summary>What is wrong with a member.</summary>
    public CommandException Bad(string name, string rule) => new(Errors.SettingBad(Path(name), rule));

    private CodedError Unknown(string name, int place, string? meant) => Errors.SettingUnknown(
        meant != null || name.Length <= ShortName ? Path(name)
            : $"Member {place} of {(path.Length == 0 ? "the settings file" : path)}", meant);
}
