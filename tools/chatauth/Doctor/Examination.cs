using System.Text.Json.Nodes;
using ChatAuth.Dataverse;
using ChatAuth.Deployment;
using ChatAuth.Keys;
using ChatAuth.Settings;

namespace ChatAuth.Doctor;

/// <summary>What the checks look at: an environment that nothing is written to.</summary>
internal sealed class Examination
{
    // Response property of WhoAmI.
    private const string OrganizationProperty = "OrganizationId";

    private readonly Work work;

    private Examination(Work work, Answers answers, Guid organizationId, CancellationToken cancellation)
    {
        this.work = work;
        Answers = answers;
        OrganizationId = organizationId;
        Cancellation = cancellation;
    }

    /// <summary>The settings file.</summary>
    public SettingsFile Settings => work.Settings;

    /// <summary>The environment.</summary>
    public WebApi Dataverse => work.Dataverse;

    /// <summary>The publishing targets and their settings.</summary>
    public IEnumerable<(Publishing.IPublishingTarget Target, TargetSettings Settings)> Targets =>
        work.Publisher.Targets.Zip(work.Settings.Publish);

    /// <summary>What answers said beside their text; to ask public URLs too.</summary>
    public Answers Answers { get; }

    /// <summary>Id of the organization.</summary>
    public Guid OrganizationId { get; }

    /// <summary>Ends a check early.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>The time.</summary>
    public DateTimeOffset Now => work.Clock.GetUtcNow();

    /// <summary>Finds out who asks.</summary>
    /// <exception cref="CommandException">5001, 5002, 5014: then nothing can be checked.</exception>
    public static async Task<Examination> BeginAsync(Work work, Answers answers, CancellationToken cancellation)
    {
        JsonObject me = await work.Dataverse.GetAsync("WhoAmI", cancellation);
        return new Examination(work, answers, me[OrganizationProperty]!.GetValue<Guid>(), cancellation);
    }

    /// <summary>The keys; null when there is no row of them.</summary>
    /// <exception cref="CommandException">5304 they cannot be read; 5001, 5002.</exception>
    public async Task<KeyFile?> KeysAsync() => (await KeyRow.ReadAsync(Dataverse, Cancellation))?.Keys();

    /// <summary>A step; null when it is not there.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public Task<StepRow?> StepAsync(ChatAuthStep step) => StepRow.ReadAsync(Dataverse, step, Cancellation);

    /// <summary>Rows of a table.</summary>
    /// <param name="path">An entity set with its query.</param>
    /// <exception cref="CommandException">5001 they may not be read, or there is no such table; 5002.</exception>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string path) =>
        [.. (await Dataverse.GetAsync(path, Cancellation))["value"]!.AsArray().Select(row => row!.AsObject())];

    /// <summary>A column of the organization's row.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public async Task<JsonNode?> OrganizationAsync(string column) =>
        (await Dataverse.GetAsync($"organizations({OrganizationId:D})?$select={column}", Cancellation))[column];
}
