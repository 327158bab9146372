namespace System.ServiceModel;

/// <summary>
/// Stand-in for the genuine <c>System.ServiceModel.FaultException&lt;TDetail&gt;</c>: how the organization service
/// refuses.
/// </summary>
/// <remarks>
/// .NET 10 has no System.ServiceModel. A plug-in that tells faults by full type name and <see cref="Detail"/> meets the
/// genuine type on the platform and this one here.
/// </remarks>
public class FaultException<TDetail> : Exception
{
    /// <summary>A fault without detail.</summary>
    public FaultException()
    {
    }

    /// <summary>A fault with that text.</summary>
    public FaultException(string message)
        : base(message)
    {
    }

    /// <summary>A fault with that text and its cause.</summary>
    public FaultException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A fault with its detail and text.</summary>
    public FaultException(TDetail detail, string message)
        : base(message)
    {
        Detail = detail;
    }

    /// <summary>What the service says about the fault.</summary>
    public TDetail? Detail { get; }
}
