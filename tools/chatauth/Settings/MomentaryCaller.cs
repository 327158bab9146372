using System.Globalization;
using ChatAuth.Plugins;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Settings;

/// <summary>An entry for a moment in the step's settings: one user may ask for one contact's token.</summary>
/// <remarks>
/// Deploy proves by it what it made, as whoever runs it. It stands in the step alone, never in a settings file, ends by
/// itself, and every write of the step drops it.
/// </remarks>
/// <param name="User">The system user, as the entry's key has it.</param>
/// <param name="Contact">Whose token it may ask for; null where the entry does not say it.</param>
/// <param name="Until">NumericDate at which it ends; null where the entry does not say it.</param>
internal sealed record MomentaryCaller(string User, string? Contact, long? Until)
{
    /// <summary>Seconds that an entry of deploy counts.</summary>
    public const int Lifetime = 600;

    private const string Callers = "callers";

    /// <summary>Whether it ends only after the longest time that deploy gives, or says no end.</summary>
    public bool IsPlanted(long now) => Until is not { } until || until > now + Plugins.Platform.Callers.LongestMoment;

    /// <summary>The entries in a step's settings; none where they cannot be read.</summary>
    public static IReadOnlyList<MomentaryCaller> In(string? configuration) =>
        Parse(configuration)?[Callers] is { Kind: JsonKind.Object } callers
            ? [.. callers.Members.Where(IsOne).Select(Of)] : [];

    /// <summary>The settings without what a proof left behind: that is no difference.</summary>
    /// <param name="configuration">A step's settings.</param>
    /// <param name="now">NumericDate; null to take every entry for a moment out.</param>
    public static string? Without(string? configuration, long? now = null)
    {
        if (In(configuration).Count == 0)
        {
            return configuration;
        }

        JsonValue settings = Parse(configuration)!;
        JsonWriter writer = new JsonWriter(configuration!.Length).BeginObject();
        foreach ((string name, JsonValue value) in settings.Members)
        {
            writer.Name(name);
            if (name != Callers)
            {
                SettingsFile.Write(writer, value);
                continue;
            }

            writer.BeginObject();
            foreach (KeyValuePair<string, JsonValue> caller in value.Members.Where(caller =>
                !IsOne(caller) || (now is { } time && Of(caller).IsPlanted(time))))
            {
                SettingsFile.Write(writer.Name(caller.Key), caller.Value);
            }

            writer.EndObject();
        }

        return writer.EndObject().ToString();
    }

    /// <summary>The settings with an entry for a moment.</summary>
    /// <param name="configuration">A step's settings, with callers and without such an entry.</param>
    /// <param name="user">The system user.</param>
    /// <param name="contact">The one contact.</param>
    /// <param name="until">NumericDate.</param>
    public static string With(string configuration, Guid user, Guid contact, long until)
    {
        // The settings end with the object "callers", as SettingsFile writes them.
        string entry = string.Create(CultureInfo.InvariantCulture,
            $"\"{IssueSettings.UserPrefix}{user:D}\":{{\"contact\":{{\"only\":\"{contact:D}\"}},\"until\":{until}}}");
        return configuration[..^2] + "," + entry + "}}";
    }

    private static bool IsOne(KeyValuePair<string, JsonValue> caller) =>
        caller.Key.StartsWith(IssueSettings.UserPrefix, StringComparison.Ordinal);

    private static MomentaryCaller Of(KeyValuePair<string, JsonValue> caller) => new(
        caller.Key[IssueSettings.UserPrefix.Length..],
        caller.Value["contact"]?["only"]?.Text,
        caller.Value["until"] is { Kind: JsonKind.Number } until
            && long.TryParse(until.Text, NumberStyles.None, CultureInfo.InvariantCulture, out long end) ? end : null);

    private static JsonValue? Parse(string? configuration)
    {
        try
        {
            return JsonReader.Parse(configuration ?? string.Empty) is { Kind: JsonKind.Object } settings
                ? settings : null;
        }
        catch (JsonSyntaxException)
        {
            return null;
        }
    }
}
