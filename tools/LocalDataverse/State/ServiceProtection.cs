using System.Collections.Concurrent;
using System.Globalization;

namespace ChatAuth.LocalDataverse.State;

/// <summary>
/// Service protection: what each user may ask of each web server in five sliding minutes (Microsoft Learn: service
/// protection API limits).
/// </summary>
/// <remarks>
/// Learn says that Retry-After depends on what was asked before and gets longer for whoever asks on, and gives no
/// formula. Here: until the five minutes have room again, a second for concurrency, and a second more for each request
/// that comes before. What is kept is counts by five seconds, a kilobyte for each user and web server.
/// </remarks>
/// <param name="clock">The organization's time.</param>
/// <param name="webServers">How many web servers are behind the one address.</param>
internal sealed class ServiceProtection(TimeProvider clock, int webServers)
{
    /// <summary>Names the web server that a client is held to (Microsoft Learn: send parallel requests).</summary>
    public const string AffinityCookie = "ARRAffinity";

    private const int Slots = 60;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(Guid User, int WebServer), Budget> budgets = new();
    private readonly ConcurrentDictionary<Guid, int> turns = new();

    /// <summary>The most requests in five minutes.</summary>
    public int Requests { get; init; } = 6000;

    /// <summary>The most time in five minutes, of all requests together.</summary>
    public TimeSpan ExecutionTime { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>The most requests at once.</summary>
    public int AtOnce { get; init; } = 52;

    /// <summary>
    /// How long each request takes, on the machine's clock, and counts; null for as long as it takes here.
    /// </summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The web server that a request reaches.</summary>
    /// <param name="user">Whose token it carries.</param>
    /// <param name="cookie">The affinity cookie's value; null without one: then the user's next in turn.</param>
    public int WebServerOf(Guid user, string? cookie) =>
        int.TryParse(cookie, NumberStyles.None, CultureInfo.InvariantCulture, out var held) && held < webServers
            ? held
            : turns.AddOrUpdate(user, 0, (_, last) => (last + 1) % webServers);

    /// <summary>Counts a request of a user.</summary>
    /// <param name="user">Whose token it carries.</param>
    /// <param name="webServer">The web server it reached.</param>
    /// <returns>To be disposed of when it is answered.</returns>
    /// <exception cref="DataverseException">429 one of the three limits is reached.</exception>
    public async Task<IDisposable> AdmitAsync(Guid user, int webServer)
    {
        var budget = budgets.GetOrAdd((user, webServer), _ => new Budget(this));
        budget.Enter(clock.GetUtcNow());
        var admitted = new Admitted(budget, clock, Duration);
        if (Duration is { } duration)
        {
            await Task.Delay(duration);
        }

        return admitted;
    }

    private DataverseException Refused(RequestLimit limit, TimeSpan wait) => limit switch
    {
        RequestLimit.Number => Refusal.Limited(
            0x80072322, wait, $"Number of requests exceeded the limit of {Requests} over time window of 300 seconds."),
        RequestLimit.ExecutionTime => Refusal.Limited(
            0x80072321, wait, string.Create(CultureInfo.InvariantCulture,
                $"Combined execution time of incoming requests exceeded limit of {ExecutionTime.TotalMilliseconds:N0} ")
                    + "milliseconds over time window of 300 seconds. Decrease number of concurrent requests or reduce "
                    + "the duration of requests and try again later."),
        _ => Refusal.Limited(0x80072326, wait, $"Number of concurrent requests exceeded the limit of {AtOnce}."),
    };

    private enum RequestLimit
    {
        Number,
        ExecutionTime,
        Concurrency,
    }

    // Of one user at one web server.
    private sealed class Budget(ServiceProtection rules)
    {
        private static readonly long SlotTicks = Window.Ticks / Slots;

        private readonly Lock guard = new();
        private readonly int[] requests = new int[Slots];
        private readonly long[] ticks = new long[Slots];
        private long slot;
        private int atOnce;
        private RequestLimit limit;
        private DateTimeOffset toldUntil;

        public void Enter(DateTimeOffset now)
        {
            lock (guard)
            {
                MoveTo(now);
                if (now < toldUntil)
                {
                    toldUntil += TimeSpan.FromSeconds(1);
                }
                else if (Reached() is { } reached)
                {
                    limit = reached;
                    toldUntil = now + (reached == RequestLimit.Concurrency ? TimeSpan.FromSeconds(1) : Room(now));
                }
                else
                {
                    atOnce++;
                    requests[slot % Slots]++;
                    return;
                }

                throw rules.Refused(limit, toldUntil - now);
            }
        }

        public void Leave(DateTimeOffset now, TimeSpan took)
        {
            lock (guard)
            {
                MoveTo(now);
                atOnce--;
                ticks[slot % Slots] += took.Ticks;
            }
        }

        private RequestLimit? Reached() =>
            atOnce >= rules.AtOnce ? RequestLimit.Concurrency
            : requests.Sum() >= rules.Requests ? RequestLimit.Number
            : ticks.Sum() >= rules.ExecutionTime.Ticks ? RequestLimit.ExecutionTime
            : null;

        // Until enough of the oldest counts leave the five minutes.
        private TimeSpan Room(DateTimeOffset now)
        {
            var (left, time) = (requests.Sum(), ticks.Sum());
            var oldest = slot - Slots + 1;
            for (; oldest <= slot && (left >= rules.Requests || time >= rules.ExecutionTime.Ticks); oldest++)
            {
                left -= requests[oldest % Slots];
                time -= ticks[oldest % Slots];
            }

            return TimeSpan.FromTicks(((oldest - 1 + Slots) * SlotTicks) - now.UtcTicks);
        }

        private void MoveTo(DateTimeOffset now)
        {
            var current = now.UtcTicks / SlotTicks;
            for (var passed = Math.Min(current - slot, Slots); passed > 0; passed--)
            {
                var emptied = (current - passed + 1) % Slots;
                (requests[emptied], ticks[emptied]) = (0, 0);
            }

            slot = Math.Max(slot, current);
        }
    }

    private sealed class Admitted(Budget budget, TimeProvider clock, TimeSpan? duration) : IDisposable
    {
        private readonly long started = clock.GetTimestamp();

        public void Dispose() => budget.Leave(clock.GetUtcNow(), duration ?? clock.GetElapsedTime(started));
    }
}
