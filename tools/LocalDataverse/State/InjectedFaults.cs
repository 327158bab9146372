namespace ChatAuth.LocalDataverse.State;

/// <summary>How a request fails on demand.</summary>
internal enum RequestFault
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>429 with Retry-After (Microsoft Learn: service protection API limits).</summary>
    TooManyRequests,

    /// <summary>503.</summary>
    ServiceUnavailable,

    /// <summary>The connection breaks and nothing was done.</summary>
    DropBefore,

    /// <summary>The request is carried out and the connection breaks before the answer.</summary>
    DropAfter,
}

/// <summary>Faults that come at the n-th next request, so that a test can break a command at any point.</summary>
internal sealed class InjectedFaults
{
    /// <summary>Service protection: number of requests (Microsoft Learn: service protection API limits).</summary>
    public const int NumberOfRequests = -2147015902;

    /// <summary>Service protection: execution time.</summary>
    public const int ExecutionTime = -2147015903;

    /// <summary>Service protection: concurrent requests.</summary>
    public const int ConcurrentRequests = -2147015898;

    /// <summary>SQL timeout.</summary>
    public const int SqlTimeout = -2147204783;

    private readonly Lock guard = new();
    private readonly Dictionary<long, RequestFault> requestFaults = [];
    private readonly Dictionary<long, int> queryFaults = [];
    private readonly Dictionary<long, Func<EntityCollection, EntityCollection?>> queryAnswers = [];
    private long requests;
    private long queries;

    /// <summary>What a 429 tells the client to wait.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Lets the n-th next HTTP request fail; 1 is the next one.</summary>
    public void OnRequest(int n, RequestFault fault)
    {
        lock (guard)
        {
            requestFaults[requests + n] = fault;
        }
    }

    /// <summary>
    /// Lets the n-th next request of a plug-in to the organization service fail with that code; 1 is the next one.
    /// </summary>
    public void OnQuery(int n, int code)
    {
        lock (guard)
        {
            queryFaults[queries + n] = code;
        }
    }

    /// <summary>
    /// Lets the n-th next request of a plug-in to the organization service, a query, be answered with other rows than
    /// it found; what <paramref name="answer"/> throws reaches the plug-in as it is.
    /// </summary>
    public void OnAnswer(int n, Func<EntityCollection, EntityCollection?> answer)
    {
        lock (guard)
        {
            queryAnswers[queries + n] = answer;
        }
    }

    /// <summary>Counts an HTTP request and says how it fails.</summary>
    public RequestFault NextRequest()
    {
        lock (guard)
        {
            return requestFaults.Remove(++requests, out var fault) ? fault : RequestFault.None;
        }
    }

    /// <summary>Counts a request to the organization service; throws when it is to fail.</summary>
    /// <returns>What to make of the rows it finds, or null.</returns>
    public Func<EntityCollection, EntityCollection?>? NextQuery()
    {
        lock (guard)
        {
            if (queryFaults.Remove(++queries, out var code))
            {
                throw new DataverseException(unchecked((uint)code), 429, "Injected fault of the organization service.");
            }

            return queryAnswers.Remove(queries, out var answer) ? answer : null;
        }
    }
}
