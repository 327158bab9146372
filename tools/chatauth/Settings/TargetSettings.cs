using ChatAuth.Keys;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Settings;

/// <summary>The kinds of places that public keys are published to.</summary>
internal enum TargetKind
{
    /// <summary>A file on this machine: uploaded by somebody to its address, or for trials alone.</summary>
    File,

    /// <summary>A page of a Power Pages site with Liquid.</summary>
    Page,

    /// <summary>A web file of a Power Pages site, such as a code site, which has no Liquid.</summary>
    WebFile,

    /// <summary>A portal that serves what chatauth_GetPublicKeys answers; nothing is written there.</summary>
    Portal,
}

/// <summary>One entry of "publish".</summary>
/// <param name="Kind">What kind of place.</param>
/// <param name="Place">Full path of a file; name or id of a site; the address of a portal.</param>
/// <param name="Format">In which form.</param>
/// <param name="Url">Where everyone reads it; null when a site's own is taken, and for a file that is for trials
/// alone.</param>
internal sealed record TargetSettings(TargetKind Kind, string Place, PublicKeyFormat Format, Uri? Url)
{
    private static readonly (string Name, TargetKind Kind)[] Kinds =
    [
        ("file", TargetKind.File), ("page", TargetKind.Page), ("webfile", TargetKind.WebFile),
        ("portal", TargetKind.Portal),
    ];

    /// <summary>Whether a chat service may read a JWK set there.</summary>
    public bool IsJwksEndpoint => Format == PublicKeyFormat.Jwks && (Kind != TargetKind.File || Url != null);

    /// <summary>Reads an entry.</summary>
    /// <param name="value">The entry.</param>
    /// <param name="path">Its place in the file.</param>
    /// <param name="folder">What relative paths are relative to.</param>
    /// <exception cref="CommandException">5102, 5104.</exception>
    public static TargetSettings Read(JsonValue value, string path, string folder)
    {
        SettingsObject entry = new(value, path, [.. Kinds.Select(kind => kind.Name), "format", "url", "local"]);
        (string Name, TargetKind Kind)[] named = [.. Kinds.Where(kind => entry[kind.Name] is not null)];
        if (named is not [var (name, kind)])
        {
            string kinds = Words(Kinds.Select(each => each.Name), "and");
            throw new CommandException(Errors.SettingBad(path, "an object with exactly one of " + kinds));
        }

        Uri? url = entry.Url(kind == TargetKind.Portal ? "portal" : "url");
        PublicKeyFormat[] formats =
            [.. PublicKeyFormat.All.Where(each => kind != TargetKind.Portal || !each.HoldsOneKey)];
        PublicKeyFormat? format = entry.Text("format") is { } word
            ? formats.FirstOrDefault(each => each.Name == word)
            : formats[0];

        // Ensure a file's keys are looked at where they are served, unless they are for trials
        return kind == TargetKind.File && (url == null) != ReferenceEquals(entry["local"], JsonValue.True)
                || (kind == TargetKind.File && url != null && entry["local"] != null)
            ? throw new CommandException(Errors.SettingBad(path, "a file with either \"url\", the address at which it "
                + "is served once it was uploaded, or \"local\": true, for trials on this machine; a portal that "
                + "serves "
                + "the keys itself is { \"portal\": its address }"))
            : kind != TargetKind.File && entry["local"] != null
            ? throw entry.Bad("local", "left out but for a file")
            : kind == TargetKind.Portal && entry["url"] != null
            ? throw entry.Bad("url", "left out: \"portal\" is the address")
            : new TargetSettings(
                kind,
                kind == TargetKind.File
                    ? Path.GetFullPath(entry.RequiredText(name), folder)
                    : kind == TargetKind.Portal ? entry.RequiredText(name) : entry.RequiredName(name),
                format ?? throw entry.Bad("format", Words(formats.Select(each => each.Name), "or")),
                url);
    }

    /// <summary>Refuses two entries for one place, of which each would overwrite the other.</summary>
    /// <param name="targets">All entries.</param>
    /// <exception cref="CommandException">5104.</exception>
    public static void EnsureApart(IReadOnlyList<TargetSettings> targets)
    {
        for (int later = 1; later < targets.Count; later++)
        {
            for (int earlier = 0; earlier < later; earlier++)
            {
                if (targets[earlier].Collides(targets[later]))
                {
                    throw new CommandException(Errors.SettingBad(
                        $"publish[{later + 1}]", $"another place than publish[{earlier + 1}]; give each an address of "
                            + "its own"));
                }
            }
        }
    }

    // A site's own address is not known here: two entries of one kind for one site have it in common.
    private bool Collides(TargetSettings other) =>
        Url != null && Url == other.Url
        || (Kind == other.Kind && Kind == TargetKind.File && DiskFile.AreOne(Place, other.Place))
        || (Kind == other.Kind && Url == null && other.Url == null
            && string.Equals(Place, other.Place, StringComparison.OrdinalIgnoreCase));

    private static string Words(IEnumerable<string> words, string last) =>
        string.Join(", ", words.SkipLast(1)) + $" {last} " + words.Last();
}
