using System.Collections.Concurrent;
using System.Globalization;
using ChatAuth.LocalDataverse.Security;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.LocalDataverse.Pipeline;

/// <summary>
/// The services a plug-in may ask for; any other is null, as <see cref="IServiceProvider"/> promises.
/// </summary>
internal sealed class PluginServices(LocalOrganization organization, PluginContext context, Caller caller)
    : IServiceProvider, ITracingService, IOrganizationServiceFactory
{
    private readonly ConcurrentQueue<string> traced = new();

    /// <summary>What the plug-in is told.</summary>
    public PluginContext Context => context;

    /// <summary>What the plug-in traced, a line each.</summary>
    public string Traced => string.Join(Environment.NewLine, traced);

    /// <inheritdoc/>
    public object? GetService(Type serviceType) =>
        serviceType == typeof(IExecutionContext) || serviceType == typeof(
            IPluginExecutionContext) || serviceType == typeof(IPluginExecutionContext2)
        || serviceType == typeof(IPluginExecutionContext3) || serviceType == typeof(
            IPluginExecutionContext4) || serviceType == typeof(IPluginExecutionContext5)
        || serviceType == typeof(IPluginExecutionContext6) || serviceType == typeof(IPluginExecutionContext7) ? context
        : serviceType == typeof(ITracingService) || serviceType == typeof(IOrganizationServiceFactory) ? this
        : null;

    /// <inheritdoc/>
    /// <remarks>Facts 2: verbatim without arguments, through String.Format with them.</remarks>
    public void Trace(string format, params object[] args)
    {
        var line = args is { Length: > 0 } ? string.Format(CultureInfo.InvariantCulture, format, args) : format;
        traced.Enqueue(line);
        caller.Call.AddTrace(line);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Microsoft Learn: IOrganizationServiceFactory: null is the SYSTEM user, the empty Guid the context's user.
    /// </remarks>
    public IOrganizationService CreateOrganizationService(Guid? userId) =>
        new OrganizationService(organization, userId == Guid.Empty ? context.UserId : userId, context, caller);
}
