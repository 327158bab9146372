using System.Globalization;

namespace ChatAuth;

/// <summary>Every error of the command line, by name: a code that is never reused, the fact, the remedy.</summary>
/// <remarks>
/// 40xx files, 41xx packing, 42xx key files, 43xx tokens, 50xx Dataverse, 51xx the settings file, 52xx publishing, 53xx keys of an environment,
/// 54xx what doctor finds, 55xx probe, 56xx sites.
/// The plug-ins' codes are theirs (1xxx requests, 2xxx settings,
/// 3xxx keys, 9xxx unexpected). Texts name files, ids and public values; never a secret or what a person typed as one.
/// </remarks>
internal static partial class Errors
{
    /// <summary>A file or folder is not there or may not be read.</summary>
    public static CodedError CannotRead(string path) => Of(4001, $"{path} cannot be read. Check the path and its permissions.");
    /// <summary>A file or folder cannot be written.</summary>
    public static CodedError CannotWrite(string path) => Of(4002, $"{path} cannot be written. Check the folder and its permissions.");
    /// <summary>A file that is never overwritten is there already.</summary>
    public static CodedError FileExists(string path) => Of(4003, $"{path} exists and is not overwritten. Name another file or move it away.");
    /// <summary>A defect of the command itself.</summary>
    public static CodedError Unexpected(Type type) => Of(4999, $"The command failed with {type.Name}. This is a defect: report it with the command line, without secrets.");
    /// <summary>A file holds no private keys of ours.</summary>
    public static CodedError KeyFileBad(string path) => Of(4201, $"{path} is no key file (a JWK set with private keys). Make one with chatauth key new or key import.");
    /// <summary>A key would expire after the last NumericDate of 32 bits.</summary>
    public static CodedError KeyExpiresTooLate() => Of(4202, $"The key would expire after 2038-01-19, the last date Omnichannel's expiry is known to hold. Shorten --expires-in.");
    /// <summary>Every key of a file has expired.</summary>
    public static CodedError KeysExpired() => Of(4203, $"Every key of the file has expired, so none is published. Make a new one with chatauth key new.");
    /// <summary>A format for one key, several keys, none of which signs.</summary>
    public static CodedError NoKeySignsNow() => Of(4204, $"No key of the file signs now and the format holds one key. Ask for keyset or jwks.");
    /// <summary>A PEM text holds a public key only.</summary>
    public static CodedError PemPublicOnly(string name) => Of(4205, $"{name} holds a public key only. Import the private key that belongs to it.");
    /// <summary>A PEM text holds no private RSA key.</summary>
    public static CodedError PemNoRsaKey(string name) => Of(4206, $"{name} holds no sound private RSA key (PKCS#8 or PKCS#1 PEM). RS256 needs RSA: make a key with chatauth key new.");
    /// <summary>A PEM text holds several private keys.</summary>
    public static CodedError PemSeveralKeys(string name) => Of(4207, $"{name} holds several private keys. Leave one of them in the file.");
    /// <summary>An encrypted key and no passphrase.</summary>
    public static CodedError PemPassphraseMissing(string name) => Of(4208, $"{name} is encrypted. Put its passphrase into the environment variable CHATAUTH_PEM_PASSPHRASE.");
    /// <summary>An encrypted key that the passphrase does not open.</summary>
    public static CodedError PemPassphraseWrong(string name) => Of(4209, $"{name} does not open with CHATAUTH_PEM_PASSPHRASE, or holds no RSA key. Check the variable.");
    /// <summary>A key encrypted in the way of RFC 1421.</summary>
    public static CodedError PemOldEncryption(string name) => Of(4210, $"{name} is encrypted in the old PEM way. Convert it with openssl pkcs8 -topk8.");
    /// <summary>A PEM text's encryption would take too long to open.</summary>
    public static CodedError PemTooManyRounds(string name) => Of(4211, $"{name} asks for more than 2,000,000 rounds of its hash to be opened. Encrypt it again with openssl pkcs8 -topk8.");
    /// <summary>A token breaks the rules of its format.</summary>
    public static CodedError TokenMalformed(string rule) => Of(4301, $"The token is malformed: {rule}. Copy the whole token, or ask for a new one.");
    /// <summary>A token is not signed by RS256.</summary>
    public static CodedError TokenAlgorithm(string algorithm) => Of(4302, $"The token's alg is {algorithm}, not RS256. Do not accept it: no chat service does.");
    /// <summary>A token's signature is not the key's.</summary>
    public static CodedError TokenSignature() => Of(4303, $"The token's signature does not belong to its text and this key. Check that --key is what signed it; if so, the token was changed.");
    /// <summary>A token has expired.</summary>
    public static CodedError TokenExpired(string since) => Of(4304, $"The token expired {since}. Ask for a new one.");
    /// <summary>A token is not valid yet.</summary>
    public static CodedError TokenNotYetValid(string from) => Of(4305, $"The token is valid from {from}. Check the clocks of both machines.");
    /// <summary>The keys do not have the one that a token names.</summary>
    public static CodedError KeyIdUnknown(string keyId) => Of(4306, $"No key has the token's kid '{keyId}'. Publish that key, or wait until the cached copy is renewed.");
    /// <summary>A token names no key where several could have signed it.</summary>
    public static CodedError KeyIdMissing() => Of(4307, $"The token has no kid, and there are several keys. Omnichannel needs the kid with a key set: issue the token with it.");
    /// <summary>A key text is in no known format.</summary>
    public static CodedError VerificationKeyBad(string name, string rule) => Of(4308, $"{name} holds no public keys that can be used: {rule}. Give PEM, its one-line form, a key set, a JWK set or a JWK.");
    /// <summary>A web page came where keys were asked for.</summary>
    public static CodedError KeyUrlHtml(string url) => Of(4309, $"{url} answered with a web page, not with keys. Publish the site, open the page to everyone, and switch its header and footer off.");
    /// <summary>A key URL did not answer, or not in time.</summary>
    public static CodedError KeyUrlFailed(string url, string fact) => Of(4310, $"{url} {fact}. Check the address; the chat service must be able to read it without signing in.");
    /// <summary>The key that a token names has expired.</summary>
    public static CodedError KeyExpired(string keyId) => Of(4311, $"The key '{keyId}' has expired, so the token's signature is not accepted. Rotate the keys.");
    /// <summary>Dataverse refused a request.</summary>
    public static CodedError RequestRefused(string request, int status, string message) => Of(5001, $"{request} was refused with {status}: \"{message.TrimEnd('.')}\". Mend what Dataverse names, then run the command again.");
    /// <summary>Dataverse cannot be reached, or answered what it never answers.</summary>
    public static CodedError RequestFailed(string request, string fact) => Of(5002, $"{request} failed: {fact}. Check the environment's URL and the network, then run the command again.");
    /// <summary>The import of the solution failed.</summary>
    public static CodedError ImportFailed(string message) => Of(5003, $"The solution was not imported: \"{message.TrimEnd('.')}\". Mend what Dataverse names, then run the command again.");
    /// <summary>A row that the imported solution brings is not there.</summary>
    public static CodedError ComponentMissing(string component) => Of(5004, $"The environment does not have {component}, which the solution brings. Import the solution again.");
    /// <summary>A custom API answered with its types' defaults: nothing serves it.</summary>
    public static CodedError NoStep(string api) => Of(5005, $"{api} answered with nothing, so no enabled step serves it. Run chatauth deploy, or chatauth keys to see whether a key signs.");
    /// <summary>A row has changed, or came into being, since this command read it.</summary>
    public static CodedError AnotherWriter(string request) => Of(5006, $"{request} was refused with 412: another command is changing this environment. Wait until it has ended, then run the command again.");
    /// <summary>No environment is named.</summary>
    public static CodedError EnvironmentMissing() => Of(5007, $"No environment is named. Give --url https://yourorg.crm.dynamics.com, or set CHATAUTH_URL.");
    /// <summary>The environment's address cannot be trusted with an access token.</summary>
    public static CodedError EnvironmentUrlBad() => Of(5008, $"The environment's URL is not https, or is no URL. Give the address the environment has in the admin center.");
    /// <summary>Nobody is signed in.</summary>
    public static CodedError AccessTokenMissing() => Of(5009, $"The environment variable CHATAUTH_ACCESS_TOKEN holds no token. Put a bearer token for the environment into it.");
    /// <summary>A zip is not the managed ChatAuth solution.</summary>
    public static CodedError SolutionZipBad(string path) => Of(5010, $"{path} is not the managed solution ChatAuth. Make it with chatauth pack, or leave \"solution\" out.");
    /// <summary>GetPublicKeys and a target do not say the same.</summary>
    public static CodedError PublicKeysDiffer() => Of(5011, $"chatauth_GetPublicKeys does not answer with the keys that are published. Run chatauth deploy again; if it stays so, an instance of the plug-in is stale: report it.");
    /// <summary>A row that the settings name is not there.</summary>
    public static CodedError RowNotFound(string what, string name) => Of(5012, $"There is no {what} '{name}' in this environment. Correct the name or id in the settings file.");
    /// <summary>A name in the settings is not unique.</summary>
    public static CodedError RowAmbiguous(string what, string name) => Of(5013, $"There are several rows of {what} named '{name}'. Give the id instead.");
    /// <summary>Dataverse does not accept the access token.</summary>
    public static CodedError TokenRefused(string request) => Of(5014, $"{request} was refused with 401: the access token has expired, or is not one for this environment. Check --url and --tenant-id; a token of your own is renewed in CHATAUTH_ACCESS_TOKEN.");
    /// <summary>The settings file is no JSON object.</summary>
    public static CodedError SettingsNotJson(string path, string rule) => Of(5101, $"{path} is not a JSON object ({rule}). Correct it.");
    /// <summary>A setting that nothing reads.</summary>
    public static CodedError SettingUnknown(string setting, string? meant) => Of(5102, $"{setting} is not a setting.{(meant == null ? string.Empty : $" Did you mean \"{meant}\"?")} Correct the settings file.");
    /// <summary>A required setting is not there.</summary>
    public static CodedError SettingMissing(string setting) => Of(5103, $"{setting} is missing. Add it to the settings file.");
    /// <summary>A setting has a value that nothing can be done with.</summary>
    public static CodedError SettingBad(string setting, string rule) => Of(5104, $"{setting} must be {rule}. Correct the settings file.");
    /// <summary>A placeholder names an environment variable that is not set.</summary>
    public static CodedError VariableMissing(string variable) => Of(5105, $"The environment variable {variable}, which the settings file names, is not set. Set it for the command.");
    /// <summary>A target does not serve the keys in time.</summary>
    public static CodedError NotServed(string target, string fact) => Of(5201, $"{target} does not serve the keys: {fact}. No key signs before it is served; see that it answers without signing in, then run the command again.");
    /// <summary>Caches of a target live longer than the lead.</summary>
    public static CodedError LeadTooShort(string target, string minimum) => Of(5202, $"{target} needs a lead of {minimum} or more, since its caches keep old keys so long. Give a longer --lead, or --force.");
    /// <summary>A format that holds one key cannot overlap.</summary>
    public static CodedError SingleKeyFormat(string target, string window) => Of(5203, $"{target} holds one key, so a rotation is an outage: {window}. Publish as keyset, or give --cutover.");
    /// <summary>The key URL of the chat authentication settings does not answer with the keys.</summary>
    public static CodedError KeyUrlNotServing(string url, string fact) => Of(5204, $"{url}, the public key URL, does not serve the keys: {fact}. The steps are enabled; publish the keys there, then run chatauth deploy again for the chat authentication settings.");
    /// <summary>A file that is to be published to holds something else.</summary>
    public static CodedError TargetForeign(string target) => Of(5205, $"{target} holds something other than public keys and is not overwritten. Name another place in \"publish\", or move it away.");
    /// <summary>Nothing is deployed here.</summary>
    public static CodedError NotDeployed() => Of(5301, $"ChatAuth is not deployed in this environment. Run chatauth deploy.");
    /// <summary>No key has that kid.</summary>
    public static CodedError KeyUnknown(string keyId) => Of(5302, $"No key of this environment has the kid '{keyId}'. See chatauth keys for those that are there.");
    /// <summary>Revoking would leave nothing that signs.</summary>
    public static CodedError NoKeyLeft(string keyId) => Of(5303, $"Without the key '{keyId}' nothing signs, so no visitor gets a token. Run chatauth rotate --lead 0s --force first, or give --force.");
    /// <summary>The row of the keys is there, but not its text, or not as keys.</summary>
    public static CodedError KeysUnreadable() => Of(5304, $"The secure configuration of ChatAuth cannot be read, or holds no keys. Sign in as a system administrator; if that is so already, run chatauth uninstall and deploy.");
    /// <summary>A key would expire before it signs.</summary>
    public static CodedError LeadTooLong() => Of(5305, $"The new key would expire before it signs. Give a shorter --lead or a longer --expires-in.");
    /// <summary>Nobody agreed to an uninstallation.</summary>
    public static CodedError NotConfirmed() => Of(5306, $"Nothing was removed, because the question was not answered with yes. Answer yes, or give --yes.");

    private static CodedError Of(int code, FormattableString text) =>
        new("CHATAUTH" + code.ToString("D4", CultureInfo.InvariantCulture), text.ToString(CultureInfo.InvariantCulture));
}
