namespace ChatAuth;

/// <summary>
/// Every error of the command line, the one table: a code that is never reused, the fact, the remedy.
/// </summary>
/// <remarks>
/// The plug-ins' codes are theirs (1xxx requests, 2xxx settings, 3xxx keys, 9xxx unexpected), and 60xx are
/// LocalPortal's. Texts name files, ids and public values; never a secret or what a person typed as one.
/// <c>chatauth explain</c> shows the table: it calls each method with its parameters' names, so a text is made of its
/// arguments and nothing else.
/// </remarks>
internal static class Errors
{
    // 40xx: files.

    /// <summary>A file or folder is not there or may not be read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isNoSettingsFile">Whether it is a settings file that is not there.</param>
    /// <param name="what">What hinders it.</param>
    public static CodedError CannotRead(string path, bool isNoSettingsFile, string what = "") => isNoSettingsFile
        ? CodedError.Of(
            "CHATAUTH4001",
            $"There is no settings file {path}.",
            $"Run chatauth init, which writes one to begin with, or name another by --settings.")
        : CodedError.Of(
            "CHATAUTH4001",
            $"{path} {what}.",
            $"Name a file that is there and that you may read.");

    /// <summary>A file or folder cannot be written.</summary>
    public static CodedError CannotWrite(string path) => CodedError.Of(
        "CHATAUTH4002",
        $"{path} cannot be written.",
        $"Check the folder and its permissions.");

    /// <summary>A file that is never overwritten is there already.</summary>
    public static CodedError FileExists(string path) => CodedError.Of(
        "CHATAUTH4003",
        $"{path} exists and is not overwritten.",
        $"Name another file or move it away.");

    // 41xx: packing.

    /// <summary>Some of the components that the zip refers to are given, others not.</summary>
    public static CodedError SiteIdsMissing() => CodedError.Of(
        "CHATAUTH4165",
        $"Of --home-page, --publishing-state and --web-role some are given and others not.",
        $"Give all three, or --url of the environment the zip is made in, or none.");

    /// <summary>The site cannot travel by solution.</summary>
    public static CodedError SiteNotEnhanced(Guid site) => CodedError.Of(
        "CHATAUTH4166",
        $"The site {site:D} is in the standard data model, which no solution carries.",
        $"Run chatauth deploy in each environment.");

    // 42xx: key files.

    /// <summary>A file holds no private keys of ours.</summary>
    public static CodedError KeyFileBad(string path, string fact = "a JWK set with private keys") => CodedError.Of(
        "CHATAUTH4201",
        $"{path} is no key file ({fact}).",
        $"Make one with chatauth key new or key import.");

    /// <summary>A key would expire after the last NumericDate of 32 bits.</summary>
    public static CodedError KeyExpiresTooLate() => CodedError.Of(
        "CHATAUTH4202",
        $"The key would expire after 2038-01-19, the last date Omnichannel's expiry is known to hold.",
        $"Shorten --expires-in.");

    /// <summary>Every key of a file has expired.</summary>
    public static CodedError KeysExpired() => CodedError.Of(
        "CHATAUTH4203",
        $"Every key has expired, so none is published.",
        $"Make a new one with chatauth key new.");

    /// <summary>A format for one key, several keys, none of which signs.</summary>
    public static CodedError NoKeySignsNow() => CodedError.Of(
        "CHATAUTH4204",
        $"There are several keys, of which none is known to sign now, and the format holds one.",
        $"Ask for keyset or jwks.");

    /// <summary>A PEM text holds a public key only.</summary>
    public static CodedError PemPublicOnly(string name) => CodedError.Of(
        "CHATAUTH4205",
        $"{name} holds a public key only.",
        $"Import the private key that belongs to it.");

    /// <summary>A file holds no private RSA key that can be read.</summary>
    public static CodedError PemNoRsaKey(string name, string what, string remedy) => CodedError.Of(
        "CHATAUTH4206",
        $"{name} holds no sound private RSA key: {what}.",
        $"{remedy}.");

    /// <summary>A PEM text holds several private keys.</summary>
    public static CodedError PemSeveralKeys(string name) => CodedError.Of(
        "CHATAUTH4207",
        $"{name} holds several private keys.",
        $"Leave one of them in the file.");

    /// <summary>An encrypted key and no passphrase.</summary>
    public static CodedError PemPassphraseMissing(string name) => CodedError.Of(
        "CHATAUTH4208",
        $"{name} is encrypted.",
        $"Put its passphrase into the environment variable CHATAUTH_PEM_PASSPHRASE.");

    /// <summary>An encrypted key that the passphrase does not open.</summary>
    public static CodedError PemPassphraseWrong(string name) => CodedError.Of(
        "CHATAUTH4209",
        $"{name} does not open with CHATAUTH_PEM_PASSPHRASE, or holds no RSA key.",
        $"Check the variable.");

    /// <summary>A key encrypted in the way of RFC 1421.</summary>
    public static CodedError PemOldEncryption(string name) => CodedError.Of(
        "CHATAUTH4210",
        $"{name} is encrypted in the old PEM way.",
        $"Convert it with openssl pkcs8 -topk8.");

    /// <summary>A PEM text's encryption would take too long to open.</summary>
    public static CodedError PemTooManyRounds(string name) => CodedError.Of(
        "CHATAUTH4211",
        $"{name} asks for more than 2,000,000 rounds of its hash to be opened.",
        $"Encrypt it again with openssl pkcs8 -topk8.");

    /// <summary>A key is sound, or not, but must sign no chat tokens.</summary>
    public static CodedError KeyUnfit(string name, string fact, string remedy) => CodedError.Of(
        "CHATAUTH4212",
        $"{name} holds an RSA key that is not fit to sign chat tokens: {fact}.",
        $"{remedy}.");

    // 43xx: tokens and the keys that verify them.

    /// <summary>A token breaks the rules of its format.</summary>
    public static CodedError TokenMalformed(string rule) => CodedError.Of(
        "CHATAUTH4301",
        $"The token is malformed: {rule}.",
        $"Copy the whole token, or ask for a new one.");

    /// <summary>A token is not signed by RS256.</summary>
    public static CodedError TokenAlgorithm(string algorithm) => CodedError.Of(
        "CHATAUTH4302",
        $"The token's alg is {algorithm}, not RS256.",
        $"Do not accept it: no chat service does.");

    /// <summary>A token's signature is not the key's.</summary>
    public static CodedError TokenSignature() => CodedError.Of(
        "CHATAUTH4303",
        $"The token's signature does not belong to its text and this key.",
        $"Check that --key is what signed it; if so, the token was changed.");

    /// <summary>A token has expired.</summary>
    public static CodedError TokenExpired(string since) => CodedError.Of(
        "CHATAUTH4304",
        $"The token expired {since}.",
        $"Ask for a new one.");

    /// <summary>A token is not valid yet.</summary>
    public static CodedError TokenNotYetValid(string from) => CodedError.Of(
        "CHATAUTH4305",
        $"The token is valid from {from}.",
        $"Check the clocks of both machines.");

    /// <summary>The keys do not have the one that a token names.</summary>
    public static CodedError KeyIdUnknown(string keyId) => CodedError.Of(
        "CHATAUTH4306",
        $"No key has the token's kid '{keyId}'.",
        $"Publish that key, or wait until the cached copy is renewed.");

    /// <summary>A token names no key where several could have signed it.</summary>
    public static CodedError KeyIdMissing() => CodedError.Of(
        "CHATAUTH4307",
        $"The token has no kid, and there are several keys.",
        $"Omnichannel needs the kid with a key set: issue the token with it.");

    /// <summary>A key text is in no known format.</summary>
    public static CodedError VerificationKeyBad(string name, string rule) => CodedError.Of(
        "CHATAUTH4308",
        $"{name} holds no public keys that can be used: {rule}.",
        $"Give PEM, its one-line form, a key set, a JWK set or a JWK.");

    /// <summary>A web page came where keys were asked for.</summary>
    public static CodedError KeyUrlHtml(string url) => CodedError.Of(
        "CHATAUTH4309",
        $"{url} answered with a web page, not with keys.",
        $"Publish the site, open the page to everyone, and switch its header and footer off.");

