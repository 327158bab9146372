using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.NetFramework;

/// <summary>Dataverse as the portal's application user: the one seam of the sample.</summary>
internal interface IDataverse
{
    /// <summary>
    /// Calls a message. What it throws is a Dataverse that cannot be reached; or a user that cannot sign in, where it
    /// has a code of Entra (AADSTS…).
    /// </summary>
    /// <param name="message">For example chatauth_IssueChatToken.</param>
    /// <param name="parameters">Request parameters by name.</param>
    DataverseAnswer Execute(string message, IDictionary<string, object> parameters);
}

/// <summary>What came of calling a message.</summary>
internal sealed class DataverseAnswer
{
    /// <summary>An answer without properties; 200 is one that makes no sense.</summary>
    /// <param name="status">HTTP status.</param>
    public DataverseAnswer(int status) => Status = status;

    /// <summary>The response properties.</summary>
    /// <param name="results">As the organization service gives them.</param>
    public DataverseAnswer(ParameterCollection results)
        : this(200) => Properties = results.ToDictionary(result => result.Key, result => result.Value);

    /// <summary>A refusal; the organization service says in its details what the Web API says by its status.</summary>
    /// <param name="fault">What the organization service threw.</param>
    public DataverseAnswer(OrganizationServiceFault fault)
        : this(fault.ErrorDetails.Contains("Retry-After") ? 429
            : fault.ErrorDetails.TryGetValue("ApiExceptionHttpStatusCode", out var status)
                ? Convert.ToInt32(status, CultureInfo.InvariantCulture)
            : 500)
    {
        Message = fault.Message;
        ErrorCode = fault.ErrorCode;
        RetryAfter = fault.ErrorDetails.TryGetValue("Retry-After", out var wait) ? wait as TimeSpan? : null;
    }

    /// <summary>Every application user is limited.</summary>
    /// <param name="retryAfter">How long the first of them still waits.</param>
    public DataverseAnswer(TimeSpan retryAfter)
        : this(429) => RetryAfter = retryAfter;

    /// <summary>HTTP status, as the Web API would answer.</summary>
    public int Status { get; }

    /// <summary>Whether Dataverse did not answer at all.</summary>
    public bool IsSilence { get; set; }

    /// <summary>Why the application user could not sign in, by a code of Entra; null when it could.</summary>
    public string? SignInFailure { get; set; }

    /// <summary>The response properties by name; null where there are none.</summary>
    public IReadOnlyDictionary<string, object>? Properties { get; }

    /// <summary>How long to wait, where Dataverse limits the application user and says so.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Why it was refused; null when it was not.</summary>
    public string? Message { get; }

    /// <summary>Dataverse's number of the refusal; 0 where there is none.</summary>
    public int ErrorCode { get; }

    /// <summary>A text among the response properties; null when it is not there, or is no text.</summary>
    /// <param name="name">Its name.</param>
    public string? Text(string name) =>
        Properties != null && Properties.TryGetValue(name, out var value) ? value as string : null;
}
