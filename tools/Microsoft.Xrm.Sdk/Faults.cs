using System;

namespace Microsoft.Xrm.Sdk;

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.BaseServiceFault</c>.</summary>
[Serializable]
public abstract class BaseServiceFault
{
    /// <summary>What else is known of the error, for example Retry-After and ApiExceptionHttpStatusCode.</summary>
    public ErrorDetailCollection ErrorDetails { get; set; } = new ErrorDetailCollection();

    /// <summary>Number of the error.</summary>
    public int ErrorCode { get; set; }

    /// <summary>Text of the error.</summary>
    public string Message { get; set; }

    /// <summary>When it happened, UTC.</summary>
    public DateTime Timestamp { get; set; }
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.OrganizationServiceFault</c>.</summary>
[Serializable]
public sealed class OrganizationServiceFault : BaseServiceFault
{
    /// <summary>The fault behind this one.</summary>
    public OrganizationServiceFault InnerFault { get; set; }

    /// <summary>Trace of the plug-in that failed.</summary>
    public string TraceText { get; set; }
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.ErrorDetailCollection</c>.</summary>
[Serializable]
public sealed class ErrorDetailCollection : DataCollection<string, object>
{
}
