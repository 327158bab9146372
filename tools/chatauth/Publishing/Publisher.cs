using System.Globalization;
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
internal sealed class Publisher(
    IReadOnlyList<IPublishingTarget> targets, ChangeRunner changes, TimeProvider clock, TimeSpan patience)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

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
            if (always || (planned.GetValueOrDefault(target) ?? held.Text) != text)
            {
                await CollectAsync(failures, () => changes.DoAsync(
                    "publish the keys to " + target.Name, () => target.WriteAsync(text, held, cancellation)));
                planned[target] = changes.IsDry ? text : null;
            }
        }

        return failures;
    }

    /// <summary>Removes what was published from every target.</summary>
    /// <param name="ensure">Asked when a target has been read, and refuses where somebody publishes again.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>Why some could not be emptied.</returns>
    public async Task<IReadOnlyList<CodedError>> RemoveAsync(Func<Task> ensure, CancellationToken cancellation)
    {
        List<CodedError> failures = [];
        foreach (IPublishingTarget target in targets)
        {
            await CollectAsync(failures, async () =>
            {
                if (await target.ReadAsync(cancellation) is { Text: not null } held)
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

    /// <summary>
    /// Whether a target holds one of certain keys; one that cannot be read is told where it is written.
    /// </summary>
    /// <param name="thumbprints">The keys.</param>
    /// <param name="cancellation">Ends it early.</param>
    public async Task<bool> HoldsAsync(IReadOnlySet<string> thumbprints, CancellationToken cancellation)
    {
        bool holds = false;
        foreach (IPublishingTarget target in targets)
        {
            await CollectAsync([], async () =>
            {
                string? text = (await target.ReadAsync(cancellation)).Text;
                holds |= StillServed(text, key => thumbprints.Contains(key) ? key : null) != null;
            });
        }

        return holds;
    }

    /// <summary>Waits until every target serves the keys.</summary>
    /// <param name="publication">The keys.</param>
    /// <param name="exactly">Whether a target must serve nothing else, not even from a cache.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>5201 for each that does not in time.</returns>
    public Task<IReadOnlyList<CodedError>> AwaitAsync(
        Publication publication, bool exactly, CancellationToken cancellation) => AwaitAsync(
        targets,
        async target => Fault(target, publication, exactly, await target.FetchAsync(cancellation)),
        (target, fault) => Errors.NotServed(target.Name, fault),
        cancellation);

    /// <summary>Waits until no place serves certain keys any more.</summary>
    /// <param name="places">Where to look.</param>
    /// <param name="keyId">The name of a key that must be gone, by its thumbprint; null for any other key.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>5309 for each that still serves one, or of which nobody knows.</returns>
    public Task<IReadOnlyList<CodedError>> AwaitGoneAsync(
        IReadOnlyList<IKeyPlace> places, Func<string, string?> keyId, CancellationToken cancellation) => AwaitAsync(
        places,
        async place => StillServed(await place.FetchAsync(cancellation), keyId),
        (place, fault) => Errors.KeyNotGone(place.Name, fault),
        cancellation);

    /// <summary>What keeps a text from being without certain keys; null when it is.</summary>
    /// <param name="text">What a place serves; null for nothing.</param>
    /// <param name="keyId">As <see cref="AwaitGoneAsync"/> takes it.</param>
    public static string? StillServed(string? text, Func<string, string?> keyId)
    {
        string[] served =
        [
            .. (text == null ? [] : Publication.Parse(text) ?? [])
                .Select(key => keyId(key.Thumbprint)).OfType<string>(),
        ];
        return served.Length == 0 ? null : "it still serves " + string.Join(", ", served);
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
            string? fault = await Polling.UntilAsync(
                async () =>
                {
                    try
                    {
                        return await faultOf(place);
                    }
                    catch (CommandException exception)
                    {
                        return exception.Errors[0].Clause;
                    }
                },
                fault => fault == null,
                Polling.Growing(FirstPause, LongestPause).Before(end, clock),
                clock,
                cancellation,
                fault => changes.Say($"waiting for {place.Name}: {fault}"));
            if (fault != null)
            {
                failures.Add(error(place, fault));
            }
        }

        return failures;
    }

    // What keeps a target from serving the keys; null when it does.
    private static string? Fault(IPublishingTarget target, Publication publication, bool exactly, string? fetched) =>
        publication.IsServedBy(fetched, target.Format, exactly) ? null
            : fetched == null ? "it holds nothing"
            : "it still serves " + (Publication.Parse(fetched) is not { } served ? "something else"
                : served.Count == 0 ? "no key"
                : string.Create(
                    CultureInfo.InvariantCulture, $"other keys or dates "
                        + $"({string.Join(", ", served.Select(key => key.KeyId ?? "one without kid"))})"));

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
