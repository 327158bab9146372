using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using ChatAuth.Pack;

namespace ChatAuth.Dataverse;

/// <summary>A packed managed solution and its version.</summary>
/// <param name="Bytes">The zip.</param>
/// <param name="Version">What its solution.xml says.</param>
internal sealed record SolutionZip(byte[] Bytes, Version Version)
{
    /// <summary>Unique name of the product's solution.</summary>
    public const string UniqueName = "ChatAuth";

    // Ours have 4 KB and 80 KB. A few KB of zip may unpack to what fills the memory, and XML is slow where it is deep.
    private const int MaximumManifest = 64 * 1024;
    private const int MaximumAssembly = 4 * 1024 * 1024;

    /// <summary>The solution that the command carries, or that of a file.</summary>
    /// <param name="path">A zip; null for the one that the command carries.</param>
    /// <exception cref="CommandException">5010 it is not the managed solution of this product; 4001.</exception>
    public static SolutionZip Read(string? path)
    {
        byte[] bytes = path == null ? SolutionPackage.Product().Pack(managed: true) : DiskFile.Read(path);
        XElement? manifest = ManifestOf(bytes)?.Root?.Element("SolutionManifest");
        return manifest?.Text("UniqueName") == UniqueName && manifest.Text("Managed") == "1" && Version
            .TryParse(manifest.Text("Version"), out Version? version)
            ? new SolutionZip(bytes, version)
            : throw new CommandException(Errors.SolutionZipBad(path ?? "The packed solution"));
    }

    /// <summary>The version that is installed; null when there is none.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task<Version?> InstalledAsync(WebApi dataverse, CancellationToken cancellation) =>
        await dataverse.FindAsync(
            $"solutions?$select=version&$filter=uniquename eq '{UniqueName}'", cancellation) is { } row
            ? Version.TryParse(row.Required<string>("version"), out Version? version) ? version
                : throw RowColumns.Odd("version", "no version")
            : null;

    /// <summary>Removes the solution; its components go with it.</summary>
    /// <exception cref="CommandException">5001: something still refers to a component; 5002.</exception>
    public static async Task UninstallAsync(WebApi dataverse, CancellationToken cancellation)
    {
        if (await dataverse.FindAsync(
                $"solutions?$select=solutionid&$filter=uniquename eq '{UniqueName}'", cancellation) is { } row)
        {
            await dataverse.DeleteAsync($"solutions({row.Required<Guid>("solutionid")})", cancellation);
        }
    }

    /// <summary>The plug-in assembly that it brings.</summary>
    /// <exception cref="CommandException">5010 there is none.</exception>
    public byte[] Assembly() =>
        Content(Bytes, name => name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase), MaximumAssembly)
        ?? throw new CommandException(Errors.SolutionZipBad("The packed solution"));

    private static XDocument? ManifestOf(byte[] zip) =>
        Content(zip, name => name == "solution.xml", MaximumManifest) is { } content
            ? SolutionXml.TryParse(content)
            : null;

    // One byte more than may be read tells what is too long from what is not.
    private static byte[]? Content(byte[] zip, Func<string, bool> isWanted, int maximum)
    {
        try
        {
            using ZipArchive archive = new(new MemoryStream(zip));
            using Stream? file = archive.Entries.FirstOrDefault(entry => isWanted(entry.FullName))?.Open();
            byte[] content = new byte[maximum + 1];
            int length = file?.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) ?? 0;
            return length == 0 || length > maximum ? null : content[..length];
        }
        catch (Exception exception) when (
            exception is InvalidDataException or IOException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
