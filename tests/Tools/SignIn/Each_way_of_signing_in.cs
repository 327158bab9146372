using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using ChatAuth.Tools.Tests.Deployment;
using Microsoft.IdentityModel.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.SignIn;

[TestClass]
public sealed class Each_way_of_signing_in : SignedIn
{
    [TestMethod]
    [DataRow("--auth", "client-secret")]
    [DataRow("--auth", "environment")]
    [DataRow("--auth", "default")]
    [DataRow]
    public async Task A_client_secret(params string[] options)
    {
        Variables["AZURE_CLIENT_ID"] = Application;
        Variables["AZURE_CLIENT_SECRET"] = Entra.Secret!;
        await EnterAsync([.. options, "--url", Url, "--tenant-id", Tenant]);
        Assert.AreEqual(1, Entra.Issued);
    }

    [TestMethod]
    public async Task The_tenant_is_the_environments_when_none_is_named()
    {
        Variables["AZURE_CLIENT_SECRET"] = Entra.Secret!;
        await EnterAsync("--auth", "client-secret", "--url", Url, "--client-id", Application);
    }

    [TestMethod]
    [DataRow("pem", null)]
    [DataRow("pfx", null)]
    [DataRow("pem", "pa55")]
    [DataRow("pfx", "pa55")]
    public async Task A_certificate(string kind, string? password)
    {
        Variables["AZURE_CLIENT_ID"] = Application;
        Variables["AZURE_CLIENT_CERTIFICATE_PATH"] = NewCertificate(kind, password);
        if (password != null)
        {
            Variables["AZURE_CLIENT_CERTIFICATE_PASSWORD"] = password;
        }

        await EnterAsync("--auth", "certificate", "--url", Url);
        Assert.AreEqual(1, Entra.Issued);
    }

    [TestMethod]
    [DataRow("--auth", "managed-identity")]
    [DataRow]
    public async Task A_managed_identity(params string[] options)
    {
        Entra.IsOnAzure = true;
        Variables["AZURE_TOKEN_CREDENTIALS"] = "prod";
        await EnterAsync([.. options, "--url", Url]);
        Assert.AreEqual(1, Entra.Issued);
    }

    [TestMethod]
    public async Task A_workload_that_has_its_token_in_a_file()
    {
        Entra.Workload = "the.token.of-the-pod";
        await File.WriteAllTextAsync(Folder.File("token"), Entra.Workload + "\n");
        Variables["AZURE_CLIENT_ID"] = Application;
        Variables["AZURE_TENANT_ID"] = Tenant;
        Variables["AZURE_FEDERATED_TOKEN_FILE"] = Folder.File("token");
        await EnterAsync("--url", Url);
    }

