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
        StepContext? context = null;
        try
        {
            context = new StepContext(api, serviceProvider);
            context.EnsureRegistration();
            work(context);
        }
        catch (ChatAuthException refusal)
        {
            throw Leave(context, refusal);
        }
#pragma warning disable CA1031 // an unexpected exception's text may hold data of the row or the key
        catch (Exception exception)
#pragma warning restore CA1031 // an unexpected exception's text may hold data of the row or the key
        {
            context?.Trace(exception.GetType().FullName);
            throw Leave(context, Errors.Unexpected(context?.Execution.CorrelationId ?? Guid.Empty));
        }
    }

    private static InvalidPluginExecutionException Leave(StepContext? context, ChatAuthException refusal)
    {
        context?.Trace(refusal.Message);
        return new InvalidPluginExecutionException(refusal.Message, (PluginHttpStatusCode)refusal.HttpStatus);
    }
}
