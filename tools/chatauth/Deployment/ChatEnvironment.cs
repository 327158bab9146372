using System.Globalization;
using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Plugins.Jose;
using ChatAuth.Publishing;
using ChatAuth.Settings;

namespace ChatAuth.Deployment;

/// <summary>An environment as it was read, and the writes that every command is made of.</summary>
/// <remarks>
/// Invariants: no token is ever signed by a key that is not served yet at every target, and a key that is revoked is
/// never published, dated or restored. Steps and targets are read with their versions first and the row of the keys
/// last, each write carries the version read then, and the row, which may have none, is read again after each write of
/// it and after each publication: a command that was held while another one ran is refused, and ends.
/// </remarks>
internal sealed class ChatEnvironment
{
    // A command that ends a key goes on against others that write at the same time; each of them ends after one.
    private const int MostAttempts = 5;

    private readonly DeploymentContext context;
    private readonly CancellationToken cancellation;
    private readonly HashSet<(Guid Step, string Mark)> switched = [];
    private KeyRow? row;

    private ChatEnvironment(DeploymentContext context, WhoAmI user, CancellationToken cancellation)
    {
        this.context = context;
        this.cancellation = cancellation;
        User = user;
        Keys = KeyFile.Empty(user.OrganizationId);
    }

    /// <summary>The user as whom the command runs.</summary>
    public WhoAmI User { get; }

    /// <summary>Id of the organization, for which its keys are made.</summary>
    public Guid OrganizationId => User.OrganizationId;

    /// <summary>
    /// The keys, none when the row is not there; as revoked counts too what only a step names, so that a row which an
    /// overtaken write has set back, or which 0.1.0 left behind, does no harm.
    /// </summary>
    public KeyFile Keys { get; private set; }

    /// <summary>The step that issues tokens; null when it is not there.</summary>
    public StepRow? IssueToken { get; private set; }

    /// <summary>The step that publishes keys; null when it is not there.</summary>
    public StepRow? PublishKeys { get; private set; }

    /// <summary>The environment's own time, UTC.</summary>
    public DateTimeOffset Time => context.Dataverse.Now;

    /// <summary>The environment's own time, NumericDate.</summary>
    public long Now => Time.ToUnixTimeSeconds();

    /// <summary>The key that signs now; null when none does.</summary>
    public Jwk? SigningKey => Keys.SigningKeyAt(Now);

    /// <summary>Whether the row of the keys is there.</summary>
    public bool HasKeys => row != null;

    /// <summary>Whether both steps are there, enabled, and touched for the keys as they are.</summary>
    public bool IsSettled => new[] { IssueToken, PublishKeys }.All(
        step => step is { Columns.Enabled: true } && KeysMark.Is(step.Columns.Description, Keys));

    /// <summary>Reads the environment.</summary>
    /// <exception cref="CommandException">5304 the keys cannot be read; 5001, 5002.</exception>
    public static async Task<ChatEnvironment> ReadAsync(DeploymentContext context, CancellationToken cancellation)
    {
        ChatEnvironment environment =
            new(context, await WhoAmI.ReadAsync(context.Dataverse, cancellation), cancellation);
        await environment.ReadAgainAsync();
        return environment;
    }

    /// <summary>Reads steps and row again, the row last.</summary>
    /// <exception cref="CommandException">5304, 5001, 5002.</exception>
    public async Task ReadAgainAsync()
    {
        PublishKeys = await StepRow.ReadAsync(context.Dataverse, ChatAuthStep.PublishKeys, cancellation);
        IssueToken = await StepRow.ReadAsync(context.Dataverse, ChatAuthStep.IssueToken, cancellation);
        Take(await KeyRow.ReadAsync(context.Dataverse, cancellation));
    }

    /// <summary>Takes steps that a dry run would have deleted for gone, so that it tells their creation.</summary>
    /// <param name="steps">Their ids.</param>
    public void LeaveOut(IReadOnlySet<Guid> steps)
    {
        PublishKeys = steps.Contains(ChatAuthStep.PublishKeys.Id) ? null : PublishKeys;
        IssueToken = steps.Contains(ChatAuthStep.IssueToken.Id) ? null : IssueToken;
    }

