using System;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Plugins.Platform;

/// <summary>One call of a step: the platform's execution context, read as its custom API declares it.</summary>
internal sealed class StepContext
{
    private readonly IServiceProvider serviceProvider;
    private readonly CustomApi api;
    private readonly ITracingService? tracing;

    internal StepContext(CustomApi api, IServiceProvider serviceProvider)
    {
        this.api = api;
        this.serviceProvider = serviceProvider;

        // Some hosts know the base interface only, some each by its name; the object behind is the same.
        Execution = Service<IPluginExecutionContext>() as IPluginExecutionContext3
            ?? Service<IPluginExecutionContext3>()
            ?? throw new TypeLoadException(nameof(IPluginExecutionContext3));
        tracing = Service<ITracingService>();
    }

    /// <summary>The platform's context.</summary>
    internal IPluginExecutionContext3 Execution { get; }

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

    /// <summary>The same, with the call's own tracing service.</summary>
    internal void Trace(string line) => Trace(tracing, line);

    /// <summary>A service that acts as the user whose call this is: row security limits what it finds.</summary>
    internal IOrganizationService OrganizationService() =>
        Service<IOrganizationServiceFactory>()?.CreateOrganizationService(Execution.InitiatingUserId)
        ?? throw new InvalidOperationException("The platform offers no organization service.");

    /// <summary>A Guid parameter, or null when it is absent or empty.</summary>
    /// <exception cref="ChatAuthException">1011 the value is no Guid.</exception>
    internal Guid? ReadGuid(string parameter) => Read(parameter) switch
    {
        null => null,
        Guid id => id == Guid.Empty ? null : id,
        _ => throw Errors.ParameterMalformed(parameter, "a Guid"),
    };

    /// <summary>A String parameter, or null when it is absent or blank.</summary>
    /// <exception cref="ChatAuthException">1011 the value is no String.</exception>
    internal string? ReadString(string parameter) => Read(parameter) switch
    {
        null => null,
        string text => string.IsNullOrWhiteSpace(text) ? null : text,
        _ => throw Errors.ParameterMalformed(parameter, "a String"),
    };

    /// <summary>Sets a response property of the contract.</summary>
    internal void Write(string property, object value) => Execution.OutputParameters[property] = value;

    /// <summary>Refuses a step that another message, stage or mode calls.</summary>
    /// <exception cref="ChatAuthException">2009 the step is registered otherwise than deploy does.</exception>
    internal void EnsureRegistration()
    {
        // Ensure our message: the output of any other would be somebody else's
        if (!string.Equals(Execution.MessageName, api.UniqueName, StringComparison.Ordinal))
        {
            throw Errors.StepMisregistered("it belongs on the message of its custom API");
        }

        // Ensure PostOperation: earlier, the main operation would write over the response
        if (Execution.Stage != 40)
        {
            throw Errors.StepMisregistered("it belongs on stage PostOperation (40)");
        }

        // Ensure a synchronous step: a system job would keep the response, the token, in its row
        if (Execution.Mode != 0)
        {
            throw Errors.StepMisregistered("it must be synchronous");
        }
    }

    private object? Read(string parameter) =>
        Execution.InputParameters.TryGetValue(parameter, out var value) ? value : null;

    private T? Service<T>()
        where T : class => serviceProvider.GetService(typeof(T)) as T;
}
