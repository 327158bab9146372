using System.Globalization;

namespace ChatAuth.LocalDataverse.Refusals;

/// <summary>
/// A refusal of the platform: what the Web API answers as an error envelope and the organization service throws as a
/// fault.
/// </summary>
/// <param name="code">Dataverse's number of the error.</param>
/// <param name="status">HTTP status of the Web API's answer.</param>
/// <param name="message">A text without secrets.</param>
internal sealed class DataverseException(uint code, int status, string message) : Exception(message)
{
    /// <summary>Dataverse's number of the error.</summary>
    public int Code => unchecked((int)code);

    /// <summary>HTTP status of the Web API's answer.</summary>
    public int Status => status;

    /// <summary>What the client is told to wait; null for nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The number as the error envelope shows it.</summary>
    public string WireCode => "0x" + code.ToString("x8", CultureInfo.InvariantCulture);
}
