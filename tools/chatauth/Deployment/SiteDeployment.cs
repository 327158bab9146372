using ChatAuth.Dataverse;
using ChatAuth.Settings;
using ChatAuth.Sites;

namespace ChatAuth.Deployment;

/// <summary>Gives the sites of the setting "portals" what they need to give chat tokens, and takes it away.</summary>
internal sealed class SiteDeployment(DeploymentContext context, CancellationToken cancellation)
{
    /// <summary>Finds what stands in the way before anything is changed.</summary>
    /// <returns>5012, 5013 no such site; 5601 to 5607; 5001, 5002.</returns>
    public async Task<IReadOnlyList<CodedError>> CheckAsync()
    {
        List<CodedError> refusals = [];
        foreach (PortalSettings settings in context.Settings.Portals)
        {
            try
            {
                await CheckAsync(settings);
            }
            catch (CommandException exception)
            {
                refusals.AddRange(exception.Errors);
            }
        }

        return refusals;
    }

    private async Task CheckAsync(PortalSettings settings)
    {
        LiveSite site = await SiteLookup.FindAsync(context.Dataverse, settings.Site, cancellation);
        foreach (SitePart part in await new Portal(site, settings).PartsAsync(cancellation))
        {
            string state = part.Current == null ? "not there" : part.IsRight ? "right" : "other than it is to be";
            context.Changes.Is($"{part.Name} of the site {settings.Site} {state}");
            if (part.Current == null)
            {
                site.EnsureFree(part.Row);
            }

            if (part.File is { } file && file.Held != file.Text)
            {
                await EnsureNotBlockedAsync(file.Name);
            }
        }
    }

    /// <summary>Makes what is missing.</summary>
    /// <exception cref="CommandException">As <see cref="CheckAsync()"/>; 5006, 5001, 5002.</exception>
    public async Task EnsureAsync()
    {
        foreach (PortalSettings settings in context.Settings.Portals)
        {
            LiveSite site = await SiteLookup.FindAsync(context.Dataverse, settings.Site, cancellation);
            IReadOnlyList<SitePart> parts = await new Portal(site, settings).PartsAsync(cancellation);
            foreach (SitePart part in parts.Where(part => !part.IsRight))
            {
                await context.Changes.DoAsync(
                    $"{(part.Current == null ? "create" : "change")} the {part.Name} of the site {settings.Site}",
                    () => part.MakeRightAsync(site, cancellation),
                    part.Differences);
            }
        }
    }

    /// <summary>Removes what was made, the tag that loads the script first.</summary>
    /// <exception cref="CommandException">5012, 5013, 5006, 5001, 5002.</exception>
    public async Task RemoveAsync()
    {
        foreach (PortalSettings settings in context.Settings.Portals)
        {
            LiveSite site = await SiteLookup.FindAsync(context.Dataverse, settings.Site, cancellation);
            foreach (SitePart part in await new Portal(site, settings).RemainsAsync(cancellation))
            {
                await context.Changes.DoAsync(
                    part.Goes
                        ? $"delete the {part.Name} of the site {settings.Site}"
                        : $"take the script tag out of the {part.Name} of the site {settings.Site}",
                    () => part.MakeRightAsync(site, cancellation));
            }
        }
    }

    // Learn, files-images-overview: organization.blockedattachments; js is in it unless an administrator took it out.
    private async Task EnsureNotBlockedAsync(string fileName)
    {
        string extension = fileName.Split('.')[^1];
        var organization = await context.Dataverse.FindAsync("organizations?$select=blockedattachments", cancellation);
        string[] blocked = organization?.Column<string>("blockedattachments")?.Split(';') ?? [];
        if (blocked.Contains(extension, StringComparer.OrdinalIgnoreCase))
        {
            throw new CommandException(Errors.FileTypeBlocked(extension));
        }
    }
}