    /// <summary>Writes the keys; the steps are to be touched next.</summary>
    /// <param name="change">What changes, as an order.</param>
    /// <param name="keys">All of them, as they are to be.</param>
    /// <exception cref="CommandException">5006 somebody else writes them too; 5001, 5002.</exception>
    public async Task WriteKeysAsync(string change, KeyFile keys)
    {
        KeyRow? written = row;
        await context.Changes.DoAsync(
            change,
            async () => written = row == null
                ? await KeyRow.CreateAsync(context.Dataverse, keys, cancellation)
                : await row.ReplaceAsync(context.Dataverse, keys, cancellation),
            Differences(keys));
        if (context.Changes.IsDry)
        {
            Keys = keys;
            return;
        }

        // Whether a version guards the row is unknown: what was written, and what a step says of it, is read again.
        await ReadAgainAsync();
        if (!KeyRow.AreSame(row, written) || Keys.Condemned.Count > 0)
        {
            throw new CommandException(Errors.AnotherWriter("PATCH " + KeyRow.Path));
        }
    }

    /// <summary>
    /// Makes both steps what they are to be; touches those that have another mark than the keys. GetPublicKeys' step
    /// always serves, so that a portal shows a pending key before anything signs.
    /// </summary>
    /// <param name="configuration">The settings; null leaves them as they are.</param>
    /// <param name="enabled">Whether tokens are issued; null leaves that as it is, and a new step disabled.</param>
    /// <exception cref="CommandException">5004, 5006, 5001, 5002.</exception>
    /// <param name="proof">The contact that this user may ask a token for, for a moment; null for none.</param>
    public async Task SetStepsAsync(string? configuration, bool? enabled, Guid? proof = null)
    {
        // GetPublicKeys first: it only reads.
        await SetPublishKeysAsync();
        await SetIssueTokenAsync(configuration, enabled, proof);
    }

    /// <summary>Lets this user ask for the token of one contact, for a moment; no change of what is deployed.</summary>
    /// <exception cref="CommandException">5006, 5001, 5002.</exception>
    public async Task LetAskAsync(Guid contact)
    {
        string configuration = MomentaryCaller.Without(IssueToken!.Columns.Configuration)!;
        IssueToken = await IssueToken.WriteAsync(
            context.Dataverse,
            IssueToken.Columns with
            {
                Configuration = MomentaryCaller.With(
                    configuration, User.UserId, contact, Now + MomentaryCaller.Lifetime),
            },
            cancellation);
    }

    /// <summary>Whether this user may ask for a contact's token, for a moment that lasts long enough.</summary>
    public bool MayAsk(Guid contact) => MomentaryCaller.In(IssueToken?.Columns.Configuration).Any(caller =>
        caller.User == User.UserId.ToString("D") && caller.Contact == contact.ToString("D")
            && caller.Until > Now + MomentaryCaller.Lifetime / 2 && !caller.IsPlanted(Now));

    /// <summary>Lets no token be issued any more.</summary>
    /// <exception cref="CommandException">5006, 5001, 5002.</exception>
    public async Task DisableAsync() => await context.Changes.DoAsync(
        $"disable the step of {ChatAuthStep.IssueToken.Message}",
        async () => IssueToken = await IssueToken!.SwitchAsync(context.Dataverse, false, cancellation));

    /// <summary>Makes GetPublicKeys answer with the keys as they are.</summary>
    /// <exception cref="CommandException">5006, 5001, 5002.</exception>
    public Task TouchPublishKeysAsync() => SetPublishKeysAsync();

    /// <summary>Publishes the keys and waits until every target serves them.</summary>
    /// <param name="single">The key for formats that hold one; null for the one that signs.</param>
    /// <param name="exactly">Whether to wait too until no target serves anything else.</param>
    /// <param name="wait">Whether to wait at all.</param>
    /// <exception cref="CommandException">5201 one does not serve them in time; one cannot be written; 5006 somebody
    /// else has written the keys.</exception>
    public async Task PublishAsync(Jwk? single, bool exactly, bool wait = true)
    {
        KeyFile noted = await NotedAsync();
        if (noted.Targets.Count > Keys.Targets.Count && HasKeys)
        {
            await WriteKeysAsync("note the places that keys are published to", noted);
        }

        Publication? publication = null;
        async Task<Publication> CurrentAsync()
        {
            await EnsureAsReadAsync();
            return publication = Publication.Of(Keys, Now, single);
        }

        Throw(await context.Publisher.PublishAsync(CurrentAsync, always: false, cancellation));
        await EnsureAsReadAsync();
        if (wait)
        {
            Throw(await context.Publisher.AwaitAsync(
                await context.Places.NamedAsync(cancellation), publication!, exactly, cancellation));
        }
    }

