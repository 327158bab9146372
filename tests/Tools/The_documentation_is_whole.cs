using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChatAuth.Pack;
using ChatAuth.Settings;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests;

/// <summary>What a page names is there: files, headings, commands, options, settings, codes.</summary>
[TestClass]
public sealed partial class The_documentation_is_whole
{
    private const int LongestParagraph = 1000;
    private const string ErrorTable = "docs/errors.md";

    private static readonly Page[] All =
    [
        .. new[] { ".", "docs" }.Concat(
            new[] { "tools", "samples", "tests" }.SelectMany(
                parent => Directory.GetDirectories(RepositoryRoot.File(parent))))
            .SelectMany(folder => Directory.GetFiles(RepositoryRoot.File(folder), "*.md"))
            .Select(path => Page.Read(Path.GetRelativePath(RepositoryRoot.File("."), path).Replace('\\', '/'))),
    ];

    // The pages for readers of the product. The table of errors is written from the code, which says what it says.
    private static readonly Page[] Manual =
    [
        .. All.Where(page => page.Name != ErrorTable)
            .Where(page => !page.Name.Contains('/') || page.Name.StartsWith("docs/", StringComparison.Ordinal)
                || page.Name.EndsWith("/package.md", StringComparison.Ordinal)),
    ];

    private static readonly RootCommand Root = Program.Root(
        new CommandHost(TextWriter.Null, TextWriter.Null, TextReader.Null, new FixedClock(DateTimeOffset.UnixEpoch)));

    [TestMethod]
    public void Every_relative_link_leads_to_a_file_and_a_heading()
    {
        string[] dead =
        [
            .. All.SelectMany(
                page => page.Links.Where(link => !Resolves(page, link)).Select(link => $"{page.Name}: {link}")),
        ];
        Assert.IsEmpty(dead, string.Join('\n', dead));
        Assert.IsGreaterThan(40, All.Sum(page => page.Links.Count()));
    }

    [TestMethod]
    public void Every_command_that_is_to_be_typed_can_be()
    {
        (string Page, string Line, string[] Args)[] lines =
        [
            .. from page in Manual
               from line in page.CommandLines
               from args in ArgumentsOf(line)
               select (page.Name, line, args),
        ];
        string[] wrong =
        [
            .. from each in lines
               from error in Root.Parse(each.Args).Errors
               select $"{each.Page}: {each.Line}: {error.Message}",
        ];
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
        Assert.IsGreaterThan(20, lines.Length);
    }

    [TestMethod]
    public void Every_command_and_option_that_is_named_is_there()
    {
        HashSet<string> options = [.. Commands(Root).SelectMany(command => command.Options).Select(each => each.Name)];
        string[] unknown =
        [
            .. from page in Manual
               from span in page.Spans
               where ArgumentsOf(span).Any(args => !IsNamed(args))
                   || (span.StartsWith("--", StringComparison.Ordinal) && !options.Contains(span.Split(' ')[0]))
               select $"{page.Name}: {span}",
        ];
        Assert.IsEmpty(unknown, string.Join('\n', unknown));
        Assert.IsGreaterThan(40, Manual.SelectMany(page => page.Spans).Count(span => ArgumentsOf(span).Any()));
    }

    [TestMethod]
    public void Every_program_of_this_repository_that_is_run_is_there()
    {
        (string Page, string Path)[] programs =
        [
            .. from page in All
               from text in page.CommandLines.Concat(page.Spans)
               from match in Own().Matches(text)
               let path = match.Groups[1].Value
               where !path.Contains("..", StringComparison.Ordinal)
               select (page.Name, path),
        ];
        string[] gone =
        [
            .. programs.Where(program => !Path.Exists(RepositoryRoot.File(program.Path)))
                .Select(program => $"{program.Page}: {program.Path}"),
        ];
        Assert.IsEmpty(gone, string.Join('\n', gone));
        Assert.IsGreaterThan(10, programs.Length);
    }

    [TestMethod]
    public void Every_version_that_is_to_be_installed_is_this_one()
    {
        string[] versions =
        [
            .. Manual.SelectMany(page => page.CommandLines).SelectMany(line => Installed().Matches(line))
                .Select(match => match.Groups[1].Value).Distinct(),
        ];
        CollectionAssert.AreEqual(new[] { ProductVersion.OfCommand }, versions);
    }

