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
    public byte[] Assembly()
    {
        using ZipArchive zip = new(new MemoryStream(Bytes));
        ZipArchiveEntry entry = zip.Entries.FirstOrDefault(entry =>
            entry.FullName.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            ?? throw new CommandException(Errors.SolutionZipBad("The packed solution"));
        using Stream file = entry.Open();
        using MemoryStream content = new();
        file.CopyTo(content);
        return content.ToArray();
    }

    private static XDocument? ManifestOf(byte[] zip)
    {
        try
        {
            using ZipArchive archive = new(new MemoryStream(zip));
            using Stream? entry = archive.GetEntry("solution.xml")?.Open();
            using MemoryStream content = new();
            entry?.CopyTo(content);
            return SolutionXml.TryParse(content.ToArray());
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
