namespace ChatAuth;

/// <content>Signing in to an environment: which credential, which tenant, what to do. Never a secret, nor a text of the tenant's.</content>
internal static partial class Errors
{
    /// <summary>A way of signing in lacks something it cannot do without.</summary>
    public static CodedError SignInIncomplete(string way, string what) => Of(5015, $"Signing in by {way} lacks {what}. Set it, or choose another --auth.");
    /// <summary>The tenant does not take the credential for the application's.</summary>
    public static CodedError CredentialWrong(string credential, string application, string tenant, string remedy) => Of(5016, $"Tenant {tenant} does not accept this {credential} for application {application}. {remedy}.");
    /// <summary>The credential has expired.</summary>
    public static CodedError CredentialExpired(string credential, string application, string tenant, string remedy) => Of(5017, $"The {credential} of application {application} in tenant {tenant} has expired. Add a new one in Entra. {remedy}.");
    /// <summary>The tenant does not have the application.</summary>
    public static CodedError ApplicationUnknown(string application, string tenant, string credential) => Of(5018, $"Tenant {tenant} has no application {application}, whose {credential} was given. Check the client id and the tenant id.");
    /// <summary>There is no such tenant.</summary>
    public static CodedError TenantUnknown(string tenant, string credential) => Of(5019, $"There is no tenant {tenant} to take the {credential}. Check the tenant id.");
    /// <summary>No federated credential of the application fits the workload.</summary>
    public static CodedError FederationUnknown(string application, string tenant, string credential) => Of(5020, $"Application {application} of tenant {tenant} has no federated credential for this {credential}. Compare issuer, subject and audience in Entra with the pipeline's.");
    /// <summary>The tenant refused the credential for another reason.</summary>
    public static CodedError SignInRefused(string credential, string tenant, string code) => Of(5021, $"Tenant {tenant} refused the {credential} with {code}. Look the code up at https://login.microsoftonline.com/error, and mend what it names.");
    /// <summary>Nobody answered the question for a token, or not in time.</summary>
    public static CodedError SignInUnanswered(string credential, string tenant) => Of(5022, $"Tenant {tenant} did not answer for the {credential}. Check the network and AZURE_AUTHORITY_HOST, then run the command again.");
    /// <summary>This machine does not have the credential.</summary>
    public static CodedError CredentialUnavailable(string credential, string reason) => Of(5023, $"There is no {credential} here: {reason}. Mend that, or choose another --auth.");
    /// <summary>Nothing on this machine signs in.</summary>
    public static CodedError NobodySignedIn(string tenant) => Of(5024, $"No credential for tenant {tenant} was found: no variables of an application, no workload or managed identity, no sign-in of a developer's tool. Run az login, set CHATAUTH_ACCESS_TOKEN, or give --auth.");
    /// <summary>A certificate cannot be used.</summary>
    public static CodedError CertificateBad(string source, string rule) => Of(5025, $"{source} {rule}. Give a certificate with its private key; AZURE_CLIENT_CERTIFICATE_PASSWORD opens a file.");
    /// <summary>A connection string cannot be used.</summary>
    public static CodedError ConnectionStringBad(string source, string rule) => Of(5026, $"The connection string of {source} cannot be used: {rule}. Write AuthType=ClientSecret;Url=…;ClientId=…;ClientSecret=…, or the like with Certificate or OAuth.");
    /// <summary>A connection string asks for a way of signing in that Dataverse has given up.</summary>
    public static CodedError AuthTypeRetired(string source, string authType) => Of(5027, $"The connection string of {source} has AuthType={authType}, with which nobody signs in to Dataverse any more. Use ClientSecret, Certificate or OAuth.");
    /// <summary>The tenant does not have the environment.</summary>
    public static CodedError EnvironmentForeign(string environment, string tenant, string credential) => Of(5028, $"Tenant {tenant}, which took the {credential}, has no environment {environment}. Check --url and the tenant id.");
    /// <summary>No tenant is named, and the environment does not say its own.</summary>
    public static CodedError TenantMissing(string environment) => Of(5029, $"{environment} does not say which tenant it belongs to. Check --url, or give --tenant-id.");
}
