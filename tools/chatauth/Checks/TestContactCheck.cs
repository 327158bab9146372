using System.Text.Json.Nodes;

namespace ChatAuth.Checks;

/// <summary>Whether the contact that deploy asks a token for is there, and active.</summary>
internal sealed class TestContactCheck : ICheck
{
    /// <inheritdoc/>
    public string Subject => "test contact";

    /// <inheritdoc/>
    public string? ReasonToSkip(Examination examination) =>
        examination.Settings.TestContact == null ? "the settings file has no \"testContact\"" : null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        string id = examination.Settings.TestContact!.Value.ToString("D");
        IReadOnlyList<JsonObject> active = await examination.ListAsync(
            $"contacts?$select=contactid&$filter=contactid eq {id} and statecode eq 0");
        if (active.Count == 0)
        {
            yield return Finding.Of(Errors.RowNotFound("active contact", id));
        }
    }
}