    /// <summary>Code of <see cref="KeyUrlFailed"/>.</summary>
    public const string KeyUrlFailedCode = "CHATAUTH4310";

    /// <summary>A key URL did not answer, or not in time.</summary>
    public static CodedError KeyUrlFailed(string url, string fact) => CodedError.Of(
        KeyUrlFailedCode,
        $"{url} {fact}.",
        $"Check the address; the chat service must be able to read it without signing in.");

    /// <summary>The key that a token names has expired.</summary>
    public static CodedError KeyExpired(string keyId) => CodedError.Of(
        "CHATAUTH4311",
        $"The key '{keyId}' has expired, so the token's signature is not accepted.",
        $"Rotate the keys.");

    /// <summary>Code of <see cref="KeyUrlRedirects"/>.</summary>
    public const string KeyUrlRedirectsCode = "CHATAUTH4312";

    /// <summary>A key URL leads elsewhere.</summary>
    public static CodedError KeyUrlRedirects(string url, int status) => CodedError.Of(
        KeyUrlRedirectsCode,
        $"{url} answered with HTTP status {status}, a redirect, which is not followed.",
        $"Open it to everyone if it leads to a sign-in; else give the address it leads to.");

    /// <summary>What a place holds cannot be turned into text.</summary>
    public static CodedError KeysUndecodable(string name, string fact) => CodedError.Of(
        "CHATAUTH4313",
        $"{name} cannot be read: {fact}.",
        $"Serve the keys as UTF-8 text, as they are or compressed as Content-Encoding says.");

    /// <summary>Anybody can read a private key.</summary>
    public static CodedError PrivateKeyServed(string name, string key) => CodedError.Of(
        "CHATAUTH4314",
        $"{name} shows {key} with its private parts, so whoever reads it can sign: the key counts as stolen.",
        $"Take it away there and trust nothing that it signed; if chatauth keys shows the key, run chatauth "
            + $"revoke --force of it, then chatauth deploy.");

    /// <summary>A token names another issuer or audience than it must.</summary>
    public static CodedError TokenForOthers(string claim, string option) => CodedError.Of(
        "CHATAUTH4315",
        $"The token's {claim} is another than {option} says.",
        $"Compare both letter by letter with what the chat service knows; iss is \"issuer\" of chatauth.json.");

    // 44xx: keys that are given, and profiles of chat services.

    /// <summary>A key that is given cannot be the next one.</summary>
    public static CodedError KeyNotTaken(string keyId, string fact) => CodedError.Of(
        "CHATAUTH4401",
        $"The key '{keyId}' is not taken in: {fact}.",
        $"Run the command without --key to its end, then chatauth rotate --key.");

    /// <summary>A chat service would not take a token.</summary>
    public static CodedError RuleBroken(string service, string rule, string fact) => CodedError.Of(
        "CHATAUTH4402",
        $"{service} does not take the token by its rule {rule}: {fact}.",
        $"Mend whatever issues it; chatauth token inspect says what it holds.");

    // 49xx: the command itself.

    /// <summary>A defect of the command itself.</summary>
    public static CodedError Unexpected(string type) => CodedError.Of(
        "CHATAUTH4999",
        $"The command failed with {type}.",
        $"This is a defect: report it with the command line, without secrets.");

    // 50xx: Dataverse, and signing in to it. Never a secret, nor a text of the tenant's.

    /// <summary>Dataverse refused a request.</summary>
    public static CodedError RequestRefused(string request, int status, string message) => CodedError.Of(
        "CHATAUTH5001",
        $"{request} was refused with {status}: {Quoted(message)}.",
        $"Mend what Dataverse names, then run the command again.");

    /// <summary>Dataverse cannot be reached, or answered what it never answers.</summary>
    public static CodedError RequestFailed(string request, string fact) => CodedError.Of(
        "CHATAUTH5002",
        $"{request} failed: {fact}.",
        $"Check the environment's URL and the network, then run the command again.");

    /// <summary>Code of <see cref="ImportFailed"/>.</summary>
    public const string ImportFailedCode = "CHATAUTH5003";

    /// <summary>The import of the solution failed.</summary>
    public static CodedError ImportFailed(string message) => CodedError.Of(
        ImportFailedCode,
        $"The solution was not imported: {Quoted(message)}.",
        $"Mend what Dataverse names, then run the command again.");

    /// <summary>A row that the imported solution brings is not there.</summary>
    public static CodedError ComponentMissing(string component) => CodedError.Of(
        "CHATAUTH5004",
        $"The environment does not have {component}, which the solution brings.",
        $"Import the solution again.");

    /// <summary>A custom API answered with its types' defaults: nothing serves it.</summary>
    public static CodedError NoStep(string api) => CodedError.Of(
        "CHATAUTH5005",
        $"{api} answered with nothing, so no enabled step serves it.",
        $"Run chatauth deploy, or chatauth keys to see whether a key signs.");

    /// <summary>The code of <see cref="AnotherWriter"/>, after which a revocation tries again.</summary>
    public const string AnotherWriterCode = "CHATAUTH5006";

    /// <summary>A row or a file has changed, or came into being, since this command read it.</summary>
    public static CodedError AnotherWriter(string request) => CodedError.Of(
        AnotherWriterCode,
        $"{request} was refused: another command is changing this environment.",
        $"Wait until it has ended, then run the command again.");

    /// <summary>No environment is named.</summary>
    public static CodedError EnvironmentMissing() => CodedError.Of(
        "CHATAUTH5007",
        $"No environment is named.",
        $"Give --url https://yourorg.crm.dynamics.com, or set CHATAUTH_URL.");

    /// <summary>The environment's address cannot be trusted with an access token.</summary>
    public static CodedError EnvironmentUrlBad() => CodedError.Of(
        "CHATAUTH5008",
        $"The environment's URL is not https, names a user, or is no URL.",
        $"Give the address the environment has in the admin center.");

    /// <summary>Nobody is signed in.</summary>
    public static CodedError AccessTokenMissing() => CodedError.Of(
        "CHATAUTH5009",
        $"The environment variable CHATAUTH_ACCESS_TOKEN holds no token, or something beside it.",
        $"Put a bearer token for the environment into it.");

    /// <summary>A zip is not the managed ChatAuth solution.</summary>
    public static CodedError SolutionZipBad(string path) => CodedError.Of(
        "CHATAUTH5010",
        $"{path} is not the managed solution ChatAuth.",
        $"Make it with chatauth pack, or leave \"solution\" out.");

    /// <summary>GetPublicKeys and a target do not say the same.</summary>
    public static CodedError PublicKeysDiffer() => CodedError.Of(
        "CHATAUTH5011",
        $"chatauth_GetPublicKeys does not answer with the keys that are published.",
        $"Run chatauth deploy again; if it stays so, an instance of the plug-in is stale: report it.");

    /// <summary>Code of <see cref="RowNotFound"/>.</summary>
    public const string RowNotFoundCode = "CHATAUTH5012";

    /// <summary>A row that the settings name is not there.</summary>
    public static CodedError RowNotFound(string what, string name) => CodedError.Of(
        RowNotFoundCode,
        $"There is no {what} '{name}' in this environment.",
        $"Correct the name or id, in the settings file or in --site.");

    /// <summary>Code of <see cref="RowAmbiguous"/>.</summary>
    public const string RowAmbiguousCode = "CHATAUTH5013";

    /// <summary>A name in the settings is not unique.</summary>
    public static CodedError RowAmbiguous(string what, string name) => CodedError.Of(
        RowAmbiguousCode,
        $"There are several rows of {what} named '{name}'.",
        $"Give the id instead.");

    /// <summary>Dataverse does not accept the access token.</summary>
    public static CodedError TokenRefused(string request) => CodedError.Of(
        "CHATAUTH5014",
        $"{request} was refused with 401: the access token has expired, or is not one for this environment.",
        $"Check --url and --tenant-id; a token of your own is renewed in CHATAUTH_ACCESS_TOKEN.");