    [TestMethod]
    public async Task A_job_of_GitHub_Actions()
    {
        Entra.Workload = "the.token.of-the-job";
        using Answering github = new(
            request => request.Method == HttpMethod.Get
                && request.RequestUri!.Query == "?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange"
                && request.Headers.Authorization?.ToString() == "Bearer runner",
            """{"value":"the.token.of-the-job"}""");
        Hosts.Add("pipelines.actions.githubusercontent.com", github);
        Variables["AZURE_CLIENT_ID"] = Application;
        Variables["AZURE_TENANT_ID"] = Tenant;
        Variables["ACTIONS_ID_TOKEN_REQUEST_URL"] = "https://pipelines.actions.githubusercontent.com/x?api-version=2.0";
        Variables["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = "runner";
        await EnterAsync("--auth", "workload-identity", "--url", Url);
    }

    [TestMethod]
    public async Task A_job_of_Azure_Pipelines()
    {
        Entra.Workload = "the.token.of-the-job";
        using Answering devOps = new(
            request => request.Method == HttpMethod.Post
                && request.RequestUri!.Query == "?api-version=7.1&serviceConnectionId=0c1"
                && request.Headers.Authorization?.ToString() == "Bearer job",
            """{"oidcToken":"the.token.of-the-job"}""");
        Hosts.Add("vstoken.dev.azure.com", devOps);
        Variables["AZURESUBSCRIPTION_CLIENT_ID"] = Application;
        Variables["AZURESUBSCRIPTION_TENANT_ID"] = Tenant;
        Variables["AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"] = "0c1";
        Variables["SYSTEM_OIDCREQUESTURI"] = "https://vstoken.dev.azure.com/x/";
        Variables["SYSTEM_ACCESSTOKEN"] = "job";
        await EnterAsync("--url", Url);
    }

    [TestMethod]
    public async Task A_person_by_device_code()
    {
        CommandRun run = await EnterAsync("--auth", "device-code", "--url", Url);
        StringAssert.Contains(run.Error, "ABCD-EFGH");
    }

    [TestMethod]
    public async Task A_person_who_sets_it_up_on_a_machine_without_a_browser()
    {
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
        {
            Assert.Inconclusive("Windows and macOS have a browser.");
        }

        using StringWriter screen = new();
        CommandRun run = await CommandRun.OfAsync(
            ["setup", "--settings", Folder.File("new.json"), "--url", Url],
            clock: Clock,
            environment: name => Variables.GetValueOrDefault(name),
            network: Hosts,
            terminal: ScriptedTerminal.Of(screen, "\rhttps://help.contoso.com\r\rn\r"));
        Assert.AreEqual(0, run.ExitCode, run.Error + screen);
        StringAssert.Contains(run.Error, "ABCD-EFGH");
    }

    [TestMethod]
    public async Task A_person_in_the_browser()
    {
        InteractiveBrowserCredentialOptions? seen = null;
        CommandRun run = await RunAsync(
            options =>
            {
                seen = options;
                return new Browser(Issue, Url);
            },
            "--auth",
            "interactive",
            "--url",
            Url);
        Assert.AreEqual("CHATAUTH5301", run.Codes, run.Error);
        Assert.AreEqual((Tenant, "51f81489-12ee-4a9e-aaae-a2591f45987d"), (seen!.TenantId, seen.ClientId));
        Assert.IsInstanceOfType<HttpClientTransport>(seen.Transport);
    }

    [TestMethod]
    [DataRow("--auth", "access-token")]
    [DataRow]
    public async Task A_ready_token(params string[] options)
    {
        Variables["CHATAUTH_ACCESS_TOKEN"] = Organization.Administrator.Token + "\n";
        Variables["CHATAUTH_CONNECTION_STRING"] = "AuthType=Office365";
        await EnterAsync([.. options, "--url", Url]);
        Assert.AreEqual(0, Entra.Issued);
    }

    [TestMethod]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId=ID;ClientSecret=SECRET")]
    [DataRow("authtype = ClientSecret; Service Uri = URL; AppId = {ID}; Secret = 'SECRET'; RequireNewInstance=true")]
    [DataRow("AuthenticationType=clientsecret;Server=URL;ApplicationId=ID;ClientSecret=\"SECRET\";TenantId=TENANT;")]
    public async Task A_connection_string_with_a_client_secret(string text)
    {
        string filled = text.Replace("URL", Url, StringComparison.Ordinal)
            .Replace("ID;", Application + ";", StringComparison.Ordinal)
            .Replace("{ID}", Application, StringComparison.Ordinal).Replace(
                "SECRET", Entra.Secret, StringComparison.Ordinal).Replace("TENANT", Tenant, StringComparison.Ordinal);
        Variables["CHATAUTH_CONNECTION_STRING"] = filled;
        await EnterAsync();
        Variables.Clear();
        await File.WriteAllTextAsync(Folder.File("connection"), filled + "\n");
        await EnterAsync("--connection-file", Folder.File("connection"));
        Assert.AreEqual(2, Entra.Issued);
    }

    [TestMethod]
    public async Task A_connection_string_with_the_path_of_a_certificate()
    {
        Variables["CHATAUTH_CONNECTION_STRING"] =
            $"AuthType=Certificate;Url={Url};ClientId={Application};CertificatePath={NewCertificate("pfx", "a;b")};"
                + "CertificatePassword='a;b'";
        await EnterAsync();
    }

    [TestMethod]
    public async Task A_connection_string_with_the_thumbprint_of_a_certificate()
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12FromFile(
            NewCertificate("pfx", null), null, X509KeyStorageFlags.PersistKeySet | X509KeyStorageFlags.Exportable);
        using X509Store store = new("ChatAuthTests", StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadWrite);
        store.Add(certificate);
        try
        {
            Variables["CHATAUTH_CONNECTION_STRING"] =
                $"AuthType=Certificate;Url={Url};AppId={Application};StoreName=ChatAuthTests;"
                    + $"Thumbprint={certificate.Thumbprint.ToLowerInvariant()}";
            await EnterAsync();
        }
        finally
        {
            store.Remove(certificate);
        }
    }

    [TestMethod]
    public async Task A_connection_string_for_a_person()
    {
        Variables["CHATAUTH_CONNECTION_STRING"] =
            $"AuthType=OAuth;Url={Url};Username=bert@contoso.com;AppId={Application};"
                + "RedirectUri=app://58145B91-0C36-4500-8554-080854F2AC97;LoginPrompt=Auto";
        string? hint = null;
        CommandRun run = await RunAsync(options =>
        {
            hint = $"{options.LoginHint} {options.ClientId}";
            return new Browser(Issue, Url);
        });
        Assert.AreEqual("CHATAUTH5301", run.Codes, run.Error);
        Assert.AreEqual("bert@contoso.com " + Application, hint);
    }

    // Made once: a key takes a third of a second.
    private static readonly Lazy<X509Certificate2> Certificate = new(() =>
    {
        using RSA key = RSA.Create(PreparedKeys.At(80));
        return new CertificateRequest("CN=chatauth", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    });

    // The file's path; the tenant knows the certificate from then on.
    private string NewCertificate(string kind, string? password)
    {
        X509Certificate2 certificate = Certificate.Value;
        using RSA key = certificate.GetRSAPrivateKey()!;
        Entra.Certificate = new RsaSecurityKey(key.ExportParameters(false));
        string path = Folder.File("certificate." + kind);
        if (kind == "pfx")
        {
            File.WriteAllBytes(path, certificate.Export(X509ContentType.Pfx, password));
        }
        else
        {
            PbeParameters encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
            File.WriteAllText(
                path, certificate.ExportCertificatePem() + "\n" + (
                    password == null ? key.ExportPkcs8PrivateKeyPem()
                        : key.ExportEncryptedPkcs8PrivateKeyPem(password, encryption)));
        }

        return path;
    }

    /// <summary>The person before the browser, who signs in at once.</summary>
    private sealed class Browser(Func<string> issue, string url) : InteractiveBrowserCredential
    {
        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext, CancellationToken cancellationToken = default)
        {
            CollectionAssert.AreEqual(new[] { url + "/.default" }, requestContext.Scopes);
            return ValueTask.FromResult(new AccessToken(issue(), DateTimeOffset.MaxValue));
        }
    }
}
