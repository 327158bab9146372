using System.Globalization;
using System.Text.Json.Nodes;

namespace ChatAuth.Sites;

/// <summary>The site settings of the portal's own token service, and the values that they are to have.</summary>
/// <remarks>
/// Names, values and limits: Microsoft Learn, power-pages/security/oauth-implicit-grant-flow. The thumbprint names a
/// certificate that was uploaded in the admin center; uploading has no public API.
/// </remarks>
/// <param name="Thumbprint">Of the certificate, 40 hexadecimal digits in upper case.</param>
/// <param name="ClientId">A client id to be registered beside those that are; null for none.</param>
/// <param name="Lifetime">Seconds that a token lives, 60 to 3600; null to leave that as it is.</param>
internal sealed record BuiltInSettings(string Thumbprint, string? ClientId, int? Lifetime)
{
    /// <summary>Names the certificate.</summary>
    public const string Certificate = "CustomCertificates/ImplicitGrantflow";

    /// <summary>The client ids that may ask, with semicolons between them.</summary>
    public const string Clients = Prefix + "RegisteredClientId";

    /// <summary>Seconds that a token lives.</summary>
    public const string Expiration = Prefix + "TokenExpirationTime";

    /// <summary>False switches the service off; it is on without the setting.</summary>
    public const string Enabled = "Connector/ImplicitGrantFlowEnabled";

    // Below it stand the redirect addresses of older sites too.
    private const string Prefix = "ImplicitGrantFlow/";

    /// <summary>Those of the settings of a site that are the service's.</summary>
    public static IEnumerable<SiteRow> Among(IEnumerable<SiteRow> settings) =>
        settings.Where(row => row.Name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            || row.Name.Equals(Certificate, StringComparison.OrdinalIgnoreCase)
            || row.Name.Equals(Enabled, StringComparison.OrdinalIgnoreCase));

    /// <summary>What the settings are to be and what they are, that which switches the service on last.</summary>
    /// <param name="site">The site.</param>
    /// <param name="name">As people name it.</param>
    /// <param name="mayOverwrite">Whether a value that somebody gave may be replaced.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5604 one has another value; 5013 one is there twice; 5001, 5002.</exception>
    public async Task<IReadOnlyList<SitePart>> PartsAsync(
        LiveSite site, string name, bool mayOverwrite, CancellationToken cancellation)
    {
        ILookup<string, SiteRow> there = Among(await site.ListAsync(SiteKind.SiteSetting, cancellation))
            .ToLookup(row => row.Name, StringComparer.OrdinalIgnoreCase);
        List<SitePart> parts = [];
        List<CodedError> refusals = [];
        foreach ((string setting, string value, Func<string, bool> isMet) in Wanted())
        {
            if (there[setting].Count() > 1)
            {
                throw new CommandException(Errors.RowAmbiguous("site setting", setting));
            }

            SiteRow? current = there[setting].FirstOrDefault();
            string held = current?.Text("value")?.Trim() ?? string.Empty;
            if (isMet(held))
            {
                continue;
            }

            // A list of clients grows; every other value stands alone.
            bool isList = setting == Clients && held.Length > 0;
            if ((held.Length > 0 && !isList || current?.IsReadable == false) && !mayOverwrite)
            {
                refusals.Add(Errors.SiteSettingForeign(
                    name, setting, value, current!.IsReadable ? string.Empty : ": it holds what cannot be read",
                    "Overwrite it by --force CHATAUTH5604, or leave the command away if that value is right"));
            }

            SiteRow row = new(
                SiteKind.SiteSetting, current?.Id ?? site.IdOf("setting " + setting), setting,
                new JsonObject { ["value"] = isList ? $"{held.TrimEnd(';')};{value}" : value });
            if (current == null)
            {
                site.EnsureFree(row);
            }

            parts.Add(new SitePart(
                "site setting " + setting, row, current == null ? null : current with { IsReadable = true }));
        }

        return refusals.Count > 0 ? throw new CommandException(refusals) : parts;
    }

    private IEnumerable<(string Name, string Value, Func<string, bool> IsMet)> Wanted()
    {
        bool IsSame(string held, string value) => string.Equals(held, value, StringComparison.OrdinalIgnoreCase);
        yield return (Certificate, Thumbprint, held => IsSame(held, Thumbprint));
        if (ClientId is { } client)
        {
            yield return (Clients, client, held => held.Split(';', StringSplitOptions.TrimEntries).Contains(client));
        }

        if (Lifetime is { } seconds)
        {
            string text = seconds.ToString(CultureInfo.InvariantCulture);
            yield return (Expiration, text, held => held == text);
        }

        yield return (Enabled, "True", held => IsSame(held, "True"));
    }
}
