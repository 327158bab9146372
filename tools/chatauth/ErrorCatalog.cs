using System.Globalization;
using System.Reflection;
using ChatAuth.Plugins;

namespace ChatAuth;

/// <summary>One text of a code, its arguments shown as their names in braces.</summary>
/// <param name="Code"><c>CHATAUTH</c> and four digits.</param>
/// <param name="Name">The error's name in its table.</param>
/// <param name="HttpStatus">Status of the Web API's answer, for a plug-in's code; else null.</param>
/// <param name="Fact">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Stops">Whether it is a finding at which deploy stops before its first write.</param>
internal sealed record ErrorEntry(
    string Code, string Name, int? HttpStatus, string Fact, string Remedy, bool Stops = false);

/// <summary>Codes of one origin.</summary>
/// <param name="Digits">How their numbers begin.</param>
/// <param name="Title">What they are about.</param>
/// <param name="Origin">Where they come from.</param>
internal sealed record ErrorArea(string Digits, string Title, string Origin);

/// <summary>The errors of the plug-ins and of this command, to be looked up and to be written as a page.</summary>
/// <remarks>
/// Made of the two tables by calling each of their methods once, so nothing is written twice. LocalPortal's own code is
/// not here: it is told by a program that ships with the sources only, and that this command does not know.
/// </remarks>
internal static class ErrorCatalog
{
    // A number in the place of an argument that is one; no text of the tables holds it.
    private const int FirstNumber = 1_000_000_007;

    private static readonly ErrorArea[] Areas =
    [
        new("1", "Requests for a token", "the request, refused by the plug-in"),
        new("2", "Settings of the plug-in", "the settings of the step, refused by the plug-in"),
        new("3", "Keys of the plug-in", "the secure configuration of the steps, refused by the plug-in"),
        new("40", "Files", "a file that a command reads or writes"),
        new("41", "Packing for a site", "chatauth pack"),
        new("42", "Key files", "a key or key file that a command makes or reads"),
        new("43", "Tokens and public keys", "a token, or the public keys that a command reads to verify it"),
        new("44", "Keys that are given, and chat services", "--key, or --profile of chatauth token verify"),
        new("49", "Defects", "the command itself"),
        new("50", "Dataverse and signing in", "the environment, or the way of signing in to it"),
        new("51", "Settings file", "the settings file that a command reads"),
        new("52", "Publishing", "a place that keys are published to"),
        new("53", "Keys of an environment", "the keys that an environment has"),
        new("54", "Findings of doctor", "chatauth doctor, or chatauth builtin check"),
        new("55", "Probe", "chatauth probe"),
        new("56", "Sites", "a Power Pages site that gives tokens"),
        new("9", "Unexpected", "the plug-in itself"),
    ];

    /// <summary>Every text, in the order of the codes; a code whose fact varies has several.</summary>
    public static IReadOnlyList<ErrorEntry> Entries { get; } =
    [
        .. EntriesOf<ChatAuthException>(typeof(Plugins.Errors), CodedError.Of, refusal => refusal.HttpStatus)
            .Concat(EntriesOf<CodedError>(typeof(Errors), error => error, _ => null))
            .GroupBy(entry => entry with { Stops = false })
            .Select(texts => texts.First() with { Stops = texts.Any(text => text.Stops) })
            .OrderBy(entry => entry.Code, StringComparer.Ordinal),
    ];

    /// <summary>The area of a code.</summary>
    public static ErrorArea AreaOf(ErrorEntry entry) => Areas.Single(
        area => entry.Code.StartsWith(ChatAuthException.CodePrefix + area.Digits, StringComparison.Ordinal));

    /// <summary>The texts of a code; none when there is no such code.</summary>
    /// <param name="code">As a message has it, or its four digits alone.</param>
    public static IReadOnlyList<ErrorEntry> Find(string code) =>
    [
        .. Entries.Where(entry => entry.Code.Equals(code, StringComparison.OrdinalIgnoreCase)
            || entry.Code == ChatAuthException.CodePrefix + code),
    ];

