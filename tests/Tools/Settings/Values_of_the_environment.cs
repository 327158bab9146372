using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.Settings;
using ChatAuth.Tools.Tests.Deployment;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Settings;

/// <summary>Secrets do not get into settings, and nothing repeats what came out of the environment.</summary>
[TestClass]
public sealed class Values_of_the_environment : EnvironmentUnderTest
{
    private const string Secret = "Zq8Q~not-to-be-seen";

    [TestMethod]
    [DataRow("AZURE_CLIENT_SECRET")]
    [DataRow("azure_client_secret")]
    [DataRow("CHATAUTH_ACCESS_TOKEN")]
    [DataRow("CHATAUTH_CONNECTION_STRING")]
    [DataRow("CHATAUTH_PEM_PASSPHRASE")]
    [DataRow("ACTIONS_ID_TOKEN_REQUEST_TOKEN")]
    [DataRow("ACTIONS_ID_TOKEN_REQUEST_URL")]
    [DataRow("ACTIONS_RUNTIME_TOKEN")]
    [DataRow("AZURE_CLIENT_CERTIFICATE_PASSWORD")]
    [DataRow("AZURE_CLIENT_CERTIFICATE_PATH")]
    [DataRow("AZURE_FEDERATED_TOKEN_FILE")]
    [DataRow("AZURE_CLIENT_ID")]
    [DataRow("AZURE_TENANT_ID")]
    [DataRow("AZURE_PASSWORD")]
    [DataRow("SYSTEM_ACCESSTOKEN")]
    [DataRow("System_AccessToken")]
    [DataRow("GITHUB_TOKEN")]
    [DataRow("GH_TOKEN")]
    [DataRow("MSI_SECRET")]
    [DataRow("IDENTITY_HEADER")]
    [DataRow("ARM_CLIENT_SECRET")]
    [DataRow("servicePrincipalKey")]
    [DataRow("idToken")]
    [DataRow("AZURE_DEVOPS_EXT_PAT")]
    [DataRow("STORAGE_CONNECTIONSTRING")]
    [DataRow("NUGET_API_KEY")]
    [DataRow("AZURE_CLIENT_SECRET_PROD")]
    [DataRow("CLIENT_SECRET_VALUE")]
    [DataRow("SECRET_PORTAL")]
    [DataRow("DB_PASSWORD_TEST")]
    [DataRow("CHATAUTH_ACCESS_TOKEN_2")]
    [DataRow("ENDPOINT_AUTH_SYSTEMVSSCONNECTION")]
    [DataRow("ConnectionStrings__Dataverse")]
    [DataRow("PAT")]
    [DataRow("PFX_BASE64")]
    [DataRow("Signing_Key_2026")]
    [DataRow("STORAGE_SAS")]
    [DataRow("PAC_CLI_SPN_SECRET")]
    [DataRow("CI_JOB_JWT")]
    [DataRow("CI_JOB_JWT_V2")]
    [DataRow("CIRCLE_OIDC_TOKEN_V2")]
    [DataRow("PORTAL_CLIENT_SECRET_2")]
    [DataRow("SIGNING_KEY")]
    [DataRow("BLOB_SAS")]
    [DataRow("AZURE_OPENAI_KEY")]
    [DataRow("WEBSITE_AUTH_ENCRYPTION_KEY")]
    [DataRow("PrivateKey")]
    [DataRow("SharedAccessKey")]
    [DataRow("AzureWebJobsStorage")]
    [DataRow("SQLCONNSTR_MAIN")]
    [DataRow("CUSTOMCONNSTR_Dataverse")]
    [DataRow("DATAVERSE_CONN_STR")]
    [DataRow("CHATAUTH_CONNECTION")]
    [DataRow("DATABASE_URL")]
    [DataRow("MSI_ENDPOINT")]
    [DataRow("CLIENT_ASSERTION")]
    [DataRow("SECUREFILE_TICKET")]
    [DataRow("SESSION_COOKIE")]
    [DataRow("DB_PASS")]
    [DataRow("npm_config__auth")]
    public void A_variable_of_signing_in_is_never_read_into_a_setting(string variable)
    {
        List<string> read = [];
        string[] documents =
        [
            """{"issuer":"${NAME}","callers":{"powerpages":{}}}""",
            """{"issuer":"x","audience":"a${NAME}b","callers":{"powerpages":{}}}""",
            """{"issuer":"x","callers":{"${NAME}":{}}}""",
            """
            {"issuer":"x","callers":{"powerpages":{}},
             "authenticationSettings":{"publicKeyUrl":"https://x/?${NAME}"}}
            """,
        ];
        foreach (string document in documents)
        {
            CommandException refusal = Assert.ThrowsExactly<CommandException>(() => SettingsFile.Parse(
                document.Replace("NAME", variable, StringComparison.Ordinal), "chatauth.json", name =>
                {
                    read.Add(name);
                    return Secret;
                }));
            Assert.AreEqual("CHATAUTH5106", refusal.Errors.Single().Code);
            StringAssert.Contains(refusal.Message, variable);
            Assert.DoesNotContain(Secret, refusal.Message);
        }

        Assert.IsEmpty(read);
    }