    /// <summary>A way of signing in lacks something it cannot do without.</summary>
    public static CodedError SignInIncomplete(string way, string what) => CodedError.Of(
        "CHATAUTH5015",
        $"Signing in by {way} lacks {what}.",
        $"Set it, or choose another --auth.");

    /// <summary>The tenant does not take the credential for the application's.</summary>
    public static CodedError CredentialWrong(
        string credential, string application, string tenant, string remedy) => CodedError.Of(
        "CHATAUTH5016",
        $"Tenant {tenant} does not accept this {credential} for application {application}.",
        $"{remedy}.");

    /// <summary>The credential has expired.</summary>
    public static CodedError CredentialExpired(
        string credential, string application, string tenant, string remedy) => CodedError.Of(
        "CHATAUTH5017",
        $"The {credential} of application {application} in tenant {tenant} has expired.",
        $"Add a new one in Entra. {remedy}.");

    /// <summary>The tenant does not have the application.</summary>
    public static CodedError ApplicationUnknown(string application, string tenant, string credential) => CodedError.Of(
        "CHATAUTH5018",
        $"Tenant {tenant} has no application {application}, whose {credential} was given.",
        $"Check the client id and the tenant id.");

    /// <summary>There is no such tenant.</summary>
    public static CodedError TenantUnknown(string tenant, string credential) => CodedError.Of(
        "CHATAUTH5019",
        $"There is no tenant {tenant} to take the {credential}.",
        $"Check the tenant id.");

    /// <summary>No federated credential of the application fits the workload.</summary>
    public static CodedError FederationUnknown(string application, string tenant, string credential) => CodedError.Of(
        "CHATAUTH5020",
        $"Application {application} of tenant {tenant} has no federated credential for this {credential}.",
        $"Compare issuer, subject and audience in Entra with the pipeline's, letter by letter; GitHub's subject holds "
            + $"ids, repo:OWNER@ID/REPO@ID:environment:NAME, where the repository is made or renamed since July 2026 "
            + $"or has opted in.");

    /// <summary>The tenant refused the credential for another reason.</summary>
    public static CodedError SignInRefused(string credential, string tenant, string code) => CodedError.Of(
        "CHATAUTH5021",
        $"Tenant {tenant} refused the {credential} with {code}.",
        $"Look the code up at https://login.microsoftonline.com/error, and mend what it names.");

    /// <summary>Nobody answered the question for a token, or not in time.</summary>
    public static CodedError SignInUnanswered(string credential, string tenant) => CodedError.Of(
        "CHATAUTH5022",
        $"Tenant {tenant} did not answer for the {credential}.",
        $"Check the network and AZURE_AUTHORITY_HOST, then run the command again.");

    /// <summary>This machine does not have the credential.</summary>
    public static CodedError CredentialUnavailable(string credential, string reason) => CodedError.Of(
        "CHATAUTH5023",
        $"There is no {credential} here: {reason}.",
        $"Mend that, or choose another --auth.");

    /// <summary>Nothing on this machine signs in.</summary>
    public static CodedError NobodySignedIn(string tenant) => CodedError.Of(
        "CHATAUTH5024",
        $"No credential for tenant {tenant} was found: no variables of an application, no workload or managed "
            + $"identity, no sign-in of a developer's tool.",
        $"Run az login, set CHATAUTH_ACCESS_TOKEN, or give --auth.");

    /// <summary>A certificate cannot be used.</summary>
    public static CodedError CertificateBad(string source, string rule) => CodedError.Of(
        "CHATAUTH5025",
        $"{source} {rule}.",
        $"Give a certificate with its private key; AZURE_CLIENT_CERTIFICATE_PASSWORD opens a file.");

    /// <summary>A connection string cannot be used.</summary>
    public static CodedError ConnectionStringBad(string source, string rule) => CodedError.Of(
        "CHATAUTH5026",
        $"The connection string of {source} cannot be used: {rule}.",
        $"Write AuthType=ClientSecret;Url=…;ClientId=…;ClientSecret=…, or the like with Certificate or OAuth.");

    /// <summary>A connection string asks for a way of signing in that Dataverse has given up.</summary>
    public static CodedError AuthTypeRetired(string source, string authType) => CodedError.Of(
        "CHATAUTH5027",
        $"The connection string of {source} has AuthType={authType}, with which nobody signs in to Dataverse any more.",
        $"Use ClientSecret, Certificate or OAuth.");

    /// <summary>The tenant does not have the environment.</summary>
    public static CodedError EnvironmentForeign(string environment, string tenant, string credential) => CodedError.Of(
        "CHATAUTH5028",
        $"Tenant {tenant}, which took the {credential}, has no environment {environment}.",
        $"Check --url and the tenant id.");

    /// <summary>No tenant is named, and the environment does not say its own.</summary>
    /// <param name="environment">Its host.</param>
    /// <param name="isSilent">Whether it does not answer at all.</param>
    public static CodedError TenantMissing(string environment, bool isSilent) => isSilent
        ? CodedError.Of(
            "CHATAUTH5029",
            $"{environment} does not answer, so that its tenant is not known.",
            $"Check --url and the network; --tenant-id says the tenant.")
        : CodedError.Of(
            "CHATAUTH5029",
            $"{environment} does not say which tenant it belongs to.",
            $"Check --url, or give --tenant-id.");

    /// <summary>A ready token says that it is for another address.</summary>
    public static CodedError TokenForAnother(string environment) => CodedError.Of(
        "CHATAUTH5030",
        $"The token in CHATAUTH_ACCESS_TOKEN is for another address than {environment}, so it was sent nowhere.",
        $"Ask for one of this environment: az account get-access-token --resource https://{environment}.");

    /// <summary>The variable that names the host that signs in cannot be followed.</summary>
    public static CodedError AuthorityBad(string fact) => CodedError.Of(
        "CHATAUTH5031",
        $"AZURE_AUTHORITY_HOST {fact}.",
        $"Take it away: the environment's address says the cloud; or set a host such as login.microsoftonline.us.");

    /// <summary>Nobody knows which cloud an environment is in.</summary>
    public static CodedError CloudUnknown(string environment) => CodedError.Of(
        "CHATAUTH5032",
        $"{environment} is in no cloud that is known here, so no credential is shown to anyone.",
        $"Check --url; for another cloud set AZURE_AUTHORITY_HOST to the host that signs in there.");

    /// <summary>Questions would be asked where nobody can answer.</summary>
    public static CodedError NobodyAnswers() => CodedError.Of(
        "CHATAUTH5033",
        $"chatauth setup asks questions, and here is no terminal to answer them.",
        $"Run it in a terminal; elsewhere write the settings with chatauth init and run chatauth deploy.");

    // 51xx: the settings file.

    /// <summary>The settings file is no JSON object.</summary>
    public static CodedError SettingsNotJson(string path, string rule) => CodedError.Of(
        "CHATAUTH5101",
        $"{path} is not a JSON object ({rule}).",
        $"Correct it.");

