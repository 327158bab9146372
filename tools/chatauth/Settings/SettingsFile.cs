using System.Globalization;
using ChatAuth.Plugins;
using ChatAuth.Plugins.Claims;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Settings;

/// <summary>What <c>chatauth.json</c> says, checked before anything is sent.</summary>
/// <param name="StepConfiguration">The settings of the IssueChatToken step, JSON: exactly what the plug-in will
/// read.</param>
/// <param name="Solution">Full path of the solution zip; null for the one the command carries.</param>
/// <param name="Publish">Where the public keys go.</param>
/// <param name="Portals">The sites that are to give tokens.</param>
/// <param name="Authentication">The chat authentication settings; null when deploy is to leave them alone.</param>
/// <param name="LiveAssist">What Live Assist is told; null where it is not used.</param>
/// <param name="TestContact">The contact that deploy asks a token for; null for none.</param>
internal sealed record SettingsFile(
    string StepConfiguration,
    string? Solution,
    IReadOnlyList<TargetSettings> Publish,
    IReadOnlyList<PortalSettings> Portals,
    AuthenticationSettings? Authentication,
    LiveAssistSettings? LiveAssist,
    Guid? TestContact)
{
    /// <summary>The longest file that is read, some ten times what a large one has.</summary>
    public const int MaximumBytes = 65536;

    /// <summary>Where chat services read the keys, whether "publish" names it or not.</summary>
    public IReadOnlyList<Uri> KeyUrls => [.. new[] { Authentication?.PublicKeyUrl, LiveAssist?.JwksUrl }.OfType<Uri>()];

    /// <summary>The sites that it names, to give tokens or to show keys: one that only shows keys has its server logic
    /// from a solution, most likely.</summary>
    public IEnumerable<string> Sites => Portals.Select(portal => portal.Site)
        .Concat(Publish.Where(target => target.Kind is TargetKind.Page or TargetKind.WebFile)
            .Select(target => target.Place))
        .Distinct(StringComparer.OrdinalIgnoreCase);

    private const string Callers = "callers";

    private const string Applications = "applications";

    private const string PowerPages = "powerpages";

    private static readonly string[] OfTheStep = [.. TokenSettings.Members, Callers];

    /// <summary>Reads a settings file.</summary>
    /// <param name="path">The file; its relative paths are relative to it.</param>
    /// <param name="environment">Reads the environment variables that placeholders name.</param>
    /// <exception cref="CommandException">
    /// 4001 the file cannot be read; 5101 it is no JSON; else all of 5102 to 5106, and of 2001 to 2008 and 2012 to
    /// 2014, by which the plug-in itself would refuse the settings.
    /// </exception>
    public static SettingsFile Read(string path, Func<string, string?> environment)
    {
        byte[] bytes = Path.Exists(path) ? DiskFile.Read(path)
            : throw new CommandException(Errors.CannotRead(path, isNoSettingsFile: true));
        string text = bytes.Length > MaximumBytes
            ? throw new CommandException(Errors.SettingsNotJson(path, $"it is longer than {MaximumBytes} bytes"))
            : Utf8.Decode(bytes) ?? throw new CommandException(Errors.SettingsNotJson(path, "it is not UTF-8"));
        return Parse(text, path, environment);
    }

    /// <summary>Reads the text of a settings file.</summary>
    /// <param name="text">JSON, in which a comment goes from <c>//</c> to the end of its line.</param>
    /// <param name="path">As which file it is read.</param>
    /// <param name="environment">Reads the environment variables that placeholders name.</param>
    /// <exception cref="CommandException">As <see cref="Read(string, Func{string, string?})"/>.</exception>
    public static SettingsFile Parse(string text, string path, Func<string, string?> environment)
    {
        string blanked = JsonComments.Blank(text);
        JsonValue document = ParseJson(blanked, path);
        try
        {
            return Read(document, path, environment, text.Length);
        }
        catch (Exception exception) when (exception is CommandException or ChatAuthException)
        {
            throw new CommandException(
                SettingsFaults.Of(blanked, path, each => Read(each, path, environment, text.Length)));
        }
    }

    private static SettingsFile Read(
        JsonValue raw, string path, Func<string, string?> environment, int length)
    {
        JsonValue document = new Placeholders(environment).Fill(raw);
        SettingsObject file = new(document, string.Empty,
            [
                .. OfTheStep, "$schema", "solution", "publish", "portals", "authenticationSettings", "liveAssist",
                "testContact",
            ]);
        _ = file.Text("$schema");
        string issuer = file.RequiredText("issuer");
        JsonValue callers = ReadCallers(file);
        string configuration = ConfigurationOf(file, callers, length);

        // Ensure the step will take what deploy sends
        IssueSettings.Parse(configuration);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        TargetSettings[] publish =
        [
            .. file.List("publish").Select((entry, index) =>
                TargetSettings.Read(entry, $"publish[{index + 1}]", folder)),
        ];
        TargetSettings.EnsureApart(publish);
        LiveAssistSettings? liveAssist =
            file["liveAssist"] is { } said ? LiveAssistSettings.Read(said, issuer, publish) : null;
        return new SettingsFile(
            configuration,
            file.Text("solution") is { } solution ? Path.GetFullPath(solution, folder) : null,
            publish,
            [
                .. file.List("portals").Select((entry, index) => PortalSettings.Read(entry, $"portals[{index + 1}]")
                    with { IdentityIssuer = liveAssist is { HasIdentity: true } ? liveAssist.Issuer : null }),
            ],
            file["authenticationSettings"] is { } authentication ? AuthenticationSettings.Read(authentication) : null,
            liveAssist,
            file.Text("testContact") is not { } contact ? null
                : Guid.TryParse(contact, out Guid id) ? id
                : throw file.Bad("testContact", "the id of a contact"));
    }

    private static JsonValue ParseJson(string text, string path)
    {
        try
        {
            return JsonReader.Parse(text);
        }
        catch (JsonSyntaxException exception)
        {
            throw new CommandException(Errors.SettingsNotJson(
                $"{path}:{SettingsFaults.Position(text, exception.Position)}", exception.Rule));
        }
    }

    // The step's callers: an entry counts for each of its "applications" too.
    private static JsonValue ReadCallers(SettingsObject file)
    {
        JsonValue callers = file["callers"] ?? throw new CommandException(Errors.SettingMissing("callers"));
        if (callers.Kind != JsonKind.Object)
        {
            throw file.Bad("callers", "an object");
        }

        HashSet<Guid> ids = [.. callers.Members.Select(member => IdOf(member.Key)).OfType<Guid>()];
        List<KeyValuePair<string, JsonValue>> own = [];
        List<KeyValuePair<string, JsonValue>> others = [];
        foreach ((int index, (string name, JsonValue value)) in callers.Members.Index())
        {
            Guid? id = IdOf(name);
            if (name.StartsWith(IssueSettings.UserPrefix, StringComparison.Ordinal))
            {
                throw file.Bad($"callers[{index + 1}]", "named with an application id, or \"powerpages\"");
            }

            // A name may come from the environment: what is no application id is not repeated.
            SettingsObject entry = new(
                value,
                id != null ? $"callers.{id:D}" : name == PowerPages ? "callers.powerpages" : $"callers[{index + 1}]",
                [.. TokenSettings.Members, "contact", Applications]);
            if (name == PowerPages && entry[Applications] != null)
            {
                throw entry.Bad(Applications, "left out: it names users of a portal, beside its own application id");
            }

            JsonValue rules = new([.. value.Members.Where(member => member.Key != Applications)], []);
            own.Add(new(name, rules));
            foreach (JsonValue item in entry.List(Applications))
            {
                others.Add(item.Kind == JsonKind.String && IdOf(item.Text) is { } other && ids.Add(other)
                    ? new($"{other:D}", rules)
                    : throw entry.Bad(Applications, "an array of application ids that \"callers\" has nowhere else"));
            }
        }

        // Behind all that the file names itself, so that numbers in errors are the file's.
        return new JsonValue([.. own, .. others], []);
    }

    private static Guid? IdOf(string name) =>
        Guid.TryParseExact(name, "D", out Guid id) && id != Guid.Empty ? id : null;

    private static string ConfigurationOf(SettingsObject file, JsonValue callers, int length)
    {
        JsonWriter writer = new JsonWriter(length + 1024).BeginObject();
        foreach (string name in OfTheStep.Where(name => file[name] is not null))
        {
            Write(writer.Name(name), name == Callers ? callers : file[name]!);
        }

        return writer.EndObject().ToString();
    }

    /// <summary>Writes a value as it was read.</summary>
    internal static JsonWriter Write(JsonWriter writer, JsonValue value)
    {
        switch (value.Kind)
        {
            case JsonKind.String:
                return writer.String(value.Text);
            case JsonKind.Number:
                return writer.Literal(value.Text);
            case JsonKind.Array:
                return value.Items.Aggregate(writer.BeginArray(), Write).EndArray();
            case JsonKind.Object:
                return value.Members.Aggregate(
                    writer.BeginObject(), (into, member) => Write(into.Name(member.Key), member.Value)).EndObject();
            default:
                return writer.Literal(
                    ReferenceEquals(value, JsonValue.True) ? "true"
                        : ReferenceEquals(value, JsonValue.False) ? "false"
                        : "null");
        }
    }
}
