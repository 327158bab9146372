using System;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.Benchmarks;

/// <summary>Platform services that cost nothing: every answer is made beforehand. One for each thread.</summary>
internal sealed class FreePlatform : IServiceProvider, IPluginExecutionContext7, IOrganizationServiceFactory,
IOrganizationService
{
    private static readonly Guid User = new("22222222-0000-0000-0000-000000000002");

    private readonly EntityCollection contact = new([Workload.Contact()]);

    public FreePlatform(string message = "chatauth_IssueChatToken")
    {
        MessageName = message;
        if (message == "chatauth_IssueChatToken")
        {
            InputParameters["ContactId"] = Workload.ContactId;
        }
    }

    /// <summary>How many requests came to the organization service.</summary>
    public int Requests { get; private set; }

    /// <summary>The token of the last call.</summary>
    public string Token => (string)OutputParameters["Token"];

    public string MessageName { get; }

    public ParameterCollection InputParameters { get; } = new();

    public ParameterCollection OutputParameters { get; } = new();

    public ParameterCollection SharedVariables { get; } = new();

    public EntityImageCollection PreEntityImages { get; } = new();

    public EntityImageCollection PostEntityImages { get; } = new();

    public int Stage => 40;

    public int Mode => 0;

    public int IsolationMode => 2;

    public int Depth => 1;

    public string PrimaryEntityName => "none";

    public string SecondaryEntityName => "none";

    public Guid? RequestId => null;

    public Guid UserId => User;

    public Guid InitiatingUserId => User;

    public Guid AuthenticatedUserId => User;

    public Guid InitiatingUserApplicationId => Workload.Application;

    public Guid PortalsContactId => Guid.Empty;

    public bool IsPortalsClientCall => false;

    public Guid UserAzureActiveDirectoryObjectId => Guid.Empty;

    public Guid InitiatingUserAzureActiveDirectoryObjectId => Guid.Empty;

    public Guid BusinessUnitId => Guid.Empty;

    public Guid OrganizationId => Workload.Organization;

    public string OrganizationName => "free";

    public Guid PrimaryEntityId => Guid.Empty;

    public EntityReference? OwningExtension => null;

    public Guid CorrelationId => Guid.Empty;

    public bool IsExecutingOffline => false;

    public bool IsOfflinePlayback => false;

    public bool IsInTransaction => true;

    public Guid OperationId => Guid.Empty;

    public DateTime OperationCreatedOn => DateTime.MinValue;

    public IPluginExecutionContext? ParentContext => null;

    public EntityImageCollection[] PreEntityImagesCollection => [];

    public EntityImageCollection[] PostEntityImagesCollection => [];

    public string InitiatingUserAgent => string.Empty;

    public string EnvironmentId => string.Empty;

    public Guid TenantId => Guid.Empty;

    public bool IsApplicationUser => true;

    public object? GetService(Type serviceType) => serviceType == typeof(ITracingService) ? null : this;

    public IOrganizationService CreateOrganizationService(Guid? userId) => this;

    public EntityCollection RetrieveMultiple(QueryBase query)
    {
        Requests++;
        return contact;
    }

    public Entity Retrieve(string entityName, Guid id, ColumnSet columnSet)
    {
        Requests++;
        return contact[0];
    }

    public Guid Create(Entity entity) => throw new NotSupportedException();

    public void Update(Entity entity) => throw new NotSupportedException();

    public void Delete(string entityName, Guid id) => throw new NotSupportedException();

    public OrganizationResponse Execute(OrganizationRequest request) => throw new NotSupportedException();

    public void Associate(string entityName, Guid entityId, Relationship relationship,
        EntityReferenceCollection relatedEntities) => throw new NotSupportedException();

    public void Disassociate(string entityName, Guid entityId, Relationship relationship,
        EntityReferenceCollection relatedEntities) => throw new NotSupportedException();
}
