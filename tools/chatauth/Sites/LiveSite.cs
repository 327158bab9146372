using System.Net;
using ChatAuth.Dataverse;
using ChatAuth.Settings;

namespace ChatAuth.Sites;

/// <summary>A site of an environment, in one of the two data models: it can be read and written.</summary>
/// <param name="id">Its id.</param>
/// <param name="domain">Its primary domain name; null when the row does not say.</param>
internal abstract class LiveSite(Guid id, string? domain) : Site(id)
{
    private readonly Dictionary<SiteKind, IReadOnlyList<SiteRow>> read = [];

    /// <summary>Its primary domain name; null when the row does not say.</summary>
    public string? Domain => domain;

    private string Shown => domain ?? Id.ToString("D");

    /// <summary>How many characters a site setting holds.</summary>
    public abstract int LongestSetting { get; }

    /// <summary>Whether its data model has code sites, which have no Liquid and show keys as a web file.</summary>
    public abstract bool MayBeCodeSite { get; }

    /// <summary>Whether its components travel in solutions.</summary>
    public abstract bool IsSolutionAware { get; }

    /// <summary>Makes a component, or gives the one that is there the columns.</summary>
    /// <param name="row">What it is to be.</param>
    /// <param name="current">What it is; null when it is not there.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5602 what is there cannot be read, or somebody has put what is to be made
    /// aside; 5006 somebody else has changed it; 5001, 5002.</exception>
    public async Task WriteAsync(SiteRow row, SiteRow? current, CancellationToken cancellation)
    {
        if (current == null)
        {
            EnsureFree(row);
        }
        else if (!current.IsOwn)
        {
            current.EnsureReadable(Shown);
        }

        try
        {
            await PutAsync(row, current, cancellation);
        }
        catch (WebApiException refusal) when (current == null && refusal.Status == HttpStatusCode.PreconditionFailed)
        {
            await ListAsync(row.Kind, cancellation);
            EnsureFree(row);
            if (read[row.Kind].All(there => there.Id != row.Id))
            {
                throw row.Refused(Shown, $"cannot be made: a row of another site or kind has its id {row.Id:D}");
            }

            throw;
        }
    }

    /// <summary>Makes sure that a component can be made, which the site was seen not to have.</summary>
    /// <remarks>Its id is the same in every run, so a row that somebody put aside has it still.</remarks>
    /// <exception cref="CommandException">5602 somebody has deactivated or renamed it.</exception>
    public void EnsureFree(SiteRow row)
    {
        SiteRow? there = read.GetValueOrDefault(row.Kind)?.FirstOrDefault(there => there.Id == row.Id);
        if (there is { IsActive: false })
        {
            throw row.Refused(Shown, $"was deactivated (row {row.Id:D})");
        }

        bool isNamed = there?.Name.Equals(row.Name, StringComparison.OrdinalIgnoreCase) == true;
        if (there != null && (!isNamed || there.Reference(SiteRow.Language) != row.Reference(SiteRow.Language)))
        {
            throw row.Refused(Shown, isNamed ? "was given another language" : $"was renamed to {there.Name}");
        }
    }

    /// <inheritdoc/>
    public sealed override async Task<IReadOnlyList<SiteRow>> ListAsync(SiteKind kind, CancellationToken cancellation)
    {
        read[kind] = await ReadAsync(kind, cancellation);
        return [.. read[kind].Where(row => row.IsActive)];
    }

    /// <summary>The components of one kind, also those that are not active.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    protected abstract Task<IReadOnlyList<SiteRow>> ReadAsync(SiteKind kind, CancellationToken cancellation);

    /// <summary>Makes a component, or gives the one that is there the columns, as <see cref="WriteAsync"/>.</summary>
    protected abstract Task PutAsync(SiteRow row, SiteRow? current, CancellationToken cancellation);

    /// <summary>Deletes a component, if nobody has changed it since it was read.</summary>
    /// <exception cref="CommandException">5006 somebody has; 5001, 5002.</exception>
    public abstract Task DeleteAsync(SiteRow row, CancellationToken cancellation);

    /// <summary>Gives a component, which is there, its file.</summary>
    /// <param name="row">The component.</param>
    /// <param name="name">Name of the file.</param>
    /// <param name="text">What it is to hold.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public abstract Task WriteFileAsync(SiteRow row, string name, string text, CancellationToken cancellation);

    /// <summary>Where everyone reads the keys.</summary>
    /// <param name="target">Its URL, if it names one.</param>
    /// <param name="usualPath">The path on the site's own domain otherwise.</param>
    /// <exception cref="CommandException">5104 neither is known.</exception>
    public Uri AddressOf(TargetSettings target, string usualPath)
    {
        if (target.Url is { } named)
        {
            return named;
        }

        return domain != null && Uri.TryCreate($"https://{domain}{usualPath}", UriKind.Absolute, out Uri? usual)
            ? usual
            : throw new CommandException(Errors.SettingBad(
                $"\"url\" for the site {target.Place}", "given, since the site's row names no domain"));
    }
}