    /// <summary>All of them as a page of markdown, a heading for each area and an anchor for each code.</summary>
    public static IEnumerable<string> Page()
    {
        yield return "# Errors";
        yield return string.Empty;
        yield return "Every code of ChatAuth, as `chatauth explain --all` writes them; `chatauth explain CHATAUTH1002` "
            + "shows one.";
        yield return "A code keeps its meaning and is never used for another. What stands in braces is filled in.";
        foreach (IGrouping<ErrorArea, ErrorEntry> area in Entries.GroupBy(AreaOf))
        {
            bool hasStatus = area.First().HttpStatus != null;
            yield return string.Empty;
            yield return "## " + area.Key.Title;
            yield return string.Empty;
            yield return $"From {area.Key.Origin}.";
            yield return string.Empty;
            yield return hasStatus
                ? "| Code | HTTP status | What is wrong | What to do |"
                : "| Code | What is wrong | What to do |";
            yield return hasStatus ? "|---|---|---|---|" : "|---|---|---|";
            foreach (IGrouping<string, ErrorEntry> code in area.GroupBy(entry => entry.Code))
            {
                foreach (ErrorEntry entry in code)
                {
                    yield return Row(entry, isFirst: entry == code.First());
                }
            }
        }
    }

    private static string Row(ErrorEntry entry, bool isFirst)
    {
        string anchor = isFirst ? $"<a id=\"{entry.Code.ToLowerInvariant()}\"></a>" : string.Empty;
        string status = entry.HttpStatus is { } code
            ? string.Create(CultureInfo.InvariantCulture, $" {code} |")
            : string.Empty;
        return $"| {anchor}`{entry.Code}` |{status} {Cell(entry.Fact)} | {Cell(entry.Remedy)} |";
    }

    // A text of ours holds no other character that markdown reads in a cell of a table.
    private static string Cell(string text) => text.Replace("<", "&lt;", StringComparison.Ordinal);

    /// <summary>The texts of one table, each method called with its parameters' names.</summary>
    /// <param name="table">A class whose methods, private ones aside, make errors.</param>
    /// <param name="coded">The error that such a method made.</param>
    /// <param name="status">Its HTTP status; null for none.</param>
    public static IEnumerable<ErrorEntry> EntriesOf<T>(Type table, Func<T, CodedError> coded, Func<T, int?> status)
    {
        foreach (MethodInfo method in table
            .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(method => !method.IsPrivate))
        {
            ParameterInfo[] parameters = method.GetParameters();
            bool varies = parameters.Any(parameter => parameter.ParameterType == typeof(bool));
            foreach (bool variant in varies ? [true, false] : new[] { true })
            {
                object[] arguments = [.. parameters.Select(parameter => Argument(parameter, variant))];
                T made = (T)method.Invoke(null, arguments)!;
                CodedError error = coded(made);
                yield return new ErrorEntry(
                    error.Code,
                    method.Name,
                    status(made),
                    Named(error.Fact, parameters, arguments),
                    Named(error.Remedy, parameters, arguments),
                    error is Finding { Stops: true });
            }
        }
    }

    private static object Argument(ParameterInfo parameter, bool variant) => parameter.ParameterType switch
    {
        var type when type == typeof(string) => Hole(parameter),
        var type when type == typeof(int) => FirstNumber + parameter.Position,
        var type when type == typeof(Guid) => new Guid(FirstNumber + parameter.Position, 0, 0, new byte[8]),
        var type when type == typeof(bool) => variant,
        _ => throw new InvalidOperationException($"An error cannot be explained with a {parameter.ParameterType}."),
    };

    private static string Named(string text, ParameterInfo[] parameters, object[] arguments)
    {
        foreach (ParameterInfo parameter in parameters)
        {
            string written = string.Create(CultureInfo.InvariantCulture, $"{arguments[parameter.Position]}");
            text = text.Replace(written, Hole(parameter), StringComparison.Ordinal);
        }

        return text;
    }

    private static string Hole(ParameterInfo parameter) => "{" + parameter.Name + "}";
}
