using System.Globalization;

namespace ChatAuth.LocalDataverse.Refusals;

/// <summary>
/// A refusal of the platform: what the Web API answers as an error envelope and the organization service throws as a
/// fault.
/// </summary>
#pragma warning disable CA1032 // without number and status a refusal cannot be answered
internal sealed class DataverseException : Exception
#pragma warning restore CA1032
{
    /// <summary>A refusal with Dataverse's number, the HTTP status and a text without secrets.</summary>
    public DataverseException(uint code, int status, string message)
        : base(message)
    {
        Code = unchecked((int)code);
        Status = status;
    }

    /// <summary>Dataverse's number of the error.</summary>
    public int Code { get; }

    /// <summary>HTTP status of the Web API's answer.</summary>
    public int Status { get; }

    /// <summary>The number as the error envelope shows it.</summary>
    public string WireCode => "0x" + Code.ToString("x8", CultureInfo.InvariantCulture);
}
