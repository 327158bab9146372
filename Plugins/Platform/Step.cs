using System;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Plugins.Platform;

/// <summary>
/// What every step does around its own work: registration check, trace, and one way for errors to leave.
/// </summary>
/// <remarks>Called, not inherited: a public base class would be one more public type in the assembly.</remarks>
internal static class Step
{
    /// <summary>Runs the work of a step.</summary>
    /// <param name="api">The custom API the step serves.</param>
    /// <param name="serviceProvider">What the platform passed.</param>
    /// <param name="work">The step's own work.</param>
    /// <exception cref="InvalidPluginExecutionException">A refusal with its code and HTTP status; anything else is
    /// 9001.</exception>
    internal static void Run(CustomApi api, IServiceProvider serviceProvider, Action<StepContext> work)
    {
        var host = Offered<IPluginExecutionContext>(serviceProvider);
        var tracing = Offered<ITracingService>(serviceProvider);
        var correlation = host?.CorrelationId ?? Guid.Empty;
        try
        {
            Run(new StepContext(api, serviceProvider), work);
        }
        catch (ChatAuthException refusal)
        {
            throw Leave(tracing, refusal);
        }
        catch (TypeLoadException exception)
        {
            // Of an SDK that is older than the interface, or of a host that does not offer it.
            StepContext.Trace(tracing, exception.GetType().FullName);
            throw Leave(tracing, Errors.HostTooOld(correlation));
        }
#pragma warning disable CA1031 // an unexpected exception's text may hold data of the row or the key
        catch (Exception exception)
#pragma warning restore CA1031 // an unexpected exception's text may hold data of the row or the key
        {
            StepContext.Trace(tracing, exception.GetType().FullName);
            throw Leave(tracing, Errors.Unexpected(correlation));
        }
    }

    // For errors: a host that fails here fails again where it counts.
    private static T? Offered<T>(IServiceProvider serviceProvider)
        where T : class
    {
        try
        {
            return serviceProvider.GetService(typeof(T)) as T;
        }
#pragma warning disable CA1031 // whatever it is, it is told by the code of the call
        catch (Exception)
#pragma warning restore CA1031 // whatever it is, it is told by the code of the call
        {
            return null;
        }
    }

    private static void Run(StepContext context, Action<StepContext> work)
    {
        context.EnsureRegistration();
        work(context);
    }

    private static InvalidPluginExecutionException Leave(ITracingService? tracing, ChatAuthException refusal)
    {
        StepContext.Trace(tracing, refusal.Message);
        return new InvalidPluginExecutionException(refusal.Message, (PluginHttpStatusCode)refusal.HttpStatus);
    }
}
