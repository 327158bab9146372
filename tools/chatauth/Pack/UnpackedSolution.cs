using System.Collections.Immutable;

namespace ChatAuth.Pack;

/// <summary>The files of a solution in SolutionPackager's unpacked layout, by path below the solution folder.</summary>
/// <remarks>
/// Held in memory, so that a command packs its own source without a folder and a test can change one file.
/// </remarks>
internal sealed class UnpackedSolution
{
    /// <summary>The manifest: unique name, version, publisher, root components.</summary>
    public const string ManifestPath = "Other/Solution.xml";

    /// <summary>The container nodes that packing fills.</summary>
    public const string CustomizationsPath = "Other/Customizations.xml";

    private const string ResourcePrefix = "Solution/src/";

    private UnpackedSolution(ImmutableSortedDictionary<string, byte[]> files) => Files = files;

    /// <summary>Contents by path (with <c>/</c>), sorted ordinally.</summary>
    public ImmutableSortedDictionary<string, byte[]> Files { get; }

    /// <summary>A solution without files.</summary>
    public static UnpackedSolution Empty { get; } =
        new(ImmutableSortedDictionary.Create<string, byte[]>(StringComparer.Ordinal));

    /// <summary>The source of ChatAuth's own solution, which this command carries.</summary>
    public static UnpackedSolution Embedded() => From(
        typeof(UnpackedSolution).Assembly.GetManifestResourceNames()
            .Select(name => name.Replace('\\', '/'))
            .Where(path => path.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(path => KeyValuePair.Create(path[ResourcePrefix.Length..], EmbeddedFile.Read(path))));

    /// <summary>The same solution with one file written or overwritten.</summary>
    public UnpackedSolution With(string path, byte[] content) => new(Files.SetItem(path, content));

    private static UnpackedSolution From(IEnumerable<KeyValuePair<string, byte[]>> files) =>
        new(files.ToImmutableSortedDictionary(StringComparer.Ordinal));
}
