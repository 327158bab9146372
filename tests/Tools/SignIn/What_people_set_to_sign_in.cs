using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.SignIn;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.SignIn;

/// <summary>Clouds, authorities, connection strings and tokens as people write them.</summary>
[TestClass]
public sealed class What_people_set_to_sign_in : SignedIn
{
    private const string Public = "login.microsoftonline.com";
    private const string Government = "login.microsoftonline.us";
    private const string China = "login.chinacloudapi.cn";

    [TestMethod]
    [DataRow("contoso.crm.dynamics.com", Public, "api://AzureADTokenExchange")]
    [DataRow("contoso.crm4.dynamics.com", Public, "api://AzureADTokenExchange")]
    [DataRow("contoso.crm22.dynamics.com", Public, "api://AzureADTokenExchange")]
    [DataRow("CONTOSO.CRM9.DYNAMICS.COM", Public, "api://AzureADTokenExchange")]
    [DataRow("contoso.api.crm9.dynamics.com", Public, "api://AzureADTokenExchange")]
    [DataRow("contoso.crm.microsoftdynamics.us", Government, "api://AzureADTokenExchangeUSGov")]
    [DataRow("contoso.api.crm.microsoftdynamics.us", Government, "api://AzureADTokenExchangeUSGov")]
    [DataRow("contoso.crm.appsplatform.us", Government, "api://AzureADTokenExchangeUSGov")]
    [DataRow("contoso.crm.appsplatform.us.", Government, "api://AzureADTokenExchangeUSGov")]
    [DataRow("contoso.crm.dynamics.cn", China, "api://AzureADTokenExchangeChina")]
    [DataRow("localhost", Public, "api://AzureADTokenExchange")]
    [DataRow("127.0.0.1", Public, "api://AzureADTokenExchange")]
    public void The_environments_host_says_the_cloud(string host, string authority, string audience)
    {
        Cloud cloud = Cloud.Of(new Uri("https://" + host), null, true);
        Assert.AreEqual(($"https://{authority}/", audience), (cloud.Authority.AbsoluteUri, cloud.Audience));
    }

    [TestMethod]
    [DataRow("contoso.crm.microsoftdynamics.de")]
    [DataRow("contoso.example.com")]
    [DataRow("contoso.crm.dynamics.com.example.com")]
    [DataRow("evil-dynamics.com")]
    [DataRow("microsoftdynamics.us.example.org")]
    [DataRow("10.0.0.5")]
    [DataRow("contoso.crm.dynamics-int.com")]
    [DataRow("contoso.crm.dynamics.com.mcas.ms")]
    [DataRow("contoso.crm.sovcloud.fr")]
    [DataRow("contoso.crm.eaglex.ic.gov")]
    [DataRow("contoso.microsoftcrmportals.com")]
    [DataRow("contoso.high.dynamics365portals.us")]
    public void A_host_of_no_cloud_is_shown_to_nobody(string host)
    {
        Assert.AreEqual("CHATAUTH5032", Refusal("https://" + host, null));
        Assert.AreEqual("CHATAUTH5032", Refusal("https://" + host, " \t"));
        Assert.AreEqual(
            "https://login.example.org/",
            Cloud.Of(new Uri("https://" + host), "login.example.org", true).Authority.AbsoluteUri);
    }

    [TestMethod]
    [DataRow("login.microsoftonline.us")]
    [DataRow("https://login.microsoftonline.us")]
    [DataRow("https://login.microsoftonline.us/")]
    [DataRow("login.microsoftonline.us/")]
    [DataRow(" login.microsoftonline.us \r\n")]
    [DataRow("HTTPS://LOGIN.MICROSOFTONLINE.US")]
    [DataRow("https://login.microsoftonline.us:443/")]
    [DataRow("login.usgovcloudapi.net")]
    [DataRow("login.microsoftonline.us.")]
    public void The_variable_may_say_the_same_with_or_without_scheme(string variable)
    {
        Cloud cloud = Cloud.Of(new Uri("https://contoso.crm.microsoftdynamics.us"), variable, true);
        Assert.AreEqual("https", cloud.Authority.Scheme);
        Assert.AreEqual("api://AzureADTokenExchangeUSGov", cloud.Audience);
    }

