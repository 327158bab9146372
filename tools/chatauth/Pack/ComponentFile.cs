using System;
using System.Xml.Linq;

namespace ChatAuth.Pack;

/// <summary>One XML file of a component: where it lies and what it says.</summary>
/// <param name="Path">Path below the solution folder.</param>
/// <param name="Root">Root element of the file.</param>
internal sealed record ComponentFile(string Path, XElement Root)
{
    /// <summary>The parts of the path.</summary>
    public string[] Folders { get; } = Path.Split('/');

    /// <summary>The name of the folder that holds the file.</summary>
    public string FolderName => Folders[^2];

    /// <summary>The attribute that names a custom API, parameter or property.</summary>
    public string UniqueName => (string?)Root.Attribute("uniquename") ?? string.Empty;

    /// <summary>Whether the file has this name.</summary>
    public bool IsNamed(string fileName) => string.Equals(Folders[^1], fileName, StringComparison.Ordinal);
}
