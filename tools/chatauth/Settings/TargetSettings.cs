using ChatAuth.Keys;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Settings;

/// <summary>The kinds of places that public keys are published to.</summary>
internal enum TargetKind
{
    /// <summary>A file on this machine.</summary>
    File,

    /// <summary>A page of a Power Pages site with Liquid.</summary>
    Page,

    /// <summary>A web file of a Power Pages site, such as a code site, which has no Liquid.</summary>
    WebFile,
}

/// <summary>One entry of "publish".</summary>
/// <param name="Kind">What kind of place.</param>
/// <param name="Place">Full path of a file; name or id of a site.</param>
/// <param name="Format">In which form.</param>
/// <param name="Url">Where everyone reads it; null when a file's address is not known here, or a site's own is
/// taken.</param>
internal sealed record TargetSettings(TargetKind Kind, string Place, PublicKeyFormat Format, Uri? Url)
{
    private static readonly (string Name, TargetKind Kind)[] Kinds =
        [("file", TargetKind.File), ("page", TargetKind.Page), ("webfile", TargetKind.WebFile)];

    /// <summary>Reads an entry.</summary>
    /// <param name="value">The entry.</param>
    /// <param name="path">Its place in the file.</param>
    /// <param name="folder">What relative paths are relative to.</param>
    /// <exception cref="CommandException">5102, 5104.</exception>
    public static TargetSettings Read(JsonValue value, string path, string folder)
    {
        SettingsObject entry = new(value, path, [.. Kinds.Select(kind => kind.Name), "format", "url"]);
        (string Name, TargetKind Kind)[] named = [.. Kinds.Where(kind => entry[kind.Name] is not null)];
        if (named is not [var (name, kind)])
        {
            string kinds = Words(Kinds.Select(each => each.Name), "and");
            throw new CommandException(Errors.SettingBad(path, "an object with exactly one of " + kinds));
        }

        PublicKeyFormat? format = entry.Text("format") is { } word
            ? PublicKeyFormat.All.FirstOrDefault(each => each.Name == word)
            : PublicKeyFormat.All[0];
        return new TargetSettings(
            kind,
            kind == TargetKind.File ? Path.GetFullPath(entry.RequiredText(name), folder) : entry.RequiredName(name),
            format ?? throw entry.Bad("format", Words(PublicKeyFormat.All.Select(each => each.Name), "or")),
            entry.Url("url"));
    }

    private static string Words(IEnumerable<string> words, string last) =>
        string.Join(", ", words.SkipLast(1)) + $" {last} " + words.Last();
}
