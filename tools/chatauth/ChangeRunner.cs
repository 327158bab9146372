using System.Text.Json.Nodes;

namespace ChatAuth;

/// <summary>What a change makes of one thing.</summary>
/// <param name="What">The thing; a setting, a column or a key.</param>
/// <param name="From">What it is; null for nothing. Never a secret.</param>
/// <param name="To">What it is to be; null for nothing. Never a secret.</param>
internal sealed record Difference(string What, string? From, string? To)
{
    // What stands in a line; a longer text is told by its length.
    private const int LongestShown = 160;

    /// <summary>One line for a person.</summary>
    public override string ToString() => $"{What}: {Shown(From)} → {Shown(To)}";

    /// <summary>The same for a program.</summary>
    /// <param name="show">Gives what may be shown of a text.</param>
    public JsonObject Json(Func<string, string> show) => new()
    {
        ["what"] = show(What),
        ["from"] = Brief(From) is { } from ? show(from) : null,
        ["to"] = Brief(To) is { } to ? show(to) : null,
    };

    private static string Shown(string? value) => Brief(value) ?? "nothing";

    private static string? Brief(string? value) => value is null || (value.Length <= LongestShown
        && !value.Contains('\n', StringComparison.Ordinal)) ? value
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"a text of {value.Length} characters");
}

/// <summary>The writes of a command: carried out one by one, or only told.</summary>
/// <remarks>
/// Every command is one line of decisions over the state it read; with a dry run the same line is gone through and
/// nothing is written, so plan and deed cannot differ.
/// </remarks>
/// <param name="isDry">Whether the writes are only told.</param>
/// <param name="tell">Takes what would be done, of a dry run, and how the command ended.</param>
/// <param name="say">Takes warnings, and what else is said on the way.</param>
/// <param name="waiting">Takes what is waited for.</param>
/// <param name="isJson">Whether the changes are written as one JSON object at the end.</param>
/// <param name="progress">Takes what was done; null where <paramref name="say"/> takes that too.</param>
/// <param name="show">Gives what JSON may show of a text; null for all.</param>
internal sealed class ChangeRunner(
    bool isDry,
    Action<string> tell,
    Action<string> say,
    Waiting waiting,
    bool isJson = false,
    Action<string>? progress = null,
    Func<string, string>? show = null)
{
    private readonly Func<string, string> show = show ?? (text => text);
    private readonly JsonArray state = [];
    private readonly JsonArray changes = [];

    /// <summary>Whether nothing is written.</summary>
    public bool IsDry => isDry;

    /// <summary>Whether stdout is for one JSON object alone.</summary>
    public bool IsJson => isJson;

    /// <summary>Tells what is waited for.</summary>
    public Waiting Waiting => waiting;

    /// <summary>How many writes there were or would be.</summary>
    public int Count { get; private set; }

    /// <summary>Tells what is, before anything is changed; only a dry run does.</summary>
    public void Is(string fact)
    {
        if (isDry && isJson)
        {
            state.Add(show(fact));
        }
        else if (isDry)
        {
            tell("is:   " + fact);
        }
    }

    /// <summary>Tells something on the way.</summary>
    public void Say(string text) => say(text);

    /// <summary>Tells how the command ended; with JSON that is not said.</summary>
    public void Conclude(string text)
    {
        if (!isJson)
        {
            tell(text);
        }
    }

    /// <summary>What would be changed, or was; null where it was told line by line.</summary>
    /// <param name="isComplete">Whether the command came to its end.</param>
    public string? Plan(bool isComplete) => !isJson ? null : ReadableJson.Of(new JsonObject
    {
        ["dryRun"] = isDry,
        ["complete"] = isComplete,
        ["is"] = state.DeepClone(),
        ["changes"] = changes.DeepClone(),
    });

    /// <summary>Does one write.</summary>
    /// <param name="change">What it does, as an order.</param>
    /// <param name="write">The write.</param>
    /// <param name="differences">Old and new values, to be told by a dry run.</param>
    public async Task DoAsync(string change, Func<Task> write, params IEnumerable<Difference> differences)
    {
        Count++;
        if (!isDry)
        {
            await write();
            (progress ?? say)("done: " + change);
        }

        if (isJson)
        {
            changes.Add(new JsonObject
            {
                ["change"] = show(change),
                ["differences"] = new JsonArray([.. differences.Select(difference => difference.Json(show))]),
            });
        }
        else if (isDry)
        {
            tell("will: " + change);
            differences.ToList().ForEach(difference => tell("      " + difference));
        }
    }
}
