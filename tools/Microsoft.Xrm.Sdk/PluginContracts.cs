using System;

namespace Microsoft.Xrm.Sdk;

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.IPlugin</c>: what the platform calls.</summary>
public interface IPlugin
{
    /// <summary>Runs the plug-in; the platform shares one instance among threads.</summary>
    void Execute(IServiceProvider serviceProvider);
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.ITracingService</c>.</summary>
public interface ITracingService
{
    /// <summary>Verbatim without arguments, through String.Format with them.</summary>
    void Trace(string format, params object[] args);
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.IOrganizationServiceFactory</c>.</summary>
public interface IOrganizationServiceFactory
{
    /// <summary>A service that acts as the user; null is SYSTEM.</summary>
    IOrganizationService CreateOrganizationService(Guid? userId);
}
