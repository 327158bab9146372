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

    internal ChatAuthException(int code, int httpStatus, string fact, string remedy)
        : base(CodePrefix + code.ToString(CultureInfo.InvariantCulture) + ": " + fact + " " + remedy)
    {
        Code = code;
        HttpStatus = httpStatus;
        Fact = fact;
        Remedy = remedy;
    }

    /// <summary>Four digits: 1xxx the request, 2xxx settings, 3xxx keys, 9xxx unexpected.</summary>
    internal int Code { get; }

    /// <summary>HTTP status of the Web API's answer.</summary>
    internal int HttpStatus { get; }

    /// <summary>What is wrong: one sentence.</summary>
    internal string Fact { get; }

    /// <summary>What to do about it: one sentence.</summary>
    internal string Remedy { get; }
}

/// <summary>
/// Every refusal of the plug-in assembly, the one table: code, HTTP status, fact, remedy. A code is never used twice.
/// </summary>
/// <remarks>
/// Arguments are names and numbers that an administrator wrote or the product fixed, never a value of a request, a row
/// or a key. <c>chatauth explain</c> shows the table, and <c>docs/errors.md</c> is what it writes.
/// </remarks>
internal static class Errors
{
    /// <summary>The site says that nobody is signed in.</summary>
    internal static ChatAuthException VisitorNotSignedIn() => new ChatAuthException(
        1001,
        401,
        "The visitor is not signed in.",
        "Sign in to the portal, then open the chat again.");

    /// <summary>The application that calls has no entry in "callers".</summary>
    internal static ChatAuthException CallerNotListed(string caller) => new ChatAuthException(
        1002,
        403,
        $"The caller, {caller}, may not ask for chat tokens.",
        "Add it to \"callers\" in chatauth.json and run chatauth deploy.");

    /// <summary>The call carries an impersonation header.</summary>
    internal static ChatAuthException CallByImpersonation() => new ChatAuthException(
        1003,
        403,
        "The call is made on behalf of another user.",
        "Call as the application user itself, without an impersonation header.");

    /// <summary>The caller's entry asks for ContactId, and the call has none.</summary>
    internal static ChatAuthException ContactIdMissing() => new ChatAuthException(
        1004,
        400,
        "ContactId is missing: the portal named no visitor.",
        "Pass the contact of the signed-in visitor; without one, do not call.");

    /// <summary>The call names another contact than the site has signed in.</summary>
    internal static ChatAuthException ContactDiffers() => new ChatAuthException(
        1005,
        403,
        "The named visitor is not the contact that is signed in to the portal.",
        "Name the signed-in contact, or none.");

    /// <summary>The caller's entry asks for UserName, and the call has none.</summary>
    internal static ChatAuthException UserNameMissing() => new ChatAuthException(
        1006,
        400,
        "UserName is missing: the portal named no visitor.",
        "Pass the user name of the signed-in visitor; without one, do not call.");

    /// <summary>The call names its visitor in a way that is not the caller's.</summary>
    internal static ChatAuthException ParameterNotTaken(string parameter) => new ChatAuthException(
        1007,
        400,
        $"{parameter} is not how this portal's entry in \"callers\" knows its visitors.",
        "Leave it out, or change the entry's \"contact\".");

    /// <summary>The query for the visitor's contact found no row.</summary>
    internal static ChatAuthException ContactNotFound() => new ChatAuthException(
        1008,
        404,
        "No contact belongs to the visitor, or the caller may not see it.",
        "Check the contact's row, its external identity and the caller's role.");

    /// <summary>The query for the visitor's contact found several rows.</summary>
    internal static ChatAuthException ContactAmbiguous() => new ChatAuthException(
        1009,
        409,
        "More than one contact belongs to the visitor's user name.",
        "Make the user name unique.");

    /// <summary>The visitor's contact is not active.</summary>
    internal static ChatAuthException ContactInactive() => new ChatAuthException(
        1010,
        403,
        "The visitor's contact is inactive.",
        "Activate the contact; Omnichannel links active records only.");

    /// <summary>A request parameter is not of its type, or too long.</summary>
    internal static ChatAuthException ParameterMalformed(string parameter, string rule) => new ChatAuthException(
        1011,
        400,
        $"{parameter} is not {rule}.",
        "Correct the call.");

    /// <summary>ContextVariables is no JSON object.</summary>
    internal static ChatAuthException ContextNotJson(string position) => new ChatAuthException(
        1012,
        400,
        $"ContextVariables is not a JSON object ({position}).",
        "Pass one object, for example {\"cart\":\"12\"}.");

    /// <summary>A member of ContextVariables is none of the request variables.</summary>
    internal static ChatAuthException ContextVariableNotMapped(int member) => new ChatAuthException(
        1013,
        400,
        $"Member {Number(member)} of ContextVariables is not mapped as a request variable.",
        "Leave it out, or map its name with \"request\" in chatauth.json.");