    /// <summary>
    /// Looks, before anything is written, whether there is a place to publish to and whether what stands there is ours.
    /// </summary>
    /// <returns>5210 no place; 5205 to 5209; 5104 two targets have one address; why a target cannot be read or
    /// written.</returns>
    public async Task<IReadOnlyList<CodedError>> LookAsync()
    {
        IReadOnlyList<IKeyPlace> places = await context.Places.NamedAsync(cancellation);
        if (places.Count == 0 && !context.IsKeyPasted)
        {
            return [Errors.NoPlace()];
        }

        // In a copy the keys of the row are the original's.
        KeyFile keys = Keys.Organization == OrganizationId ? Keys : Keys.CopiedTo(OrganizationId);
        keys = keys.WithGiven(context.Given);
        return
        [
            .. await context.Places.CollisionsAsync(cancellation),
            .. await context.Publisher.LookAsync(places, keys.Known, cancellation),
        ];
    }

    /// <summary>Where a lead is shorter than what caches may keep, as far as answers have told.</summary>
    /// <param name="lead">Seconds.</param>
    /// <returns>5202.</returns>
    public async Task<IReadOnlyList<CodedError>> LeadsTooShortAsync(long lead) => context.Publisher.LeadsTooShort(
        await context.Places.NamedAsync(cancellation), TimeSpan.FromSeconds(lead));

    /// <summary>
    /// Touches and publishes, then lets the steps serve if a key signs: the end of every change, and of one that was
    /// killed.
    /// </summary>
    /// <exception cref="CommandException">As the three parts.</exception>
    public async Task SettleAsync()
    {
        await SetStepsAsync(null, null);
        await PublishAsync(null, exactly: false);
        await SetStepsAsync(null, SigningKey != null);
        await PublishAsync(null, exactly: true);
    }

    /// <summary>
    /// Takes keys out of use for good: row, GetPublicKeys, targets, IssueChatToken. No part waits for another to
    /// succeed, the row's write included.
    /// </summary>
    /// <param name="keyId">The key, also one that left by its own end; null for none but those that are revoked and
    /// were put back, which leave too.</param>
    /// <returns>What of row and steps, and what of the targets, is not done.</returns>
    public async Task<(IReadOnlyList<CodedError> Own, IReadOnlyList<CodedError> Targets)> EndAsync(
        string? keyId)
    {
        List<CodedError> own = [];
        PastKey[] ended = [];
        bool isNew = false;
        async Task WriteRowAsync()
        {
            Jwk[] leaving = [.. Keys.Keys.Where(key => key.KeyId == keyId).Union(Keys.Condemned)];
            PastKey[] former = [.. Keys.Former.Where(key => key.KeyId == keyId)];
            ended = [.. ended, .. leaving.Select(PastKey.Of), .. former];
            if (leaving.Length + former.Length > 0)
            {
                string[] gone = [.. ended.Select(key => key.KeyId).Distinct()];
                isNew = true;
                await WriteKeysAsync(
                    $"remove key {string.Join(", ", gone)} from secure configuration",
                    (await NotedAsync()).Revoke(key => key.KeyId == keyId).RevokeFormer(keyId ?? string.Empty));
            }
        }

        await CollectAsync(own, WriteRowAsync);

        // From here on the keys are revoked in memory, whether the row could be written or not.
        Keys = Keys.AlsoRevoked(ended);
        await CollectAsync(own, () => PublishKeys == null ? Task.CompletedTask : SetPublishKeysAsync(), ended);
        IReadOnlyList<CodedError> targets = [];
        for (int attempt = 1; attempt == 1 || (IsOvertaken(targets) && attempt <= MostAttempts); attempt++)
        {
            targets = await context.Publisher.PublishAsync(
                async () =>
                {
                    await TryReadAgainAsync(ended);
                    return Publication.Of(Keys, Now);
                },
                isNew,
                cancellation);
        }

        await CollectAsync(
            own,
            () => IssueToken == null ? Task.CompletedTask : SetIssueTokenAsync(null, IsSafe ? null : false),
            ended);
        return (own, targets);
    }