    [TestMethod]
    [DataRow("http://login.microsoftonline.us")]
    [DataRow("AzureUSGovernment")]
    [DataRow("AzurePublicCloud")]
    [DataRow("AzureCloud")]
    [DataRow("$(AuthorityHost)")]
    [DataRow("${AUTHORITY}")]
    [DataRow("https://login.microsoftonline.us/tenant")]
    [DataRow("https://user@login.microsoftonline.us")]
    [DataRow("https://login.microsoftonline.us?x=1")]
    [DataRow("https://login.microsoftonline.us#x")]
    [DataRow("\"https://login.microsoftonline.us\"")]
    [DataRow("https:///login.microsoftonline.us")]
    [DataRow("//login.microsoftonline.us")]
    [DataRow("https://login.microsoftonline.us:8443")]
    [DataRow("ftp://login.microsoftonline.us")]
    [DataRow("https://")]
    [DataRow("login.microsoftonline.us login.microsoftonline.com")]
    [DataRow("127.0.0.1")]
    [DataRow("https://login.microsoftonline.com")]
    [DataRow("login.chinacloudapi.cn")]
    [DataRow("login.example.org")]
    [DataRow("https://login.microsoftonline.us//")]
    [DataRow("login.microsoftonline\u3002us")]
    [DataRow("login.mic\u00ADrosoftonline.us")]
    [DataRow("login.microsoftonline.us.evil.example")]
    [DataRow("evil.login.microsoftonline.us")]
    [DataRow("https://login.microsoftonline.us@evil.example")]
    [DataRow("AZURE_US_GOVERNMENT")]
    public async Task Anything_else_in_it_is_refused_before_anything_is_asked(string variable)
    {
        using Recorder network = new();
        CommandRun run = await RunAsync(network, "https://contoso.crm.microsoftdynamics.us", variable);
        Assert.AreEqual("CHATAUTH5031", run.Codes, run.Error);
        Assert.IsEmpty(network.Asked);
        Assert.DoesNotContain(variable, run.Error.Replace("such as login.microsoftonline.us", string.Empty,
            StringComparison.Ordinal));
    }

    [TestMethod]
    [DataRow("https://contoso.crm.microsoftdynamics.us", Government)]
    [DataRow("https://contoso.crm.appsplatform.us", Government)]
    [DataRow("https://contoso.crm.dynamics.cn", China)]
    [DataRow("https://contoso.crm.dynamics.com", Public)]
    public async Task A_secret_goes_to_its_own_cloud_whatever_the_environment_answers(string address, string authority)
    {
        using Recorder network = new();
        CommandRun run = await RunAsync(network, address, null);
        Assert.AreNotEqual("CHATAUTH4999", run.Codes, run.Error);
        Assert.IsNotEmpty(network.Asked);
        string[] others = [.. network.Asked.Select(asked => asked.Split(' ')[0]).Distinct()
            .Where(host => host != new Uri(address).Host && host != authority)

            // By which MSAL asks about the whole cloud.
            .Where(host => authority != China || host != "login.partner.microsoftonline.cn")];
        Assert.IsEmpty(others, string.Join(' ', others));
    }

