using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using ChatAuth.Tools.Tests.Network;
using Microsoft.IdentityModel.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.SignIn;

[TestClass]
public sealed class Who_is_refused_reads_what_to_mend : SignedIn
{
    [TestMethod]
    public async Task A_wrong_secret()
    {
        GiveSecret(Given.Secret);
        Assert.AreEqual(
            $"CHATAUTH5016: Tenant {Tenant} does not accept this client secret for application {Application}. Put a "
                + "secret's value (not its id) into AZURE_CLIENT_SECRET.\n",
            await FailAsync("CHATAUTH5016", "--url", Url));
    }

    [TestMethod]
    public async Task An_expired_secret()
    {
        GiveSecret(Given.Secret);
        Entra.Secret = null;
        string line = await FailAsync("CHATAUTH5017", "--url", Url);
        StringAssert.Contains(line, $"The client secret of application {Application} in tenant {Tenant} has expired.");
    }

    [TestMethod]
    public async Task A_wrong_secret_in_a_connection_string()
    {
        Variables["CHATAUTH_CONNECTION_STRING"] =
            $"AuthType=ClientSecret;Url={Url};ClientId={Application};ClientSecret={Given.Secret}";
        StringAssert.Contains(await FailAsync("CHATAUTH5016"), "into CHATAUTH_CONNECTION_STRING.");
    }

    [TestMethod]
    public async Task An_application_that_the_tenant_does_not_have()
    {
        GiveSecret(Given.Secret);
        string other = Guid.NewGuid().ToString("D");
        string line = await FailAsync("CHATAUTH5018", "--client-id", other, "--url", Url);
        StringAssert.Contains(line, $"Tenant {Tenant} has no application {other}");
    }

    [TestMethod]
    [DataRow("6f0c1f0e-0000-0000-0000-000000000009")]
    [DataRow("no tenant")]
    public async Task A_tenant_that_does_not_exist(string tenant)
    {
        GiveSecret(Given.Secret);
        StringAssert.Contains(await FailAsync("CHATAUTH5019", "--tenant-id", tenant, "--url", Url), tenant);
    }

