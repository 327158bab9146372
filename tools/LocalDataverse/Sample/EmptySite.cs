using System.Text.Json.Nodes;

namespace ChatAuth.LocalDataverse.Sample;

/// <summary>The rows of a site that has a home page, the web role for authenticated users, and nothing else.</summary>
internal static class EmptySite
{
    /// <summary>Adds them.</summary>
    /// <param name="organization">Where.</param>
    /// <param name="name">The site's name.</param>
    /// <param name="host">Its primary domain.</param>
    /// <param name="isEnhanced">In which data model.</param>
    /// <returns>Id of the site.</returns>
    public static Guid AddTo(LocalOrganization organization, string name, string host, bool isEnhanced = true)
    {
        Guid site = isEnhanced
            ? organization.AddRow("powerpagesite", Guid.NewGuid(), ("name", name), ("primarydomainname", host)).Id
            : organization.AddRow(
                "adx_website", Guid.NewGuid(), ("adx_name", name), ("adx_primarydomainname", host)).Id;
        Guid published = Add(organization, site, 1, "publishingstate", "Published", ("isvisible", true));
        Add(
            organization, site, 2, "webpage", "Home",
            ("partialurl", "/"), ("isroot", true), ("publishingstateid", published));
        Add(organization, site, 11, "webrole", "Authenticated Users", ("authenticatedusersrole", true));
        return site;
    }

    /// <summary>Adds a component.</summary>
    /// <param name="organization">Where.</param>
    /// <param name="site">Id of the site, in whichever data model it is.</param>
    /// <param name="type">Its number in the enhanced data model.</param>
    /// <param name="kind">Its table in the standard data model, without prefix.</param>
    /// <param name="name">Its name.</param>
    /// <param name="columns">Its columns without prefix; a reference is an id.</param>
    /// <returns>Its id.</returns>
    public static Guid Add(
        LocalOrganization organization,
        Guid site,
        int type,
        string kind,
        string name,
        params (string Column, object Value)[] columns)
    {
        if (organization.Rows.Now.Find("powerpagesite", site) != null)
        {
            JsonObject content = [];
            foreach (var (column, value) in columns)
            {
                content[column] = value is bool flag ? flag : value.ToString();
            }

            return organization.AddRow(
                "powerpagecomponent",
                Guid.NewGuid(),
                ("name", name),
                ("powerpagecomponenttype", type),
                ("content", content.ToJsonString()),
                ("powerpagesiteid", new EntityReference("powerpagesite", site))).Id;
        }

        return organization.AddRow(
            "adx_" + kind,
            Guid.NewGuid(),
            [
                ("adx_name", name),
                ("adx_websiteid", new EntityReference("adx_website", site)),
                .. columns.Select(column => ("adx_" + column.Column, Value(column.Column, column.Value))),
            ]).Id;
    }

    // In the standard data model a reference is a lookup, and its column names the table.
    private static object Value(string column, object value) => value is Guid id
        ? new EntityReference(column == "parentpageid" ? "adx_webpage" : "adx_" + column[..^2], id)
        : value;
}
