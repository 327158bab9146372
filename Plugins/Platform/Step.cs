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
        var host = serviceProvider.GetService(typeof(IPluginExecutionContext)) as IExecutionContext;
        var tracing = serviceProvider.GetService(typeof(ITracingService)) as ITracingService;
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
            Trace(tracing, exception.GetType().FullName);
            throw Leave(tracing, Errors.HostTooOld(correlation));
        }
#pragma warning disable CA1031 // an unexpected exception's text may hold data of the row or the key
        catch (Exception exception)
#pragma warning restore CA1031 // an unexpected exception's text may hold data of the row or the key
        {
            Trace(tracing, exception.GetType().FullName);
            throw Leave(tracing, Errors.Unexpected(correlation));
        }
    }

    private static void Run(StepContext context, Action<StepContext> work)
    {
        context.EnsureRegistration();
        work(context);
    }

    /// <summary>
    /// Writes a line of the plug-in trace: codes, names of settings and kids; never a value of a request, a row or a
    /// key.
    /// </summary>
    internal static void Trace(ITracingService? tracing, string line)
    {
        // Verbatim text with a brace in it throws where a wrapper always formats, so the text is the argument.
#pragma warning disable RS0030 // the one place that may call it
        tracing?.Trace("{0}", line);
#pragma warning restore RS0030 // the one place that may call it
    }

    private static InvalidPluginExecutionException Leave(ITracingService? tracing, ChatAuthException refusal)
    {
        Trace(tracing, refusal.Message);
        return new InvalidPluginExecutionException(refusal.Message, (PluginHttpStatusCode)refusal.HttpStatus);
    }
}
