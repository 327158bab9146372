using System;
using System.Runtime.Serialization;

namespace Microsoft.Xrm.Sdk;

/// <summary>
/// Stand-in for the genuine <c>Microsoft.Xrm.Sdk.InvalidPluginExecutionException</c>: the one exception whose text
/// reaches the caller.
/// </summary>
[Serializable]
public sealed class InvalidPluginExecutionException : Exception
{
    /// <summary>A failure without a text.</summary>
    public InvalidPluginExecutionException()
    {
    }

    /// <summary>A failure.</summary>
    public InvalidPluginExecutionException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with its cause, whose HTTP status it takes over.</summary>
    public InvalidPluginExecutionException(string message, Exception exception)
        : base(message, exception)
    {
        HttpStatus = (exception as InvalidPluginExecutionException)?.HttpStatus ?? PluginHttpStatusCode.NotSet;
    }

    /// <summary>A failure with a status.</summary>
    public InvalidPluginExecutionException(OperationStatus status, string message)
        : this(status, 0, message)
    {
    }

    /// <summary>A failure with a status and an error code; 0 leaves the code as it is.</summary>
    public InvalidPluginExecutionException(OperationStatus status, int errorCode, string message)
        : base(message)
    {
        Status = status;
        if (errorCode != 0)
        {
            HResult = errorCode;
        }
    }

    /// <summary>A failure that the Web API answers with the HTTP status.</summary>
    public InvalidPluginExecutionException(string message, PluginHttpStatusCode httpStatus)
        : this(OperationStatus.Failed, 0, message, httpStatus)
    {
    }

    /// <summary>A failure with all of it.</summary>
    public InvalidPluginExecutionException(
        OperationStatus status, int errorCode, string message, PluginHttpStatusCode httpStatus)
        : this(status, errorCode, message)
    {
        HttpStatus = httpStatus;
    }

    private InvalidPluginExecutionException(SerializationInfo info, StreamingContext context)
        : base(info, context)
    {
    }

    /// <summary>Outcome of the operation.</summary>
    public OperationStatus Status { get; }

    /// <summary>The error code, kept in HResult.</summary>
    public int ErrorCode => HResult;

    /// <summary>HTTP status of the Web API's answer.</summary>
    public PluginHttpStatusCode HttpStatus { get; }
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.OperationStatus</c>.</summary>
public enum OperationStatus
{
    /// <summary>Failed.</summary>
    Failed = 0,

    /// <summary>Canceled.</summary>
    Canceled = 1,

    /// <summary>To be tried again.</summary>
    Retry = 2,

    /// <summary>Suspended.</summary>
    Suspended = 3,

    /// <summary>Succeeded.</summary>
    Succeeded = 4,
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.PluginHttpStatusCode</c>, the members in use.</summary>
public enum PluginHttpStatusCode
{
    /// <summary>The platform chooses.</summary>
    NotSet = 0,

    /// <summary>400.</summary>
    BadRequest = 400,

    /// <summary>401.</summary>
    Unauthorized = 401,

    /// <summary>403.</summary>
    Forbidden = 403,

    /// <summary>404.</summary>
    NotFound = 404,

    /// <summary>409.</summary>
    Conflict = 409,

    /// <summary>429.</summary>
    TooManyRequests = 429,

    /// <summary>500.</summary>
    InternalServerError = 500,

    /// <summary>503.</summary>
    ServiceUnavailable = 503,
}
