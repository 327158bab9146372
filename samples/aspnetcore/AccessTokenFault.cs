using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication;

namespace ChatAuth.AspNetCore;

/// <summary>Why the access token of a native app was refused, for the portal's log.</summary>
/// <remarks>
/// Who checks it is the portal's to choose. So the names of its exceptions are gone by, such as those of
/// Microsoft.IdentityModel, and the numbers that its texts begin with (IDX10204: without keys no issuer is known
/// either); never these texts, which may hold what came in the token.
/// </remarks>
internal static partial class AccessTokenFault
{
    private static readonly (string[] Names, string Reason)[] Kinds =
    [
        (["IDX10204", "IDX10500", "IDX208", "HttpRequest", "IOException", "Socket", "Timeout", "TaskCanceled"],
            "the identity provider's metadata or keys could not be read. See that the portal's check names their "
            + "address, that this server reaches it, and that it serves keys."),
        (["Signature", "SigningKey", "Integrity", "UnableToValidate"],
            "the access token's signature is missing, or of none of the identity provider's keys. Look at where the "
            + "portal reads these keys, and at who issued the token."),
        (["Issuer"],
            "the access token's issuer is another than the portal takes. Compare the token's iss with the portal's "
            + "check."),
        (["Audience"],
            "the access token's audience is another than the portal takes. Let the app ask for a token whose aud is "
            + "this portal's."),
        (["Expir", "NotYetValid", "Lifetime"],
            "the access token's lifetime is over, has not begun or is not given. Let the app renew the token before it "
            + "asks, and compare the clocks."),
        (["Algorithm"],
            "the access token's algorithm is none that the portal takes. Compare the token's alg with the portal's "
            + "check."),
        (["Malformed", "TokenParts", "Decrypt", "Encrypt", "InvalidType", "IDX10209", "IDX10400", "IDX127", "IDX141"],
            "the access token's form is no JWT's, or its header asks for what the portal does not know (alg, enc, "
            + "crit, typ). Let the app ask for a token that is meant for this portal."),
    ];

    /// <summary>Fact and remedy.</summary>
    /// <param name="result">Of the portal's scheme; null where no bearer token came.</param>
    public static string Reason(AuthenticateResult? result) => result switch
    {
        null or { None: true } => "no access token came, or more than one. Let the app send it as "
            + "Authorization: Bearer TOKEN.",
        { Failure: { } failure } => Reason([.. Names(failure)]),
        _ => "the check of the access token gives no contact. Look at which claim holds the contact's id.",
    };

    private static string Reason(string[] names) =>
        Kinds.FirstOrDefault(kind => kind.Names.Any(part =>
            names.Any(name => name.Contains(part, StringComparison.Ordinal)))).Reason
            ?? $"the access token could not be checked ({names[0]}). Look at the portal's check of it.";

    private static IEnumerable<string> Names(Exception? failure) => failure switch
    {
        null => [],
        AggregateException several => several.InnerExceptions.SelectMany(Names),
        _ => [failure.GetType().Name, Number().Match(failure.Message).Value, .. Names(failure.InnerException)],
    };

    [GeneratedRegex(@"^IDX\d{5}")]
    private static partial Regex Number();
}
