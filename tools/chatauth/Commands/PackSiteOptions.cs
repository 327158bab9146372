using System.CommandLine;
using System.Text;
using ChatAuth.Dataverse;
using ChatAuth.Pack;
using ChatAuth.Settings;
using ChatAuth.Sites;

namespace ChatAuth.Commands;

/// <summary>The options of pack that are about a site.</summary>
internal sealed class PackSiteOptions
{
    private static readonly string[] Unbound =
    [
        "The zip names no home page, publishing state or web role, which only the site knows: after the import, "
            + "chatauth deploy with the site under \"portals\" and \"publish\" sets them. "
        + "Without deploy set parent page and publishing state of the page auth and of the web file chatauth.js, the "
        + "publishing state of the page publickey, and the web role of the server logic chatauth-token.",
        "To have them in the zip, give --url of the environment it is made in, or --home-page, --publishing-state, "
            + "--web-role and each --language.",
    ];

    private readonly Option<Guid?> site = new("--site-id")
    {
        Description = "Packs ChatAuthPortal_managed.zip and ChatAuthPortal.zip for this Power Pages site too.",
        HelpName = "GUID",
    };
    private readonly Option<string?> portal = new("--portal-url")
    {
        Description = "The site's address, below which the chat service reads the keys.",
        HelpName = "URL",
    };
    private readonly ConnectionOptions connection = new();
    private readonly Option<Guid?> home =
        new("--home-page") { Description = "Id of the site's home page, instead of --url.", HelpName = "GUID" };
    private readonly Option<Guid?> state = new("--publishing-state")
    {
        Description = "Id of the home page's publishing state, instead of --url.",
        HelpName = "GUID",
    };
    private readonly Option<Guid?> role = new("--web-role")
    {
        Description = "Id of the web role for authenticated users, instead of --url.",
        HelpName = "GUID",
    };
    private readonly Option<Guid[]> languages = new("--language")
    {
        Description = "Id of a language of the site, for each of them, instead of --url.",
        HelpName = "GUID",
    };
    private readonly Option<string?> signIn = new(
        "--sign-in-url")
    { Description = "Where anonymous visitors are sent, a path on the site.", HelpName = "PATH" };
    private readonly Option<bool> noHeader = new("--no-header-snippet")
    {
        Description = "Leaves the snippet Head/Bottom out, for sites that have one of their own.",
    };
    private readonly Option<bool> asData = new(
        "--authentication-data")
    {
        Description = "Writes the chat authentication settings as ChatAuthPortal_data.zip "
            + "(Configuration Migration); what happens anyway."
    };
    private readonly Option<bool> inSolution = new("--with-authentication-settings")
    {
        Description = "Puts the chat authentication settings into the solution instead.",
    };

    /// <summary>Adds them to the command.</summary>
    public void AddTo(Command command)
    {
        List<Option> all =
        [
            site, portal, .. connection.All, home, state, role, languages, signIn, noHeader, asData, inSolution,
        ];
        foreach (Option option in all)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(asData) && result.GetValue(inSolution))
            {
                result.AddError("--authentication-data and --with-authentication-settings exclude one another.");
            }

            if ((result.GetValue(site) == null) != (result.GetValue(portal) == null))
            {
                result.AddError("--site-id and --portal-url belong together.");
            }

            if (result.GetValue(portal) is { } address)
            {
                if (SecureAddress.FaultOfSite(address) is { } fault)
                {
                    result.AddError("--portal-url " + fault);
                }
                else if (new Uri(address).Scheme != Uri.UriSchemeHttps)
                {
                    result.AddError("--portal-url is no https URL.");
                }
            }

            if (result.GetValue(signIn) is { } path && !PortalSettings.IsPath(path))
            {
                result.AddError("--sign-in-url is no path on the site, for example /SignIn.");
            }
        });
    }

    /// <summary>
    /// Packs what is asked for; nothing when no site is named. Says what is left to do where the site's components are
    /// not known.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="host">Where it reads and writes.</param>
    /// <param name="write">Takes name and bytes of each zip.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">4165, 4166; 5007 to 5009, 5012, 5601 to 5607; 416x a defect of the
    /// product.</exception>
    public async Task PackAsync(
        ParseResult parsed, CommandHost host, Action<string, byte[]> write, CancellationToken cancellation)
    {
        if (parsed.GetValue(site) is not { } id)
        {
            return;
        }

        AuthenticationSettings authentication =
            AuthenticationSettings.Of(new Uri(new Uri(parsed.GetRequiredValue(portal)!), PortalSolution.KeyPath));
        PortalSettings settings = new(id.ToString("D"), parsed.GetValue(signIn), !parsed.GetValue(noHeader));
        bool isData = !parsed.GetValue(inSolution);
        UnpackedSolution source = await WithSiteAsync(
            parsed,
            host,
            id,
            known => PortalSolution.MakeAsync(known, settings, isData ? null : authentication, cancellation),
            cancellation);
        string header = $"<name>{HeaderSnippet.Name}</name>";
        if (settings.HasHeaderSnippet
            && !source.Files.Values.Any(file =>
                Encoding.UTF8.GetString(file).Contains(header, StringComparison.Ordinal)))
        {
            host.WriteError(
                $"The site has a snippet {HeaderSnippet.Name} of its own, so the zip has none: chatauth deploy adds "
                    + "the script tag to it.");
        }

        SolutionPackage package = new(source, PortalSolution.FileName, null);
        foreach (bool managed in (bool[])[true, false])
        {
            write(package.FileName(managed), package.Pack(managed));
        }

        if (isData)
        {
            write(AuthenticationData.FileName, AuthenticationData.Pack(authentication));
        }
    }

    private async Task<UnpackedSolution> WithSiteAsync(
        ParseResult parsed, CommandHost host, Guid id, Func<Site, Task<UnpackedSolution>> make,
        CancellationToken cancellation)
    {
        IReadOnlyList<Guid?> ids = [parsed.GetValue(home), parsed.GetValue(state), parsed.GetValue(role)];
        OfflineSite offline = new(id, ids[0], ids[1], ids[2], parsed.GetValue(languages) ?? []);
        if (ids.All(known => known != null))
        {
            return await make(offline);
        }

        if (ids.Any(known => known != null))
        {
            throw new CommandException(Errors.SiteIdsMissing());
        }

        if (!connection.NamesEnvironment(parsed, host))
        {
            Array.ForEach(Unbound, host.WriteError);
            return await make(offline);
        }

        using WebApi dataverse = connection.Open(parsed, host);
        LiveSite found = await SiteLookup.FindAsync(dataverse, id.ToString("D"), cancellation);
        return found.IsSolutionAware ? await make(found) : throw new CommandException(Errors.SiteNotEnhanced(id));
    }
}
