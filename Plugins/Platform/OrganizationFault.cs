using System;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.Plugins.Platform;

/// <summary>The faults of the organization service that an administrator or a retry can mend.</summary>
/// <remarks>
/// They arrive as FaultException&lt;OrganizationServiceFault&gt; of System.ServiceModel, which .NET does not have:
/// naming the type would keep this assembly from running in tests and tools there, so its property Detail is asked for
/// by name.
/// </remarks>
internal static class OrganizationFault
{
    /// <summary>Runs a query.</summary>
    /// <returns>The rows it found.</returns>
    /// <exception cref="ChatAuthException">1018 service protection, 1019 a missing privilege, 1020 a time-out, 2010 an
    /// unknown column or table; other faults pass.</exception>
    internal static DataCollection<Entity> Guard(IOrganizationService service, QueryExpression query)
    {
        try
        {
            return service.RetrieveMultiple(query).Entities;
        }
        catch (Exception exception) when (Refusal(exception) is { } refusal)
        {
            throw refusal;
        }
    }

    // Numbers: Microsoft Learn, "Web service error codes" and "Service protection API limits".
    private static ChatAuthException? Refusal(Exception exception) =>
        ((exception.GetType().GetProperty("Detail")?.GetValue(exception) as OrganizationServiceFault)?.ErrorCode) switch
        {
            unchecked((int)0x80072321) or unchecked((int)0x80072322) or unchecked((int)0x80072326) =>
                Errors.Throttled(),
            unchecked((int)0x80040220) or unchecked((int)0x80048306) => Errors.CallerMayNotRead(),
            unchecked((int)0x80044151) => Errors.QueryTimedOut(),
            unchecked((int)0x80041102) or unchecked((int)0x80041103) => Errors.ColumnUnknown(),
            null when exception is TimeoutException => Errors.QueryTimedOut(),
            _ => null,
        };
}
