using System.CommandLine;
using System.Globalization;

namespace ChatAuth.Commands;

/// <summary><c>chatauth explain</c>: what a code means and what to do about it.</summary>
internal static class ExplainCommand
{
    /// <summary>The command.</summary>
    /// <param name="host">Where it reads and writes.</param>
    public static Command Create(CommandHost host)
    {
        Argument<string> code = new("CODE")
        {
            Description = "The code as a message has it, or its four digits alone.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> all = new("--all") { Description = "Writes every code, as a page of markdown." };
        ExampleCommand command = new(
            "explain",
            "Says what a code means, where it comes from and what to do about it.",
            "chatauth explain CHATAUTH1002",
            "chatauth explain --all")
        {
            code, all,
        };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(code) == null) != result.GetValue(all))
            {
                result.AddError("Give either a code or --all.");
            }
            else if (result.GetValue(code) is { } asked && ErrorCatalog.Find(asked).Count == 0)
            {
                result.AddError("ChatAuth has no such code. See all of them with chatauth explain --all.");
            }
        });
        command.SetAction(parsed =>
        {
            IEnumerable<string> lines =
                parsed.GetValue(code) is { } wanted ? Explanation(wanted) : ErrorCatalog.Page();
            foreach (string line in lines)
            {
                host.WriteLine(line);
            }
        });
        return command;
    }

    private static IEnumerable<string> Explanation(string code)
    {
        IReadOnlyList<ErrorEntry> entries = ErrorCatalog.Find(code);
        yield return entries[0].Code;
        foreach (ErrorEntry entry in entries)
        {
            yield return "  " + entry.Fact;
            yield return "  " + entry.Remedy;
        }

        string status = entries[0].HttpStatus is { } httpStatus
            ? string.Create(CultureInfo.InvariantCulture, $", HTTP status {httpStatus}")
            : string.Empty;
        yield return $"  Comes from: {ErrorCatalog.AreaOf(entries[0]).Origin}{status}.";
    }
}
