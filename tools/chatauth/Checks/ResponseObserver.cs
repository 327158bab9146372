using System.Collections.Concurrent;
using ChatAuth.Tokens;

namespace ChatAuth.Checks;

/// <summary>
/// The network, with a note of what answers say beside their text: the server's clock, how long they may be kept, and
/// how a portal's application users are.
/// </summary>
internal sealed class ResponseObserver : DelegatingHandler
{
    // Below it lies the Web API; everything else is a public URL.
    private const string Api = "/api/data/";

    // As the samples of portals send it beside the public keys.
    private const string UsersHeader = "ChatAuth-Application-Users";

    private readonly ConcurrentDictionary<Uri, TimeSpan> lifetimes = new();
    private readonly ConcurrentDictionary<Uri, string> users = new();
    private readonly TimeProvider clock;

    /// <summary>Notes what answers say.</summary>
    /// <param name="network">Answers requests.</param>
    /// <param name="clock">The time here.</param>
    public ResponseObserver(HttpMessageHandler network, TimeProvider clock)
    {
        this.clock = clock;
        InnerHandler = network;
    }

    /// <summary>
    /// How far the environment's clock is ahead of the one here (RFC 9110, Date: whole seconds); null while no answer
    /// had a date.
    /// </summary>
    /// <remarks>The smallest distance of all answers: a slow one has an old date.</remarks>
    public TimeSpan? ClockLead { get; private set; }

    /// <summary>
    /// The public URLs that were asked, and how long a cache may keep their answer.
    /// </summary>
    public IReadOnlyDictionary<Uri, TimeSpan> Lifetimes => lifetimes;

    /// <summary>
    /// What portals said of their application users beside the public keys: <c>all=2, limited=0, refused=1</c>.
    /// </summary>
    public IReadOnlyDictionary<Uri, string> ApplicationUsers => users;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri asked = request.RequestUri!;
        bool isPublic = !asked.AbsolutePath.StartsWith(Api, StringComparison.Ordinal);
        if (isPublic)
        {
            lifetimes[asked] = TimeSpan.Zero;
        }

        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        if (isPublic)
        {
            lifetimes[asked] = PublicKeys.LifetimeOf(response) ?? TimeSpan.Zero;
            if (response.Headers.TryGetValues(UsersHeader, out IEnumerable<string>? said))
            {
                users[asked] = string.Join(", ", said);
            }
        }
        else if (response.Headers.Date is { } date
            && date - clock.GetUtcNow() is var lead
            && (ClockLead is not { } known || lead.Duration() < known.Duration()))
        {
            ClockLead = lead;
        }

        return response;
    }
}
