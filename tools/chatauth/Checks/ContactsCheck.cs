using System.Text.Json.Nodes;

namespace ChatAuth.Checks;

/// <summary>
/// Whether Omnichannel links every active contact: only those with the standard status reason (facts, section 7).
/// </summary>
internal sealed class ContactsCheck : ICheck
{
    /// <inheritdoc/>
    public string Subject => "status reasons of contacts";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        IReadOnlyList<JsonObject> other = await examination.ListAsync(
            "contacts?$select=contactid&$filter=statecode eq 0 and statuscode ne 1&$top=1");
        if (other.Count > 0)
        {
            yield return Errors.ContactsNotLinked();
        }
    }
}