    [TestMethod]
    [DataRow("PORTAL_HOST")]
    [DataRow("PORTAL_APPLICATION_ID")]
    [DataRow("TOKEN_ISSUER")]
    [DataRow("SECRETARY_NAME")]
    [DataRow("KEYSET_URL")]
    [DataRow("CHAT_TOKEN_AUDIENCE")]
    [DataRow("PATH_OF_KEYS")]
    [DataRow("PUBLIC_KEY_URL")]
    [DataRow("PASSAU_HOST")]
    [DataRow("SASKATOON_SITE")]
    [DataRow("BYPASS_HOST")]
    [DataRow("PASSPORT_HOST")]
    [DataRow("KEYVAULT_NAME")]
    [DataRow("CONNECTIONS_SITE")]
    [DataRow("AUTHOR_NAME")]
    public void Any_other_is(string variable) => Assert.IsNotNull(SettingsFile.Parse(
        """{"issuer":"${NAME}","callers":{"powerpages":{}}}""".Replace("NAME", variable, StringComparison.Ordinal),
        "chatauth.json", _ => "contoso.com"));

    [TestMethod]
    [DataRow("widgets", "CHATAUTH5012")]
    [DataRow("site", "CHATAUTH5012")]
    [DataRow("page", "CHATAUTH5012")]
    [DataRow("twice", "CHATAUTH5013")]
    [DataRow("publicKeyUrl", "CHATAUTH5201")]
    [DataRow("file", "CHATAUTH4002")]
    [DataRow("solution", "CHATAUTH4001")]
    [DataRow("claim", "CHATAUTH2007")]
    [DataRow("variable", "CHATAUTH2008")]
    [DataRow("url", "CHATAUTH5201")]
    public async Task No_error_repeats_one(string member, string code)
    {
        const string Placeholder = "${VALUE}";
        string value = member switch
        {
            "claim" => "IsS",
            "variable" => "CaseNumber",
            "file" => "missing-q7/a.json",
            "publicKeyUrl" or "url" => "https://q7-keys.example/" + Uri.EscapeDataString(Secret),
            _ => "Q7 o'Chat & " + Secret,
        };
        Settings["authenticationSettings"] = new JsonObject
        {
            ["publicKeyUrl"] = member == "publicKeyUrl" ? Placeholder : "https://contosohelp.com/publickey.json",
            ["widgets"] = member is "widgets" or "twice" ? new JsonArray(Placeholder) : [],
        };
        switch (member)
        {
            case "site":
                Settings["portals"] = new JsonArray(new JsonObject { ["site"] = Placeholder });
                break;
            case "page":
                Settings["publish"] = new JsonArray(new JsonObject { ["page"] = Placeholder });
                break;
            case "url":
                Settings["publish"] = new JsonArray(new JsonObject { ["file"] = "a.json", ["url"] = Placeholder });
                break;
            case "file":
                await System.IO.File.WriteAllTextAsync(Folder.File("missing-q7"), "a file, no folder");
                Settings["publish"] = new JsonArray(new JsonObject { ["file"] = Placeholder, ["local"] = true });
                break;
            case "solution":
                Settings["solution"] = Placeholder;
                break;
            case "claim":
                Settings["claims"] = new JsonObject { [Placeholder] = "firstname" };
                break;
            case "variable":
                Settings["contextVariables"] =
                    new JsonObject { [Placeholder] = new JsonObject { ["request"] = "string" } };
                break;
            case "twice":
                Organization.AddRow("msdyn_livechatconfig", Guid.NewGuid(), ("msdyn_name", value));
                Organization.AddRow("msdyn_livechatconfig", Guid.NewGuid(), ("msdyn_name", value));
                break;
        }

        Network.Before = async request => request.RequestUri!.IsLoopback ? null
            : new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(
                    request.RequestUri.Host == "contosohelp.com" && System.IO.File.Exists(KeyFilePath)
                        ? await System.IO.File.ReadAllTextAsync(KeyFilePath)
                        : "[]"),
            };
        string[] deploy = ["deploy", "--timeout", "1s"];
        foreach (string[] command in (string[][])[deploy, ["doctor"], ["doctor", "--json"]])
        {
            CommandRun run = await RunWithAsync(value, command);
            string all = run.Out + run.Error;
            if (command[0] == "deploy")
            {
                Assert.AreEqual(code, run.Codes.Split(' ')[^1], all); // after warnings
                Assert.AreEqual(member != "url", all.Contains(Placeholder, StringComparison.Ordinal), all);
            }

            Assert.IsFalse(all.Contains(Secret, StringComparison.OrdinalIgnoreCase)
                || all.Contains(Uri.EscapeDataString(Secret), StringComparison.OrdinalIgnoreCase)
                || all.Contains(value, StringComparison.OrdinalIgnoreCase), all);
        }
    }

    [TestMethod]
    [DataRow("Q7 \"o\" " + Secret, "GITHUB_ACTIONS")]
    [DataRow(@"Q7 \ " + Secret, "TF_BUILD")]
    [DataRow("Q7 100% & <b>'" + Secret, "GITHUB_ACTIONS")]
    [DataRow("Q7 \u0645\u200c\u062e\u00e9 " + Secret, "TF_BUILD")]
    [DataRow("q7-" + Secret, "")]
    public async Task Nothing_repeats_another_value_in_whatever_form(string value, string pipeline)
    {
        EmptySite.AddTo(Organization, value, "site.example");
        Organization.AddRow("msdyn_livechatconfig", Guid.NewGuid(), ("msdyn_name", value));
        Settings["publish"] = new JsonArray(
            new JsonObject { ["file"] = "publickey.json", ["local"] = true }, new JsonObject { ["page"] = "${VALUE}" });
        Settings["portals"] = new JsonArray(new JsonObject { ["site"] = "${VALUE}" });
        Settings["contextVariables"] = new JsonObject { ["x"] = new JsonObject { ["value"] = "${VALUE}" } };
        Settings["authenticationSettings"] = new JsonObject
        {
            ["publicKeyUrl"] = "https://contosohelp.com/publickey",
            ["name"] = "${VALUE}",
            ["widgets"] = new JsonArray("${VALUE}"),
        };
        Organization.ChangeRow("organization", Organization.Id, ("blockedattachments", "exe"));
        bool isServed = true;
        Network.Before = async request => request.RequestUri!.IsLoopback ? null
            : new HttpResponseMessage(isServed ? HttpStatusCode.OK : HttpStatusCode.NotFound)
            {
                Content = new StringContent(System.IO.File.Exists(KeyFilePath)
                    ? await System.IO.File.ReadAllTextAsync(KeyFilePath) : "[]"),
            };
        string[][] commands =
        [
            ["deploy", "--dry-run"], ["deploy", "--dry-run", "--json"], ["deploy", "--timeout", "1s"], ["doctor"],
            ["doctor", "--json"], ["keys"], ["keys", "--json"], ["rotate", "--dry-run", "--json"],
            ["rotate", "--timeout", "1s"], ["uninstall", "--dry-run"], ["uninstall", "--dry-run", "--json"],
            ["uninstall", "--yes"], ["deploy", "--timeout", "1s"],
        ];
        Variables[pipeline] = "true";
        foreach (string[] command in commands)
        {
            isServed = command != commands[^1];
            CommandRun run = await RunWithAsync(value, [.. command, "--verbose"]);
            Assert.DoesNotContain(Secret, run.Out + run.Error);
        }
    }

    [TestMethod]
    public void Only_whole_words_are_taken_for_a_short_value()
    {
        FilledValues values = new();
        values.Note("ENV", "prod");
        values.Note("EMPTY", string.Empty);
        values.Note("HOST", "contosohelp.com");
        Assert.AreEqual("in ${ENV}: production of x${HOST}y, ${HOST}",
            values.Hide("in prod: production of xcontosohelp.comy, CONTOSOHELP.COM"));
    }

    [TestMethod]
    [DataRow("https://a.example/keys?sig=secret1", "https://${HOST}/${PATH_OF}?sig=${OTHER}")]
    [DataRow("https://a.example/keys.secret1", "https://${HOST}/${PATH_OF}.${OTHER}")]
    [DataRow("HTTPS://A.EXAMPLE/KEYS", "HTTPS://${HOST}/${PATH_OF}")]
    [DataRow("the site a.example has keys", "the site ${HOST} has ${PATH_OF}")]
    [DataRow("https://b.example/keys?sig=secret1", "${SIGNED}")]
    [DataRow("https://b.example/keys", "https://b.example/${PATH_OF}")]
    [DataRow("firstsecret1second", "${LONG}second")]
    [DataRow("firstsecret1 secret1ly", "${LONG} ${OTHER}ly")]
    [DataRow("firstsecret", "firstsecret")]
    [DataRow("secret1abc", "${OVERLAP}")]
    [DataRow("firstsecret1abc", "${LONG}${OVERLAP}")]
    public void Values_within_and_over_one_another_are_named(string text, string shown)
    {
        FilledValues values = new();
        values.Note("HOST", "a.example");
        values.Note("PATH_OF", "keys");
        values.Note("OTHER", "secret1");
        values.Note("LONG", "firstsecret1");
        values.Note("OVERLAP", "secret1abc");
        values.Note("SIGNED", "https://b.example/keys?sig=secret1");
        Assert.AreEqual(shown, values.Hide(text));
    }

    [TestMethod]
    [DataRow("http://contosohelp.com/x")]
    [DataRow("http://10.0.0.5/x")]
    [DataRow("http://localhost.contosohelp.com/x")]
    [DataRow("http://127.0.0.1.contosohelp.com/x")]
    [DataRow("http://0.0.0.0/x")]
    [DataRow("https://user@contosohelp.com/x")]
    [DataRow("https://user:word@contosohelp.com/x")]
    [DataRow("https://@contosohelp.com/x")]
    [DataRow("https:contosohelp.com/x")]
    [DataRow("https:///contosohelp.com/x")]
    [DataRow("https:\\\\contosohelp.com\\x")]
    [DataRow("https://contosohelp.com\\@evil.example/x")]
    [DataRow("ftp://contosohelp.com/x")]
    [DataRow("file:///etc/passwd")]
    [DataRow("//contosohelp.com/x")]
    [DataRow("https://contoso help.com/x")]
    [DataRow("javascript:alert(1)")]
    [DataRow("https://")]
    [DataRow("https://m\u00FCnchen.example/x")]
    [DataRow("https://contoso\u3002com/x")]
    [DataRow("https://evil.example\uFF0F.crm.dynamics.com/x")]
    [DataRow("https://contosohelp.com:0/x")]
    [DataRow("https://contosohelp.com:65536/x")]
    [DataRow("https://[fe80::1%25eth0]/x")]
    [DataRow("https://[fe80::1%eth0]/x")]
    [DataRow("https://a%40contosohelp.com/x")]
    [DataRow("https:/contosohelp.com/x")]
    [DataRow("http://localhost./x")]
    [DataRow("http://127.0.0.1.nip.io/x")]
    [DataRow("https://contosohelp..com/x")]
    [DataRow("wss://contosohelp.com/x")]
    public async Task No_address_is_taken_that_is_not_safe(string address)
    {
        foreach (string member in (string[])["publicKeyUrl", "url"])
        {
            string document = member == "url"
                ? """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"file":"a","url":"${URL}"}]}"""
                : """{"issuer":"x","callers":{"powerpages":{}},"authenticationSettings":{"publicKeyUrl":"${URL}"}}""";
            CommandException refusal = Assert.ThrowsExactly<CommandException>(
                () => SettingsFile.Parse(document, "chatauth.json", _ => address));
            Assert.AreEqual("CHATAUTH5104", refusal.Errors.Single().Code);
            Assert.DoesNotContain(address, refusal.Message);
        }

        CommandRun run = await CommandRun.OfAsync(
            ["keys", "--settings", Folder.File("chatauth.json"), "--url", address],
            environment: name => name == "CHATAUTH_ACCESS_TOKEN" ? "x" : null);
        Assert.AreEqual("CHATAUTH4001", run.Codes); // there is no file yet
        await System.IO.File.WriteAllTextAsync(Folder.File("chatauth.json"), Settings.ToJsonString());
        run = await CommandRun.OfAsync(
            ["keys", "--settings", Folder.File("chatauth.json"), "--url", address],
            environment: name => name == "CHATAUTH_ACCESS_TOKEN" ? "x" : null);
        Assert.AreEqual("CHATAUTH5008", run.Codes, run.Error);
        Assert.DoesNotContain("word", run.Error);
    }

    [TestMethod]
    [DataRow("https://contosohelp.com/x?a=b&c=@d")]
    [DataRow("HTTPS://Contosohelp.com")]
    [DataRow("https://xn--mnchen-3ya.example/a")]
    [DataRow("https://[2001:db8::1]:8443/x")]
    [DataRow("http://localhost:5080/x")]
    [DataRow("http://127.0.0.2/x")]
    [DataRow("http://[::1]:5080/x")]
    [DataRow("https://contosohelp.com:443/x")]
    [DataRow("https://contosohelp.com./x")]
    [DataRow("https://contosohelp.com/m\u00FCnchen")]
    [DataRow("https://contosohelp.com/%0d%0a?x=%24")]
    public void Others_are(string address) => Assert.AreEqual(address, SettingsFile.Parse(
        """{"issuer":"x","callers":{"powerpages":{}},"authenticationSettings":{"publicKeyUrl":"URL"}}"""
            .Replace("URL", address, StringComparison.Ordinal),
        "chatauth.json", _ => null).Authentication!.PublicKeyUrl.OriginalString);

    [TestMethod]
    [DataRow(301)]
    [DataRow(302)]
    [DataRow(303)]
    [DataRow(307)]
    [DataRow(308)]
    public async Task No_redirect_is_followed(int status)
    {
        string elsewhere = "http://localhost:" + Environment.Port + "/api/data/v9.2/WhoAmI";
        using HttpListener listener = Listen(out int port);
        int asked = 0;
        Task serving = Task.Run(async () =>
        {
            while (listener.IsListening)
            {
                try
                {
                    HttpListenerContext request = await listener.GetContextAsync();
                    asked++;
                    request.Response.StatusCode = status;
                    request.Response.RedirectLocation = elsewhere;
                    request.Response.Close();
                }
                catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        });
        await System.IO.File.WriteAllTextAsync(Folder.File("chatauth.json"), Settings.ToJsonString());
        CommandRun run = await CommandRun.OfAsync(
            ["deploy", "--settings", Folder.File("chatauth.json"), "--url", $"http://127.0.0.1:{port}"],
            environment: name => name == "CHATAUTH_ACCESS_TOKEN" ? Deployer.Token : null);
        listener.Stop();
        await serving;
        Assert.AreEqual("CHATAUTH5002", run.Codes, run.Error);
        StringAssert.Contains(run.Error, $"redirect ({status})");
        Assert.IsGreaterThan(0, asked);
        Assert.IsEmpty(Organization.Rows.Now.All("sdkmessageprocessingstepsecureconfig"));
    }

    private static HttpListener Listen(out int port)
    {
        for (int attempt = 0; ; attempt++)
        {
            using System.Net.Sockets.TcpListener free = new(IPAddress.Loopback, 0);
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
            free.Stop();
            HttpListener listener = new();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException) when (attempt < 5)
            {
                listener.Close();
            }
        }
    }

    private async Task<CommandRun> RunWithAsync(string value, string[] command)
    {
        await System.IO.File.WriteAllTextAsync(Folder.File("chatauth.json"), Settings.ToJsonString());
        return await CommandRun.OfAsync(
            [.. command, "--settings", Folder.File("chatauth.json"), "--url", Environment.AbsoluteUri],
            clock: Clock,
            environment: name => name == "CHATAUTH_ACCESS_TOKEN" ? Deployer.Token : name == "VALUE" ? value
                : Variables.GetValueOrDefault(name),
            network: Network);
    }
}
