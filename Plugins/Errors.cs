using System;
using System.Globalization;

namespace ChatAuth.Plugins;

/// <summary>
/// A refusal with a code: what is wrong, then what to do about it. Carries no secret and no personal data.
/// </summary>
/// <remarks>
/// Knows nothing of Dataverse, so that key and claim rules can refuse too; the step turns it into the platform's
/// exception.
/// </remarks>
internal sealed class ChatAuthException : Exception
{
    /// <summary>How every code begins.</summary>
    internal const string CodePrefix = "CHATAUTH";

    internal ChatAuthException(int code, int httpStatus, string text)
        : base(string.Format(CultureInfo.InvariantCulture, CodePrefix + "{0}: {1}", code, text))
    {
        Code = code;
        HttpStatus = httpStatus;
    }

    /// <summary>Four digits: 1xxx the request, 2xxx settings, 3xxx keys, 9xxx unexpected.</summary>
    internal int Code { get; }

    /// <summary>HTTP status of the Web API's answer.</summary>
    internal int HttpStatus { get; }
}

/// <summary>
/// Every refusal of the plug-in assembly, the one table; the README has a row for each. A code is never used twice.
/// </summary>
/// <remarks>
/// Arguments are names and numbers that an administrator wrote or the product fixed, never a value of a request, a row
/// or a key.
/// </remarks>
internal static class Errors
{
    internal static ChatAuthException VisitorNotSignedIn() => Refuse(1001, 401,
        "The visitor is not signed in. Sign in to the portal, then open the chat again.");

    internal static ChatAuthException CallerNotListed(string caller) => Refuse(1002, 403,
        "The caller, {0}, may not ask for chat tokens. Add it to \"callers\" in chatauth.json and run chatauth deploy.",
        caller);

    internal static ChatAuthException CallByImpersonation() => Refuse(1003, 403,
        "The call is made on behalf of another user. Call as the application user itself, without an impersonation "
            + "header.");

    internal static ChatAuthException ContactIdMissing() => Refuse(1004, 400,
        "ContactId is missing: the portal named no visitor. Pass the contact of the signed-in visitor; without one, do "
            + "not call.");

    internal static ChatAuthException ContactDiffers() => Refuse(1005, 403,
        "The named visitor is not the contact that is signed in to the portal. Name the signed-in contact, or none.");

    internal static ChatAuthException UserNameMissing() => Refuse(1006, 400,
        "UserName is missing: the portal named no visitor. Pass the user name of the signed-in visitor; without one, "
            + "do not call.");

    internal static ChatAuthException ParameterNotTaken(string parameter) => Refuse(1007, 400,
        "{0} is not how this portal's entry in \"callers\" knows its visitors. Leave it out, or change the entry's "
            + "\"contact\".", parameter);

    internal static ChatAuthException ContactNotFound() => Refuse(1008, 404,
        "No contact belongs to the visitor, or the caller may not see it. Check the contact's row, its external "
            + "identity and the caller's role.");

    internal static ChatAuthException ContactAmbiguous() => Refuse(1009, 409,
        "More than one contact belongs to the visitor's user name. Make the user name unique.");

    internal static ChatAuthException ContactInactive() => Refuse(1010, 403,
        "The visitor's contact is inactive. Activate the contact; Omnichannel links active records only.");

    internal static ChatAuthException ParameterMalformed(string parameter, string rule) => Refuse(1011, 400,
        "{0} is not {1}. Correct the call.", parameter, rule);

    internal static ChatAuthException ContextNotJson(string position) => Refuse(1012, 400,
        "ContextVariables is not a JSON object ({0}). Pass one object, for example {{\"cart\":\"12\"}}.", position);

    internal static ChatAuthException ContextVariableNotMapped(int member) => Refuse(1013, 400,
        "Member {0} of ContextVariables is not mapped as a request variable. Leave it out, or map its name with "
            + "\"request\" in chatauth.json.", member);

    internal static ChatAuthException ContextVariableOfWrongType(string name, string type) => Refuse(1014, 400,
        "Context variable \"{0}\" is not a JSON {1}. Pass the type that chatauth.json maps it to.", name, type);

    internal static ChatAuthException ContextVariableTooLong(string name) => Refuse(1015, 400,
        "Context variable \"{0}\" is longer than 4,000 characters. Shorten it; Omnichannel takes no more.", name);

    internal static ChatAuthException ContextNumberNotExact(string name) => Refuse(1016, 400,
        "Context variable \"{0}\" is a number that not every JSON reader keeps exactly. Stay within 15 digits, or map "
            + "it as a string.", name);

    internal static ChatAuthException TokenTooLong(int length) => Refuse(1017, 400,
        "The token has {0} characters, 8,000 is the most that travels in a header. Map or pass shorter context "
            + "variables.", length);

