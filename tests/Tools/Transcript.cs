using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests;

/// <summary>What a page of the documentation shows of a terminal.</summary>
internal static partial class Transcript
{
    /// <summary>The text of a file of the repository.</summary>
    public static string Text(string file) => File.ReadAllText(RepositoryRoot.File(file)).ReplaceLineEndings("\n");

    /// <summary>What stands below a command up to the next one or the block's end.</summary>
    /// <param name="file">The page.</param>
    /// <param name="command">The command as it stands there.</param>
    /// <param name="time">Which time it stands there; 1 is the first.</param>
    public static string Shown(string file, string command, int time = 1)
    {
        string[] parts = Text(file).Split($"\n$ {command}\n");
        Assert.IsGreaterThan(time, parts.Length, command);
        return parts[time].Split("\n```")[0].Split("\n\n$ ")[0];
    }

    /// <summary>Ensures that what is shown is what comes, but for times, folders and keys.</summary>
    /// <param name="file">The page.</param>
    /// <param name="command">The command as it stands there.</param>
    /// <param name="comes">What comes.</param>
    /// <param name="time">Which time it stands there; 1 is the first.</param>
    public static void AssertShown(string file, string command, string comes, int time = 1) =>
        Assert.AreEqual(Lasting(comes), Lasting(Shown(file, command, time)));

    // An import tells its progress as often as there is time for; folders, times and keys differ.
    private static string Lasting(string text) => string.Join('\n', text.TrimEnd('\n').Split('\n')
        .Where(line => !line.Contains("importing the solution", StringComparison.Ordinal))
        .Select(line => Changing().Aggregate(line, (each, way) => way.Key.Replace(each, way.Value)).TrimEnd()));

    private static Dictionary<Regex, string> Changing() => new()
    {
        [Milliseconds()] = "ms",
        [Folders()] = "/",
        [Moments()] = "day",
        [Distances()] = "",
        [KeyIds()] = "kid",
        [Lines()] = "line",
        [Blanks()] = " ",
    };

    [GeneratedRegex(@"^ *\d+ ms")]
    private static partial Regex Milliseconds();

    [GeneratedRegex(@"(?<=file )\S+/")]
    private static partial Regex Folders();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d( UTC|Z)?")]
    private static partial Regex Moments();

    [GeneratedRegex(@" \((in )?\d+ (second|minute|hour|day)s?( ago)?\)| \(now\)")]
    private static partial Regex Distances();

    [GeneratedRegex(@"(?<![\w-])([\w-]{43}(?![\w-])|\w{3}…)")]
    private static partial Regex KeyIds();

    [GeneratedRegex(@"^MII\S+")]
    private static partial Regex Lines();

    [GeneratedRegex(@" {2,}")]
    private static partial Regex Blanks();
}