    /// <summary>A member of ContextVariables has another type than the settings say.</summary>
    internal static ChatAuthException ContextVariableOfWrongType(string name, string type) => new ChatAuthException(
        1014,
        400,
        $"Context variable \"{name}\" is not a JSON {type}.",
        "Pass the type that chatauth.json maps it to.");

    /// <summary>A member of ContextVariables is longer than Omnichannel takes.</summary>
    internal static ChatAuthException ContextVariableTooLong(string name) => new ChatAuthException(
        1015,
        400,
        $"Context variable \"{name}\" is longer than 4,000 characters.",
        "Shorten it; Omnichannel takes no more.");

    /// <summary>A member of ContextVariables is a number that doubles do not keep.</summary>
    internal static ChatAuthException ContextNumberNotExact(string name) => new ChatAuthException(
        1016,
        400,
        $"Context variable \"{name}\" is a number that not every JSON reader keeps exactly.",
        "Stay within 15 digits, or map it as a string.");

    /// <summary>The token would not travel in an HTTP header.</summary>
    internal static ChatAuthException TokenTooLong(int length) => new ChatAuthException(
        1017,
        400,
        $"The token has {Number(length)} characters, 8,000 is the most that travels in a header.",
        "Map or pass shorter context variables.");

    /// <summary>Dataverse's service protection refused the query.</summary>
    internal static ChatAuthException Throttled() => new ChatAuthException(
        1018,
        429,
        "Dataverse limits requests at the moment.",
        "Wait as long as Retry-After says, then ask again.");

    /// <summary>The application user lacks a privilege for the query.</summary>
    internal static ChatAuthException CallerMayNotRead() => new ChatAuthException(
        1019,
        403,
        "The caller's role does not let it read the visitor's contact.",
        "Grant read on contact and on every table that chatauth.json names.");

    /// <summary>The query did not end in time.</summary>
    internal static ChatAuthException QueryTimedOut() => new ChatAuthException(
        1020,
        503,
        "Dataverse took too long to find the contact.",
        "Ask again; if it stays so, index the column that names the visitor.");

    /// <summary>The step's unsecure configuration is empty.</summary>
    internal static ChatAuthException SettingsMissing() => new ChatAuthException(
        2001,
        500,
        "The step has no settings.",
        "Run chatauth deploy, which writes them into the step's configuration.");

    /// <summary>The step's unsecure configuration is no JSON object.</summary>
    internal static ChatAuthException SettingsNotJson(string position) => new ChatAuthException(
        2002,
        500,
        $"The settings are not a JSON object ({position}).",
        "Run chatauth deploy to write them again.");

    /// <summary>The settings have a member that nothing reads.</summary>
    internal static ChatAuthException SettingUnknown(string path, int member) => new ChatAuthException(
        2003,
        500,
        $"Member {Number(member)} of {path} is not a setting.",
        "Correct chatauth.json and run chatauth deploy.");

    /// <summary>The settings lack a member that is required.</summary>
    internal static ChatAuthException SettingMissing(string path) => new ChatAuthException(
        2004,
        500,
        $"{path} is missing.",
        "Add it to chatauth.json and run chatauth deploy.");

    /// <summary>A member of the settings has a value that nothing can be done with.</summary>
    internal static ChatAuthException SettingMalformed(string path, string rule) => new ChatAuthException(
        2005,
        500,
        $"{path} must be {rule}.",
        "Correct chatauth.json and run chatauth deploy.");

    /// <summary>The lifetime of tokens is not within its limits.</summary>
    internal static ChatAuthException LifetimeOutOfRange() => new ChatAuthException(
        2006,
        500,
        "tokenLifetimeSeconds must be a whole number from 60 to 3600.",
        "Correct chatauth.json and run chatauth deploy.");

    /// <summary>A mapped claim is one that ChatAuth writes itself.</summary>
    internal static ChatAuthException ClaimRegistered(string claim) => new ChatAuthException(
        2007,
        500,
        $"Claim \"{claim}\" is written by ChatAuth and cannot be mapped.",
        "Take it out of \"claims\" and run chatauth deploy.");

    /// <summary>A request variable has a name by which Omnichannel links records.</summary>
    internal static ChatAuthException VariableReserved(string name) => new ChatAuthException(
        2008,
        500,
        $"Context variable \"{name}\" cannot be taken from the request, since Omnichannel links records by it.",
        "Map it to a column that visitors cannot edit.");

    /// <summary>The step is registered on another message, stage or mode.</summary>
    internal static ChatAuthException StepMisregistered(string rule) => new ChatAuthException(
        2009,
        500,
        $"The step is not registered as it must be: {rule}.",
        "Run chatauth deploy.");

    /// <summary>Dataverse does not know a column or table of the query.</summary>
    internal static ChatAuthException ColumnUnknown() => new ChatAuthException(
        2010,
        500,
        "A column that chatauth.json names does not exist in this environment.",
        "Run chatauth doctor, which says which.");