    /// <summary>A setting that nothing reads.</summary>
    public static CodedError SettingUnknown(string setting, string? meant) => CodedError.Of(
        "CHATAUTH5102",
        $"{setting} is not a setting.{(meant == null ? string.Empty : $" Did you mean \"{meant}\"?")}",
        $"Correct the settings file.");

    /// <summary>A required setting is not there.</summary>
    public static CodedError SettingMissing(string setting) => CodedError.Of(
        "CHATAUTH5103",
        $"{setting} is missing.",
        $"Add it to the settings file.");

    /// <summary>A setting has a value that nothing can be done with.</summary>
    public static CodedError SettingBad(string setting, string rule) => CodedError.Of(
        "CHATAUTH5104",
        $"{setting} must be {rule}.",
        $"Correct the settings file.");

    /// <summary>A placeholder names an environment variable that is not set.</summary>
    public static CodedError VariableMissing(string variable) => CodedError.Of(
        "CHATAUTH5105",
        $"The environment variable {variable}, which the settings file names, is not set.",
        $"Set it for the command.");

    /// <summary>A placeholder names a variable that signs somebody in.</summary>
    public static CodedError VariableOfSignIn(string variable) => CodedError.Of(
        "CHATAUTH5106",
        $"The settings file names {variable}, a variable of signing in: settings are sent to addresses and stand in "
            + $"every token.",
        $"Put a value that is no secret into a variable of its own, and name that one.");

    // 52xx: publishing.

    /// <summary>A target does not serve the keys in time.</summary>
    public static CodedError NotServed(string target, string fact) => CodedError.Of(
        "CHATAUTH5201",
        $"{target} does not serve the keys: {fact}.",
        $"No key signs before it is served; see that it answers without signing in, then run the command again.");

    /// <summary>Code of <see cref="LeadTooShort"/>.</summary>
    public const string LeadTooShortCode = "CHATAUTH5202";

    /// <summary>Caches of a target live longer than the lead.</summary>
    public static CodedError LeadTooShort(string target, string minimum) => CodedError.Of(
        LeadTooShortCode,
        $"{target} needs a lead of {minimum} or more, since its caches keep old keys so long.",
        $"Give a longer --lead, or --force CHATAUTH5202.");

    /// <summary>A format that holds one key cannot overlap.</summary>
    public static CodedError SingleKeyFormat(string target, string window) => CodedError.Of(
        "CHATAUTH5203",
        $"{target} holds one key, so a rotation is an outage: {window}.",
        $"Publish as keyset or jwks (Live Assist: set the key of \"liveAssist\" to jwks), or give --cutover.");

    /// <summary>A target holds something else than keys.</summary>
    public static CodedError TargetForeign(string target, string fact) => CodedError.Of(
        "CHATAUTH5205",
        $"{target} holds something other than public keys and is not overwritten: {fact}.",
        $"Name another place in \"publish\", or move it away.");

    /// <summary>Code of <see cref="StrangersKeysHeld"/>.</summary>
    public const string StrangersKeysHeldCode = "CHATAUTH5206";

    /// <summary>A target has keys of somebody else, who would lose them.</summary>
    public static CodedError StrangersKeysHeld(string target, string key) => CodedError.Of(
        StrangersKeysHeldCode,
        $"{target} has {key}, which is not this environment's: another environment or application publishes there, or "
            + $"this environment was restored from a backup.",
        $"Give each environment a place of its own; only where the key is nobody's any more, write over it with "
            + $"--force "
            + $"CHATAUTH5206.");

    /// <summary>Code of <see cref="StrangersKeyServed"/>.</summary>
    public const string StrangersKeyServedCode = "CHATAUTH5207";

    /// <summary>Somebody else's key verifies tokens where the chat service reads this environment's.</summary>
    public static CodedError StrangersKeyServed(string place, string keyId) => CodedError.Of(
        StrangersKeyServedCode,
        $"{place} serves the key '{keyId}', which is not this environment's: whoever has it signs for every contact. "
            + $"Another environment publishes there, or this one was restored from a backup.",
        $"Have it taken away there, or give this environment an address of its own; only if you know whose key it is, "
            + $"go on with --force CHATAUTH5207.");

    /// <summary>A private key lies where a file is to be published.</summary>
    public static CodedError PrivateKeyInFile(string target, string key) => CodedError.Of(
        "CHATAUTH5208",
        $"{target} holds {key} with its private parts, perhaps the only copy: it is neither overwritten nor deleted.",
        $"Name another place in \"publish\", or move it to where only you can read it. If others could read it, the "
            + $"key "
            + $"counts as stolen.");

    /// <summary>A private key lies in a page or web file, which anybody can read.</summary>
    public static CodedError PrivateKeyInDatabase(string target, string key) => CodedError.Of(
        "CHATAUTH5209",
        $"{target} holds {key} with its private parts, and anybody can read it: the key counts as stolen.",
        $"If chatauth keys shows the key, run chatauth revoke --force of it, which overwrites it there, then chatauth "
            + $"deploy; else delete it there.");

    /// <summary>Nobody could look whether a key is served.</summary>
    public static CodedError NoPlace() => CodedError.Of(
        "CHATAUTH5210",
        $"The settings file names no place at which the public keys are served, so nobody can see whether a chat "
            + $"service "
            + $"has them before a key signs.",
        $"Name one in \"publish\", or the \"publicKeyUrl\" of \"authenticationSettings\"; for Live Assist alone set "
            + $"the key of \"liveAssist\" to line.");

    // 53xx: the keys of an environment.

    /// <summary>Nothing is deployed here.</summary>
    public static CodedError NotDeployed() => CodedError.Of(
        "CHATAUTH5301",
        $"ChatAuth is not deployed in this environment.",
        $"Run chatauth deploy.");

    /// <summary>No key has that kid.</summary>
    public static CodedError KeyUnknown(string keyId) => CodedError.Of(
        "CHATAUTH5302",
        $"No key of this environment has the kid '{keyId}'.",
        $"See chatauth keys for those that are there.");

    /// <summary>Code of <see cref="NoKeyLeft"/>.</summary>
    public const string NoKeyLeftCode = "CHATAUTH5303";

    /// <summary>Revoking would leave nothing that signs.</summary>
    public static CodedError NoKeyLeft(string keyId) => CodedError.Of(
        NoKeyLeftCode,
        $"Without the key '{keyId}' nothing signs, so no visitor gets a token.",
        $"Run chatauth rotate --lead 0s --force first, or give --force.");

    /// <summary>The code of <see cref="KeysUnreadable"/>, which uninstall goes on from.</summary>
    public const string KeysUnreadableCode = "CHATAUTH5304";

    /// <summary>The row of the keys is there, but not its text, or not as keys.</summary>
    public static CodedError KeysUnreadable() => CodedError.Of(
        KeysUnreadableCode,
        $"The secure configuration of ChatAuth cannot be read, or holds no keys.",
        $"Sign in as a system administrator; if that is so already, run chatauth uninstall --force CHATAUTH5206, which "
            + $"removes what nobody knows the owner of, then chatauth deploy.");

    /// <summary>A key would expire before it signs.</summary>
    public static CodedError LeadTooLong() => CodedError.Of(
        "CHATAUTH5305",
        $"The new key would expire before it signs.",
        $"Give a shorter --lead or a longer --expires-in.");

    /// <summary>The code of <see cref="NotConfirmed"/>.</summary>
    public const string NotConfirmedCode = "CHATAUTH5306";

    /// <summary>Nobody agreed to an uninstallation, or said that a key was pasted.</summary>
    public static CodedError NotConfirmed(bool isPasting) => isPasting
        ? CodedError.Of(
            NotConfirmedCode,
            $"The new key does not sign yet, because nobody said that its line was pasted into Live Assist.",
            $"Paste it, then run the command again and press Enter, or give --yes.")
        : CodedError.Of(
            NotConfirmedCode,
            $"Nothing was removed, because the question was not answered with yes.",
            $"Answer yes, or give --yes.");

    /// <summary>A key that is to be taken in, or used, was revoked.</summary>
    public static CodedError KeyIsRevoked(string keyId, string fact) => CodedError.Of(
        "CHATAUTH5307",
        $"The key '{keyId}' is not for this environment: {fact}.",
        $"Take another key.");

    /// <summary>A revocation that is not done holds up other commands.</summary>
    public static CodedError RevocationPending(string keyId) => CodedError.Of(
        "CHATAUTH5308",
        $"The revocation of the key '{keyId}' is not done.",
        $"Run chatauth revoke {keyId}.");

    /// <summary>Code of <see cref="KeyNotGone"/>.</summary>
    public const string KeyNotGoneCode = "CHATAUTH5309";

    /// <summary>A place still serves a key that is to be gone.</summary>
    public static CodedError KeyNotGone(string place, string fact) => CodedError.Of(
        KeyNotGoneCode,
        $"{place}: {fact}.",
        $"Take the key away there and run the command again; if the address is no more, take it out of the settings "
            + $"file and give it to chatauth revoke --forget.");

    /// <summary>An address that is to be forgotten is in use, or nobody knows it.</summary>
    public static CodedError PlaceNotForgotten(string url, string fact) => CodedError.Of(
        "CHATAUTH5310",
        $"{url} {fact}.",
        $"Give an address that chatauth doctor names by CHATAUTH5472.");

    // 54xx: what doctor finds.

    /// <summary>The solution is not installed.</summary>
    public static Finding SolutionMissing() => Finding.Of(
        Severity.Error,
        "CHATAUTH5401",
        $"The solution ChatAuth is not installed.",
        $"Run chatauth deploy.",
        Mender.Deploy);

    /// <summary>An older solution is installed.</summary>
    public static Finding SolutionOld(string installed, string carried) => Finding.Of(
        Severity.Warning,
        "CHATAUTH5402",
        $"The solution is {installed}, older than {carried}, which deploy would import.",
        $"Run chatauth deploy.",
        Mender.Deploy);

    /// <summary>A newer solution is installed.</summary>
    public static Finding SolutionNewer(string installed, string carried) => Finding.Of(
        Severity.Warning,
        "CHATAUTH5443",
        $"The solution is {installed}, newer than {carried}, which this chatauth carries and does not import over it.",
        $"Run the chatauth of that version.");

    /// <summary>One of the two steps is not there.</summary>
    public static Finding StepMissing(string message) => Finding.Of(
        Severity.Error,
        "CHATAUTH5403",
        $"The step of {message} is not there, so the call answers with nothing.",
        $"Run chatauth deploy.",
        Mender.Deploy);

    /// <summary>One of the two steps is disabled.</summary>
    public static Finding StepDisabled(string message) => Finding.Of(
        Severity.Error,
        "CHATAUTH5404",
        $"The step of {message} is disabled, so the call answers with nothing.",
        $"Run chatauth deploy.",
        Mender.Deploy);

    /// <summary>One of the two steps is registered otherwise than deploy does.</summary>
    public static Finding StepElsewhere(string message, string fact) => Finding.Of(
        Severity.Error,
        "CHATAUTH5405",
        $"The step of {message} {fact}.",
        $"Run chatauth deploy, which deletes it and creates it as it must be.",
        Mender.Deploy);

    /// <summary>One of the two steps reads other keys, or none.</summary>
    public static Finding StepReadsOtherKeys(string message) => Finding.Of(
        Severity.Error,
        "CHATAUTH5406",
        $"The step of {message} reads another secure configuration than ChatAuth's.",
        $"Run chatauth deploy.",
        Mender.Deploy);

    /// <summary>Cached instances may not know the keys.</summary>
    public static Finding StepNotTouched(string message) => Finding.Of(
        Severity.Warning,
        "CHATAUTH5407",
        $"The step of {message} was not touched after the keys changed, so plug-in instances may use older ones: a "
            + $"command was interrupted.",
        $"Run chatauth deploy.",
        Mender.Deploy);

    /// <summary>The step has other settings than the file.</summary>
    public static Finding StepSettingsDiffer(string members) => Finding.Of(
        Severity.Error,
        "CHATAUTH5408",
        $"The step of chatauth_IssueChatToken has other settings than the settings file: {members}.",
        $"Run chatauth deploy, or correct the settings file.",
        Mender.Deploy);

    /// <summary>An entry for a moment that has not ended.</summary>
    public static Finding CallerForMoment(string user, bool isPlanted) => isPlanted
        ? Finding.Of(
            Severity.Error,
            "CHATAUTH5450",
            $"The step's settings let the user {user} ask for a contact's token, for longer than any deploy does.",
            $"Run chatauth deploy, which drops it, and find out who has written it.",
            Mender.Deploy)
        : Finding.Of(
            Severity.Warning,
            "CHATAUTH5450",
            $"The step's settings let the user {user} ask for one contact's token: a deploy proved itself, and within "
                + $"an hour it ends by itself.",
            $"Wait, or find out who has run chatauth deploy.",
            Mender.Deploy);

    /// <summary>Somebody else's step on one of the two messages.</summary>
    public static Finding ForeignStep(string name, string message, bool enabled) => enabled
        ? Finding.Of(
            Severity.Error,
            "CHATAUTH5409",
            $"The step '{name}' on {message} is not ChatAuth's, and can read or change the answer.",
            $"Delete it in the Plug-in Registration Tool, and the system jobs it left, which may hold tokens.")
        : Finding.Of(
            Severity.Warning,
            "CHATAUTH5409",
            $"The step '{name}' on {message} is not ChatAuth's; it is disabled.",
            $"Delete it in the Plug-in Registration Tool.");

    /// <summary>Code of <see cref="MadeByHand"/>.</summary>
    public const string MadeByHandCode = "CHATAUTH5440";

    /// <summary>Keys or steps were there before any deploy.</summary>
    public static Finding MadeByHand(string what) => Finding.Of(
        Severity.Error,
        MadeByHandCode,
        $"{what} before any deploy.",
        $"If you know who did it and why, take it over with chatauth deploy --force CHATAUTH5440; otherwise delete it "
            + $"in the Plug-in Registration Tool, then run chatauth deploy.");

    /// <summary>Somebody else's step is handed the keys, or runs ChatAuth's plug-in.</summary>
    public static Finding KeysInOtherHands(string name, string fact) => Finding.Of(
        Severity.Error,
        "CHATAUTH5441",
        $"The step '{name}' is not ChatAuth's and {fact}.",
        $"Find out who registered it and delete it; if it is bound to the keys they count as stolen: chatauth revoke "
            + $"--force of each, then chatauth deploy.");

    /// <summary>The plug-in assembly is not the one that was imported, or not the only one.</summary>
    public static Finding AssemblyDiffers(string fact) => Finding.Of(
        Severity.Error,
        "CHATAUTH5442",
        $"The plug-in assembly {fact}.",
        $"Find out who; delete what is not ChatAuth's and import the zip of chatauth pack again. Unless it is a build "
            + $"of your own the keys count as stolen: chatauth revoke --force of each, then chatauth deploy.");

    /// <summary>A portal is without some of its application users.</summary>
    public static Finding PortalUsersOut(string url, int all, int limited, int refused) => Finding.Of(
        Severity.Warning, // no word of an address holds up a command that would mend it
        "CHATAUTH5444",
        $"Of {all} application users of the portal at {url}, {limited} are limited by Dataverse and {refused} refused.",
        $"The portal's log says which: renew the secret of one that is refused, activate its user or list it in "
            + $"\"callers\"; while they are limited again and again, add another to \"applications\".");

    /// <summary>The portal's own token service is still set up, or its key still read, beside ChatAuth.</summary>
    public static Finding BuiltInTokenLeft(string owner, string what, bool isKeyRead) => isKeyRead
        ? Finding.Of(
            Severity.Warning,
            "CHATAUTH5445",
            $"The chat authentication settings '{owner}' read the portal's own key at {what}, so a widget that uses "
                + $"them takes no token of ChatAuth.",
            $"Name them or the widget in \"authenticationSettings\" and run chatauth deploy, or leave them to a site "
                + $"that stays with its own token.")
        : Finding.Of(
            Severity.Warning,
            "CHATAUTH5445",
            $"The site {owner} still has settings of its own token service, which ChatAuth does not use: {what}.",
            $"Delete them once nobody takes that token any more, the certificate's last.");

    /// <summary>The portal's own token service does not do what a chat service needs of it.</summary>
    public static CodedError BuiltInServiceFails(string place, string fact, string remedy) => CodedError.Of(
        "CHATAUTH5446",
        $"{place} {fact}.",
        $"{remedy}.");

    /// <summary>A flow waits for one of the two messages.</summary>
    public static Finding CatalogTrigger(string name, string message) => Finding.Of(
        Severity.Error,
        "CHATAUTH5410",
        $"The trigger '{name}' hands what {message} answers to a flow.",
        $"Turn off the flow (When an action is performed), and delete its runs, which may hold tokens.");

    /// <summary>No key signs.</summary>
    public static Finding NoKeySigns(string fact) => Finding.Of(
        Severity.Error,
        "CHATAUTH5411",
        $"No key signs: {fact}.",
        $"Run chatauth deploy.",
        Mender.Deploy);

    /// <summary>The signing key expires and nothing follows.</summary>
    public static Finding KeyExpiresSoon(string keyId, string when) => Finding.Of(
        Severity.Warning,
        "CHATAUTH5412",
        $"The signing key '{keyId}' expires {when}, and no other follows it.",
        $"Run chatauth rotate.",
        Mender.Rotate);

    /// <summary>A key that is published and never signs.</summary>
    public static Finding KeyLeftPending(string keyId) => Finding.Of(
        Severity.Warning,
        "CHATAUTH5413",
        $"The key '{keyId}' is pending: a deployment or rotation was interrupted.",
        $"Run chatauth deploy if no key signs, else chatauth rotate.",
        Mender.Deploy);

    /// <summary>The keys came with a copy of another environment.</summary>
    public static Finding KeysOfAnotherOrganization() => Finding.Of(
        Severity.Error,
        "CHATAUTH5414",
        $"The keys were made for another organization: this environment is a copy.",
        $"Run chatauth deploy here for keys of its own; then rotate and revoke the old key in the original, since this "
            + $"copy holds it too.",
        Mender.Deploy);

    /// <summary>Tokens cannot be verified.</summary>
    public static Finding SigningKeyNotServed(string target, string keyId) => Finding.Of(
        Severity.Error,
        "CHATAUTH5415",
        $"{target} does not serve the signing key '{keyId}'.",
        $"Run chatauth deploy.",
        Mender.Deploy);

    /// <summary>Tokens of another key cannot be verified.</summary>
    public static Finding KeyNotServed(string target, string keyId) => Finding.Of(
        Severity.Warning,
        "CHATAUTH5416",
        $"{target} does not serve the key '{keyId}', which is to be published.",
        $"Run chatauth deploy.",
        Mender.Deploy);

    /// <summary>Tokens that this environment has not issued are accepted.</summary>
    public static Finding ForeignKeyServed(string target, string keyId) => Finding.Of(
        Severity.Error,
        "CHATAUTH5417",
        $"{target} serves the key '{keyId}', which this environment does not publish: tokens signed by it are "
            + $"accepted.",
        $"If this environment was restored from a backup, revoke again what was revoked since; if another one "
            + $"publishes there, give each a place of its own; then run chatauth deploy.",
        Mender.Deploy);

    /// <summary>A key URL does not answer.</summary>
    public static Finding KeysNotReachable(string target, string fact, bool isForPerson) => Finding.Of(
        Severity.Error,
        "CHATAUTH5418",
        $"{target} is not reachable: {fact}.",
        $"Check the address and that anyone may read it; then run chatauth deploy.",
        isForPerson ? Mender.Person : Mender.Deploy);

    /// <summary>A key URL answers with a web page.</summary>
    public static Finding KeysAreWebPage(string target) => Finding.Of(
        Severity.Error,
        "CHATAUTH5419",
        $"{target} answers with a web page, not with keys.",
        $"Make the site public and the page anonymous, with its header and footer off; or publish with \"webfile\".",
        Mender.Deploy);

    /// <summary>A key URL answers with another text.</summary>
    public static Finding KeysAreNone(string target, string fact) => Finding.Of(
        Severity.Error,
        "CHATAUTH5420",
        $"{target} serves something other than public keys: {fact}.",
        $"See what stands at the address; chatauth deploy writes over keys of its own alone.",
        Mender.Deploy);

    /// <summary>Caches outlive a change of keys.</summary>
    public static Finding KeysCached(string url, string span) => Finding.Of(
        Severity.Warning,
        "CHATAUTH5421",
        $"{url} may be cached for {span} (Cache-Control), so changed keys arrive late.",
        $"Let it be cached for an hour at most, or rotate with --lead twice as long.");

    /// <summary>A file is for trials.</summary>
    public static Finding ServedUnknown(string target) => Finding.Of(
        Severity.Warning,
        "CHATAUTH5422",
        $"{target} is for trials on this machine (\"local\": true): no chat service reads it.",
        $"Name where visitors' chats read the keys before visitors come: a page, a web file, a portal, or the \"url\" "
            + $"of "
            + $"the file.");

    /// <summary>The step has no callers.</summary>
    public static Finding CallersEmpty() => Finding.Of(
        Severity.Error,
        "CHATAUTH5423",
        $"The step's settings list no callers, so every call is refused.",
        $"Run chatauth deploy.",
        Mender.Deploy);

    /// <summary>The plug-in refuses its settings.</summary>
    public static Finding StepSettingsRefused(string refusal) => Finding.Of(
        Severity.Error,
        "CHATAUTH5424",
        $"The plug-in refuses the step's settings ({refusal}).",
        $"Run chatauth deploy.",
        Mender.Deploy);

    /// <summary>A caller has no user.</summary>
    public static Finding CallerUnknown(string application) => Finding.Of(
        Severity.Error,
        "CHATAUTH5425",
        $"The caller {application} is no application user of this environment.",
        $"Add it in the Power Platform admin center (application users), or correct \"callers\".");

    /// <summary>A caller's user is disabled.</summary>
    public static Finding CallerDisabled(string application) => Finding.Of(
        Severity.Error,
        "CHATAUTH5426",
        $"The application user of the caller {application} is disabled.",
        $"Activate it in the Power Platform admin center, or take it out of \"callers\".");

    /// <summary>A caller cannot read what its tokens are made of.</summary>
    public static Finding CallerLacksPrivilege(string application, string privilege) => Finding.Of(
        Severity.Error,
        "CHATAUTH5427",
        $"The caller {application} lacks {privilege}, so its calls are refused.",
        $"Give its application user a security role with that privilege.");

    /// <summary>A table that the settings name is not there.</summary>
    public static Finding TableUnknown(string table) => Finding.Of(
        Severity.Error,
        "CHATAUTH5428",
        $"The table {table}, which the settings file names, does not exist here.",
        $"Correct the settings file, or install what brings the table.");

    /// <summary>A column that the settings name is not there.</summary>
    public static Finding ColumnUnknown(string table, string column) => Finding.Of(
        Severity.Error,
        "CHATAUTH5429",
        $"The column {column} of {table}, which the settings file needs, does not exist, so no token is issued.",
        $"Correct the settings file.");

    /// <summary>A mapped column is guarded by column security.</summary>
    public static Finding ColumnSecured(string table, string column) => Finding.Of(
        Severity.Warning,
        "CHATAUTH5430",
        $"The column {column} of {table} is secured: a caller without a profile for it reads it as empty, and the "
            + $"token leaves it out.",
        $"Add each caller to a column security profile that reads it, or map another column.");

    /// <summary>The record of the chat authentication settings is not there.</summary>
    public static Finding ChatSettingsMissing(string name) => Finding.Of(
        Severity.Error,
        "CHATAUTH5431",
        $"There are no chat authentication settings '{name}'.",
        $"Run chatauth deploy.",
        Mender.Deploy);

    /// <summary>The record of the chat authentication settings says something else.</summary>
    public static Finding ChatSettingsDiffer(string name) => Finding.Of(
        Severity.Error,
        "CHATAUTH5432",
        $"The chat authentication settings '{name}' differ from the settings file.",
        $"Run chatauth deploy.",
        Mender.Deploy);

    /// <summary>No widget uses the chat authentication settings.</summary>
    public static Finding ChatSettingsUnused(string name) => Finding.Of(
        Severity.Error,
        "CHATAUTH5433",
        $"No chat widget uses the chat authentication settings '{name}', so no chat is authenticated by them.",
        $"Name the widget in \"widgets\" of \"authenticationSettings\" and run chatauth deploy.");

    /// <summary>A widget has no, or other, chat authentication settings.</summary>
    public static Finding WidgetNotLinked(string widget) => Finding.Of(
        Severity.Error,
        "CHATAUTH5434",
        $"The chat widget '{widget}' does not use the chat authentication settings of the settings file.",
        $"Run chatauth deploy.",
        Mender.Deploy);

    /// <summary>The chat asks by a name that chatauth.js does not answer to.</summary>
    public static Finding FunctionNotOffered(string function, string offered) => Finding.Of(
        Severity.Error,
        "CHATAUTH5485",
        $"The chat asks the page for the token by {function}, a function that chatauth.js does not offer.",
        $"Set \"javaScriptFunction\" to one that it offers ({offered}) and run chatauth deploy.");

    /// <summary>A page of the site may give the chat another token than ours.</summary>
    public static Finding FunctionTaken(string place, string site, string function) => Finding.Of(
        Severity.Warning,
        "CHATAUTH5486",
        $"The {place} of the site {site} sets {function}: where it loads after chatauth.js, a chat that asks by that "
            + $"name gets another token, which the published keys do not verify.",
        $"Remove that script, or set \"javaScriptFunction\" to chatauth.getAuthenticationToken and run chatauth "
            + $"deploy.");

    /// <summary>The content security policy of a site holds back the chat or its token.</summary>
    public static Finding PolicyBlocks(string site, string directive, string source, string what) => Finding.Of(
        Severity.Error,
        "CHATAUTH5487",
        $"The content security policy of the site {site} does not allow {what} in {directive}.",
        $"Add {source} to {directive} in the site setting HTTP/Content-Security-Policy.");

    /// <summary>A script tag that a person wrote asks the portal's own token service.</summary>
    /// <param name="place">Where it stands, with the site.</param>
    /// <param name="isRefused">Whether visitors are refused for sure; else it is a warning.</param>
    public static Finding ScriptTagAsksPortal(string place, bool isRefused) => Finding.Of(
        isRefused ? Severity.Error : Severity.Warning,
        "CHATAUTH5489",
        $"In the {place}, a tag of chatauth.js asks the portal's own token service (data-token-url "
            + $"/_services/auth/token), and a chat that reads the keys of ChatAuth refuses its tokens.",
        $"Write data-token-url=\"/_api/serverlogics/chatauth-token\" into the tag and clear the site's cache; take "
            + $"a site that stays with its own token out of the settings file.");

    /// <summary>A site is not as deploy leaves it.</summary>
    /// <param name="site">The site, as people name it.</param>
    /// <param name="parts">What is not there or other than it is to be, as clauses.</param>
    public static Finding SitePartsWrong(string site, string parts) => Finding.Of(
        Severity.Error,
        "CHATAUTH5497",
        $"The site {site} is not as deploy leaves it, so a chat may get no token: {parts}.",
        $"Run chatauth deploy.",
        Mender.Deploy);

    /// <summary>No page tells LivePerson who is signed in, or the wrong issuer.</summary>
    /// <param name="fact">Why.</param>
    public static Finding IdentityWithoutTag(string fact) => Finding.Of(
        Severity.Warning,
        "CHATAUTH5496",
        $"\"identity\" of \"liveAssist\" is true, but {fact}, so LivePerson does not know who is signed in.",
        $"Let chatauth deploy write the tag: with the site in \"portals\", without \"headerSnippet\": false and "
            + $"without a tag of your own for chatauth.js in Head/Bottom. Or put <script src=\"/chatauth-identity.js\" "
            + $"data-liveperson-issuer=\"…\"></script>, with the JWT issuer that chatauth liveassist says, into the "
            + $"pages ahead of LivePerson's tag.");

    /// <summary>Signed-in visitors are refused by the site itself.</summary>
    public static Finding WebRoleMissing(string site) => Finding.Of(
        Severity.Error,
        "CHATAUTH5488",
        $"The server logic chatauth-token of the site {site} is not open to the web role of authenticated users, so "
            + $"signed-in visitors are refused a token.",
        $"Run chatauth deploy, or give the server logic that web role.",
        Mender.Deploy);

    /// <summary>The plug-in trace is on.</summary>
    public static Finding TraceOn(string level) => Finding.Of(
        Severity.Error,
        "CHATAUTH5435",
        $"The plug-in trace is set to {level}, and its rows have a column for the secure configuration: the keys.",
        $"Set it to Off: Settings, Administration, System Settings, Customization.");

    /// <summary>The plug-in trace holds the keys.</summary>
    public static Finding TraceHoldsKeys() => Finding.Of(
        Severity.Error,
        "CHATAUTH5436",
        $"Rows of the plug-in trace hold the secure configuration of ChatAuth: the keys.",
        $"Delete them (Settings, Plug-in Trace Log), then run chatauth rotate and revoke the old key.");

    /// <summary>Steps cannot be written.</summary>
    public static Finding CustomizationsBlocked(bool isWritten) => Finding.Of(
        isWritten ? Severity.Error : Severity.Warning,
        "CHATAUTH5437",
        $"Unmanaged customizations are blocked, so deploy cannot write the steps; rotate and revoke touch them by "
            + $"disabling and enabling, and leave no mark.",
        $"Switch the block off for the run of deploy: admin center, environment, Settings, Features.");

    /// <summary>Contacts that Omnichannel does not link.</summary>
    public static Finding ContactsNotLinked() => Finding.Of(
        Severity.Warning,
        "CHATAUTH5438",
        $"Some active contacts have another status reason than the standard one: Omnichannel links them to no chat, "
            + $"silently.",
        $"Give them the status reason Active (1).");

    /// <summary>Two clocks differ.</summary>
    public static Finding ClockOff(string distance) => Finding.Of(
        Severity.Warning,
        "CHATAUTH5439",
        $"The clock of this machine is {distance} that of the environment, from which keys get their dates.",
        $"Set the clock of this machine.");

    /// <summary>Anybody can read a private key.</summary>
    public static Finding PrivateKeysServed(string target, string key, bool isRevoked) => Finding.Of(
        Severity.Error,
        "CHATAUTH5480",
        $"{target} shows {key} with its private parts, so whoever reads it can sign: the key counts as stolen.",
        $"If chatauth keys shows the key, run chatauth revoke --force of it, then chatauth deploy; take the text "
            + $"away there.",
        isRevoked ? Mender.Revoke : Mender.Person);

    /// <summary>The chat service reads the keys where nothing is published to.</summary>
    public static Finding KeyUrlNotATarget(string url) => Finding.Of(
        Severity.Warning,
        "CHATAUTH5482",
        $"{url}, which a chat service reads, is none of the addresses of \"publish\", so it is looked at as one more.",
        $"Name it in \"publish\" as what it is: a page, a web file, a portal, or the address of a file.");

    /// <summary>What a target serves cannot be turned into text.</summary>
    public static Finding KeysNotReadable(string target, string fact) => Finding.Of(
        Severity.Error,
        "CHATAUTH5481",
        $"{target} cannot be read: {fact}, so nobody knows which keys it serves.",
        $"Serve the keys as UTF-8 text, as they are or compressed as Content-Encoding says.",
        Mender.Deploy);

    /// <summary>A key that is revoked stands in the row, or a step that 0.1.0 marked says that it is.</summary>
    public static Finding KeyPutBack(string keyId) => Finding.Of(
        Severity.Error,
        "CHATAUTH5470",
        $"The key '{keyId}' is revoked, and is in secure configuration still or again.",
        $"Run chatauth revoke {keyId}.",
        Mender.Revoke);

    /// <summary>A place serves a key that is revoked: tokens of whoever stole it are accepted.</summary>
    public static Finding RevokedKeyServed(string place, string fact) => Finding.Of(
        Severity.Error,
        "CHATAUTH5471",
        $"{place}: {fact}, which is revoked, so tokens of whoever has it are accepted.",
        $"Run chatauth revoke; take the key away there by hand where the settings file does not name the place.",
        Mender.Revoke);

    /// <summary>A place that the settings file does not name any more was not seen without our keys yet.</summary>
    public static Finding PlaceLeft(string place, string fact) => Finding.Of(
        Severity.Warning,
        "CHATAUTH5472",
        $"{place} was published to and is not named by the settings file any more: {fact}.",
        $"Run chatauth deploy, which forgets it once no key is there; if it is no more, chatauth revoke --forget "
            + $"{place}.",
        Mender.Deploy);

    /// <summary>The record of the chat authentication settings reads keys in clear.</summary>
    public static Finding KeyUrlInClear(string name, bool isOurs) => Finding.Of(
        isOurs ? Severity.Error : Severity.Warning,
        "CHATAUTH5490",
        $"The chat authentication settings '{name}' read the public keys over http: whoever stands between exchanges "
            + $"them, and signs in as anyone.",
        $"Write an https address into them; where the settings file names them, run chatauth deploy.",
        isOurs ? Mender.Deploy : Mender.Person);

    /// <summary>A variable that the workstream does not know.</summary>
    public static Finding VariableUndefined(string widget, string variable, string? defined) => Finding.Of(
        Severity.Warning,
        "CHATAUTH5491",
        $"The workstream of the chat widget '{widget}' has no context variable '{variable}'"
            + $"{(defined == null ? string.Empty : $" (it has '{defined}')")}, so its value is dropped in silence.",
        $"Add it there, letter by letter: Copilot Service admin center, Workstreams, the workstream, Advanced "
            + $"settings, Context variables; or correct \"contextVariables\".");

    /// <summary>Records are linked by what the visitor's page says.</summary>
    public static Finding VariableLinksRecords(string widget, string variable) => Finding.Of(
        Severity.Warning,
        "CHATAUTH5492",
        $"The workstream of the chat widget '{widget}' identifies records by '{variable}', which the visitor's page "
            + $"chooses: it can name anybody's.",
        $"Take it out of the rule: Copilot Service admin center, Workstreams, the workstream, Advanced settings, Rules "
            + $"to identify records; or map the variable to a column that visitors cannot edit.");

    /// <summary>The workstream could not be looked at.</summary>
    public static Finding WorkstreamUnread(string widget, string reason) => Finding.Of(
        Severity.Warning,
        "CHATAUTH5493",
        $"The context variables of the chat widget '{widget}' were not compared with its workstream: {reason}.",
        $"Compare them by hand: Copilot Service admin center, Workstreams, the workstream, Advanced settings, Context "
            + $"variables.");

    /// <summary>A site calls as its visitor, and not as itself.</summary>
    public static Finding SiteActsAsVisitor(string site, bool isOn) => Finding.Of(
        Severity.Warning,
        "CHATAUTH5495",
        $"The site {site} "
            + $"{(isOn ? "has enhanced authorization (preview) on and" : "is being moved to enhanced authorization "
                + "(preview), and then")} acts on Dataverse as its visitor by impersonation: calls of that kind get no "
            + $"token, but CHATAUTH1003.",
        $"Switch it off (Power Pages admin center, site details, Edit, Enable Enhanced Authorization), or let a back "
            + $"end of your own ask for the tokens.");

    /// <summary>Something that could not be looked at.</summary>
    public static Finding NotChecked(string subject, string reason) => Finding.Of(
        Severity.Error,
        "CHATAUTH5448",
        $"Not checked: {subject}. {reason}.",
        $"Mend that, or sign in as a system administrator, and run chatauth doctor again.");

    /// <summary>The verdict.</summary>
    public static CodedError EnvironmentNotSound(int errors) => CodedError.Of(
        "CHATAUTH5449",
        $"Errors found: {errors}.",
        $"Mend each as it says, then run chatauth doctor again.");

    // 55xx: the probe.

    /// <summary>The solution, whose plug-ins are to be asked, is not there.</summary>
    public static CodedError NothingToProbe() => CodedError.Of(
        "CHATAUTH5501",
        $"The solution ChatAuth is not installed, so there is nothing to probe.",
        $"Import ChatAuth_managed.zip, which chatauth pack writes, into a sandbox environment.");

    /// <summary>Questions ended in errors.</summary>
    public static CodedError ProbeIncomplete(int questions) => CodedError.Of(
        "CHATAUTH5502",
        $"{questions} of the questions ended in the errors above.",
        $"Mend what they name, then run chatauth probe again.");

    /// <summary>The probe's own rows could not be removed.</summary>
    public static CodedError ProbeRowsLeft() => CodedError.Of(
        "CHATAUTH5503",
        $"Rows of the probe are left behind, because Dataverse refused to delete them.",
        $"Run chatauth probe again, which removes them first.");

    // 56xx: the sites that give tokens.

    /// <summary>Nobody is told from an anonymous visitor on the site.</summary>
    public static CodedError NoAuthenticatedRole(string site) => CodedError.Of(
        "CHATAUTH5601",
        $"The site {site} has no web role for authenticated users.",
        $"Switch \"Authenticated Users Role\" on for one of its web roles, then run the command again.");

    /// <summary>Somebody else has a component of the same name, or has put aside the one that is needed.</summary>
    /// <param name="part">The component.</param>
    /// <param name="site">The site, as people name it.</param>
    /// <param name="fact">What it is, after "The … of the site …".</param>
    public static CodedError ComponentForeign(string part, string site, string fact) => CodedError.Of(
        "CHATAUTH5602",
        $"The {part} of the site {site} {fact}.",
        $"Undo that or delete it (somebody else's can be renamed too), then run the command again.");

    /// <summary>The piece between the marks is not what deploy writes, or stands where it does nothing.</summary>
    public static CodedError HeaderEdited(string site) => CodedError.Of(
        "CHATAUTH5603",
        $"In the snippet Head/Bottom of the site {site}, what stands between the marks <!-- chatauth --> and <!-- "
            + $"/chatauth --> was edited, or no browser would run it there: in a comment, a template, or after a "
            + $"comment or an element that nothing ends.",
        $"End what is open ahead of it; delete the marks and keep your own tag, or delete all of it.");

    /// <summary>Code of <see cref="SiteSettingForeign"/>.</summary>
    public const string SiteSettingForeignCode = "CHATAUTH5604";

    /// <summary>A site setting has another value, perhaps for a reason.</summary>
    /// <param name="site">The site, as people name it.</param>
    /// <param name="setting">The setting.</param>
    /// <param name="value">What it is to be.</param>
    /// <param name="fact">What follows, as the rest of the sentence; empty for nothing.</param>
    /// <param name="remedy">What to do, without full stop: not every command may overwrite it.</param>
    public static CodedError SiteSettingForeign(
        string site, string setting, string value, string fact, string remedy) => CodedError.Of(
        SiteSettingForeignCode,
        $"The site {site} has another {setting} than {value}{fact}.",
        $"{remedy}.");

    /// <summary>The environment takes no file of the type.</summary>
    public static CodedError FileTypeBlocked(string extension) => CodedError.Of(
        "CHATAUTH5605",
        $"The environment blocks files of type {extension}.",
        $"Take it out of the blocked attachments (settings of the environment, Privacy + Security) for the run.");

    /// <summary>The environment has no table for the server logic of the standard data model.</summary>
    public static CodedError ServerLogicUnknown(Guid site) => CodedError.Of(
        "CHATAUTH5606",
        $"This environment has no server logic for the site {site:D} of the standard data model.",
        $"Update the portal solutions, or migrate the site to the enhanced data model.");

    /// <summary>Which of two snippets a site shows is not known.</summary>
    public static CodedError HeaderTwice(string site) => CodedError.Of(
        "CHATAUTH5607",
        $"The site {site} has two snippets Head/Bottom of one language, and shows one of them.",
        $"Put their text into one and delete the other, or pack with --no-header-snippet.");

    /// <summary>A site setting of the standard data model is too short for the keys.</summary>
    public static CodedError KeysTooLong(int length, int limit) => CodedError.Of(
        "CHATAUTH5608",
        $"The published keys have {length} characters, a site setting of this site holds {limit}.",
        $"Revoke keys that retired, or migrate the site to the enhanced data model.");

    /// <summary>The platform takes no page that shows keys.</summary>
    public static CodedError KeyPageRefused(string part, string refusal) => CodedError.Of(
        "CHATAUTH5610",
        $"The site takes no {part} as the page of the keys needs it: {refusal}.",
        $"Publish with \"webfile\" (enhanced data model) or \"file\" instead of \"page\".");

    // Another program's words inside a sentence, which has a full stop of its own.
    private static string Quoted(string message) => "\"" + message.TrimEnd('.') + "\"";
}
