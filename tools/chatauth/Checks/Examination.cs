using System.Text.Json.Nodes;
using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Publishing;
using ChatAuth.Settings;

namespace ChatAuth.Checks;

/// <summary>What the checks look at: an environment that nothing is written to.</summary>
internal sealed class Examination
{
    private Examination()
    {
    }

    /// <summary>The settings file.</summary>
    public required SettingsFile Settings { get; init; }

    /// <summary>The environment.</summary>
    public required WebApi Dataverse { get; init; }

    /// <summary>The publishing targets.</summary>
    public required IReadOnlyList<IPublishingTarget> Targets { get; init; }

    /// <summary>What answers said beside their text; to ask public URLs too.</summary>
    public required ResponseObserver Responses { get; init; }

    /// <summary>Id of the organization.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>The key that deploy is to take in; null for none.</summary>
    public KeyFile? Given { get; private init; }

    /// <summary>Whether deploy looks, before its first write.</summary>
    public bool IsPreflight { get; init; }

    /// <summary>Id of the user who looks.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Ends a check early.</summary>
    public CancellationToken Cancellation { get; private init; }

    /// <summary>The environment's own time, UTC.</summary>
    public DateTimeOffset Now => Dataverse.Now;

    /// <summary>Finds out who asks.</summary>
    /// <param name="settings">The settings file.</param>
    /// <param name="dataverse">The environment.</param>
    /// <param name="targets">The publishing targets.</param>
    /// <param name="responses">Through which <paramref name="dataverse"/> and targets ask.</param>
    /// <param name="cancellation">Ends it and the checks early.</param>
    /// <param name="isPreflight">Whether deploy looks.</param>
    /// <param name="given">The key that it is to take in; null for none.</param>
    /// <exception cref="CommandException">5001, 5002, 5014: then nothing can be checked.</exception>
    public static async Task<Examination> BeginAsync(
        SettingsFile settings,
        WebApi dataverse,
        IReadOnlyList<IPublishingTarget> targets,
        ResponseObserver responses,
        CancellationToken cancellation,
        bool isPreflight = false,
        KeyFile? given = null)
    {
        WhoAmI user = await WhoAmI.ReadAsync(dataverse, cancellation);
        return new Examination
        {
            Settings = settings,
            Dataverse = dataverse,
            Targets = targets,
            Responses = responses,
            OrganizationId = user.OrganizationId,
            UserId = user.UserId,
            Cancellation = cancellation,
            IsPreflight = isPreflight,
            Given = given,
        };
    }

    /// <summary>The keys, and what row and steps say is revoked; null when there is no row of them.</summary>
    /// <exception cref="CommandException">5304 they cannot be read; 5001, 5002.</exception>
    public async Task<KeyFile?> KeysAsync()
    {
        StepRow?[] steps = [await StepAsync(ChatAuthStep.PublishKeys), await StepAsync(ChatAuthStep.IssueToken)];
        return (await KeyRow.ReadAsync(Dataverse, Cancellation))?.Keys() is { } keys
            ? KeysMark.Remembered(keys, steps)
            : null;
    }

    /// <summary>Where keys are to be looked at.</summary>
    public KeyPlaces Places => new(Targets, Settings.KeyUrls, Responses);

    /// <summary>A step; null when it is not there.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public Task<StepRow?> StepAsync(ChatAuthStep step) => StepRow.ReadAsync(Dataverse, step, Cancellation);

    /// <summary>Rows of a table.</summary>
    /// <param name="path">An entity set with its query.</param>
    /// <exception cref="CommandException">5001 they may not be read, or there is no such table; 5002.</exception>
    public Task<IReadOnlyList<JsonObject>> ListAsync(string path) => Dataverse.ListAsync(path, Cancellation);

    /// <summary>The organization's row with one column.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public Task<JsonObject> OrganizationAsync(string column) =>
        Dataverse.GetAsync($"organizations({OrganizationId:D})?$select={column}", Cancellation);
}
