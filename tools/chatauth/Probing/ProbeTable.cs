using System.Globalization;
using System.Text.Json.Nodes;

namespace ChatAuth.Probing;

/// <summary>
/// What a probe found: a table to paste into an issue, with nothing in it that names the environment.
/// </summary>
/// <param name="dataverse">Version of Dataverse.</param>
/// <param name="solution">Version of the solution.</param>
/// <param name="day">When it was asked, UTC.</param>
internal sealed class ProbeTable(string dataverse, Version solution, DateOnly day)
{
    private readonly List<(string Question, Answer Answer)> rows = [];

    /// <summary>How many questions ended in an error.</summary>
    public int Failures { get; set; }

    /// <summary>Adds a row.</summary>
    public void Add(string question, Answer answer) => rows.Add((question, answer));

    /// <summary>The table in Markdown.</summary>
    public IEnumerable<string> Markdown() =>
    [
        $"chatauth {ProductVersion.OfCommand}, solution {solution}, Dataverse {dataverse}, {Day}",
        string.Empty,
        "| question | answer | evidence |",
        "|---|---|---|",
        .. rows.Select(row => $"| {row.Question} | {row.Answer.Word} | {row.Answer.Evidence} |"),
    ];

    /// <summary>The table as JSON.</summary>
    public string Json() => ReadableJson.Of(new JsonObject
    {
        ["chatauth"] = ProductVersion.OfCommand,
        ["solution"] = solution.ToString(),
        ["dataverse"] = dataverse,
        ["date"] = Day,
        ["answers"] = new JsonArray([.. rows.Select(row => new JsonObject
        {
            ["question"] = row.Question,
            ["answer"] = row.Answer.Word,
            ["evidence"] = row.Answer.Evidence,
        })]),
    });

    private string Day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