    [TestMethod]
    public async Task A_certificate_that_the_application_does_not_have()
    {
        using RSA key = RSA.Create(PreparedKeys.At(80));
        using X509Certificate2 certificate =
            new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(
                DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        await File.WriteAllBytesAsync(Folder.File("x.pfx"), certificate.Export(X509ContentType.Pfx, Given.Password));
        using RSA other = RSA.Create(1024);
        Entra.Certificate = new RsaSecurityKey(other.ExportParameters(false));
        Variables["AZURE_CLIENT_CERTIFICATE_PATH"] = Folder.File("x.pfx");
        Variables["AZURE_CLIENT_CERTIFICATE_PASSWORD"] = Given.Password;
        string line =
            await FailAsync("CHATAUTH5016", "--auth", "certificate", "--client-id", Application, "--url", Url);
        StringAssert.Contains(line, "certificate for application");

        Variables["AZURE_CLIENT_CERTIFICATE_PASSWORD"] = Given.Secret;
        StringAssert.Contains(
            await FailAsync("CHATAUTH5025", "--auth", "certificate", "--client-id", Application, "--url", Url),
            "password is wrong");
        await File.WriteAllTextAsync(
            Folder.File("x.pem"), string.Concat(Enumerable.Repeat("-----BEGIN CERTIFICATE-----\n", 200_000)));
        Variables["AZURE_CLIENT_CERTIFICATE_PATH"] = Folder.File("x.pem");
        await FailAsync("CHATAUTH5025", "--auth", "certificate", "--client-id", Application, "--url", Url);
        Variables["AZURE_CLIENT_CERTIFICATE_PATH"] = Folder.File("none.pfx");
        await FailAsync("CHATAUTH4001", "--auth", "certificate", "--client-id", Application, "--url", Url);
        Variables["CHATAUTH_CONNECTION_STRING"] =
            $"AuthType=Certificate;Url={Url};ClientId={Application};"
                + "Thumbprint=00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff";
        StringAssert.Contains(await FailAsync("CHATAUTH5025"), "is not in the store My");
    }

    [TestMethod]
    public async Task A_workload_that_the_application_does_not_trust()
    {
        await File.WriteAllTextAsync(Folder.File("token"), Given.Secret);
        Variables["AZURE_FEDERATED_TOKEN_FILE"] = Folder.File("token");
        string line =
            await FailAsync("CHATAUTH5020", "--auth", "workload-identity", "--client-id", Application, "--url", Url);
        StringAssert.Contains(line, $"Application {Application} of tenant {Tenant} has no federated credential");
    }

    [TestMethod]
    public async Task A_job_that_may_not_have_a_token()
    {
        using Answering github = new(_ => false, "{}");
        Hosts.Add("token.actions.githubusercontent.com", github);
        Variables["ACTIONS_ID_TOKEN_REQUEST_URL"] = "https://token.actions.githubusercontent.com/x?y";
        StringAssert.Contains(
            await FailAsync("CHATAUTH5023", "--auth", "workload-identity", "--client-id", Application, "--url", Url),
            "ACTIONS_ID_TOKEN_REQUEST_URL");
    }

    [TestMethod]
    public async Task An_environment_of_another_tenant()
    {
        GiveSecret(Entra.Secret!);
        using DataverseHost fabrikam = new(Organization);
        Hosts.Add("fabrikam.crm.dynamics.com", fabrikam);
        string line = await FailAsync("CHATAUTH5028", "--url", "https://fabrikam.crm.dynamics.com");
        StringAssert.Contains(
            line, $"Tenant {Tenant}, which took the client secret, has no environment fabrikam.crm.dynamics.com");
    }

    [TestMethod]
    public async Task An_address_that_names_no_tenant()
    {
        GiveSecret(Given.Secret);
        using Answering other = new(_ => true, "{}");
        Hosts.Add("contoso.crm.dynamics.com", other);
        StringAssert.Contains(
            await FailAsync("CHATAUTH5029", "--url", "https://contoso.crm.dynamics.com"),
            "contoso.crm.dynamics.com does not say");
        StringAssert.Contains(
            await FailAsync("CHATAUTH5029", "--url", "https://nowhere.crm.dynamics.com"),
            "nowhere.crm.dynamics.com does not answer");
    }

    [TestMethod]
    public async Task A_policy_of_the_tenant()
    {
        GiveSecret(Given.Secret);
        Entra.Before = request =>
            request.Method == HttpMethod.Get ? null : new HttpResponseMessage(HttpStatusCode.BadRequest)
            {
                Content = new StringContent(
                $$"""{"error":"invalid_grant","error_description":"AADSTS53003: Blocked: {{Given.Secret}}"}""",
                null,
                "application/json"),
            };
        StringAssert.Contains(await FailAsync("CHATAUTH5021", "--url", Url),
            $"Tenant {Tenant} refused the client secret with AADSTS53003.");
    }

    [TestMethod]
    public async Task A_person_who_declines()
    {
        Entra.Before = request => !request.RequestUri!.AbsolutePath.EndsWith(
            "/token", StringComparison.Ordinal) ? null : new HttpResponseMessage(HttpStatusCode.BadRequest)
            {
                Content = new StringContent(
                """{"error":"authorization_declined","error_description":"No."}""", null, "application/json"),
            };
        CommandRun run = await RunAsync("--auth", "device-code", "--url", Url);
        Assert.AreEqual("CHATAUTH5021", run.Codes, run.Error);
        StringAssert.Contains(
            run.Error, $"Tenant {Tenant} refused the sign-in by device code with authorization_declined.");
    }

    [TestMethod]
    public async Task A_tenant_that_does_not_answer()
    {
        GiveSecret(Given.Secret);
        Entra.Before = _ => throw new HttpRequestException(Given.Secret);
        StringAssert.Contains(
            await FailAsync("CHATAUTH5022", "--url", Url), $"Tenant {Tenant} did not answer for the client secret.");
    }

    [TestMethod]
    [DataRow("CHATAUTH5023", "There is no managed identity here", "--auth", "managed-identity")]
    [DataRow("CHATAUTH5024", "no variables of an application, no workload or managed identity")]
    [DataRow("CHATAUTH5015", "client-secret lacks --client-id or AZURE_CLIENT_ID", "--auth", "client-secret")]
    [DataRow("CHATAUTH5015", "client-secret lacks AZURE_CLIENT_SECRET", "--auth", "client-secret", "--client-id", "x")]
    [DataRow(
        "CHATAUTH5015", "certificate lacks AZURE_CLIENT_CERTIFICATE_PATH", "--auth", "certificate", "--client-id", "x")]
    [DataRow("CHATAUTH5015", "environment lacks AZURE_CLIENT_SECRET or", "--auth", "environment")]
    [DataRow(
        "CHATAUTH5015",
        "workload-identity lacks AZURE_FEDERATED_TOKEN_FILE",
        "--auth",
        "workload-identity",
        "--client-id",
        "x")]
    [DataRow("CHATAUTH5009", "CHATAUTH_ACCESS_TOKEN holds no token", "--auth", "access-token")]
    public async Task A_credential_that_is_missing(string code, string text, params string[] options)
    {
        Variables["AZURE_TOKEN_CREDENTIALS"] = "prod";
        Variables["AZURE_CLIENT_SECRET"] = " ";
        StringAssert.Contains(await FailAsync(code, [.. options, "--url", Url]), text);
    }

    [TestMethod]
    [DataRow(
        "AuthType=Office365;Username=x;Password=hunter2-hunter2;Url=https://x", "CHATAUTH5027", "AuthType=Office365")]
    [DataRow("AuthType=AD;Url=https://x;Domain=y", "CHATAUTH5027", "AuthType=AD")]
    [DataRow("AuthType=AD;Url=https://x", "CHATAUTH5027", "AuthType=AD")]
    [DataRow("AuthType=IFD;Url=https://x", "CHATAUTH5027", "AuthType=IFD")]
    [DataRow("AuthType=hunter2-hunter2;Url=https://x", "CHATAUTH5026", "its AuthType is none of")]
    [DataRow("Url=https://x", "CHATAUTH5026", "it has no AuthType")]
    [DataRow("hunter2-hunter2", "CHATAUTH5026", "name=value")]
    [DataRow("AuthType=ClientSecret;Url=https://x;ClientId=y", "CHATAUTH5026", "ClientSecret is missing")]
    [DataRow("AuthType=ClientSecret;ClientId=y;Secret=hunter2-hunter2", "CHATAUTH5026", "Url is missing")]
    [DataRow("AuthType=ClientSecret;Url=https://x;Secret=hunter2-hunter2", "CHATAUTH5026", "ClientId is missing")]
    [DataRow("AuthType=Certificate;Url=https://x;ClientId=y", "CHATAUTH5026", "Thumbprint is missing")]
    [DataRow("AuthType=OAuth;Url=https://x;Username=y;Password=hunter2-hunter2", "CHATAUTH5026", "it holds a password")]
    [DataRow("AuthType=OAuth;Url=https://x;LoginPrompt=never", "CHATAUTH5026", "LoginPrompt=Never")]
    public async Task A_connection_string_that_cannot_be_used(string text, string code, string fact)
    {
        Variables["CHATAUTH_CONNECTION_STRING"] = text;
        string line = await FailAsync(code);
        StringAssert.Contains(line, "The connection string of CHATAUTH_CONNECTION_STRING");
        StringAssert.Contains(line, fact);
    }

    [TestMethod]
    public async Task Two_ways_at_once()
    {
        CommandRun run = await RunAsync("--auth", "default", "--connection-file", "x", "--url", Url);
        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(run.Error, "--auth and --connection-file exclude one another.");
    }

    private void GiveSecret(string secret)
    {
        Variables["AZURE_CLIENT_ID"] = Application;
        Variables["AZURE_CLIENT_SECRET"] = secret;
    }
}
