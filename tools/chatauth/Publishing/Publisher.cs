using ChatAuth.Tokens;

namespace ChatAuth.Publishing;

/// <summary>Publishes to every target, and waits until every target serves what was published.</summary>
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
    /// <exception cref="CommandException">One cannot be read or written.</exception>
    public async Task PublishAsync(Publication publication, CancellationToken cancellation)
    {
        foreach (IPublishingTarget target in targets)
        {
            string text = publication.Text(target.Format);
            if ((planned.GetValueOrDefault(target) ?? await target.ReadAsync(cancellation)) != text)
            {
                await changes.DoAsync(
                    "publish the keys to " + target.Name, () => target.WriteAsync(text, cancellation));
                planned[target] = changes.IsDry ? text : null;
            }
        }
    }

    /// <summary>Waits until every target serves the keys.</summary>
    /// <param name="publication">The keys.</param>
    /// <param name="exactly">Whether a target must serve nothing else, not even from a cache.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5201 one does not in time.</exception>
    public async Task AwaitAsync(Publication publication, bool exactly, CancellationToken cancellation)
    {
        if (changes.IsDry)
        {
            return;
        }

        DateTimeOffset end = clock.GetUtcNow() + patience;
        foreach (IPublishingTarget target in targets)
        {
            string? fault = await Polling.UntilAsync(
                () => FaultAsync(target, publication, exactly, cancellation),
                fault => fault == null,
                Polling.Growing(FirstPause, LongestPause).Before(end, clock),
                clock,
                cancellation,
                fault => changes.Say($"waiting for {target.Name}: {fault}"));
            if (fault != null)
            {
                throw new CommandException(Errors.NotServed(target.Name, fault));
            }
        }
    }

    // What keeps a target from serving the keys; null when it does.
    private static async Task<string?> FaultAsync(
        IPublishingTarget target, Publication publication, bool exactly, CancellationToken cancellation)
    {
        try
        {
            PublicKeys? served = await target.FetchAsync(cancellation);
            return publication.IsServedBy(served, target.Format, exactly) ? null
                : served == null ? "it holds nothing"
                : served.Fault
                    ?? "it still serves " + (served.Keys.Count == 0 ? "no key"
                    : "other keys or dates "
                        + $"({string.Join(", ", served.Keys.Select(key => key.KeyId ?? "one without kid"))})");
        }
        catch (CommandException exception)
        {
            return exception.Errors[0].Clause;
        }
    }
}
