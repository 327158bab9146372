using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.ServiceModel;
using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Queries;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.LocalDataverse.Pipeline;

/// <summary>Runs a message for a caller and gives its response properties.</summary>
/// <param name="caller">Who calls.</param>
/// <param name="message">Unique name of the custom API.</param>
/// <param name="input">Request parameters.</param>
/// <param name="parent">Context of the plug-in that calls; null when none does.</param>
internal delegate ParameterCollection RunMessage(
    Caller caller, string message, ParameterCollection input, PluginContext? parent);

/// <summary>
/// The services a plug-in may ask for; any other is null, as <see cref="IServiceProvider"/> promises.
/// </summary>
/// <param name="organization">Whose rows its queries read.</param>
/// <param name="users">As whom it may act.</param>
/// <param name="context">What it is told.</param>
/// <param name="caller">Who called the message it serves.</param>
/// <param name="run">Runs the messages it sends.</param>
internal sealed class PluginServices(
    OrganizationState organization, Users users, PluginContext context, Caller caller, RunMessage run)
    : IServiceProvider, ITracingService, IOrganizationServiceFactory
{
    private static readonly FrozenSet<Type> Contexts = typeof(IPluginExecutionContext7).GetInterfaces()
        .Append(typeof(IPluginExecutionContext7)).ToFrozenSet();

    private readonly ConcurrentQueue<string> traced = new();

    /// <summary>What the plug-in is told.</summary>
    public PluginContext Context => context;

    /// <summary>What the plug-in traced, a line each.</summary>
    public string Traced => string.Join(Environment.NewLine, traced);

    /// <inheritdoc/>
    public object? GetService(Type serviceType) =>
        Contexts.Contains(serviceType) ? context
        : serviceType == typeof(ITracingService) || serviceType == typeof(IOrganizationServiceFactory) ? this
        : null;

    /// <inheritdoc/>
    /// <remarks>Facts 2: verbatim without arguments, through String.Format with them.</remarks>
    public void Trace(string format, params object[] args)
    {
        var line = args is { Length: > 0 } ? string.Format(CultureInfo.InvariantCulture, format, args) : format;
        traced.Enqueue(line);
        caller.Call.AddTrace(line);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Microsoft Learn: IOrganizationServiceFactory: null is the SYSTEM user, the empty Guid the context's user.
    /// </remarks>
    public IOrganizationService CreateOrganizationService(Guid? userId) =>
        new Service(this, userId == Guid.Empty ? context.UserId : userId);

    private T Answer<T>(Func<T> ask)
    {
        caller.Call.CountOrganizationRequest();
        try
        {
            var answer = organization.Faults.NextQuery();
            var found = ask();
            return answer != null && found is EntityCollection rows ? (T)(object)answer(rows)! : found;
        }
        catch (DataverseException e)
        {
            var fault = new OrganizationServiceFault
            {
                ErrorCode = e.Code,
                Message = e.Message,
                Timestamp = organization.UtcNow,
            };
            throw new FaultException<OrganizationServiceFault>(fault, e.Message);
        }
    }

    private EntityCollection Run(Guid? userId, QueryExpression query) =>
        new QueryEvaluator(organization.Rows.Now, User(userId)).Run(query);

    private OrganizationResponse Execute(Guid? userId, OrganizationRequest request) => new()
    {
        ResponseName = request.RequestName,
        Results = run(caller with { Initiating = User(userId) }, request.RequestName, request.Parameters, context),
    };

    // The caller's own user may be narrowed by impersonation; another one is looked up at each request, as the platform
    // does.
    private LocalUser User(Guid? userId) =>
        userId is not { } id ? users.System
            : id == caller.Initiating.Id ? caller.Initiating
            : users.Get(id);

    private NotSupportedException NotKnown(string member)
    {
        caller.Call.CountOrganizationRequest();
        return new NotSupportedException($"LocalDataverse does not know IOrganizationService.{member} in plug-ins.");
    }

    /// <summary>Reads and custom APIs as a user, refusals as faults.</summary>
    /// <remarks>
    /// Writes are not there: they would have to be undone when the message fails, and no plug-in of this product
    /// writes.
    /// </remarks>
    private sealed class Service(PluginServices services, Guid? userId) : IOrganizationService
    {
        public EntityCollection RetrieveMultiple(QueryBase query) => services.Answer(() =>
            query is QueryExpression expression ? services.Run(userId, expression)
                : throw Refusal.NotKnown($"queries of type {query?.GetType().Name}"));

        public Entity Retrieve(string entityName, Guid id, ColumnSet columnSet) => services.Answer(() =>
        {
            var query = new QueryExpression(entityName) { ColumnSet = columnSet };
            query.Criteria.AddCondition(Schema.Known.Table(entityName).IdColumn, ConditionOperator.Equal, id);
            return services.Run(userId, query).Entities.SingleOrDefault() ?? throw Refusal.NoRow(entityName, id);
        });

        public OrganizationResponse Execute(OrganizationRequest request) =>
            services.Answer(() => services.Execute(userId, request));

        public Guid Create(Entity entity) => throw services.NotKnown(nameof(Create));

        public void Update(Entity entity) => throw services.NotKnown(nameof(Update));

        public void Delete(string entityName, Guid id) => throw services.NotKnown(nameof(Delete));

        public void Associate(string name, Guid id, Relationship relationship, EntityReferenceCollection related) =>
            throw services.NotKnown(nameof(Associate));

        public void Disassociate(string name, Guid id, Relationship relationship, EntityReferenceCollection related) =>
            throw services.NotKnown(nameof(Disassociate));
    }
}
