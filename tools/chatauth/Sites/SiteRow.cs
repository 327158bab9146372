using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ChatAuth.Sites;

/// <summary>The kinds of site components that this product writes or reads.</summary>
/// <remarks>
/// Numbers: powerpagecomponenttype of the enhanced data model (Microsoft Learn, powerpagecomponent table).
/// </remarks>
internal enum SiteKind
{
    /// <summary>Publishing state.</summary>
    PublishingState = 1,

    /// <summary>Web page.</summary>
    WebPage = 2,

    /// <summary>Web file.</summary>
    WebFile = 3,

    /// <summary>Page template.</summary>
    PageTemplate = 6,

    /// <summary>Content snippet.</summary>
    ContentSnippet = 7,

    /// <summary>Web template.</summary>
    WebTemplate = 8,

    /// <summary>Site setting.</summary>
    SiteSetting = 9,

    /// <summary>Web role.</summary>
    WebRole = 11,

    /// <summary>Server logic.</summary>
    ServerLogic = 35,
}

/// <summary>A component of a site, whatever data model holds it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns without the prefix <c>adx_</c>; references as ids.</param>
/// <param name="ETag">Its version; null when it is yet to be made.</param>
/// <param name="IsManaged">Whether it belongs to a managed solution, with which alone it goes.</param>
/// <param name="IsActive">Whether the site uses it.</param>
/// <param name="IsReadable">Whether its columns are known; else it has none here.</param>
internal sealed partial record SiteRow(
    SiteKind Kind, Guid Id, string Name, JsonObject Columns, string? ETag = null, bool IsManaged = false,
    bool IsActive = true, bool IsReadable = true)
{
    /// <summary>The column that names the language of a content page or of a snippet.</summary>
    public const string Language = "languageid";

    /// <summary>The column that holds the web roles of a server logic, an array of ids.</summary>
    public const string WebRoles = "adx_serverlogic_adx_webrole";

    /// <summary>
    /// Whether this product makes it, told by its id: RFC 9562, version 8, which Dataverse gives to none.
    /// </summary>
    public bool IsOwn => Id.Version == 8;

    /// <summary>Makes sure that nothing is lost where it is written.</summary>
    /// <param name="site">The site, as people name it.</param>
    /// <exception cref="CommandException">5602 its content is no JSON object, or one that cannot be read.</exception>
    public void EnsureReadable(string site)
    {
        if (!IsReadable)
        {
            throw Refused(site, $"holds what cannot be read, and is not overwritten (row {Id:D})");
        }
    }

    /// <summary>Tells that it is not touched.</summary>
    /// <param name="site">The site, as people name it.</param>
    /// <param name="fact">What it is, after "The web file … of the site …".</param>
    public CommandException Refused(string site, string fact) => new(Errors.ComponentForeign(
        Capitals().Replace($"{Kind}", letter => " " + letter.Value).ToLowerInvariant() + " " + Name, site,
        fact));

    /// <summary>A column's text; null when it is empty.</summary>
    public string? Text(string column) => Columns[column]?.ToString();

    /// <summary>A column that refers to another component.</summary>
    public Guid? Reference(string column) => Guid.TryParse(Text(column), out Guid id) ? id : null;

    /// <summary>
    /// Whether this component has every column of another, with the same value; ids and yes or no in any case.
    /// </summary>
    public bool Has(SiteRow other) => other.Columns.All(column =>
        string.Equals(Text(column.Key), column.Value?.ToString(),
            column.Key is "value" or "source" ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase));

    /// <summary>The same with another text in a column.</summary>
    public SiteRow With(string column, string text)
    {
        JsonObject columns = Columns.DeepClone().AsObject();
        columns[column] = text;
        return this with { Columns = columns };
    }

    /// <summary>
    /// Sets a column that refers to another component; nothing when there is none, or when its id is not known and so
    /// empty.
    /// </summary>
    public static void SetReference(JsonObject columns, string column, Guid? id)
    {
        if (id is { } reference && reference != Guid.Empty)
        {
            columns[column] = reference.ToString("D");
        }
    }

    // SiteSetting is a site setting.
    [GeneratedRegex("(?<=.)[A-Z]")]
    private static partial Regex Capitals();
}
