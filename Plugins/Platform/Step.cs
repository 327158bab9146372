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
        try
        {
            Run(new StepContext(api, serviceProvider), work);
        }
        catch (ChatAuthException refusal)
        {
            throw Leave(serviceProvider, refusal);
        }
        catch (TypeLoadException exception)
        {
            // Of an SDK that is older than the interface, or of a host that does not offer it.
            throw Leave(serviceProvider, Errors.HostTooOld(Correlation(serviceProvider)), exception);
        }
#pragma warning disable CA1031 // an unexpected exception's text may hold data of the row or the key
        catch (Exception exception)
#pragma warning restore CA1031 // an unexpected exception's text may hold data of the row or the key
        {
            throw Leave(serviceProvider, Errors.Unexpected(Correlation(serviceProvider)), exception);
        }
    }

    // For errors alone: what the host refuses here must not hide the refusal itself.
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

    private static Guid Correlation(IServiceProvider serviceProvider) =>
        Offered<IPluginExecutionContext>(serviceProvider)?.CorrelationId ?? Guid.Empty;

    private static InvalidPluginExecutionException Leave(
        IServiceProvider serviceProvider, ChatAuthException refusal, Exception? cause = null)
    {
        var tracing = Offered<ITracingService>(serviceProvider);
        if (cause != null)
        {
            StepContext.Trace(tracing, cause.GetType().FullName);
        }

        StepContext.Trace(tracing, refusal.Message);
        return new InvalidPluginExecutionException(refusal.Message, (PluginHttpStatusCode)refusal.HttpStatus);
    }
}
