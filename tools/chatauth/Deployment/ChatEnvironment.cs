using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Plugins.Jose;
using ChatAuth.Publishing;

namespace ChatAuth.Deployment;

/// <summary>An environment as it was read, and the writes that every command is made of.</summary>
/// <remarks>
/// Invariant: no token is ever signed by a key that is not served yet at every target. Each write of the row is
/// followed by a touch of both steps; each is refused by Dataverse when somebody else wrote in between.
/// </remarks>
internal sealed class ChatEnvironment
{
    private readonly WebApi dataverse;
    private readonly ChangeRunner changes;
    private readonly Publisher publisher;
    private readonly TimeProvider clock;
    private KeyRow? row;

    private ChatEnvironment(
        WebApi dataverse, ChangeRunner changes, Publisher publisher, TimeProvider clock, WhoAmI user)
    {
        User = user;
        this.dataverse = dataverse;
        this.changes = changes;
        this.publisher = publisher;
        this.clock = clock;
        Keys = KeyFile.Empty(Guid.Empty);
    }

    /// <summary>The user as whom the command runs.</summary>
    public WhoAmI User { get; }

    /// <summary>Id of the organization, for which its keys are made.</summary>
    public Guid OrganizationId => User.OrganizationId;

    /// <summary>The keys; none when the row is not there.</summary>
    public KeyFile Keys { get; private set; }

    /// <summary>The step that issues tokens; null when it is not there.</summary>
    public StepRow? IssueToken { get; private set; }

    /// <summary>The step that publishes keys; null when it is not there.</summary>
    public StepRow? PublishKeys { get; private set; }

    /// <summary>The time, NumericDate.</summary>
    public long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>The key that signs now; null when none does.</summary>
    public Jwk? SigningKey => Keys.SigningKeyAt(Now);

    /// <summary>Whether both steps are there, enabled, and touched for the keys as they are.</summary>
    public bool IsSettled => new[] { IssueToken, PublishKeys }.All(
        step => step is { Columns.Enabled: true } && KeysMark.Is(step.Columns.Description, Keys));

    /// <summary>Reads the environment.</summary>
    /// <exception cref="CommandException">5304 the keys cannot be read; 5001, 5002.</exception>
    public static async Task<ChatEnvironment> ReadAsync(
        WebApi dataverse, ChangeRunner changes, Publisher publisher, TimeProvider clock, CancellationToken cancellation)
    {
        WhoAmI user = await WhoAmI.ReadAsync(dataverse, cancellation);
        ChatEnvironment environment = new(dataverse, changes, publisher, clock, user)
        {
            row = await KeyRow.ReadAsync(dataverse, cancellation),
            IssueToken = await StepRow.ReadAsync(dataverse, ChatAuthStep.IssueToken, cancellation),
            PublishKeys = await StepRow.ReadAsync(dataverse, ChatAuthStep.PublishKeys, cancellation),
        };
        environment.Keys = environment.row?.Keys() ?? KeyFile.Empty(environment.OrganizationId);
        return environment;
    }

    /// <summary>Writes the keys; the steps are to be touched next.</summary>
    /// <param name="change">What changes, as an order.</param>
    /// <param name="keys">All of them, as they are to be.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5006 somebody else has written them; 5001, 5002.</exception>
    public Task WriteKeysAsync(string change, KeyFile keys, CancellationToken cancellation)
    {
        Keys = keys;
        return changes.DoAsync(change, async () => row = row == null
            ? await KeyRow.CreateAsync(dataverse, keys, cancellation)
            : await row.ReplaceAsync(dataverse, keys, cancellation));
    }

    /// <summary>Makes both steps what they are to be; touches those that have another mark than the keys.</summary>
    /// <param name="configuration">The settings; null leaves them as they are.</param>
    /// <param name="enabled">Whether they serve; null leaves each as it is, and new ones disabled.</param>
    /// <param name="revoked">The kid that was revoked, for the mark; null keeps the one that is there.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5004, 5006, 5001, 5002.</exception>
    public async Task SetStepsAsync(
        string? configuration, bool? enabled, string? revoked, CancellationToken cancellation)
    {
        // GetPublicKeys first: it only reads.
        PublishKeys = await SetAsync(ChatAuthStep.PublishKeys, PublishKeys, null, enabled, revoked, cancellation);
        IssueToken = await SetAsync(
            ChatAuthStep.IssueToken, IssueToken, configuration ?? IssueToken?.Columns.Configuration, enabled, revoked,
            cancellation);
    }

    /// <summary>Publishes the keys and waits until every target serves them.</summary>
    /// <param name="single">The key for formats that hold one; null for the one that signs.</param>
    /// <param name="exactly">Whether to wait too until no target serves anything else.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5201 one does not serve them in time; one cannot be written.</exception>
    public async Task PublishAsync(Jwk? single, bool exactly, CancellationToken cancellation)
    {
        Publication publication = Publication.Of(Keys, Now, single);
        await publisher.PublishAsync(publication, cancellation);
        await publisher.AwaitAsync(publication, exactly, cancellation);
    }

    /// <summary>
    /// Touches and publishes, then lets the steps serve if a key signs: the end of every change, and of one that was
    /// killed.
    /// </summary>
    /// <param name="revoked">The kid that was revoked, for the mark; null keeps the one that is there.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">As the three parts.</exception>
    public async Task SettleAsync(string? revoked, CancellationToken cancellation)
    {
        await SetStepsAsync(null, null, revoked, cancellation);
        await PublishAsync(null, exactly: false, cancellation);
        await SetStepsAsync(null, SigningKey != null, revoked, cancellation);
        await PublishAsync(null, exactly: true, cancellation);
    }

    /// <summary>Refuses to go on where deploy has not been, or not to its end.</summary>
    /// <exception cref="CommandException">5301.</exception>
    /// <exception cref="Plugins.ChatAuthException">3003: the keys are those of the environment that this one is a copy
    /// of.</exception>
    public void EnsureDeployed()
    {
        if (row == null || IssueToken == null || PublishKeys == null)
        {
            throw new CommandException(Errors.NotDeployed());
        }

        Keys.EnsureOrganization(OrganizationId);
    }

    private async Task<StepRow?> SetAsync(
        ChatAuthStep step, StepRow? current, string? configuration, bool? enabled, string? revoked,
        CancellationToken cancellation)
    {
        string mark = current != null && revoked == null && KeysMark.Is(current.Columns.Description, Keys)
            ? current.Columns.Description!
            : KeysMark.Of(Keys, revoked);
        StepColumns columns = new(configuration, mark, enabled ?? current?.Columns.Enabled ?? false);
        if (current is { IsBound: true } && current.Columns == columns)
        {
            return current;
        }

        StepRow? written = current;
        await changes.DoAsync(
            Change(step, current, columns),
            async () => written = current == null
                ? await StepRow.CreateAsync(dataverse, step, columns, cancellation)
                : await current.WriteAsync(dataverse, columns, cancellation));
        return changes.IsDry ? new StepRow(step, string.Empty, columns, true) : written;
    }

    private static string Change(ChatAuthStep step, StepRow? current, StepColumns columns) =>
        current == null ? $"create the step of {step.Message}, disabled"
        : current.Columns.Enabled != columns.Enabled
        ? $"{(columns.Enabled ? "enable" : "disable")} the step of {step.Message}"
        : current.Columns.Configuration != columns.Configuration ? $"change the settings of the step of {step.Message}"
        : $"touch the step of {step.Message}";
}