    /// <summary>Whether the row, as it stands, lets only keys sign that may.</summary>
    public bool IsSafe => (row == null ? Keys : row.Keys()).SigningKeyAt(Now) is { } signing
        && Keys.SigningKeyAt(Now)?.Thumbprint == signing.Thumbprint;

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

    /// <summary>Refuses to go on with keys that somebody has changed since they were read.</summary>
    /// <exception cref="CommandException">5006; 5001, 5002.</exception>
    public async Task EnsureAsReadAsync()
    {
        if (!context.Changes.IsDry && !KeyRow.AreSame(row, await KeyRow.ReadAsync(context.Dataverse, cancellation)))
        {
            throw new CommandException(Errors.AnotherWriter("GET " + KeyRow.Path));
        }
    }

    /// <summary>The keys with every place of today among those that may serve them.</summary>
    public async Task<KeyFile> NotedAsync()
    {
        // Memory is of addresses that may be asked by a pipeline: https only, as KeyFile reads them.
        IReadOnlyList<PublishedPlace> named = await context.Places.AddressesAsync(cancellation);
        return Keys.At(
        [
            .. Keys.Targets.Concat(named.Where(place => place.Url.Scheme == Uri.UriSchemeHttps))
                .DistinctBy(place => place.Url),
        ]);
    }

    private static void Throw(IReadOnlyList<CodedError> failures)
    {
        if (failures.Count > 0)
        {
            throw new CommandException(failures);
        }
    }

    private static bool IsOvertaken(IReadOnlyList<CodedError> errors) =>
        errors.Any(error => error.Code == Errors.AnotherWriterCode);

    private void Take(KeyRow? read)
    {
        row = read;
        Keys = KeysMark.Remembered(read?.Keys() ?? KeyFile.Empty(OrganizationId), PublishKeys, IssueToken);
    }

    private async Task TryReadAgainAsync(IEnumerable<PastKey> ended)
    {
        try
        {
            if (!context.Changes.IsDry)
            {
                await ReadAgainAsync();
            }
        }
        catch (CommandException)
        {
            // What is not read stays as it was: the next part may fare better.
        }

        Keys = Keys.AlsoRevoked(ended);
    }