    internal static ChatAuthException Throttled() => Refuse(1018, 429,
        "Dataverse limits requests at the moment. Wait as long as Retry-After says, then ask again.");

    internal static ChatAuthException CallerMayNotRead() => Refuse(1019, 403,
        "The caller's role does not let it read the visitor's contact. Grant read on contact and on every table that "
            + "chatauth.json names.");

    internal static ChatAuthException QueryTimedOut() => Refuse(1020, 503,
        "Dataverse took too long to find the contact. Ask again; if it stays so, index the column that names the "
            + "visitor.");

    internal static ChatAuthException SettingsMissing() => Refuse(2001, 500,
        "The step has no settings. Run chatauth deploy, which writes them into the step's configuration.");

    internal static ChatAuthException SettingsNotJson(string position) => Refuse(2002, 500,
        "The settings are not a JSON object ({0}). Run chatauth deploy to write them again.", position);

    internal static ChatAuthException SettingUnknown(string path, int member) => Setting(2003,
        "Member {1} of {0} is not a setting.", path, member);

    internal static ChatAuthException SettingMissing(string path) => Refuse(2004, 500,
        "{0} is missing. Add it to chatauth.json and run chatauth deploy.", path);

    internal static ChatAuthException SettingMalformed(string path, string rule) => Setting(2005,
        "{0} must be {1}.", path, rule);

    internal static ChatAuthException LifetimeOutOfRange() => Setting(2006,
        "tokenLifetimeSeconds must be a whole number from 60 to 3600.");

    internal static ChatAuthException ClaimRegistered(string claim) => Refuse(2007, 500,
        "Claim \"{0}\" is written by ChatAuth and cannot be mapped. Take it out of \"claims\" and run chatauth deploy.",
        claim);

    internal static ChatAuthException VariableReserved(string name) => Refuse(2008, 500,
        "Context variable \"{0}\" cannot be taken from the request, since Omnichannel links records by it. Map it to a "
            + "column.", name);

    internal static ChatAuthException StepMisregistered(string rule) => Refuse(2009, 500,
        "The step is not registered as it must be: {0}. Run chatauth deploy.", rule);

    internal static ChatAuthException ColumnUnknown() => Refuse(2010, 500,
        "A column that chatauth.json names does not exist in this environment. Run chatauth doctor, which says which.");

    internal static ChatAuthException ColumnUnusable(string column, string rule) => Refuse(2011, 500,
        "The value of column \"{0}\" {1}. Map another column.", column, rule);

    internal static ChatAuthException KeysMissing() => Refuse(3001, 500,
        "The step has no keys. Run chatauth deploy, which puts them into the secure configuration.");

    internal static ChatAuthException KeysNotJwkSet(string rule) => Refuse(3002, 500,
        "The secure configuration is not a JWK set ({0}). Run chatauth deploy or restore the set.", rule);

    internal static ChatAuthException KeysOfAnotherOrganization() => Refuse(3003, 500,
        "The keys were made for another organization. Run chatauth deploy here for keys of its own, and rotate where "
            + "they came from.");

    internal static ChatAuthException KeyMalformed(string key, string rule) => Key(3004,
        "{0}: {1}.", key, rule);

    internal static ChatAuthException KeySizeOutOfRange(string key) => Key(3005,
        "{0}: an RSA modulus of 2048 to 4096 bits is needed.", key);

    internal static ChatAuthException KeyPartsDiffer(string key) => Key(3006,
        "{0}: its parts do not belong to one RSA key.", key);

    internal static ChatAuthException KeyIdTwice(string key) => Refuse(3007, 500,
        "{0}: its kid stands twice in the set. Remove one of the two.", key);

    internal static ChatAuthException NoSigningKey() => Refuse(3008, 500,
        "No key may sign now: all are expired, pending or not valid yet. Run chatauth rotate, then chatauth keys.");

    internal static ChatAuthException SigningFailed(string key) => Refuse(3009, 500,
        "{0}: this runtime could not sign with the key. Run chatauth doctor; if the key is sound, report the runtime.",
        key);

    internal static ChatAuthException Unexpected(Guid correlationId) => Refuse(9001, 500,
        "Something unexpected happened. Report this code with the correlation id {0} to whoever runs ChatAuth.",
        correlationId.ToString("D"));

    private static ChatAuthException Setting(int code, string format, params object[] arguments) =>
        Refuse(code, 500, format + " Correct chatauth.json and run chatauth deploy.", arguments);

    private static ChatAuthException Key(int code, string format, params object[] arguments) =>
        Refuse(code, 500, format + " Replace the key with chatauth rotate.", arguments);

    private static ChatAuthException Refuse(int code, int httpStatus, string format, params object[] arguments) =>
        new ChatAuthException(code, httpStatus, string.Format(CultureInfo.InvariantCulture, format, arguments));
}
