namespace ChatAuth.Tools.Tests.Network;

/// <summary>What happens to one request.</summary>
public enum NetworkFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The connection breaks before the request reaches the server.</summary>
    BreaksBefore,

    /// <summary>The request is carried out and the connection breaks before the answer.</summary>
    BreaksAfter,

    /// <summary>429 with Retry-After, nothing was done.</summary>
    TooManyRequests,

    /// <summary>503, nothing was done.</summary>
    Unavailable,

    /// <summary>The process dies: neither this request nor any after it is answered.</summary>
    Abandoned,
}
