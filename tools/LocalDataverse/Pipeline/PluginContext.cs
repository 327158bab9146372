using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Pipeline;

/// <summary>A message under way: what its steps share.</summary>
/// <param name="Caller">Who called it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Input">Request parameters.</param>
/// <param name="Parent">Context of the plug-in that sent it; null when none did.</param>
internal sealed record Message(Caller Caller, string Name, ParameterCollection Input, PluginContext? Parent)
{
    /// <summary>Response properties that the steps set.</summary>
    public ParameterCollection Output { get; } = new();

    /// <summary>What the steps tell each other.</summary>
    public ParameterCollection Shared { get; } = new();

    /// <summary>One for each message.</summary>
    public Guid RequestId { get; } = Guid.NewGuid();

    /// <summary>One for all messages that a request leads to.</summary>
    public Guid CorrelationId { get; } = Parent?.CorrelationId ?? Guid.NewGuid();
}

/// <summary>What a plug-in learns of the message it serves.</summary>
/// <param name="organization">The organization.</param>
/// <param name="system">The SYSTEM user.</param>
/// <param name="message">The message.</param>
/// <param name="step">The step that the plug-in serves.</param>
internal sealed class PluginContext(OrganizationState organization, LocalUser system, Message message, Row step)
    : IPluginExecutionContext7
{
    private readonly LocalUser initiating = message.Caller.Initiating;
    private readonly LocalUser authenticated = message.Caller.Authenticated;

    // The message and its step
    public string MessageName => message.Name;
    public int Stage { get; } = step.Number("stage");
    public int Mode => 0;
    public int Depth { get; } = (message.Parent?.Depth ?? 0) + 1;
    public IPluginExecutionContext? ParentContext => message.Parent;
    public ParameterCollection InputParameters => message.Input;
    public ParameterCollection OutputParameters => message.Output;
    public ParameterCollection SharedVariables => message.Shared;
    public EntityReference OwningExtension { get; } = new(step.Table, step.Id) { Name = step.Text("name") };
    public Guid CorrelationId => message.CorrelationId;
    public Guid? RequestId => message.RequestId;
    public DateTime OperationCreatedOn { get; } = organization.UtcNow;

    // The id of the system job, which a synchronous step has none of.
    public Guid OperationId => Guid.Empty;

    // Microsoft Learn: event framework: PreValidation runs before the transaction.
    public bool IsInTransaction => Stage != 10;

    // Sandbox, the only isolation an online organization has.
    public int IsolationMode => 2;
    public bool IsExecutingOffline => false;
    public bool IsOfflinePlayback => false;

    // No custom API here is bound to a row.
    public string PrimaryEntityName => "none";
    public string SecondaryEntityName => "none";
    public Guid PrimaryEntityId => Guid.Empty;
    public EntityImageCollection PreEntityImages { get; } = new();
    public EntityImageCollection PostEntityImages { get; } = new();
    public EntityImageCollection[] PreEntityImagesCollection => [];
    public EntityImageCollection[] PostEntityImagesCollection => [];

    // Who calls
    public Guid UserId => initiating.Id;
    public Guid InitiatingUserId => initiating.Id;
    public Guid UserAzureActiveDirectoryObjectId => initiating.ObjectId;
    public Guid InitiatingUserAzureActiveDirectoryObjectId => initiating.ObjectId;
    public Guid InitiatingUserApplicationId => initiating.ApplicationId ?? Guid.Empty;
    public bool IsApplicationUser => initiating.ApplicationId != null;
    public string? InitiatingUserAgent => message.Caller.UserAgent;
    public Guid PortalsContactId => message.Caller.PortalsContactId;
    public bool IsPortalsClientCall => authenticated.IsPortalsClient;
    public Guid AuthenticatedUserId =>
        organization.Unknowns.AuthenticatedUserDiffers && authenticated.Id == initiating.Id ? system.Id
            : authenticated.Id;

    // The organization
    public Guid OrganizationId => organization.Id;
    public string OrganizationName => organization.Name;
    public Guid BusinessUnitId => organization.BusinessUnitId;
    public string EnvironmentId => organization.EnvironmentId;
    public Guid TenantId => organization.TenantId;
}
