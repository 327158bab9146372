using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using ChatAuth.House;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests;

/// <summary>The arrows between and inside the parts of the product run one way, and its files can be read.</summary>
[TestClass]
public sealed partial class The_house_is_in_order
{
    private static readonly string Root = RepositoryRoot.File(string.Empty);

    private static readonly Lazy<IReadOnlyList<Arrow>> Arrows = new(() => Sources.Read(Root).Arrows());

    [TestMethod]
    [DataRow("Plugins")]
    [DataRow("tools/chatauth")]
    [DataRow("tools/LocalDataverse")]
    [DataRow("tools/LocalPortal")]
    [DataRow("samples")]
    public void A_room_does_not_know_what_lies_above_or_beside_it(string part)
    {
        Part asked = AllowedArrows.Parts.Single(known => known.Name == part);
        Assert.IsTrue(
            Arrows.Value.Any(arrow => asked.Holds(arrow.From)) || !Figures.CSharp(Root, part).Any(),
            "No arrow of this part was found.");

        AssertNone(AllowedArrows.Wrong(asked, Arrows.Value));
    }

    [TestMethod]
    [DataRow("Plugins")]
    [DataRow("tools/chatauth")]
    [DataRow("tools/LocalDataverse")]
    [DataRow("tools/LocalPortal")]
    public void No_rooms_or_files_know_each_other_in_a_circle(string part) => AssertNone(
        Circles.Of(AllowedArrows.Parts.Single(known => known.Name == part), Arrows.Value)
            .Select(circle => string.Join(", ", circle)));

    [TestMethod]
    [DataRow("Plugins/Json/A.cs", "Plugins/Jose/B.cs", "Json lies below Jose")]
    [DataRow("Plugins/Claims/A.cs", "Plugins/Jose/B.cs", "Claims and Jose do not know each other")]
    [DataRow("Plugins/Json/A.cs", "tools/Microsoft.Xrm.Sdk/B.cs", "Plugins/Json knows nothing outside Plugins")]
    [DataRow("Plugins/Platform/A.cs", "tools/Microsoft.Xrm.Sdk/B.cs", null)]
    [DataRow("Plugins/Platform/A.cs", "tools/chatauth/Keys/B.cs", "Plugins does not know tools/chatauth/Keys/B.cs")]
    [DataRow("Plugins/Errors.cs", "Plugins/Json/B.cs", "Errors.cs lies below Json")]
    [DataRow("Plugins/Errors.cs", "Plugins/Other.cs", null)]
    [DataRow("Plugins/Jose/A.cs", "Plugins/Json/B.cs", null)]
    [DataRow("Plugins/Drawer/A.cs", "Plugins/Json/B.cs", "Plugins/Drawer has no place in the table")]
    [DataRow("Plugins/Jose/A.cs", "Plugins/Drawer/B.cs", "Plugins/Drawer has no place in the table")]
    [DataRow("samples/aspnetcore/A.cs", "tools/LocalPortal/B.cs", "samples does not know tools/LocalPortal/B.cs")]
    [DataRow("tools/chatauth/A.cs", "tools/LocalPortal/B.cs", "tools/chatauth does not know tools/LocalPortal/B.cs")]
    [DataRow("tools/LocalDataverse/A.cs", "Plugins/B.cs", "tools/LocalDataverse does not know Plugins/B.cs")]
    [DataRow("Plugins/Jose/A.cs", Arrow.Nowhere, "it means nothing to the compiler of this test")]
    public void A_wrong_arrow_is_named(string from, string to, string? broken)
    {
        Arrow arrow = new(from, 7, to, "B");

        Assert.AreEqual(broken, AllowedArrows.Broken(arrow));
        string[] expected = broken == null ? [] : [$"{from}:7 uses B of {to}: {broken}"];
        Part part = AllowedArrows.Parts.Single(part => part.Holds(from));
        CollectionAssert.AreEqual(expected, AllowedArrows.Wrong(part, [arrow, arrow]).ToArray());
    }

    [TestMethod]
    [DataRow("a>b b>c", "")]
    [DataRow("a>b b>a", "a,b")]
    [DataRow("a>b b>c c>d d>b x>a", "b,c,d")]
    [DataRow("d>c a>b b>a c>d a>c", "a,b c,d")]
    [DataRow("a>c b>c c>a a>b", "a,b,c")]
    public void A_circle_is_found(string arrows, string circles) => Assert.AreEqual(
        circles,
        string.Join(' ', Circles.Among(arrows.Split(' ').Select(arrow => (arrow[..1], arrow[2..])))
            .Select(circle => string.Join(',', circle))));

    [TestMethod]
    public void The_two_plug_in_types_are_all_that_is_public() => CollectionAssert.AreEquivalent(
        new[] { typeof(Plugins.IssueChatToken), typeof(Plugins.GetPublicKeys) },
        typeof(Plugins.IssueChatToken).Assembly.GetExportedTypes());

    [TestMethod]
    public void No_line_is_longer_than_120_characters() => AssertNone(
        from line in Lines(Figures.Code)
        where line.Text.Length > Figures.LongestLine
        select $"{line.Place} has {line.Text.Length}");

    [TestMethod]
    public void The_README_is_short() => Assert.IsLessThanOrEqualTo(
        Figures.LongestReadme, new FileInfo(RepositoryRoot.File("README.md")).Length);

    [TestMethod]
    public void Every_suppression_has_its_reason_on_its_line() => AssertNone(
        from line in Lines([.. Figures.Code, ".csproj", ".props", ".targets"])
        where Suppression().IsMatch(line.Text) && !Reason().IsMatch(line.Text)
        select line.Place);

    private static IEnumerable<(string Place, string Text)> Lines(params string[] extensions) =>
        Figures.HandWritten(Root, extensions).SelectMany(file =>
            File.ReadLines(Path.Combine(Root, file)).Select((text, index) => ($"{file}:{index + 1}", text)));

    private static void AssertNone(IEnumerable<string> wrong)
    {
        string[] lines = [.. wrong];
        Assert.IsEmpty(lines, "\n" + string.Join('\n', lines) + "\n");
    }

    [GeneratedRegex(
        @"#pragma[ ]warning disable|Suppress[M]essage\(|<No[W]arn>|\[Ign[o]re\b|Incon[c]lusive\(|eslint[-]disable"
            + @"|\bskip: true|\b(test|it|describe)\.(skip|todo)\(")]
    private static partial Regex Suppression();

    [GeneratedRegex(@"// \S|<!-- \S|Justification = ""\w|Ignore\(""\w|Inconclusive\([^)]*""")]
    private static partial Regex Reason();
}
