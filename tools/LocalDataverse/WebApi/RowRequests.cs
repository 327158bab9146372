using ChatAuth.LocalDataverse.Queries;
using ChatAuth.LocalDataverse.Rows;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.LocalDataverse.WebApi;

/// <summary>
/// Requests for rows: read, create, update, upsert, delete (Microsoft Learn: perform operations using the Web API).
/// </summary>
internal sealed class RowRequests(RowStore rows, RowOperations operations)
{
    /// <summary>Answers a request whose path names an entity set.</summary>
    public WebAnswer Answer(WebRequest request, Caller caller)
    {
        var query = ODataQuery.Parse(request);
        var user = caller.Initiating;
        if (request.Method is not "PATCH"
            && ((request.Method is not "DELETE" && request.Header("If-Match") != null)
                || request.Header("If-None-Match") != null))
        {
            throw Refusal.NotKnown($"this conditional header on {request.Method}");
        }

        if (request.Method is "GET" or "DELETE"
            && (request.Header("Prefer") == "return=representation" || request.Body.Length > 0))
        {
            throw Refusal.NotKnown($"Prefer or a body on {request.Method}");
        }

        switch (request.Method, query.Id)
        {
            case ("GET", null):
                request.AllowOptions("$select", "$filter", "$orderby", "$top", "$skiptoken");
                return RowsOf(request, user, query);
            case ("GET", { } id):
                request.AllowOptions("$select");
                return RowJson.One(
                    request, query,
                    Run(user, query).Entities.SingleOrDefault() ?? throw Refusal.NoRow(query.Table.Name, id));
            case ("POST", null):
                return Create(request, user, query, RowBody.Parse(query.Table, request), null);
            case ("PATCH", { } id):
                return Patch(request, user, query, id);
            case ("DELETE", { } id):
                request.AllowOptions();
                operations.Delete(user, query.Table, id, Version(request.Header("If-Match")));
                return new WebAnswer(204);
            default:
                throw Refusal.Method(request.Method);
        }
    }

    private WebAnswer RowsOf(WebRequest request, LocalUser user, ODataQuery query)
    {
        var page = PageRequest.Parse(request, query);
        var found = new QueryEvaluator(rows.Now, user).Run(query.Query, page.Page);
        var answer = RowJson.Set(
            request, query, found.Entities,
            found.MoreRecords ? page.NextLink(request, query.Table, found.Entities) : null);
        if (page.Preference != null)
        {
            answer.Headers["Preference-Applied"] = page.Preference;
        }

        return answer;
    }

    private static string? Version(string? ifMatch) => ifMatch is null or "*" ? null : ifMatch;

    private EntityCollection Run(LocalUser user, ODataQuery query) =>
        new QueryEvaluator(rows.Now, user).Run(query.Query);

    private WebAnswer Create(WebRequest request, LocalUser user, ODataQuery query, RowBody body, Guid? upserted)
    {
        request.AllowOptions("$select");
        var row = operations.Create(user, query.Table, upserted ?? body.Id ?? Guid.NewGuid(), body.Values);
        return Written(request, user, query, row.Id, 201);
    }

    // Microsoft Learn: conditional record operations: without a condition PATCH is an upsert; If-Match keeps it an
    // update, If-None-Match: * a create.
    private WebAnswer Patch(WebRequest request, LocalUser user, ODataQuery query, Guid id)
    {
        request.AllowOptions("$select");
        var body = RowBody.Parse(query.Table, request);
        if (body.Id != null && body.Id != id)
        {
            throw Refusal.Invalid($"The body's {query.Table.IdColumn} is not that of the address.");
        }

        var (ifMatch, ifNoneMatch) = (request.Header("If-Match"), request.Header("If-None-Match"));
        if (ifNoneMatch is not (null or "*") || (ifMatch != null && ifNoneMatch != null))
        {
            throw Refusal.NotKnown("this combination of conditional headers");
        }

        var exists = rows.Now.Find(query.Table.Name, id) != null;
        if (ifNoneMatch != null || (!exists && ifMatch == null))
        {
            return Create(request, user, query, body, id);
        }

        operations.Update(user, query.Table, id, body.Values, Version(ifMatch));
        return Written(request, user, query, id, 200);
    }

    private WebAnswer Written(WebRequest request, LocalUser user, ODataQuery query, Guid id, int status)
    {
        var answer = new WebAnswer(204);
        if (request.Header("Prefer") != null)
        {
            var one = new ODataQuery(query.Table, id, new(query.Table.Name) { ColumnSet = query.Query.ColumnSet });
            one.Query.Criteria.AddCondition(query.Table.IdColumn, ConditionOperator.Equal, id);
            answer = RowJson.One(request, one, Run(user, one).Entities.Single(), status);
            answer.Headers["Preference-Applied"] = "return=representation";
        }

        answer.Headers["OData-Version"] = "4.0";
        answer.Headers["OData-EntityId"] = $"{request.ServiceRoot}{query.Table.SetName}({id:D})";
        return answer;
    }
}
