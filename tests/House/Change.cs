using System.Text.RegularExpressions;

namespace ChatAuth.House;

/// <summary>A change that somebody who is new here makes, measured by one like it that was made before.</summary>
/// <param name="Name">What is added or changed.</param>
/// <param name="Example">What stands in every file that the earlier one touches, a regular expression.</param>
internal sealed record Change(string Name, string Example)
{
    private static readonly string[] Product = ["Plugins", "Solution", "samples", "tools/chatauth"];

    /// <summary>The changes that the house is built for.</summary>
    public static readonly Change[] Every =
    [
        new("a claim source, as a constant is one", "case \"value\"|\"value\" =>|== \"value\"|\"value\": \\{"),
        new("a publishing target, as a web file is one", "WebFileTarget|\"webfile\""),
        new("a token lifetime limit", @"60 to 3600\.|""maximum"": 3600|MaximumLifetime = "),
        new("a doctor check, as the clock's", "ClockCheck"),
        new("a text that the visitor reads", "The visitor is not signed in\\. Sign in, then"),
        new("an error text", "\"?The caller, \\{"),
        new("a custom API parameter, as UserName is one",
            "uniquename=\"UserName\"|CustomApi\\.UserName|(?<!\")\"UserName\"(?!,)"),
        new("a data model of sites, as the standard one", "StandardSite"),
    ];

    /// <summary>The files of the product, relative to the repository; tests and documents are not counted.</summary>
    /// <param name="root">Folder of the repository.</param>
    public IEnumerable<string> Files(string root) =>
        Figures.HandWritten(root, ".cs", ".json", ".xml", ".js", ".mjs", ".yml", ".liquid")
            .Where(file => Array.Exists(Product, part => file.StartsWith(part + "/", StringComparison.Ordinal)))
            .Where(file => Regex.IsMatch(File.ReadAllText(Path.Combine(root, file)), Example));
}
