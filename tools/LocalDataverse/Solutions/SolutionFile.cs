using System.Xml.Linq;
using static ChatAuth.LocalDataverse.Solutions.SolutionZip;

namespace ChatAuth.LocalDataverse.Solutions;

/// <summary>Publisher of a solution, as solution.xml describes it.</summary>
/// <param name="UniqueName">Unique name.</param>
/// <param name="FriendlyName">Name for people.</param>
/// <param name="Prefix">What unique names of its components start with.</param>
/// <param name="OptionValuePrefix">What its choices' numbers start with.</param>
internal sealed record SolutionPublisher(string UniqueName, string FriendlyName, string Prefix, int OptionValuePrefix);

/// <summary>A solution zip, read and found to be one that Dataverse imports.</summary>
/// <param name="UniqueName">Unique name.</param>
/// <param name="FriendlyName">Name for people.</param>
/// <param name="Version">Version.</param>
/// <param name="IsManaged">Whether it is the managed one.</param>
/// <param name="Publisher">Its publisher.</param>
/// <param name="Assemblies">Plug-in assemblies.</param>
/// <param name="CustomApis">Custom APIs.</param>
/// <param name="Steps">Steps on custom APIs.</param>
/// <param name="Rows">Site components and chat authentication settings.</param>
internal sealed record SolutionFile(
    string UniqueName,
    string FriendlyName,
    Version Version,
    bool IsManaged,
    SolutionPublisher Publisher,
    IReadOnlyList<SolutionAssembly> Assemblies,
    IReadOnlyList<SolutionApi> CustomApis,
    IReadOnlyList<SolutionStep> Steps,
    IReadOnlyList<SolutionRow> Rows)
{
    private const string ContentTypes = "[Content_Types].xml";

    /// <summary>Parses the bytes of a solution zip (facts 3: packed zip).</summary>
    /// <param name="zip">The bytes.</param>
    public static SolutionFile Parse(byte[] zip)
    {
        var files = SolutionZip.Read(zip);
        if (!new[] { ContentTypes, "solution.xml", "customizations.xml" }.All(files.ContainsKey))
        {
            throw Refuse(
                "The solution file is invalid. The compressed file must contain the following files at its root: "
                    + $"solution.xml, customizations.xml, and {ContentTypes}.");
        }

        // Ensure every part has a content type: the package reader does not see a part without one
        // (ECMA-376 part 2, Content_Types: Default for an extension, Override for a part; names in any case)
        var types = Xml(files, ContentTypes).Elements().ToList();
        HashSet<string?> Named(string attribute, Func<string, string> read) => types
            .Select(t => (string?)t.Attribute(attribute) is { } name ? read(name) : null)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var extensions = Named("Extension", name => name);
        var parts = Named("PartName", name => Uri.UnescapeDataString(name).TrimStart('/'));
        bool IsTyped(string file) =>
            parts.Contains(file) || extensions.Contains(Path.GetExtension(file).TrimStart('.'));
        if (files.Keys.FirstOrDefault(f => f != ContentTypes && !IsTyped(f)) is { } untyped)
        {
            throw Refuse($"The file {untyped} has no content type in {ContentTypes}.");
        }

        var manifest = Child(Xml(files, "solution.xml"), "SolutionManifest");
        var managed = Text(manifest, "Managed");
        var publisher = ParsePublisher(Child(manifest, "Publisher"));
        var solution = new SolutionFile(
            Text(manifest, "UniqueName"),
            FriendlyNameOf(manifest),
            Version.TryParse(Text(manifest, "Version"), out var version) ? version
                : throw Refuse("The solution's version is not a version."),
            managed is "0" or "1" ? managed == "1" : throw Refuse("Managed must be 0 or 1 in a packed solution."),
            publisher,
            SolutionAssembly.ParseAll(Xml(files, "customizations.xml"), files),
            SolutionApi.ParseAll(files, publisher.Prefix),
            SolutionStep.ParseAll(Xml(files, "customizations.xml")),
            SolutionRow.ParseAll(files));
        CheckRootComponents(manifest, solution);
        CheckNothingElse(files.Keys, solution);
        return solution;
    }

    private static SolutionPublisher ParsePublisher(XElement publisher)
    {
        // A publisher needs its two Address blocks (facts 3).
        if (Child(publisher, "Addresses").Elements("Address").Count() != 2)
        {
            throw Refuse("The publisher must have two addresses.");
        }

        return new SolutionPublisher(
            Text(publisher, "UniqueName"),
            FriendlyNameOf(publisher),
            Text(publisher, "CustomizationPrefix"),
            int.TryParse(Text(publisher, "CustomizationOptionValuePrefix"), out var prefix)
                && prefix is >= 10000 and <= 99999
                ? prefix
                : throw Refuse("CustomizationOptionValuePrefix must lie between 10000 and 99999."));
    }

    private static string FriendlyNameOf(XElement element) =>
        Child(element, "LocalizedNames").Elements().Select(n => (string?)n.Attribute("description"))
            .FirstOrDefault(d => d != null)
        ?? throw Refuse($"{element.Name} has no localized name.");

    // Facts 1 and 3: root components list assemblies (91) by id and full name, steps (92) by id; custom APIs are not
    // listed.
    private static void CheckRootComponents(XElement manifest, SolutionFile solution)
    {
        var listed = Child(manifest, "RootComponents").Elements().ToList();
        var steps = listed.Where(c => (string?)c.Attribute("type") == "92")
            .Select(c => Guid.TryParse((string?)c.Attribute("id"), out var id) ? id : Guid.Empty).ToList();
        listed.RemoveAll(c => (string?)c.Attribute("type") == "92");
        if (!steps.Order().SequenceEqual(solution.Steps.Select(s => s.Id).Order()))
        {
            throw Refuse("The steps of the solution and its root components are not the same.");
        }

        if (listed.Find(c => (string?)c.Attribute("type") != "91") is { } other)
        {
            throw Refusal.NotKnown($"root components of type {(string?)other.Attribute("type")}");
        }

        var names = listed.Select(c => (string?)c.Attribute("schemaName")).ToList();
        if (names.Find(n => solution.Assemblies.All(a => a.FullName != n)) is { } missing)
        {
            throw Refuse($"The root component {missing} is not in the solution.");
        }

        if (solution.Assemblies.FirstOrDefault(a => !names.Contains(a.FullName)) is { } unlisted)
        {
            throw Refuse($"The assembly {unlisted.FullName} is not listed as root component.");
        }
    }

    private static void CheckNothingElse(IEnumerable<string> names, SolutionFile solution)
    {
        var known = solution.Assemblies.Select(a => a.FileName)
            .Concat([ContentTypes, "solution.xml", "customizations.xml"]).ToHashSet(StringComparer.Ordinal);
        if (names.FirstOrDefault(n => !known.Contains(n) && !SolutionApi.IsFile(n) && !SolutionRow.IsFile(n))
            is { } other)
        {
            throw Refusal.NotKnown($"the file {other} in a solution");
        }
    }
}