    // Does a part of the ending of keys: again when somebody else wrote at the same time, and never throws.
    private async Task CollectAsync(
        List<CodedError> failures, Func<Task> part, IReadOnlyCollection<PastKey>? ended = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                if (attempt > 1 || ended != null)
                {
                    await TryReadAgainAsync(ended ?? []);
                }

                await part();
                return;
            }
            catch (CommandException exception)
            {
                if (attempt == MostAttempts || !IsOvertaken(exception.Errors))
                {
                    failures.AddRange(exception.Errors);
                    return;
                }
            }
        }
    }

    private async Task SetPublishKeysAsync() => PublishKeys = await SetAsync(
        ChatAuthStep.PublishKeys, PublishKeys, Keys.NamingConfiguration(), enabled: true);

    private async Task SetIssueTokenAsync(string? configuration, bool? enabled, Guid? proof = null) =>
        IssueToken = await SetAsync(ChatAuthStep.IssueToken, IssueToken,
            configuration ?? MomentaryCaller.Without(IssueToken?.Columns.Configuration), enabled, proof);

    private async Task<StepRow?> SetAsync(
        ChatAuthStep step, StepRow? current, string? configuration, bool? enabled, Guid? proof = null)
    {
        string mark = current != null && KeysMark.Is(current.Columns.Description, Keys)
            ? current.Columns.Description!
            : KeysMark.Of(Keys);
        StepColumns columns = new(configuration, mark, enabled ?? current?.Columns.Enabled ?? false);
        string? settings = MomentaryCaller.Without(current?.Columns.Configuration, Now);
        if ((current is { IsBound: true } && columns == current.Columns with { Configuration = settings })
            || (current?.Columns.Enabled == columns.Enabled && switched.Contains((step.Id, mark))))
        {
            return current;
        }

        StepRow? written = current;
        string change = Change(step, current, columns);
        if (proof is { } contact && configuration != null)
        {
            columns = columns with
            {
                Configuration = MomentaryCaller.With(
                    configuration, User.UserId, contact, Now + MomentaryCaller.Lifetime),
            };
        }

        await context.Changes.DoAsync(
            change,
            async () => written = current == null
                ? await StepRow.CreateAsync(context.Dataverse, step, columns, cancellation)
                : await WriteAsync(current, columns),
            Differences(step, current, columns));
        return context.Changes.IsDry ? new StepRow(step, string.Empty, columns, true) : written;
    }

    // Where unmanaged customizations are blocked a step is touched by disabling and enabling it; its mark stays behind.
    private async Task<StepRow> WriteAsync(StepRow current, StepColumns columns)
    {
        try
        {
            return await current.WriteAsync(context.Dataverse, columns, cancellation);
        }
        catch (WebApiException refusal) when (
            refusal.DataverseCode == DataverseCode.UnmanagedCustomizationsBlocked
                && current.IsBound
                && (current.Step == ChatAuthStep.PublishKeys
                    || MomentaryCaller.Without(current.Columns.Configuration)
                        == MomentaryCaller.Without(columns.Configuration)))
        {
            StepRow touched = current.Columns.Enabled
                ? await current.SwitchAsync(context.Dataverse, false, cancellation)
                : current;
            touched = columns.Enabled ? await touched.SwitchAsync(context.Dataverse, true, cancellation) : touched;
            switched.Add((current.Step.Id, columns.Description!));
            context.Changes.Say(
                $"touched the step of {current.Step.Message} by disabling and enabling it, since unmanaged "
                    + "customizations are blocked");
            return touched;
        }
    }

    // Kids and dates; never a key.
    private IEnumerable<Difference> Differences(KeyFile keys) => Keys.Keys.Concat(keys.Keys)
        .Select(key => key.KeyId).Distinct()
        .Select(keyId => new Difference("key " + keyId, StateIn(Keys, keyId), StateIn(keys, keyId)))
        .Where(difference => difference.From != difference.To);

    private string? StateIn(KeyFile keys, string keyId) =>
        keys.Keys.FirstOrDefault(key => key.KeyId == keyId) is { } key
            ? $"{keys.StateOf(key, Now)}".ToLowerInvariant()
                + (key.NotBefore == Jwk.PendingNotBefore ? string.Empty : " from " + Date(key.NotBefore))
                + " until " + Date(key.ExpiresAt)
            : null;

    private static string Date(long numericDate) =>
        DateTimeOffset.FromUnixTimeSeconds(numericDate).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static IEnumerable<Difference> Differences(ChatAuthStep step, StepRow? current, StepColumns columns)
    {
        if (current is { IsBound: false })
        {
            yield return new Difference("secure configuration", "another", "ChatAuth's");
        }

        if (current != null && current.Columns.Enabled != columns.Enabled)
        {
            yield return new Difference(
                "state", current.Columns.Enabled ? "enabled" : "disabled", columns.Enabled ? "enabled" : "disabled");
        }

        foreach (Difference difference in step == ChatAuthStep.PublishKeys ? [] : StepSettings.Differences(
            MomentaryCaller.Without(current?.Columns.Configuration), MomentaryCaller.Without(columns.Configuration)))
        {
            yield return difference;
        }
    }

    private static string Change(ChatAuthStep step, StepRow? current, StepColumns columns) =>
        current == null ? $"create the step of {step.Message}{(columns.Enabled ? string.Empty : ", disabled")}"
        : current.Columns.Enabled != columns.Enabled
        ? $"{(columns.Enabled ? "enable" : "disable")} the step of {step.Message}"
        : step == ChatAuthStep.IssueToken
            && MomentaryCaller.Without(current.Columns.Configuration) != columns.Configuration
        ? $"change the settings of the step of {step.Message}"
        : $"touch the step of {step.Message}";
}
