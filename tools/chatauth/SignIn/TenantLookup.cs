using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace ChatAuth.SignIn;

/// <summary>Asks an environment which tenant it belongs to, as connection strings do not say it.</summary>
/// <remarks>
/// A request without a token is answered with 401 and the address at which the tenant signs in
/// (microsoft/azuredatastudio, issue 13931). Only the tenant's id is taken from it: a wrong address must not choose who
/// is shown a secret.
/// </remarks>
internal static partial class TenantLookup
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The tenant's id.</summary>
    /// <exception cref="CommandException">5029 the environment does not say it.</exception>
    public static async Task<string> FindAsync(
        Uri environment, HttpMessageHandler network, CancellationToken cancellation)
    {
        using HttpClient client = new(network, disposeHandler: false) { Timeout = Patience };
        try
        {
            using HttpResponseMessage response = await client.GetAsync(
                new Uri(environment, "/api/data/v9.2/"), HttpCompletionOption.ResponseHeadersRead, cancellation);
            Match? tenant = response.Headers.NonValidated.TryGetValues(
                "WWW-Authenticate", out HeaderStringValues challenges) ? Tenant().Match(challenges.ToString()) : null;
            return tenant?.Success == true ? tenant.Groups[1].Value
                : throw new CommandException(Errors.TenantMissing(environment.Host, isSilent: false));
        }
        catch (Exception exception) when (
            exception is HttpRequestException or IOException || (
                exception is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new CommandException(Errors.TenantMissing(environment.Host, isSilent: true));
        }
    }

    [GeneratedRegex(
        "authorization_uri=\"?https://[^/]+/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/", RegexOptions.IgnoreCase)]
    private static partial Regex Tenant();
}
