using ChatAuth.Plugins;
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

    /// <summary>A text that machines compare; null when it is not there.</summary>
    /// <exception cref="CommandException">5104 no text, or an empty one.</exception>
    /// <exception cref="ChatAuthException">2012, 2013 see <see cref="SettingText"/>.</exception>
    public string? Text(string name) => TextOf(name) is { } text ? SettingText.Compared(text, Path(name)) : null;

    /// <summary>A text that machines compare, and that must be there.</summary>
    /// <exception cref="CommandException">5103, 5104.</exception>
    /// <exception cref="ChatAuthException">2012, 2013 see <see cref="SettingText"/>.</exception>
    public string RequiredText(string name) =>
        Text(name) ?? throw new CommandException(Errors.SettingMissing(Path(name)));

    /// <summary>A name that people write; null when it is not there.</summary>
    /// <exception cref="CommandException">5104 no text, or an empty one.</exception>
    /// <exception cref="ChatAuthException">2012, 2013 see <see cref="SettingText"/>.</exception>
    public string? Name(string name) => TextOf(name) is { } text ? SettingText.Written(text, Path(name)) : null;

    /// <summary>A name that people write, and that must be there.</summary>
    /// <exception cref="CommandException">5103, 5104.</exception>
    /// <exception cref="ChatAuthException">2012, 2013 see <see cref="SettingText"/>.</exception>
    public string RequiredName(string name) =>
        Name(name) ?? throw new CommandException(Errors.SettingMissing(Path(name)));

    /// <summary>Names that people write; empty when the list is not there.</summary>
    /// <exception cref="CommandException">5104 no array, one that nobody would work through, or no name in
    /// it.</exception>
    /// <exception cref="ChatAuthException">2012, 2013 see <see cref="SettingText"/>.</exception>
    public IReadOnlyList<string> Names(string name) =>
    [
        .. List(name).Select((item, index) => item is { Kind: JsonKind.String, Text: var text }
            && !string.IsNullOrWhiteSpace(text)
                ? SettingText.Written(text, $"{Path(name)}[{index + 1}]")
                : throw Bad(name, "an array of names or ids")),
    ];

    /// <summary>A list; empty when it is not there.</summary>
    /// <exception cref="CommandException">5104 no array, or one that nobody would work through.</exception>
    public IReadOnlyList<JsonValue> List(string name) => value[name] switch
    {
        null => [],
        { Kind: JsonKind.Array, Items.Count: <= LongestList } list => list.Items,
        _ => throw Bad(name, $"an array of at most {LongestList}"),
    };

    /// <summary>An address that keys are read from, see <see cref="SecureAddress"/>; null when it is not
    /// there.</summary>
    /// <exception cref="CommandException">5104 none.</exception>
    /// <exception cref="ChatAuthException">2012, 2013 see <see cref="SettingText"/>.</exception>
    public Uri? Url(string name) => Text(name) is not { } text ? null
        : SecureAddress.Parse(text) ?? throw Bad(name, SecureAddress.Rule);

    /// <summary>Addresses as they are written, none with a #, see <see cref="SecureAddress"/>; empty when the list is
    /// not there.</summary>
    /// <exception cref="CommandException">5104 no array, or none in it.</exception>
    /// <exception cref="ChatAuthException">2012, 2013 see <see cref="SettingText"/>.</exception>
    public IReadOnlyList<string> Urls(string name) =>
    [
        .. List(name).Select((item, index) => item is { Kind: JsonKind.String, Text: var text }
            && !string.IsNullOrWhiteSpace(text)
            && SecureAddress.Parse(SettingText.Compared(text, $"{Path(name)}[{index + 1}]")) is { Fragment: "" }
            && !text.EndsWith('#')
                ? text
                : throw Bad($"{name}[{index + 1}]", SecureAddress.Rule + ", and without #")),
    ];

    /// <summary>true or false.</summary>
    /// <param name="name">The member.</param>
    /// <param name="usual">What it is where it is not there.</param>
    /// <exception cref="CommandException">5104 neither.</exception>
    public bool Flag(string name, bool usual) =>
        value[name] is not { } flag ? usual
            : ReferenceEquals(flag, JsonValue.True)
                || (ReferenceEquals(flag, JsonValue.False) ? false : throw Bad(name, "true or false"));

    /// <summary>What is wrong with a member.</summary>
    public CommandException Bad(string name, string rule) => new(Errors.SettingBad(Path(name), rule));

    private string? TextOf(string name) => value[name] switch
    {
        null => null,
        { Kind: JsonKind.String, Text: var text } when !string.IsNullOrWhiteSpace(text) => text,
        _ => throw Bad(name, "a text that is not empty"),
    };

    private CodedError Unknown(string name, int place, string? meant) => Errors.SettingUnknown(
        meant != null || name.Length <= ShortName ? Path(name)
            : $"Member {place} of {(path.Length == 0 ? "the settings file" : path)}", meant);
}