    [TestMethod]
    public void Every_command_has_its_row_in_the_README()
    {
        string[] rows =
        [
            .. Manual.Single(page => page.Name == "README.md").Rows("command")
                .SelectMany(cell => Spans(cell)).SelectMany(ArgumentsOf).Select(args => string.Join(' ', args)),
        ];
        string[] commands =
        [
            .. Commands(Root).Where(command => command.Subcommands.Count == 0)
                .Select(command => string.Join(' ', PathOf(command))),
        ];
        CollectionAssert.AreEquivalent(commands, rows);
    }

    [TestMethod]
    public void Every_setting_has_its_row_and_every_row_its_setting()
    {
        string[] rows =
        [
            .. Manual.Single(page => page.Name == "docs/settings.md").Rows("setting")
                .SelectMany(cell => Spans(cell)).Select(path => path.Split('.')[^1]).Distinct(),
        ];
        CollectionAssert.AreEquivalent(SettingNames().ToArray(), rows);
    }

    [TestMethod]
    public void Every_setting_that_is_named_is_there()
    {
        HashSet<string> names = SettingNames();
        string[] unknown =
        [
            .. from page in Manual
               from span in page.Spans
               from name in QuotedName().Matches(span).Select(match => match.Groups[1].Value)
               where !names.Contains(name)
               select $"{page.Name}: {span}",
        ];
        Assert.IsEmpty(unknown, string.Join('\n', unknown));
    }

    [TestMethod]
    public void Every_settings_file_that_is_shown_can_be_read()
    {
        string[] files = [.. Manual.SelectMany(page => page.Fences("json"))];
        Assert.IsGreaterThan(2, files.Length);
        foreach (string file in files)
        {
            SettingsFile.Parse(file, "chatauth.json", _ => "6f0c1f0e-0000-0000-0000-000000000001");
        }
    }

    [TestMethod]
    public void Every_code_that_is_named_is_in_the_table()
    {
        string table = File.ReadAllText(RepositoryRoot.File(ErrorTable));
        string[] unknown =
        [
            .. from page in Manual
               from code in Code().Matches(page.Text).Select(match => match.Value)
               where !table.Contains(code, StringComparison.Ordinal)
               select $"{page.Name}: {code}",
        ];
        Assert.IsEmpty(unknown, string.Join('\n', unknown));
    }

    [TestMethod]
    public void No_paragraph_or_row_has_a_thousand_characters()
    {
        string[] tooLong =
        [
            .. from page in Manual
               from line in page.Text.Split('\n')
               where line.Length >= LongestParagraph
               select $"{page.Name}: {line[..60]}",
        ];
        Assert.IsEmpty(tooLong, string.Join('\n', tooLong));
    }

    private static bool Resolves(Page page, string link)
    {
        string[] parts = link.Split('#', 2);
        string root = Path.GetFullPath(RepositoryRoot.File("."));
        string target = parts[0].Length == 0 ? Path.Combine(root, page.Name)
            : Path.GetFullPath(Path.Combine(root, Path.GetDirectoryName(page.Name)!, parts[0]));
        return target.StartsWith(root, StringComparison.Ordinal)
            && (File.Exists(target) || (Directory.Exists(target) && parts.Length == 1))
            && (parts.Length == 1 || Page.Read(Path.GetRelativePath(root, target)).Anchors.Contains(parts[1]));
    }

    // The arguments of each chatauth in a line of a shell; none for other programs.
    private static IEnumerable<string[]> ArgumentsOf(string line) => Separator().Split(line)
        .Select(part => Word().Matches(part).Select(word => word.Value.Trim('"')).ToArray())
        .Where(words => words.Length > 1 && words[0].Split('/')[^1] == "chatauth")
        .Select(words => words[1..]);

    // Whether words are a command and options of it; values may be placeholders, and what is required may be left out.
    private static bool IsNamed(string[] words)
    {
        Command command = Root;
        int next = 0;
        while (next < words.Length && command.Subcommands.FirstOrDefault(each => each.Name == words[next]) is { } sub)
        {
            command = sub;
            next++;
        }

        bool takesValue = false;
        foreach (string word in words[next..])
        {
            bool isOption = word.StartsWith("--", StringComparison.Ordinal);
            if (isOption ? command.Options.All(option => option.Name != word)
                : !takesValue && command.Arguments.Count == 0)
            {
                return false;
            }

            takesValue = isOption;
        }

        return true;
    }

