using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ChatAuth.House;

/// <summary>The house in figures, counted from a working copy.</summary>
internal static partial class Figures
{
    /// <summary>What is longer than this is broken.</summary>
    public const int LongestLine = 120;

    /// <summary>The README's greatest length in bytes.</summary>
    public const int LongestReadme = 12 * 1024;

    /// <summary>Extensions of the files whose lines are measured.</summary>
    public static readonly string[] Code = [".cs", ".js", ".mjs", ".ps1", ".sh"];

    // What tools write or fetch, and what is copied from elsewhere byte for byte.
    private static readonly string[] Foreign =
        [".git", "artifacts", "node_modules", "out", "StrykerOutput", "TestResults", "golden", "vectors"];

    /// <summary>Files that are written by hand, with slashes, relative to the repository, sorted.</summary>
    /// <param name="root">Folder of the repository.</param>
    /// <param name="extensions">Those of the files asked for, with the dot.</param>
    public static IEnumerable<string> HandWritten(string root, params string[] extensions) =>
        Below(new DirectoryInfo(root)).Where(file => extensions.Contains(file.Extension))
        .Select(file => Path.GetRelativePath(root, file.FullName).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

    /// <summary>The figures, each with the place that it is counted at.</summary>
    public static IEnumerable<(string Name, string Value)> Of(string root, IReadOnlyList<Arrow> arrows)
    {
        int production = 0;
        foreach (Part part in AllowedArrows.Parts)
        {
            int lines = CSharp(root, part.Name).Sum(file => File.ReadLines(file).Count());
            production += lines;
            yield return ($"lines of C# in {part.Name}", Number(lines));
        }

        yield return ("lines of production C#", Number(production));
        yield return ("longest line", Number(HandWritten(root, Code)
            .SelectMany(file => File.ReadLines(Path.Combine(root, file))).Max(line => line.Length)));
        yield return ("circles of rooms or files",
            Number(AllowedArrows.Parts.Sum(part => Circles.Of(part, arrows).Count())));
        yield return ("wrong arrows", Number(arrows.Count(arrow => AllowedArrows.Broken(arrow) != null)));
        foreach (string part in (string[])["Plugins", "tools/chatauth", "tools/LocalPortal"])
        {
            yield return ($"codes of {part}", Number(Codes(root, part)));
        }

        using Stream dll = Assembly.Load("chatauth").GetManifestResourceStream("ChatAuth.Plugins.dll")!;
        yield return ("bytes of the plug-in", Number(dll.Length));
        yield return ("bytes of README.md", Number(new FileInfo(Path.Combine(root, "README.md")).Length));
        string tests = string.Concat(CSharp(root, "tests").Select(File.ReadAllText));
        yield return ("test methods", Number(TestMethod().Count(tests)));
        yield return ("rows of data for them", Number(DataRow().Count(tests)));
        yield return ("tests in Node", Number(HandWritten(root, ".mjs")
            .Where(file => file.EndsWith(".test.mjs", StringComparison.Ordinal))
            .Sum(file => NodeTest().Count(File.ReadAllText(Path.Combine(root, file))))));
    }

    /// <summary>Full paths of the C# files of a part.</summary>
    public static IEnumerable<string> CSharp(string root, string part) => HandWritten(root, ".cs")
        .Where(file => file.StartsWith(part + "/", StringComparison.Ordinal))
        .Select(file => Path.Combine(root, file));

    // Each error is a method of a class Errors; the first number of four digits in it, alone or behind CHATAUTH, is its
    // code.
    private static int Codes(string root, string part) => CSharp(root, part)
        .SelectMany(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot().DescendantNodes())
        .OfType<ClassDeclarationSyntax>().Where(type => type.Identifier.Text == "Errors")
        .SelectMany(type => type.Members)
        .Select(member => member.DescendantTokens()
            .Select(token => CodeToken().Match(token.Text)).FirstOrDefault(code => code.Success)?.Groups[1].Value)
        .Where(code => code != null).Distinct().Count();

    private static IEnumerable<FileInfo> Below(DirectoryInfo folder) => folder.EnumerateFiles()
        .Concat(folder.EnumerateDirectories().Where(child => !Foreign.Contains(child.Name)).SelectMany(Below));

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?:""CHATAUTH)?(\d{4})""?$")]
    private static partial Regex CodeToken();

    [GeneratedRegex(@"^\s*\[(TestMethod|DataTestMethod)\b", RegexOptions.Multiline)]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"^\s*\[DataRow\(", RegexOptions.Multiline)]
    private static partial Regex DataRow();

    [GeneratedRegex(@"^\s*(test|it)\(", RegexOptions.Multiline)]
    private static partial Regex NodeTest();
}
