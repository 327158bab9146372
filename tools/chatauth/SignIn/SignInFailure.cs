using System.Globalization;
using System.Text.RegularExpressions;
using Azure.Identity;
using Microsoft.Identity.Client;

namespace ChatAuth.SignIn;

/// <summary>Says in one line why there is no token: which credential, which tenant, what to do.</summary>
/// <remarks>
/// Of what Entra answered only the number of its error is told (Microsoft Learn, "Microsoft Entra authentication and
/// authorization error codes"): the text around it may hold anything.
/// </remarks>
internal static partial class SignInFailure
{
    /// <summary>The line for what was thrown while a token was asked for.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="request">How it was asked for.</param>
    /// <param name="tenant">The tenant that was asked; null when none was named.</param>
    /// <param name="environment">The environment the token is for.</param>
    public static CodedError Of(Exception exception, SignInRequest request, string? tenant, Uri environment)
    {
        string credential = request.Way.Credential();
        string application = request.ClientId ?? Credentials.SampleApplication;
        string of = tenant ?? "(none was named)";
        Exception[] chain = [.. Chain(exception)];
        if (chain.OfType<CommandException>().FirstOrDefault() is { } own)
        {
            return own.Errors[0]; // what a credential asked of ours, and wrapped
        }

        return CodeOf(chain) switch
        {
            // Wrong, and expired.
            7000215 or 7000216 or 700027 or 700023 or 7000212 =>
                Errors.CredentialWrong(credential, application, of, Remedy(request)),
            7000222 or 700024 or 1000502 => Errors.CredentialExpired(credential, application, of, Remedy(request)),

            // The application, the tenant, the environment are not there.
            700016 or 7000112 or 700038 => Errors.ApplicationUnknown(application, of, credential),
            90002 or 900023 or 900021 or 90014 => Errors.TenantUnknown(of, credential),
            500011 or 650057 or 500014 => Errors.EnvironmentForeign(environment.Host, of, credential),

            // No federated credential fits the workload's token.
            70021 or 700211 or 700212 or 700213 or 7002138 or 700223 =>
                Errors.FederationUnknown(application, of, credential),
            { } code =>
                Errors.SignInRefused(credential, of, string.Create(CultureInfo.InvariantCulture, $"AADSTS{code}")),
            null => Other(chain, request, credential, of),
        };
    }

    private static CodedError Other(Exception[] chain, SignInRequest request, string credential, string tenant) =>
        chain.Any(each => each is CredentialUnavailableException) || request.Way is SignInWay.ManagedIdentity
            ? request.Way == SignInWay.Default ? Errors.NobodySignedIn(tenant)
            : Errors.CredentialUnavailable(credential, WhereToUse(request.Way))
        : chain.OfType<MsalServiceException>()
            .FirstOrDefault(each => each.StatusCode is >= 400 and < 500) is { } refused
            ? Errors.SignInRefused(
                credential, tenant, ErrorWord().IsMatch(refused.ErrorCode) ? refused.ErrorCode
                    : refused.StatusCode.ToString(CultureInfo.InvariantCulture))
        : chain.Any(each => each is MsalClientException) && request.Way is SignInWay.Interactive or SignInWay.DeviceCode
            ? Errors.CredentialUnavailable(credential, WhereToUse(request.Way))
        : Errors.SignInUnanswered(credential, tenant);

    private static string Remedy(SignInRequest request) => request.Way switch
    {
        SignInWay.ClientSecret => $"Put a secret's value (not its id) into {request.Source}",
        SignInWay.Certificate => $"Name a certificate that the application has, in {request.Source}",
        _ => "Compare the application's federated credential with the workload's token",
    };

    private static string WhereToUse(SignInWay way) => way switch
    {
        SignInWay.ManagedIdentity =>
            "it exists on Azure resources that have one; check --client-id if it is user-assigned",
        SignInWay.AzureCli => "run az login first",
        SignInWay.Interactive => "there is no browser that could be opened",
        _ => "it was not finished",
    };

    private static int? CodeOf(IEnumerable<Exception> chain) => chain
        .Select(each => Code().Match(each.Message))
        .Where(match => match.Success)
        .Select(match => (int?)int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))
        .FirstOrDefault();

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        yield return exception;
        IEnumerable<Exception> inner = exception switch
        {
            AggregateException several => several.InnerExceptions,
            { InnerException: { } one } => [one],
            _ => [],
        };
        foreach (Exception each in inner.SelectMany(Chain))
        {
            yield return each;
        }
    }

    [GeneratedRegex(@"AADSTS(\d{4,9})")]
    private static partial Regex Code();

    [GeneratedRegex("^[a-z_]{1,40}$")]
    private static partial Regex ErrorWord();
}
