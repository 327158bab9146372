using System.ServiceModel;
using ChatAuth.LocalDataverse.Queries;
using ChatAuth.LocalDataverse.Security;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.LocalDataverse.Pipeline;

/// <summary>The organization service of a plug-in: reads and custom APIs as a user, refusals as faults.</summary>
/// <remarks>
/// Writes are not there: they would have to be undone when the message fails, and no plug-in of this product writes.
/// </remarks>
internal sealed class OrganizationService(
    LocalOrganization organization, Guid? userId, PluginContext context, Caller caller) : IOrganizationService
{
    // The caller's own user may be narrowed by impersonation; another one is looked up at each request, as the platform
    // does.
    private LocalUser User =>
        userId is not { } id ? organization.System
            : id == caller.Initiating.Id ? caller.Initiating
            : organization.User(id);

    /// <inheritdoc/>
    public EntityCollection RetrieveMultiple(QueryBase query) => Answer(() =>
        query is QueryExpression expression ? Run(expression)
            : throw Refusal.NotKnown($"queries of type {query?.GetType().Name}"));

    /// <inheritdoc/>
    public Entity Retrieve(string entityName, Guid id, ColumnSet columnSet) => Answer(() =>
    {
        var query = new QueryExpression(entityName) { ColumnSet = columnSet };
        query.Criteria.AddCondition(Metadata.Schema.Known.Table(entityName).IdColumn, ConditionOperator.Equal, id);
        return Run(query).Entities.SingleOrDefault() ?? throw Refusal.NoRow(entityName, id);
    });

    /// <inheritdoc/>
    public OrganizationResponse Execute(OrganizationRequest request) => Answer(() => new OrganizationResponse
    {
        ResponseName = request.RequestName,
        Results = organization.Pipeline.Run(
            caller with { Initiating = User }, request.RequestName, request.Parameters, context),
    });

    /// <inheritdoc/>
    public Guid Create(Entity entity) => throw NotKnown(nameof(Create));

    /// <inheritdoc/>
    public void Update(Entity entity) => throw NotKnown(nameof(Update));

    /// <inheritdoc/>
    public void Delete(string entityName, Guid id) => throw NotKnown(nameof(Delete));

    /// <inheritdoc/>
    public void Associate(string entityName, Guid entityId, Relationship relationship,
        EntityReferenceCollection relatedEntities) => throw NotKnown(nameof(Associate));

    /// <inheritdoc/>
    public void Disassociate(string entityName, Guid entityId, Relationship relationship,
        EntityReferenceCollection relatedEntities) => throw NotKnown(nameof(Disassociate));

    private EntityCollection Run(QueryExpression query) => new QueryEvaluator(organization.Rows.Now, User).Run(query);

    private T Answer<T>(Func<T> run)
    {
        caller.Call.CountOrganizationRequest();
        try
        {
            var answer = organization.Faults.NextQuery();
            var found = run();
            return answer != null && found is EntityCollection rows ? (T)(object)answer(rows)! : found;
        }
        catch (DataverseException e)
        {
            var fault = new OrganizationServiceFault
            {
                ErrorCode = e.Code,
                Message = e.Message,
                Timestamp = organization.Clock.GetUtcNow().UtcDateTime,
            };
            throw new FaultException<OrganizationServiceFault>(fault, e.Message);
        }
    }

    private NotSupportedException NotKnown(string member)
    {
        caller.Call.CountOrganizationRequest();
        return new NotSupportedException($"LocalDataverse does not know IOrganizationService.{member} in plug-ins.");
    }
}