    /// <summary>A mapped column holds a value that no token carries.</summary>
    internal static ChatAuthException ColumnUnusable(string column, string rule) => new ChatAuthException(
        2011,
        500,
        $"The value of column \"{column}\" {rule}.",
        "Map another column.");

    /// <summary>A text of the settings holds a character that is not seen.</summary>
    internal static ChatAuthException SettingUnclean(string path, string codePoint, string rule) =>
        new ChatAuthException(
        2012,
        500,
        $"{path} holds {codePoint}, {rule}.",
        "Write it without, in chatauth.json or in the variable that fills it, and run chatauth deploy.");

    /// <summary>A text of the settings holds a placeholder.</summary>
    internal static ChatAuthException SettingUnfilled(string path, string placeholder) => new ChatAuthException(
        2013,
        500,
        $"{path} holds {placeholder}, a placeholder that nothing has filled.",
        "Give its variable a value where the pipeline or the command runs, and run chatauth deploy.");

    /// <summary>The name of a request variable is beyond printable ASCII.</summary>
    internal static ChatAuthException VariableNotAscii(string path, string codePoint) => new ChatAuthException(
        2014,
        500,
        $"{path} is a request variable, and its name holds {codePoint}, which may only look like another letter.",
        "Write the name in ASCII, or say \"unicode\": true beside \"request\", and run chatauth deploy.");

    /// <summary>The step's secure configuration is empty.</summary>
    internal static ChatAuthException KeysMissing() => new ChatAuthException(
        3001,
        500,
        "The step has no keys.",
        "Run chatauth deploy, which puts them into the secure configuration.");

    /// <summary>The step's secure configuration is no JWK set.</summary>
    internal static ChatAuthException KeysNotJwkSet(string rule) => new ChatAuthException(
        3002,
        500,
        $"The secure configuration is not a JWK set ({rule}).",
        "Run chatauth deploy or restore the set.");

    /// <summary>The key set names another organization than the one that asks.</summary>
    internal static ChatAuthException KeysOfAnotherOrganization() => new ChatAuthException(
        3003,
        500,
        "The keys were made for another organization.",
        "Run chatauth deploy here for keys of its own, and rotate where they came from.");

    /// <summary>A member of a key breaks its rule.</summary>
    internal static ChatAuthException KeyMalformed(string key, string rule) => new ChatAuthException(
        3004,
        500,
        $"{key}: {rule}.",
        "Replace the key with chatauth rotate.");

    /// <summary>A key's modulus is too short or too long.</summary>
    internal static ChatAuthException KeySizeOutOfRange(string key) => new ChatAuthException(
        3005,
        500,
        $"{key}: an RSA modulus of 2048 to 4096 bits is needed.",
        "Replace the key with chatauth rotate.");

    /// <summary>The eight numbers of a key are not one key.</summary>
    internal static ChatAuthException KeyPartsDiffer(string key) => new ChatAuthException(
        3006,
        500,
        $"{key}: its parts do not belong to one RSA key.",
        "Replace the key with chatauth rotate.");

    /// <summary>Two keys of the set have one kid.</summary>
    internal static ChatAuthException KeyIdTwice(string key) => new ChatAuthException(
        3007,
        500,
        $"{key}: its kid stands twice in the set.",
        "Remove one of the two.");

    /// <summary>No key of the set may sign at this time.</summary>
    internal static ChatAuthException NoSigningKey() => new ChatAuthException(
        3008,
        500,
        "No key may sign now: all are expired, pending or not valid yet.",
        "Run chatauth rotate, then chatauth keys.");

    /// <summary>No RSA class of the runtime signs with the key.</summary>
    internal static ChatAuthException SigningFailed(string key) => new ChatAuthException(
        3009,
        500,
        $"{key}: this runtime could not sign with the key.",
        "Run chatauth doctor; if the key is sound, report the runtime.");

    /// <summary>The set holds a key that it, or its step, names as revoked.</summary>
    internal static ChatAuthException KeyRevoked(string key, string keyId) => new ChatAuthException(
        3010,
        500,
        $"{key} is revoked, and the set holds it again.",
        $"Run chatauth revoke {keyId}.");

    /// <summary>
    /// Anything else: code and correlation id only, since the exception's own text may hold data of a row or a key.
    /// </summary>
    internal static ChatAuthException Unexpected(Guid correlationId) => new ChatAuthException(
        9001,
        500,
        "Something unexpected happened.",
        $"Report this code with the correlation id {correlationId.ToString("D")} to whoever runs ChatAuth.");

    /// <summary>The host's SDK has no IPluginExecutionContext3.</summary>
    internal static ChatAuthException HostTooOld(Guid correlationId) => new ChatAuthException(
        9002,
        500,
        $"This host offers no IPluginExecutionContext3 (correlation id {correlationId.ToString("D")}).",
        "Run ChatAuth on Dataverse online, or on a test host whose SDK is 9.0.2.52 or later.");

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
