using System;
using Microsoft.Xrm.Sdk.Query;

namespace Microsoft.Xrm.Sdk;

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.IOrganizationService</c>, all eight members.</summary>
/// <remarks>Faults arrive as <c>System.ServiceModel.FaultException&lt;OrganizationServiceFault&gt;</c>.</remarks>
public interface IOrganizationService
{
    /// <summary>Creates a row and returns its id.</summary>
    Guid Create(Entity entity);

    /// <summary>One row by id.</summary>
    Entity Retrieve(string entityName, Guid id, ColumnSet columnSet);

    /// <summary>Changes the given columns of a row.</summary>
    void Update(Entity entity);

    /// <summary>Deletes a row.</summary>
    void Delete(string entityName, Guid id);

    /// <summary>Runs any message.</summary>
    OrganizationResponse Execute(OrganizationRequest request);

    /// <summary>Links rows through a relationship.</summary>
    void Associate(
        string entityName, Guid entityId, Relationship relationship, EntityReferenceCollection relatedEntities);

    /// <summary>Removes links between rows.</summary>
    void Disassociate(
        string entityName, Guid entityId, Relationship relationship, EntityReferenceCollection relatedEntities);

    /// <summary>The rows a query selects.</summary>
    EntityCollection RetrieveMultiple(QueryBase query);
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.OrganizationRequest</c>.</summary>
public class OrganizationRequest
{
    /// <summary>A request without a name.</summary>
    public OrganizationRequest()
    {
    }

    /// <summary>A request for the message of that name.</summary>
    public OrganizationRequest(string requestName)
    {
        RequestName = requestName;
    }

    /// <summary>Name of the message.</summary>
    public string RequestName { get; set; }

    /// <summary>Request parameters by name.</summary>
    public ParameterCollection Parameters { get; set; } = new ParameterCollection();

    /// <summary>A request parameter.</summary>
    public object this[string parameterName]
    {
        get => Parameters[parameterName];
        set => Parameters[parameterName] = value;
    }
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.OrganizationResponse</c>.</summary>
public class OrganizationResponse
{
    /// <summary>Name of the message.</summary>
    public string ResponseName { get; set; }

    /// <summary>Response properties by name.</summary>
    public ParameterCollection Results { get; set; } = new ParameterCollection();

    /// <summary>A response property.</summary>
    public object this[string parameterName]
    {
        get => Results[parameterName];
        set => Results[parameterName] = value;
    }
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.Relationship</c>.</summary>
public sealed class Relationship
{
    /// <summary>The relationship of that schema name.</summary>
    public Relationship(string schemaName)
    {
        SchemaName = schemaName;
    }

    /// <summary>Schema name.</summary>
    public string SchemaName { get; set; }
}
