using System.Collections.Generic;
using System.Linq;
using FakeXrmEasy;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.Plugins.Tests.Platform;

/// <summary>The rows behind the organization service: FakeXrmEasy. RowsDouble.bundled.cs takes its place.</summary>
/// <remarks>
/// Its own runner of plug-ins offers IPluginExecutionContext and throws PullRequestException for any later one, so the
/// service provider is ours. It keeps one row for an id and makes rows active that say nothing of it: a test that wants
/// other answers gives them itself.
/// </remarks>
internal static class RowsDouble
{
    /// <summary>What Dataverse answers to a query over these rows.</summary>
    internal static EntityCollection Answer(IReadOnlyCollection<Entity> rows, QueryExpression query)
    {
        var context = new XrmFakedContext();
        context.Initialize(rows.ToList());
        return context.GetOrganizationService().RetrieveMultiple(query);
    }
}