    [TestMethod]
    [DataRow("https://contoso.crm.microsoftdynamics.us", "api%3A%2F%2FAzureADTokenExchangeUSGov")]
    [DataRow("https://contoso.crm.dynamics.cn", "api%3A%2F%2FAzureADTokenExchangeChina")]
    [DataRow("https://contoso.crm4.dynamics.com", "api%3A%2F%2FAzureADTokenExchange")]
    public async Task GitHub_is_asked_for_the_audience_of_the_cloud(string address, string audience)
    {
        using Recorder network = new();
        Variables["ACTIONS_ID_TOKEN_REQUEST_URL"] = "https://pipelines.example/x?api-version=2.0";
        Variables["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = "runner";
        await RunAsync(network, address, null, "workload-identity");
        Assert.IsTrue(
            network.Asked.Any(asked => asked.EndsWith("&audience=" + audience, StringComparison.Ordinal)),
            string.Join('\n', network.Asked));
    }

    [TestMethod]
    [DataRow("http://pipelines.example/x?a=b", "CHATAUTH5023")]
    [DataRow("$(System.OidcRequestUri)", "CHATAUTH5015")]
    [DataRow("https://user:word@pipelines.example/x?a=b", "CHATAUTH5023")]
    [DataRow("not an address", "CHATAUTH5023")]
    public async Task A_workloads_token_is_asked_for_over_https_only(string address, string code)
    {
        using Recorder network = new();
        Variables["ACTIONS_ID_TOKEN_REQUEST_URL"] = address;
        Variables["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = "runner";
        CommandRun run = await RunAsync(
            network, "https://contoso.crm.dynamics.com", null, "workload-identity");
        Assert.AreEqual(code, run.Codes, run.Error);
        Assert.IsFalse(network.Asked.Any(asked => asked.Contains("pipelines", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow("AuthType=ClientSecret;Url=URL;AppId=wrong;ClientId=ID;Secret=wrong;ClientSecret=SECRET")]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId=;AppId=ID;ClientSecret=SECRET")]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId=wrong;ClientId=ID;ClientSecret=SECRET")]
    [DataRow("AuthType=S2S;Url=URL;ClientId=ID;ClientSecret=SECRET")]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId=ID;ClientSecret=SECRET;Domain=x;SkipDiscovery=true;"
        + "Home Realm Uri=https://x;Integrated Security=false;TokenCacheStorePath=x;LoginPrompt=Never;Password=p")]
    [DataRow("\"AuthType=ClientSecret;Url=URL;ClientId=ID;ClientSecret=SECRET\"")]
    [DataRow("\uFEFFAuthType=ClientSecret;Url=URL;ClientId=ID;ClientSecret=SECRET")]
    [DataRow(";;AuthType=ClientSecret;;Url=URL;\r\nClientId=ID;ClientSecret=SECRET;;")]
    [DataRow("AUTHTYPE=CLIENTSECRET;SERVICE URI='URL';APPLICATION ID=ID;CLIENT SECRET=\"SECRET\"")]
    [DataRow("AuthType=\"ClientSecret\";Server=URL;ClientId=ID;ClientSecret=SECRET;CertificateStoreName=My")]
    public async Task A_connection_string_is_taken_as_Microsofts_client_takes_it(string text)
    {
        Variables["CHATAUTH_CONNECTION_STRING"] = Filled(text);
        CommandRun run = await EnterAsync();
        Assert.HasCount(1, run.Error.Trim().Split('\n'));
    }

    [TestMethod]
    [DataRow("MaxRetryCount=3;AuthType=ClientSecret;Url=URL;ClientId=ID;ClientSecret=SECRET", "MaxRetryCount means")]
    [DataRow("AuthType=ClientSecret;Url=URL;Foo=1;ClientId=ID;foo=2;ClientSecret=SECRET", "Foo means nothing")]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId=ID;hunter2-hunter2=z;ClientSecret=SECRET", "name 4 means nothing")]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId=ID;ClientSecret=SECRET;Tail=z", "what follows ClientSecret")]
    public async Task A_name_that_means_nothing_is_told_and_ignored(string text, string told)
    {
        Variables["CHATAUTH_CONNECTION_STRING"] = Filled(text);
        CommandRun run = await EnterAsync();
        StringAssert.Contains(run.Error, told);
        Assert.DoesNotContain("hunter2-hunter2", run.Error);
        Assert.DoesNotContain("Tail", run.Error);
    }

    [TestMethod]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId=ID;ClientSecret=wr0ng~;s3cret", "ClientSecret holds a semicolon")]
    [DataRow("AuthType=ClientSecret;ClientSecret=a;wr0ng~s3cret;Url=URL;ClientId=ID", "ClientSecret holds a semicolon")]
    [DataRow("AuthType=ClientSecret;Secret=a;wr0ng~s3cret;Url=URL;ClientId=ID", "ClientSecret holds a semicolon")]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId=ID;ClientSecret='wr0ng~s3cret", "name=value")]
    [DataRow("AuthType=Certificate;Url=URL;ClientId=ID;CertificatePath=x;CertificatePassword=a;b",
        "CertificatePassword holds a semicolon")]
    [DataRow("AuthType=ClientSecret;Url=URL;Url=https://other;ClientId=ID;ClientSecret=SECRET", "environment twice")]
    [DataRow("AuthType=ClientSecret;Url=URL;Service Uri=https://other;ClientId=ID;Secret=SECRET", "environment twice")]
    [DataRow("AuthType=S2S;Url=URL;ClientId=ID", "Thumbprint is missing")]
    [DataRow("AuthType=Kerberos;Url=URL;ClientId=ID", "its AuthType is none of")]
    [DataRow("AuthType=ClientSecret;Url URL;ClientId=ID;ClientSecret=SECRET", "name=value")]
    [DataRow("DefaultEndpointsProtocol", "name=value")]
    [DataRow("AuthType=ClientSecret\nUrl=URL\nClientId=ID\nClientSecret=wr0ng~s3cret", "between semicolons")]
    [DataRow("AuthType=ClientSecret,Url=URL,ClientId=ID,ClientSecret=wr0ng~s3cret", "between semicolons")]
    [DataRow("AuthType=ClientSecret&Url=URL&ClientId=ID&ClientSecret=wr0ng~s3cret", "between semicolons")]
    [DataRow("Url=URL\nAuthType=ClientSecret\nClientSecret=wr0ng~s3cret", "between semicolons")]
    [DataRow("X=AuthType=ClientSecret;Url=URL;ClientId=ID;ClientSecret=wr0ng~s3cret", "between semicolons")]
    [DataRow("connectionString=\"AuthType=ClientSecret;Url=URL;ClientSecret=wr0ng~s3cret\"", "between semicolons")]
    [DataRow("export X='Auth Type=ClientSecret;Url=URL;ClientSecret=wr0ng~s3cret'", "between semicolons")]
    [DataRow("\u201CAuthType=ClientSecret;Url=URL;ClientSecret=wr0ng~s3cret\u201D", "between semicolons")]
    [DataRow("AuthType==ClientSecret;Url=URL;ClientSecret=wr0ng~s3cret", "between semicolons")]
    [DataRow("AuthenticationType\uFF1BAuthType=ClientSecret\uFF1BClientSecret=wr0ng~s3cret", "between semicolons")]
    [DataRow("AuthType=;Url=URL;ClientId=ID;ClientSecret=wr0ng~s3cret", "no AuthType")]
    [DataRow("Url=URL;ClientId=ID;ClientSecret=wr0ng~s3cret", "no AuthType")]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId=ID;ClientSecret=$(Secret)", "ClientSecret is a placeholder")]
    [DataRow("AuthType=ClientSecret;Url=URL;AppId=${ID};ClientSecret=wr0ng~s3cret", "ClientId is a placeholder")]
    [DataRow("AuthType=ClientSecret;Url=#{Url}#;ClientId=ID;ClientSecret=wr0ng~s3cret", "Url is a placeholder")]
    [DataRow("AuthType=$(Auth);Url=URL;ClientId=ID;ClientSecret=wr0ng~s3cret", "AuthType is a placeholder")]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId=ID;ClientSecret=x;TenantId=%T%", "TenantId is a placeholder")]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId={AppId};ClientSecret=wr0ng~s3cret", "ClientId is a placeholder")]
    [DataRow("AuthType=Certificate;Url=URL;ClientId=ID;thumbprint={CertThumbPrintId}", "Thumbprint is a placeholder")]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId=<app id>;ClientSecret=wr0ng~s3cret", "ClientId is a placeholder")]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId=ID;ClientSecret=***", "ClientSecret is a placeholder")]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId=ID;ClientSecret=[REDACTED]", "ClientSecret is a placeholder")]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId=ID;ClientSecret=((secret))", "ClientSecret is a placeholder")]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId=ID;ClientSecret=<< secret >>", "ClientSecret is a placeholder")]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId=ID;ClientSecret=@Microsoft.KeyVault(VaultName=v;SecretName=s)",
        "ClientSecret is a placeholder")]
    [DataRow("@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/c)", "it is a placeholder")]
    [DataRow("$(ConnectionString)", "it is a placeholder")]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId=ID;ClientSecret='wr0ng~s3cret' x", "name=value")]
    [DataRow("AuthType=ClientSecret;Url=URL;ClientId=ID;ClientSecret={wr0ng~;s3cret}", "holds a semicolon")]
    public async Task Or_told_what_is_wrong_with_it(string text, string fact)
    {
        Variables["CHATAUTH_CONNECTION_STRING"] = Filled(text);
        StringAssert.Contains(await FailAsync("CHATAUTH5026"), fact);
    }

    [TestMethod]
    [DataRow("\"TOKEN\"")]
    [DataRow("'TOKEN'")]
    [DataRow("Bearer TOKEN")]
    [DataRow("bearer  TOKEN\r\n")]
    [DataRow("Authorization: Bearer TOKEN")]
    [DataRow("\"Bearer TOKEN\"")]
    [DataRow("{\"accessToken\":\"TOKEN\",\"expiresOn\":\"2030-01-01 00:00:00.000000\",\"tokenType\":\"Bearer\"}")]
    [DataRow("{\r\n  \"access_token\": \"TOKEN\",\r\n  \"expires_in\": 3599\r\n}")]
    [DataRow("{\"Token\":\"TOKEN\",\"TenantId\":\"x\",\"UserId\":null}")]
    [DataRow("\uFEFFTOKEN")]
    public async Task A_ready_token_as_a_tool_hands_it_on(string text)
    {
        Variables["CHATAUTH_ACCESS_TOKEN"] = text.Replace("TOKEN", Organization.Administrator.Token,
            StringComparison.Ordinal);
        await EnterAsync("--url", Url);
    }

    [TestMethod]
    [DataRow("a b")]
    [DataRow("\"\"")]
    [DataRow("Bearer ")]
    [DataRow("{}")]
    [DataRow("{\"accessToken\":5}")]
    [DataRow("{\"\\ud800\":\"x\"}")]
    [DataRow("{\"accessToken\":\"\"}")]
    [DataRow("{\"accessToken\":")]
    [DataRow("$(AccessToken)")]
    [DataRow("${TOKEN}")]
    [DataRow("\"half")]
    [DataRow("null")]
    [DataRow("undefined")]
    [DataRow("***")]
    [DataRow("ERROR:")]
    [DataRow("%TOKEN%")]
    [DataRow("{\"accessToken\":\"null\"}")]
    [DataRow("ey\u00ADJ")]
    [DataRow("System.Security.SecureString")]
    [DataRow("None")]
    [DataRow("__TOKEN__")]
    [DataRow("`TOKEN`")]
    [DataRow("CHATAUTH_ACCESS_TOKEN=TOKEN")]
    [DataRow("accessToken: TOKEN\nexpiresOn: x")]
    [DataRow("[{\"accessToken\":\"TOKEN\"}]")]
    [DataRow("{'accessToken':'TOKEN'}")]
    [DataRow("TOKEN\tBearer")]
    [DataRow("Microsoft.Azure.Commands.Profile.Models.PSAccessToken")]
    [DataRow("TOKEN...")]
    [DataRow("@{Token=TOKEN; Type=Bearer}")]
    [DataRow("DPoP TOKEN")]
    [DataRow("WARNING: x\nTOKEN")]
    [DataRow("==")]
    public async Task Or_no_token_at_all(string text)
    {
        Variables["CHATAUTH_ACCESS_TOKEN"] = text;
        await FailAsync("CHATAUTH5009", "--url", Url, "--auth", "access-token");
    }

    [TestMethod]
    [DataRow("AZURE_CLIENT_SECRET", "$(ClientSecret)")]
    [DataRow("AZURE_CLIENT_ID", "$(ClientId)")]
    [DataRow("AZURE_TENANT_ID", "${TENANT}")]
    [DataRow("AZURE_TENANT_ID", "${{ vars.TENANT }}")]
    [DataRow("AZURE_CLIENT_SECRET", "#{Secret}#")]
    [DataRow("AZURE_CLIENT_SECRET", "%SECRET%")]
    [DataRow("AZURE_CLIENT_SECRET", "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/s)")]
    [DataRow("AZURE_CLIENT_ID", "<< pipeline.client >>")]
    [DataRow("AZURE_TENANT_ID", "[REDACTED]")]
    [DataRow("AZURE_CLIENT_SECRET", "***")]
    public async Task A_variable_that_nothing_filled_is_named(string name, string value)
    {
        Variables["AZURE_CLIENT_ID"] = Application;
        Variables["AZURE_CLIENT_SECRET"] = Given.Secret;
        Variables[name] = value;
        string error = await FailAsync("CHATAUTH5015", "--url", Url);
        StringAssert.Contains(error, name + ": a placeholder");
        Assert.DoesNotContain(value, error);
    }

    [TestMethod]
    [DataRow("\"https://other.crm.dynamics.com\"", false)]
    [DataRow("\"https://other.crm.dynamics.com/\"", false)]
    [DataRow("\"https://management.core.windows.net/\"", false)]
    [DataRow("[\"https://other.crm.dynamics.com\",\"https://third.crm.dynamics.com\"]", false)]
    [DataRow("\"https://HOST.example.com\"", false)]
    [DataRow("\"https://HOST:8443\"", false)]
    [DataRow("\"https://HOST\"", true)]
    [DataRow("\"https://HOST/\"", true)]
    [DataRow("\"https://HOST/.default\"", true)]
    [DataRow("[\"https://other.crm.dynamics.com\",\"https://HOST\"]", true)]
    [DataRow("\"00000007-0000-0000-c000-000000000000\"", true)]
    [DataRow("5", true)]
    [DataRow("null", true)]
    public async Task A_ready_token_for_another_address_is_sent_nowhere(string audience, bool isSent)
    {
        using Recorder network = new();
        string host = new Uri(Url).Host;
        string payload = $$"""{"aud":{{audience.Replace("HOST", host, StringComparison.Ordinal)}}}""";
        Variables["CHATAUTH_ACCESS_TOKEN"] =
            "eyJhbGciOiJSUzI1NiJ9." + Convert.ToBase64String(Encoding.UTF8.GetBytes(payload)).TrimEnd('=')
                .Replace('+', '-').Replace('/', '_') + ".c2lnbmF0dXJl";
        CommandRun run = await CommandRun.OfAsync(
            ["keys", "--settings", Folder.File("chatauth.json"), "--url", Url],
            environment: name => Variables.GetValueOrDefault(name), network: network);
        Assert.AreEqual(isSent ? "CHATAUTH5014" : "CHATAUTH5030", run.Codes, run.Error);
        Assert.AreEqual(isSent, !network.Asked.IsEmpty);
        Assert.DoesNotContain("other.crm", run.Error);
    }

    private string Filled(string text) => text.Replace("URL", Url, StringComparison.Ordinal)
        .Replace("=ID", "=" + Application, StringComparison.Ordinal)
        .Replace("SECRET'", "SECRET", StringComparison.Ordinal)
        .Replace("=SECRET", "=" + Entra.Secret, StringComparison.Ordinal)
        .Replace("\"SECRET", "\"" + Entra.Secret, StringComparison.Ordinal);

    private static string? Refusal(string url, string? variable)
    {
        try
        {
            Cloud.Of(new Uri(url), variable, true);
            return null;
        }
        catch (CommandException exception)
        {
            return exception.Errors[0].Code;
        }
    }

    private Task<CommandRun> RunAsync(
        Recorder network, string url, string? authority, string way = "client-secret")
    {
        Variables["AZURE_CLIENT_ID"] = Application;
        Variables["AZURE_CLIENT_SECRET"] = Given.Secret;
        if (authority != null)
        {
            Variables["AZURE_AUTHORITY_HOST"] = authority;
        }

        return CommandRun.OfAsync(
            ["keys", "--settings", Folder.File("chatauth.json"), "--url", url, "--auth", way],
            environment: name => Variables.GetValueOrDefault(name), network: network);
    }

    /// <summary>Notes who is asked; environments say that somebody else's tenant signs in.</summary>
    private sealed class Recorder : HttpMessageHandler
    {
        public ConcurrentQueue<string> Asked { get; } = new();

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Enqueue($"{request.RequestUri!.Host} {request.RequestUri.PathAndQuery}");
            bool isApi = request.RequestUri.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal);
            HttpResponseMessage answer =
                new(isApi ? HttpStatusCode.Unauthorized : HttpStatusCode.BadRequest)
                {
                    Content = new StringContent("{}", Encoding.UTF8, "application/json"),
                };
            if (isApi)
            {
                answer.Headers.TryAddWithoutValidation(
                    "WWW-Authenticate",
                    "Bearer authorization_uri=https://login.evil.example/6f0c1f0e-0000-0000-0000-00000000000a/oauth2/"
                        + "authorize, resource_id=https://evil.example/");
            }

            return Task.FromResult(answer);
        }
    }
}
