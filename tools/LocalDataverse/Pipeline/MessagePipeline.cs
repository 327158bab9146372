using System.Collections.Frozen;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Pipeline;

/// <summary>The event pipeline: a custom API with its checks and its steps.</summary>
internal sealed class MessagePipeline(OrganizationState organization, Users users)
{
    // Microsoft Learn: IExecutionContext.Depth: calls deeper than 8 are an infinite loop.
    private const int MaxDepth = 8;

    private volatile Definitions known = new(new RowSnapshot([]), FrozenDictionary<string, CustomApiDefinition>.Empty);

    /// <summary>The plug-in instances in use.</summary>
    public PluginInstances Instances { get; } = new(organization);

    /// <summary>The plug-in trace.</summary>
    public PluginTrace Trace { get; } = new(organization);

    /// <summary>The custom API of that unique name now, or null.</summary>
    public CustomApiDefinition? CustomApi(string name)
    {
        // Most rows never change between two calls, so the definitions are kept with the moment they were read from.
        var rows = organization.Rows.Now;
        var current = known;
        if (current.Moment != rows)
        {
            known = current = new Definitions(rows, CustomApiDefinition.All(rows));
        }

        return current.ByName.GetValueOrDefault(name);
    }

    /// <summary>Runs a custom API and returns its response properties, all of them.</summary>
    public ParameterCollection Run(Caller caller, string message, ParameterCollection input, PluginContext? parent)
    {
        var api = CustomApi(message) ?? throw Refusal.NotKnown($"the message {message}");

        // Ensure the caller may (facts 1: executeprivilegename; isprivate keeps plug-ins out)
        if (api.Row.Text("executeprivilegename") is { } privilege)
        {
            caller.Initiating.Require(privilege);
        }

        if (parent != null && api.Row.Flag("isprivate"))
        {
            throw Refusal.Invalid($"The private message {message} cannot be called from a plug-in.");
        }

        if (parent?.Depth >= MaxDepth)
        {
            throw new DataverseException(
                0x80044182, 400,
                "This workflow job was canceled because the workflow that started it included an infinite loop.");
        }

        Check(api.Parameters, input);
        var running = new Message(caller, message, input, parent);
        foreach (var step in api.Steps)
        {
            var context = new PluginContext(organization, users.System, running, step);
            Execute(api.Moment, step, new PluginServices(organization, users, context, caller, Run));
        }

        return Output(api.Properties, running.Output);
    }

    private void Execute(RowSnapshot rows, Row step, PluginServices services)
    {
        try
        {
            Trace.Run(rows, step, services, () => Instances.For(rows, step).Execute(services));
        }
        catch (InvalidPluginExecutionException e)
        {
            // Microsoft Learn: handle exceptions in plug-ins: the text reaches the caller; without a status it is 400.
            throw new DataverseException(
                0x80040265, e.HttpStatus == PluginHttpStatusCode.NotSet ? 400 : (int)e.HttpStatus, e.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var type = rows.Get("plugintype", step.Reference("eventhandler")).Text("typename");
            throw new DataverseException(
                0x80040265, 500,
                "An unexpected error occurred from ISV code. (ErrorType = ClientError) Unexpected "
                    + $"exception from plug-in (Execute): {type}: {e.GetType().FullName}");
        }
    }

    private static void Check(FrozenDictionary<string, ApiParameter> parameters, ParameterCollection input)
    {
        // Ensure every parameter is known and has its type
        foreach (var (name, value) in input)
        {
            var parameter = parameters.GetValueOrDefault(name)
                ?? throw Refusal.Invalid($"Unrecognized request parameter: {name}");
            if (value != null && value.GetType() != parameter.ClrType)
            {
                throw Refusal.Invalid($"The request parameter {name} must be of type {parameter.ClrType.FullName}.");
            }
        }

        // Ensure no required one is missing
        bool IsMissing(ApiParameter p) => !input.TryGetValue(p.Name, out var value) || value == null;
        if (parameters.Values.FirstOrDefault(p => !p.IsOptional && IsMissing(p)) is { } missing)
        {
            throw Refusal.Invalid($"Required field '{missing.Name}' is missing");
        }
    }

    private static ParameterCollection Output(IReadOnlyList<ApiParameter> properties, ParameterCollection output)
    {
        var answer = new ParameterCollection();
        foreach (var property in properties)
        {
            var value = output.TryGetValue(property.Name, out var set) && set != null ? set : property.Default;
            if (value != null && value.GetType() != property.ClrType)
            {
                throw new DataverseException(
                    0x80040216, 500,
                    $"The response property {property.Name} must be of type {property.ClrType.FullName}.");
            }

            answer[property.Name] = value;
        }

        return answer;
    }

    private sealed record Definitions(RowSnapshot Moment, FrozenDictionary<string, CustomApiDefinition> ByName);
}
