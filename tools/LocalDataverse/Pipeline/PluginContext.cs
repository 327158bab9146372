using Microsoft.Xrm.Sdk;

namespace ChatAuth.LocalDataverse.Pipeline;

/// <summary>What a plug-in learns of the message it serves.</summary>
internal sealed class PluginContext : IPluginExecutionContext7
{
    /// <inheritdoc/>
    public required int Stage { get; init; }

    /// <inheritdoc/>
    public required IPluginExecutionContext? ParentContext { get; init; }

    /// <inheritdoc/>
    public int Mode => 0;

    /// <inheritdoc/>
    /// <remarks>2: sandbox, the only isolation an online organization has.</remarks>
    public int IsolationMode => 2;

    /// <inheritdoc/>
    public required int Depth { get; init; }

    /// <inheritdoc/>
    public required string MessageName { get; init; }

    /// <inheritdoc/>
    public string PrimaryEntityName => "none";

    /// <inheritdoc/>
    public required Guid? RequestId { get; init; }

    /// <inheritdoc/>
    public string SecondaryEntityName => "none";

    /// <inheritdoc/>
    public required ParameterCollection InputParameters { get; init; }

    /// <inheritdoc/>
    public required ParameterCollection OutputParameters { get; init; }

    /// <inheritdoc/>
    public required ParameterCollection SharedVariables { get; init; }

    /// <inheritdoc/>
    public required Guid UserId { get; init; }

    /// <inheritdoc/>
    public required Guid InitiatingUserId { get; init; }

    /// <inheritdoc/>
    public required Guid BusinessUnitId { get; init; }

    /// <inheritdoc/>
    public required Guid OrganizationId { get; init; }

    /// <inheritdoc/>
    public required string OrganizationName { get; init; }

    /// <inheritdoc/>
    public Guid PrimaryEntityId => Guid.Empty;

    /// <inheritdoc/>
    public EntityImageCollection PreEntityImages { get; } = new();

    /// <inheritdoc/>
    public EntityImageCollection PostEntityImages { get; } = new();

    /// <inheritdoc/>
    public required EntityReference OwningExtension { get; init; }

    /// <inheritdoc/>
    public required Guid CorrelationId { get; init; }

    /// <inheritdoc/>
    public bool IsExecutingOffline => false;

    /// <inheritdoc/>
    public bool IsOfflinePlayback => false;

    /// <inheritdoc/>
    /// <remarks>Microsoft Learn: event framework: PreValidation runs before the transaction.</remarks>
    public bool IsInTransaction => Stage != 10;

    /// <inheritdoc/>
    /// <remarks>The id of the system job, which a synchronous step has none of.</remarks>
    public Guid OperationId => Guid.Empty;

    /// <inheritdoc/>
    public required DateTime OperationCreatedOn { get; init; }

    /// <inheritdoc/>
    public required Guid UserAzureActiveDirectoryObjectId { get; init; }

    /// <inheritdoc/>
    public required Guid InitiatingUserAzureActiveDirectoryObjectId { get; init; }

    /// <inheritdoc/>
    public required Guid InitiatingUserApplicationId { get; init; }

    /// <inheritdoc/>
    public required Guid PortalsContactId { get; init; }

    /// <inheritdoc/>
    public required bool IsPortalsClientCall { get; init; }

    /// <inheritdoc/>
    public required Guid AuthenticatedUserId { get; init; }

    /// <inheritdoc/>
    public EntityImageCollection[] PreEntityImagesCollection { get; } = [];

    /// <inheritdoc/>
    public EntityImageCollection[] PostEntityImagesCollection { get; } = [];

    /// <inheritdoc/>
    public required string? InitiatingUserAgent { get; init; }

    /// <inheritdoc/>
    public required string EnvironmentId { get; init; }

    /// <inheritdoc/>
    public required Guid TenantId { get; init; }

    /// <inheritdoc/>
    public required bool IsApplicationUser { get; init; }
}
