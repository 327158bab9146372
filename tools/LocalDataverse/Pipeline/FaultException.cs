namespace System.ServiceModel;

/// <summary>
/// Stand-in for the genuine <c>System.ServiceModel.FaultException&lt;TDetail&gt;</c>: how the organization service
/// refuses.
/// </summary>
/// <remarks>
/// .NET 10 has no System.ServiceModel. A plug-in that tells faults by full type name and <see cref="Detail"/> meets the
/// genuine type on the platform and this one here.
/// </remarks>
/// <param name="detail">What the service says about the fault.</param>
/// <param name="message">Its text.</param>
public class FaultException<TDetail>(TDetail detail, string message) : Exception(message)
{
    /// <summary>What the service says about the fault.</summary>
    public TDetail Detail => detail;
}
