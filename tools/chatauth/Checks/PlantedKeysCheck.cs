using System.Text.Json.Nodes;
using ChatAuth.Dataverse;

namespace ChatAuth.Checks;

/// <summary>Whether somebody else made the row of the keys before any deploy.</summary>
/// <remarks>
/// The row's id is fixed and public, so that whoever may write it can plant keys of which they hold a copy. A deploy
/// makes the steps right behind the row: a row without them that another user made is no killed deploy of this one's.
/// </remarks>
internal sealed class PlantedKeysCheck : ICheck
{
    /// <inheritdoc/>
    public string Subject => "who made the keys";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        if (await examination.StepAsync(ChatAuthStep.PublishKeys) != null
            || await examination.StepAsync(ChatAuthStep.IssueToken) != null
            || await examination.KeysAsync() is not { Keys: { Count: > 0 } keys })
        {
            yield break;
        }

        JsonObject row = await examination.Dataverse.GetAsync(
            KeyRow.Path + "?$select=createdon,_createdby_value", examination.Cancellation);
        Guid? maker = row.Column<Guid?>("_createdby_value");
        if (maker != examination.UserId)
        {
            string day = row.Column<string>("createdon") is { Length: >= 10 } text ? text[..10] : "an unknown day";
            string made = maker is { } id ? $"user {id:D}" : "an unknown user";
            yield return Errors.MadeByHand(
                $"The keys {string.Join(", ", keys.Select(key => key.KeyId))} were put in place by {made} on {day}");
        }
    }
}
