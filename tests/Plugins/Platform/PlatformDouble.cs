using System;
using System.Collections.Generic;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.Plugins.Tests.Platform;

/// <summary>What the platform hands to a step, in one object: context, tracing, organization service.</summary>
internal sealed class PlatformDouble : IServiceProvider, IPluginExecutionContext7, ITracingService,
IOrganizationServiceFactory, IOrganizationService
{
    internal static readonly Guid Organization = new("11111111-0000-0000-0000-000000000001");
    internal static readonly Guid PortalApplication = new("6f0c1f0e-0000-0000-0000-000000000001");
    internal static readonly Guid PortalUser = new("22222222-0000-0000-0000-000000000002");

    internal List<Entity> Rows { get; } = [];

    internal List<string> Traced { get; } = [];

    internal List<QueryExpression> Queries { get; } = [];

    internal List<Guid?> ServiceUsers { get; } = [];

    /// <summary>Replaces the answer to a query.</summary>
    internal Func<QueryExpression, EntityCollection>? Answer { get; set; }

    /// <summary>Services by type; null hides one.</summary>
    internal Func<Type, object?>? Services { get; set; }

    public int Mode { get; set; }

    public int Stage { get; set; } = 40;

    public string MessageName { get; set; } = "chatauth_IssueChatToken";

    public Guid InitiatingUserApplicationId { get; set; } = PortalApplication;

    public Guid PortalsContactId { get; set; }

    public bool IsPortalsClientCall { get; set; }

    public Guid InitiatingUserId { get; set; } = PortalUser;

    public Guid AuthenticatedUserId { get; set; } = PortalUser;

    public Guid OrganizationId { get; set; } = Organization;

    public Guid CorrelationId { get; set; } = new("33333333-0000-0000-0000-000000000003");

    public ParameterCollection InputParameters { get; } = new();

    public ParameterCollection OutputParameters { get; } = new();

    public int IsolationMode => 2;

    public int Depth { get; set; } = 1;

    public string PrimaryEntityName => "none";

    public Guid? RequestId => null;

    public string SecondaryEntityName => "none";

    public ParameterCollection SharedVariables { get; } = new();

    /// <summary>As whom the step runs; null for the initiating user.</summary>
    internal Guid? Runs { get; set; }

    public Guid UserId => Runs ?? InitiatingUserId;

    public Guid BusinessUnitId => Guid.Empty;

    public string OrganizationName => "local";

    public Guid PrimaryEntityId => Guid.Empty;

    public EntityImageCollection PreEntityImages { get; } = new();

    public EntityImageCollection PostEntityImages { get; } = new();

    public EntityReference? OwningExtension => null;

    public bool IsExecutingOffline => false;

    public bool IsOfflinePlayback => false;

    public bool IsInTransaction => true;

    public Guid OperationId => Guid.Empty;

    public DateTime OperationCreatedOn => DateTime.MinValue;

    public IPluginExecutionContext? ParentContext => null;

    public Guid UserAzureActiveDirectoryObjectId => Guid.Empty;

    public Guid InitiatingUserAzureActiveDirectoryObjectId => Guid.Empty;

    public EntityImageCollection[] PreEntityImagesCollection => [];

    public EntityImageCollection[] PostEntityImagesCollection => [];

    public string InitiatingUserAgent => "tests";

    public string EnvironmentId => string.Empty;

    public Guid TenantId => Guid.Empty;

    public bool IsApplicationUser => InitiatingUserApplicationId != Guid.Empty;

    public object? GetService(Type serviceType) =>
        Services != null ? Services(serviceType) : serviceType.IsInstanceOfType(this) ? this : null;

    // Formats as the wrappers in the wild do, so that a brace in verbatim text throws.
    public void Trace(string format, params object[] args) =>
        Traced.Add(string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args));

    public IOrganizationService CreateOrganizationService(Guid? userId)
    {
        ServiceUsers.Add(userId);
        return this;
    }

    public EntityCollection RetrieveMultiple(QueryBase query)
    {
        var expression = (QueryExpression)query;
        Queries.Add(expression);
        return Answer?.Invoke(expression) ?? RowsDouble.Answer(Rows, expression);
    }

    public Guid Create(Entity entity) => throw new NotSupportedException();

    public Entity Retrieve(string entityName, Guid id, ColumnSet columnSet) => throw new NotSupportedException();

    public void Update(Entity entity) => throw new NotSupportedException();

    public void Delete(string entityName, Guid id) => throw new NotSupportedException();

    public OrganizationResponse Execute(OrganizationRequest request) => throw new NotSupportedException();

    public void Associate(string entityName, Guid entityId, Relationship relationship,
        EntityReferenceCollection relatedEntities) => throw new NotSupportedException();

    public void Disassociate(string entityName, Guid entityId, Relationship relationship,
        EntityReferenceCollection relatedEntities) => throw new NotSupportedException();
}
