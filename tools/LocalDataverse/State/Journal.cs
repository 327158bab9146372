using System.Collections.Concurrent;

namespace ChatAuth.LocalDataverse.State;

/// <summary>What one request to the Web API did.</summary>
/// <remarks>It stands in for plug-in trace and telemetry: tests count queries and read trace lines here.</remarks>
internal sealed class Call
{
    private readonly ConcurrentQueue<string> trace = new();
    private int organizationRequests;

    /// <summary>HTTP method and path below the service root, or the message of a custom API.</summary>
    public required string Message { get; set; }

    /// <summary>The initiating user; empty while nobody signed in.</summary>
    public Guid UserId { get; set; }

    /// <summary>HTTP status; 0 when the connection was dropped.</summary>
    public int Status { get; set; }

    /// <summary>The web server that it reached; null without service protection, and while nobody signed in.</summary>
    public int? WebServer { get; set; }

    /// <summary>Lines the plug-ins traced.</summary>
    public IReadOnlyList<string> Trace => [.. trace];

    /// <summary>How many requests its plug-ins made to the organization service.</summary>
    public int OrganizationRequests => organizationRequests;

    /// <summary>Adds a trace line.</summary>
    public void AddTrace(string line) => trace.Enqueue(line);

    /// <summary>Counts a request to the organization service.</summary>
    public void CountOrganizationRequest() => Interlocked.Increment(ref organizationRequests);
}

/// <summary>The last requests, oldest first.</summary>
internal sealed class Journal
{
    // A load test makes hundreds of thousands of calls; nobody reads that far back.
    private const int Kept = 1000;

    private readonly ConcurrentQueue<Call> calls = new();

    /// <summary>The requests kept.</summary>
    public IReadOnlyList<Call> Calls => [.. calls];

    /// <summary>The last request.</summary>
    public Call Last => Calls[^1];

    /// <summary>The last request for that message.</summary>
    public Call LastOf(string message) => calls.Last(c => c.Message == message);

    /// <summary>Notes a finished request.</summary>
    public void Add(Call call)
    {
        calls.Enqueue(call);
        while (calls.Count > Kept)
        {
            calls.TryDequeue(out _);
        }
    }
}