    private static IEnumerable<Command> Commands(Command command) =>
        command.Subcommands.SelectMany(Commands).Prepend(command);

    private static IEnumerable<string> PathOf(Symbol command) =>
        command is RootCommand ? [] : PathOf(command.Parents.First()).Append(command.Name);

    private static HashSet<string> SettingNames()
    {
        static IEnumerable<string> Names(JsonNode? node) => node switch
        {
            JsonObject members => (members["properties"] as JsonObject ?? []).Select(member => member.Key)
                .Concat(members.SelectMany(member => Names(member.Value))),
            JsonArray items => items.SelectMany(Names),
            _ => [],
        };
        return [.. Names(JsonNode.Parse(EmbeddedFile.Read("chatauth.schema.json")))];
    }

    private static IEnumerable<string> Spans(string text) =>
        Span().Matches(text).Select(match => match.Groups[1].Value);

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"(?<=\s)(?:&&|\|\||\||>>|>|<|#.*)(?=\s|$)")]
    private static partial Regex Separator();

    [GeneratedRegex("""[^\s"]+|"[^"]*" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Word();

    // A project, script or folder of this repository in a command.
    [GeneratedRegex(
        @"(?<=(?:--project|dotnet (?:pack|build|test)|node|bash|cp) )"
            + @"((?:tools|samples|tests|Plugins|Solution|\.ci)/[\w./-]*\w)")]
    private static partial Regex Own();

    [GeneratedRegex(@"--version (\d\S*)")]
    private static partial Regex Installed();

    // A name that stands by itself, or before a colon.
    [GeneratedRegex("""(?:^|(?<=[{,]\s*))"([A-Za-z]+)"(?=\s*:|$)""")]
    private static partial Regex QuotedName();

    [GeneratedRegex(@"CHATAUTH\d{4}")]
    private static partial Regex Code();

    /// <summary>One page in Markdown.</summary>
    /// <param name="Name">Its path in the repository, with slashes.</param>
    /// <param name="Text">All of it.</param>
    private sealed partial record Page(string Name, string Text)
    {
        public static Page Read(string name) =>
            new(name, File.ReadAllText(RepositoryRoot.File(name)).ReplaceLineEndings("\n"));

        /// <summary>Targets of links and pictures that lead to no other host.</summary>
        public IEnumerable<string> Links => Link().Matches(Span().Replace(Prose, string.Empty))
            .Select(match => match.Groups[1].Value).Where(link => !link.Contains("://", StringComparison.Ordinal));

        /// <summary>Texts in backticks.</summary>
        public IEnumerable<string> Spans => The_documentation_is_whole.Spans(Prose);

        /// <summary>What a reader copies to a shell, with lines that go on joined; outputs are left out.</summary>
        public IEnumerable<string> CommandLines => Fences("bash").Concat(Fences("powershell"))
            .SelectMany(text => text.Split('\n'))
            .Concat(
                Fences("console")
                    .SelectMany(text => text.Replace("\\\n", string.Empty, StringComparison.Ordinal).Split('\n'))
                    .Where(line => line.StartsWith("$ ", StringComparison.Ordinal)).Select(line => line[2..]));

        /// <summary>The names by which its headings are linked, as GitHub makes them.</summary>
        public IEnumerable<string> Anchors => Heading().Matches(Prose)
            .Select(match => match.Groups[1].Value.ToLowerInvariant())
            .Select(heading => NotInAnchor().Replace(heading, string.Empty).Replace(' ', '-'));

        /// <summary>The code blocks of a language.</summary>
        public IEnumerable<string> Fences(string language) => Fence().Matches(Text)
            .Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value);

        /// <summary>First cells of the table whose first column is headed so.</summary>
        public IEnumerable<string> Rows(string head) => Prose.Split('\n')
            .SkipWhile(line => !line.StartsWith($"| {head} |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|')).Select(line => line.Split('|')[1]);

        private string Prose => Fence().Replace(Text, string.Empty);

        [GeneratedRegex(@"^```(\w*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
        private static partial Regex Fence();

        [GeneratedRegex(@"\]\(([^)\s]+)\)")]
        private static partial Regex Link();

        [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
        private static partial Regex Heading();

        [GeneratedRegex(@"[^\w\- ]")]
        private static partial Regex NotInAnchor();
    }
}
