using ChatAuth.Dataverse;
using ChatAuth.Publishing;
using ChatAuth.Settings;
using ChatAuth.Sites;

namespace ChatAuth.Deployment;

/// <summary>Makes the targets that a settings file names.</summary>
internal static class Targets
{
    /// <summary>All of them, in the order of the file.</summary>
    /// <param name="settings">The entries of "publish".</param>
    /// <param name="dataverse">The environment that sites are in.</param>
    /// <param name="network">Answers requests for public URLs; null for the network.</param>
    public static IReadOnlyList<IPublishingTarget> Of(
        IReadOnlyList<TargetSettings> settings, WebApi dataverse, HttpMessageHandler? network) =>
        [.. settings.Select(target => (IPublishingTarget)(target.Kind switch
        {
            TargetKind.Page => new PageTarget(target, dataverse, network),
            TargetKind.WebFile => new WebFileTarget(target, dataverse, network),
            TargetKind.Portal => new PortalTarget(target, network),
            _ => new FileTarget(target, network),
        }))];
}
