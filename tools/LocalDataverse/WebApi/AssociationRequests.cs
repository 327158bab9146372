using System.Text.RegularExpressions;
using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.WebApi;

/// <summary>Requests for the one many-to-many relationship that is known: the web roles of a server logic.</summary>
/// <remarks>
/// Learn, associate and disassociate rows: POST of <c>@odata.id</c> to the collection's <c>$ref</c>. Its rows are those
/// of the intersect table.
/// </remarks>
internal sealed partial class AssociationRequests(RowStore rows)
{
    private const string Id = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
    private const string Relationship = "adx_serverlogic_adx_webrole";

    private static readonly Table Left = Schema.Known.Table("adx_serverlogic");
    private static readonly Table Right = Schema.Known.Table("adx_webrole");

    /// <summary>Answers a request whose path names the collection of a row; null when it names none.</summary>
    public WebAnswer? Answer(WebRequest request, Caller caller)
    {
        var match = Address().Match(request.Path);
        if (!match.Success || match.Groups[1].Value != Left.SetName || match.Groups[3].Value != Relationship)
        {
            return null;
        }

        var left = rows.Now.Get(Left.Name, Guid.Parse(match.Groups[2].Value)).Id;
        switch (request.Method, match.Groups[4].Success, match.Groups[5].Success)
        {
            case ("GET", false, false):
                request.AllowOptions("$select");
                caller.Initiating.RequireOn(Right, "Read");
                return request.Query["$select"] == Right.IdColumn ? new WebAnswer(200, Roles(left))
                    : throw Refusal.NotKnown("a collection without $select of the id alone");
            case ("POST", false, true):
                Allow(request, caller);
                Associate(left, Target(request));
                return new WebAnswer(204);
            case ("DELETE", true, true):
                Allow(request, caller);
                Disassociate(left, Guid.Parse(match.Groups[4].Value));
                return new WebAnswer(204);
            default:
                throw Refusal.NotKnown($"{request.Method} on a collection of a row");
        }
    }

    private static void Allow(WebRequest request, Caller caller)
    {
        request.AllowOptions();
        caller.Initiating.RequireOn(Left, "Append");
        caller.Initiating.RequireOn(Right, "AppendTo");
    }

    private byte[] Roles(Guid left) => RowJson.Write(json => RowJson.Array(
        json, "value", rows.Now.All(Relationship).Where(r => r.Reference(Left.IdColumn) == left),
        row => json.WriteString(Right.IdColumn, row.Reference(Right.IdColumn))));

    private void Associate(Guid left, Guid right) => rows.Change(draft =>
    {
        draft.Rows.Get(Right.Name, right);
        return Link(draft, left, right) != null ? throw Refusal.Duplicate()
            : draft.Put(Relationship, Guid.NewGuid(), (Left.IdColumn, left), (Right.IdColumn, right));
    });

    private void Disassociate(Guid left, Guid right) => rows.Change(draft =>
    {
        var link = Link(draft, left, right) ?? throw Refusal.NoRow(Right.Name, right);
        draft.Remove(Relationship, link.Id);
        return true;
    });

    private static Row? Link(RowDraft draft, Guid left, Guid right) => draft.Rows.All(Relationship)
        .FirstOrDefault(r => r.Reference(Left.IdColumn) == left && r.Reference(Right.IdColumn) == right);

    private static Guid Target(WebRequest request)
    {
        using var body = RowBody.Json(request);
        var root = request.ServiceRoot.AbsoluteUri;
        var text =
            body.RootElement.TryGetProperty("@odata.id", out var id) ? id.GetString() ?? string.Empty : string.Empty;
        var match = Address().Match(text.Replace(root, string.Empty, StringComparison.Ordinal) + "/" + Relationship);
        return match.Success && match.Groups[1].Value == Right.SetName
            && text.StartsWith(root, StringComparison.Ordinal)
            ? Guid.Parse(match.Groups[2].Value)
            : throw Refusal.Payload($"@odata.id is not the address of a row of {Right.Name}.");
    }

    [GeneratedRegex($@"^(\w+)\(({Id})\)/(\w+)(?:\(({Id})\))?(/\$ref)?$")]
    private static partial Regex Address();
}
