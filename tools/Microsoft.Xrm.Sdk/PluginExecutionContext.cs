using System;

namespace Microsoft.Xrm.Sdk;

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.IExecutionContext</c>.</summary>
public interface IExecutionContext
{
    /// <summary>0 synchronous, 1 asynchronous.</summary>
    int Mode { get; }

    /// <summary>0 none, 2 sandbox.</summary>
    int IsolationMode { get; }

    /// <summary>Depth in the call stack, 1 for a call from outside.</summary>
    int Depth { get; }

    /// <summary>Name of the message.</summary>
    string MessageName { get; }

    /// <summary>Logical name of the table, "none" for a global message.</summary>
    string PrimaryEntityName { get; }

    /// <summary>Request id.</summary>
    Guid? RequestId { get; }

    /// <summary>Logical name of the secondary table.</summary>
    string SecondaryEntityName { get; }

    /// <summary>Request parameters.</summary>
    ParameterCollection InputParameters { get; }

    /// <summary>Response properties.</summary>
    ParameterCollection OutputParameters { get; }

    /// <summary>Variables shared by the steps of a pipeline.</summary>
    ParameterCollection SharedVariables { get; }

    /// <summary>The user the step runs as.</summary>
    Guid UserId { get; }

    /// <summary>The user whose call started the pipeline.</summary>
    Guid InitiatingUserId { get; }

    /// <summary>Business unit of the user.</summary>
    Guid BusinessUnitId { get; }

    /// <summary>Id of the organization.</summary>
    Guid OrganizationId { get; }

    /// <summary>Unique name of the organization.</summary>
    string OrganizationName { get; }

    /// <summary>Id of the row.</summary>
    Guid PrimaryEntityId { get; }

    /// <summary>Images before the operation.</summary>
    EntityImageCollection PreEntityImages { get; }

    /// <summary>Images after the operation.</summary>
    EntityImageCollection PostEntityImages { get; }

    /// <summary>The step.</summary>
    EntityReference OwningExtension { get; }

    /// <summary>Follows a call through the platform's logs.</summary>
    Guid CorrelationId { get; }

    /// <summary>Outlook offline.</summary>
    bool IsExecutingOffline { get; }

    /// <summary>Outlook offline.</summary>
    bool IsOfflinePlayback { get; }

    /// <summary>Whether the step runs inside the transaction.</summary>
    bool IsInTransaction { get; }

    /// <summary>The system job of an asynchronous step.</summary>
    Guid OperationId { get; }

    /// <summary>When the system job was created, UTC.</summary>
    DateTime OperationCreatedOn { get; }
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.IPluginExecutionContext</c>.</summary>
public interface IPluginExecutionContext : IExecutionContext
{
    /// <summary>10 pre-validation, 20 pre-operation, 30 main, 40 post-operation.</summary>
    int Stage { get; }

    /// <summary>Context of the pipeline that called this one.</summary>
    IPluginExecutionContext ParentContext { get; }
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.IPluginExecutionContext2</c>.</summary>
public interface IPluginExecutionContext2 : IPluginExecutionContext
{
    /// <summary>Entra object id of the user.</summary>
    Guid UserAzureActiveDirectoryObjectId { get; }

    /// <summary>Entra object id of the initiating user.</summary>
    Guid InitiatingUserAzureActiveDirectoryObjectId { get; }

    /// <summary>Application id of the initiating user, empty when it is not an application.</summary>
    Guid InitiatingUserApplicationId { get; }

    /// <summary>Contact of a call from a portals client, otherwise empty.</summary>
    Guid PortalsContactId { get; }

    /// <summary>Whether the call comes from a portals client.</summary>
    bool IsPortalsClientCall { get; }
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.IPluginExecutionContext3</c>.</summary>
public interface IPluginExecutionContext3 : IPluginExecutionContext2
{
    /// <summary>The user who authenticated, who may act for another.</summary>
    Guid AuthenticatedUserId { get; }
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.IPluginExecutionContext4</c>.</summary>
public interface IPluginExecutionContext4 : IPluginExecutionContext3
{
    /// <summary>Images before a bulk operation.</summary>
    EntityImageCollection[] PreEntityImagesCollection { get; }

    /// <summary>Images after a bulk operation.</summary>
    EntityImageCollection[] PostEntityImagesCollection { get; }
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.IPluginExecutionContext5</c>.</summary>
public interface IPluginExecutionContext5 : IPluginExecutionContext4
{
    /// <summary>User agent of the initiating call.</summary>
    string InitiatingUserAgent { get; }
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.IPluginExecutionContext6</c>.</summary>
public interface IPluginExecutionContext6 : IPluginExecutionContext5
{
    /// <summary>Power Platform environment id.</summary>
    string EnvironmentId { get; }

    /// <summary>Entra tenant id.</summary>
    Guid TenantId { get; }
}

/// <summary>Stand-in for the genuine <c>Microsoft.Xrm.Sdk.IPluginExecutionContext7</c>.</summary>
public interface IPluginExecutionContext7 : IPluginExecutionContext6
{
    /// <summary>Whether the initiating user is an application user.</summary>
    bool IsApplicationUser { get; }
}
