using System.Globalization;
using ChatAuth.Keys;
using ChatAuth.Tokens;

namespace ChatAuth.Publishing;

/// <summary>
/// Publishes to every target, and waits until every place serves what was published, or serves it no more.
/// </summary>
/// <remarks>
/// No target waits for another to succeed: what one refuses is collected, and the next one has its turn.
/// </remarks>
/// <param name="targets">All of them.</param>
/// <param name="changes">Does every write.</param>
/// <param name="clock">Paces the questions.</param>
/// <param name="patience">How long a target may take.</param>
/// <param name="forced">Codes of the refusals that a person overrides.</param>
internal sealed class Publisher(
    IReadOnlyList<IPublishingTarget> targets,
    ChangeRunner changes,
    TimeProvider clock,
    TimeSpan patience,
    IReadOnlySet<string> forced)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    // What the last answer of each place said of caches.
    private readonly Dictionary<IKeyPlace, TimeSpan?> lifetimes = [];

    // What a dry run would have written.
    private readonly Dictionary<IPublishingTarget, string?> planned = [];

    /// <summary>All of them.</summary>
    public IReadOnlyList<IPublishingTarget> Targets => targets;

    /// <summary>Writes to the targets that hold something else.</summary>
    /// <param name="current">Reads what is to be published: asked when every target has been read, so that the writes
    /// carry versions that are older than the keys.</param>
    /// <param name="always">Whether to write too where the text is right: the new version refuses a write that was
    /// overtaken.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>Why targets could not be read or written; none when all is done.</returns>
    /// <exception cref="CommandException">What <paramref name="current"/> throws.</exception>
    public async Task<IReadOnlyList<CodedError>> PublishAsync(
        Func<Task<Publication>> current, bool always, CancellationToken cancellation)
    {
        List<CodedError> failures = [];
        List<(IPublishingTarget Target, HeldText Held)> read = [];
        foreach (IPublishingTarget target in targets)
        {
            await CollectAsync(failures, async () => read.Add((target, await target.ReadAsync(cancellation))));
        }

        Publication publication = await current();
        foreach ((IPublishingTarget target, HeldText held) in read)
        {
            string text = publication.Text(target.Format);
            if (target.IsWritten && (always || (planned.GetValueOrDefault(target) ?? held.Text) != text))
            {
                if (Unforced(Ownership.Refusal(target, held.Keys, publication.Known)) is { } refusal)
                {
                    failures.Add(refusal);
                    continue;
                }

                await CollectAsync(failures, () => changes.DoAsync(
                    "publish the keys to " + target.Name,
                    () => target.WriteAsync(text, held, cancellation),
                    new Difference("keys", Kids(held.Keys), Kids(PublicKeys.Parse(text)))));
                planned[target] = changes.IsDry ? text : null;
            }
        }

        return failures;
    }

    /// <summary>
    /// Looks, before anything is written, whether what the targets hold and the places serve is ours, or nobody's.
    /// </summary>
    /// <param name="places">The targets, and what else is looked at.</param>
    /// <param name="known">What each key is to this environment.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>5205 to 5209, but for those that are overridden; why a target cannot be read. A place that does not
    /// answer is none: it is waited for later.</returns>
    public async Task<IReadOnlyList<CodedError>> LookAsync(
        IReadOnlyList<IKeyPlace> places, KnownKeys known, CancellationToken cancellation)
    {
        List<CodedError?> found = [];
        foreach (IPublishingTarget target in targets)
        {
            List<CodedError> failures = [];
            await CollectAsync(failures, async () =>
            {
                found.Add(Ownership.Refusal(target, (await target.ReadAsync(cancellation)).Keys, known));
                target.EnsureWritable();
            });
            found.AddRange(failures);
        }

        // What a file for trials holds is what it serves.
        foreach (IKeyPlace place in places.Where(place => place is not IPublishingTarget { IsForTrials: true }))
        {
            await CollectAsync([], async () =>
            {
                PublicKeys? served = await place.FetchAsync(cancellation);
                lifetimes[place] = served?.CacheLifetime;
                found.Add(Ownership.RefusalOfServed(place, served, known));
                foreach (OtherKey exposed in served?.Exposed ?? [])
                {
                    changes.Say(Errors.PrivateKeyServed(place.Name, exposed.What).ToString());
                }
            });
        }

        return [.. found.Select(Unforced).OfType<CodedError>().DistinctBy(error => error.Text)];
    }

    /// <summary>Whose caches may keep old keys longer than a lead, as their answers said last.</summary>
    /// <param name="places">The targets, and what else is looked at.</param>
    /// <param name="lead">The lead.</param>
    /// <returns>5202, unless it is overridden.</returns>
    public IReadOnlyList<CodedError> LeadsTooShort(IReadOnlyList<IKeyPlace> places, TimeSpan lead) =>
    [
        .. places.Select(place => (place.Name, Lead: place.LeadOf(lifetimes.GetValueOrDefault(place))))
            .Where(place => place.Lead > lead)
            .Select(place => Unforced(Errors.LeadTooShort(
                place.Name, string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(place.Lead.TotalMinutes)}m"))))
            .OfType<CodedError>(),
    ];

    /// <summary>Removes what was published from every target; what is not ours stays, and is told.</summary>
    /// <param name="keys">The environment's memory; null when there is none.</param>
    /// <param name="ensure">Asked when a target has been read, and refuses where somebody publishes again.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>Why some could not be emptied.</returns>
    public async Task<IReadOnlyList<CodedError>> RemoveAsync(
        KeyFile? keys, Func<Task> ensure, CancellationToken cancellation)
    {
        List<CodedError> failures = [];

        // The last first: what it was put below may be the first one's.
        foreach (IPublishingTarget target in targets.Reverse())
        {
            await CollectAsync(failures, async () =>
            {
                HeldText held = await target.ReadAsync(cancellation);
                if ((held.Text != null || held.Keys != null)
                    && await MayRemoveAsync(target, held, keys, cancellation))
                {
                    await ensure();
                    await changes.DoAsync(
                        "remove the published keys from " + target.Name,
                        () => target.RemoveAsync(held, cancellation));
                }
            });
        }

        return failures;
    }

    /// <summary>Whether a target holds one of certain keys; null where one cannot be read and no other does.</summary>
    /// <param name="thumbprints">The keys.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task<bool?> HoldsAsync(IReadOnlySet<string> thumbprints, CancellationToken cancellation)
    {
        bool holds = false;
        List<CodedError> failures = [];
        foreach (IPublishingTarget target in targets)
        {
            await CollectAsync(failures, async () => holds |= (await target.ReadAsync(cancellation)).Keys?.All.Any(
                key => thumbprints.Contains(key.Thumbprint)) == true);
        }

        return holds || failures.Count == 0 ? holds : null;
    }

    /// <summary>Waits until every place serves the keys.</summary>
    /// <param name="places">The targets, and what else is looked at.</param>
    /// <param name="publication">The keys.</param>
    /// <param name="exactly">Whether a target must serve nothing else, not even from a cache; what somebody uploads is
    /// not waited for, but told.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>5201 for each that does not in time.</returns>
    public Task<IReadOnlyList<CodedError>> AwaitAsync(
        IReadOnlyList<IKeyPlace> places, Publication publication, bool exactly, CancellationToken cancellation) =>
        AwaitAsync(
            places,
            async place =>
            {
                PublicKeys? served = await place.FetchAsync(cancellation);
                lifetimes[place] = served?.CacheLifetime;
                if (exactly && place is IPublishingTarget { IsUploaded: true } file
                    && !publication.IsServedBy(served, file.Format, exactly: true))
                {
                    changes.Say($"{file.Name} is to be uploaded again: it says when the old key ends");
                }

                return Fault(place, publication, exactly, served);
            },
            (place, fault) => Errors.NotServed(place.Name, fault),
            cancellation);

    /// <summary>Waits until no place serves certain keys any more.</summary>
    /// <param name="places">Where to look.</param>
    /// <param name="fault">What keeps a place from being without them, as <see cref="StillServed"/>; null when it
    /// is.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>5309 for each that still serves one, or of which nobody knows.</returns>
    public Task<IReadOnlyList<CodedError>> AwaitGoneAsync(
        IReadOnlyList<IKeyPlace> places, Func<IKeyPlace, Task<string?>> fault, CancellationToken cancellation) =>
        AwaitAsync(places, fault, (place, what) => Errors.KeyNotGone(place.Name, what), cancellation);

    /// <summary>What keeps a place from being without certain keys; null when it is.</summary>
    /// <remarks>What is not understood may hold them.</remarks>
    /// <param name="served">What a place serves; null for nothing.</param>
    /// <param name="keyId">The name of a key that must be gone, by its thumbprint; null for any other key.</param>
    public static string? StillServed(PublicKeys? served, Func<string, string?> keyId) =>
        Serving(served, keyId) ?? served?.Doubt;

    /// <summary>Which of certain keys a place serves, in whatever form; null for none that can be read.</summary>
    /// <param name="served">What a place serves; null for nothing.</param>
    /// <param name="keyId">As <see cref="StillServed"/> takes it.</param>
    public static string? Serving(PublicKeys? served, Func<string, string?> keyId)
    {
        string[] found = [.. (served?.All ?? []).Select(key => keyId(key.Thumbprint)).OfType<string>().Distinct()];
        return found.Length > 0 ? "it still serves " + string.Join(", ", found) : null;
    }

    private async Task<IReadOnlyList<CodedError>> AwaitAsync<T>(
        IReadOnlyList<T> places, Func<T, Task<string?>> faultOf, Func<T, string, CodedError> error,
        CancellationToken cancellation)
        where T : IKeyPlace
    {
        List<CodedError> failures = [];
        if (changes.IsDry)
        {
            return failures;
        }

        DateTimeOffset end = clock.GetUtcNow() + patience;
        foreach (T place in places)
        {
            string? fault = await changes.Waiting.RunAsync($"waiting for {place.Name}", end, tell => Polling.UntilAsync(
                async () =>
                {
                    try
                    {
                        return await faultOf(place);
                    }
                    catch (CommandException exception)
                    {
                        return exception.Errors[0].FactClause;
                    }
                },
                fault => fault == null,
                Polling.Growing(FirstPause, LongestPause).Before(end, clock),
                clock,
                cancellation,
                fault => tell(fault!, null)));
            if (fault != null)
            {
                failures.Add(error(place, fault));
            }
        }

        return failures;
    }

    private static string? Kids(PublicKeys? keys) => keys is not { Keys.Count: > 0 } ? null
        : string.Join(", ", keys.Keys.Select(key => key.KeyId ?? key.Thumbprint));

    // Null too where a person overrides it.
    private CodedError? Unforced(CodedError? refusal) =>
        refusal != null && forced.Contains(refusal.Code) ? null : refusal;

    // What is empty may be a placeholder of somebody else; where it was published to, it is what was left of our keys.
    private async Task<bool> MayRemoveAsync(
        IPublishingTarget target, HeldText held, KeyFile? keys, CancellationToken cancellation)
    {
        if (held.Keys is null or { IsEmpty: true })
        {
            Uri? address = await target.AddressAsync(cancellation);
            return target.IsInDatabase || keys?.Targets.Any(place => place.Url == address) == true;
        }

        KnownKeys known = keys?.Known ?? KeyFile.Empty(Guid.Empty).Known;
        if (Unforced(Ownership.Refusal(target, held.Keys, known)) is not { } refusal)
        {
            return true;
        }

        changes.Say(refusal.ToString());
        return false;
    }

    // What keeps a place from serving the keys; null when it does.
    private static string? Fault(IKeyPlace place, Publication publication, bool exactly, PublicKeys? served) =>
        place.Serves(publication, served, exactly) ? null
            : served == null ? "it holds nothing"
            : served.ErrorAt("It")?.Clause
                ?? "it still serves " + (served.Keys.Count == 0 ? "no key"
                    : "other keys or dates "
                        + $"({string.Join(", ", served.Keys.Select(key => key.KeyId ?? "one without kid"))})");

    private static async Task CollectAsync(List<CodedError> failures, Func<Task> part)
    {
        try
        {
            await part();
        }
        catch (CommandException exception)
        {
            failures.AddRange(exception.Errors);
        }
    }
}
