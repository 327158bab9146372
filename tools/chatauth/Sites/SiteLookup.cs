using System.Text.Json.Nodes;
using ChatAuth.Dataverse;

namespace ChatAuth.Sites;

/// <summary>Finds sites of an environment, in whichever data model they are.</summary>
internal static class SiteLookup
{
    private static readonly DataModel[] DataModels =
    [
        new(
            "powerpagesites",
            "powerpagesiteid",
            "name",
            "primarydomainname",
            (dataverse, id, domain) => new EnhancedSite(dataverse, id, domain)),
        new(
            "adx_websites",
            "adx_websiteid",
            "adx_name",
            "adx_primarydomainname",
            (dataverse, id, domain) => new StandardSite(dataverse, id, domain)),
    ];

    /// <summary>The site of a name or id.</summary>
    /// <exception cref="CommandException">5012 there is none, 5013 there are several; 5001, 5002.</exception>
    public static async Task<LiveSite> FindAsync(WebApi dataverse, string name, CancellationToken cancellation)
    {
        List<LiveSite> sites = [];
        foreach (DataModel model in DataModels)
        {
            string filter = Guid.TryParse(name, out Guid id)
                ? $"{model.IdColumn} eq {id:D}"
                : $"{model.NameColumn} eq {OData.Literal(name)}";
            IReadOnlyList<JsonObject>? rows = await dataverse.ListIfKnownAsync(
                $"{model.Set}?$select={model.NameColumn},{model.DomainColumn}&$filter={filter}", cancellation);
            sites.AddRange((rows ?? []).Select(row => model.Make(
                dataverse, row.Required<Guid>(model.IdColumn), row.Column<string>(model.DomainColumn))));
        }

        return sites switch
        {
            [var site] => site,
            [] => throw new CommandException(Errors.RowNotFound("Power Pages site", name)),
            _ => throw new CommandException(Errors.RowAmbiguous("Power Pages site", name)),
        };
    }

    /// <summary>Every site of an environment, by its name.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task<IReadOnlyList<(string Name, LiveSite Site)>> AllAsync(
        WebApi dataverse, CancellationToken cancellation)
    {
        List<(string Name, LiveSite Site)> sites = [];
        foreach (DataModel model in DataModels)
        {
            IReadOnlyList<JsonObject>? rows = await dataverse.ListIfKnownAsync(
                $"{model.Set}?$select={model.NameColumn},{model.DomainColumn}", cancellation);
            sites.AddRange((rows ?? []).Select(row => (
                row.Column<string>(model.NameColumn) ?? string.Empty,
                model.Make(
                    dataverse, row.Required<Guid>(model.IdColumn), row.Column<string>(model.DomainColumn)))));
        }

        return sites;
    }

    // The table of a data model's sites, and what makes one of a row: environment, id and domain name.
    private sealed record DataModel(
        string Set,
        string IdColumn,
        string NameColumn,
        string DomainColumn,
        Func<WebApi, Guid, string?, LiveSite> Make);
}
