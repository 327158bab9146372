using ChatAuth.Dataverse;
using ChatAuth.Settings;
using ChatAuth.Sites;
using ChatAuth.Tokens;

namespace ChatAuth.Checks;

/// <summary>What is left of the portal's own token service where ChatAuth gives the tokens.</summary>
/// <remarks>The record that the settings file names is deploy's to change, and another check's to tell of.</remarks>
internal sealed class BuiltInTokenCheck : ICheck
{
    /// <inheritdoc/>
    public string Subject => "the portal's own token service";

    /// <inheritdoc/>
    public bool IsPreflight => false;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        if (await examination.StepAsync(ChatAuthStep.PublishKeys) == null)
        {
            yield break; // nothing is deployed yet
        }

        foreach ((string name, string url, bool isOurs) in await AuthenticationRow.KeyUrlsAsync(
            examination.Dataverse, examination.Settings.Authentication?.Name, examination.Cancellation))
        {
            if (!isOurs && Uri.TryCreate(url, UriKind.Absolute, out Uri? address)
                && string.Equals(
                    address.AbsolutePath.TrimEnd('/'), BuiltInService.KeyPath, StringComparison.OrdinalIgnoreCase))
            {
                yield return Errors.BuiltInTokenLeft(name, url, isKeyRead: true);
            }
        }

        foreach (string name in examination.Settings.Sites)
        {
            LiveSite site = await SiteLookup.FindAsync(examination.Dataverse, name, examination.Cancellation);
            string[] left =
            [
                .. BuiltInSettings.Among(await site.ListAsync(SiteKind.SiteSetting, examination.Cancellation))
                    .Select(setting => setting.Name).Order(StringComparer.OrdinalIgnoreCase),
            ];
            if (left.Length > 0)
            {
                yield return Errors.BuiltInTokenLeft(name, string.Join(", ", left), isKeyRead: false);
            }
        }
    }
}
