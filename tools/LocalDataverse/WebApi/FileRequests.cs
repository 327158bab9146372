using System.Text.RegularExpressions;
using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Rows;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.WebApi;

/// <summary>Requests for file columns, each in one piece (Learn: use file column data).</summary>
internal sealed partial class FileRequests(RowStore rows, RowOperations operations)
{
    /// <summary>Answers a request whose path names a file column of a row; null when it names none.</summary>
    public WebAnswer? Answer(WebRequest request, Caller caller)
    {
        var match = Address().Match(request.Path);
        var table = match.Success ? Schema.Known.Tables.SingleOrDefault(t => t.SetName == match.Groups[1].Value) : null;
        if (table?.Columns.GetValueOrDefault(match.Groups[3].Value) is not { Type: ColumnType.File } column
            || !Guid.TryParse(match.Groups[2].Value, out var id))
        {
            return null;
        }

        request.AllowOptions();
        switch (request.Method, match.Groups[4].Success)
        {
            case ("GET", true):
                caller.Initiating.RequireOn(table, "Read");
                var content = rows.Now.Get(table.Name, id).Text(column.Name)
                    ?? throw Refusal.NotKnown("how to download a file that is not there");
                return new WebAnswer(200, Convert.FromBase64String(content), "application/octet-stream");
            case ("PATCH", false):
                if (request.Header("Content-Type") != "application/octet-stream")
                {
                    throw Refusal.NotKnown("uploads other than application/octet-stream");
                }

                var name = request.Header(RequestHeaders.FileName)
                    ?? throw Refusal.Invalid($"The header {RequestHeaders.FileName} is missing.");
                operations.Upload(caller.Initiating, table, id, column, request.Body.ToArray(), name);
                return new WebAnswer(204);
            case ("DELETE", false):
                operations.Upload(caller.Initiating, table, id, column, null, null);
                return new WebAnswer(204);
            default:
                throw Refusal.NotKnown($"{request.Method} on a file column");
        }
    }

    [GeneratedRegex(@"^(\w+)\(([0-9a-fA-F-]{36})\)/(\w+)(/\$value)?$")]
    private static partial Regex Address();
}
