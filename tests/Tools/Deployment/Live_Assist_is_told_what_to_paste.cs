using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary><c>chatauth liveassist</c>, and the end of <c>chatauth deploy</c>.</summary>
[TestClass]
public sealed class Live_Assist_is_told_what_to_paste : EnvironmentUnderTest
{
    private static readonly string[] Form =
    [
        "Type                     oAuth 2.0 authentication, implicit",
        "Issuer display name      ChatAuth",
        "JWT issuer (iss)         contosohelp.com",
        "Authentication endpoint  (blank)",
        "Token endpoint           (blank)",
        "Client id                (blank)",
        "Certificate type         JWT public key",
    ];

    [TestInitialize]
    public void Use() => Settings["liveAssist"] = new JsonObject { ["key"] = "line" };

    [TestMethod]
    public async Task In_the_order_of_its_form_and_deploy_ends_with_the_same()
    {
        CommandRun deployed = await DoAsync("deploy");
        CommandRun run = await DoAsync("liveassist");

        string[] lines = [.. run.Out.Split('\n').Select(line => line.Trim())];
        CollectionAssert.AreEqual(Form, lines[1..8]);
        Assert.StartsWith("JWT public key           MII", lines[8]);
        CollectionAssert.AreEqual(
            new[] { "JS method name           authoriseChatWithCallback", "JS context               (blank)" },
            lines[9..11]);
        Assert.AreEqual($"Key {StoredKeys().Single()!["kid"]} signs.", lines[11]);
        Assert.AreEqual("Deployed.\n" + run.Out, deployed.Out);
        Assert.IsEmpty(Network.Writes);
    }

    [TestMethod]
    public async Task With_the_one_line_of_the_key_that_signs_beside_the_next_one()
    {
        await DoAsync("deploy");
        string signing = StoredKeys().Single()!["n"]!.GetValue<string>();
        await DoAsync("rotate", "--cutover", "--until", "published");
        JsonNode form = JsonNode.Parse((await DoAsync("liveassist", "--json")).Out)!;

        Assert.HasCount(2, StoredKeys());
        Assert.AreEqual(signing, NumberOf(form["publicKey"]!.GetValue<string>()));
        Assert.AreEqual("signing", form["keyState"]!.GetValue<string>());
        CollectionAssert.AreEqual(
            new[]
            {
                "type", "issuerDisplayName", "issuer", "authenticationEndpoint", "tokenEndpoint", "clientId",
                "certificateType", "publicKey", "jsMethodName", "jsContext", "keyId", "keyState", "tokenIssuers",
            },
            form.AsObject().Select(member => member.Key).ToArray());
    }

    [TestMethod]
    public async Task With_the_line_of_the_pending_key_while_none_signs()
    {
        await DoAsync("deploy", "--until", "published");
        CommandRun run = await DoAsync("liveassist");
        StringAssert.Contains(run.Out, "is pending: it does not sign, and no token is issued yet.");
        JsonNode form = JsonNode.Parse((await DoAsync("liveassist", "--json")).Out)!;
        Assert.AreEqual("pending", form["keyState"]!.GetValue<string>());
        Assert.AreEqual(
            StoredKeys().Single()!["n"]!.GetValue<string>(), NumberOf(form["publicKey"]!.GetValue<string>()));
    }

    [TestMethod]
    public async Task And_exit_1_where_there_is_no_key_at_all()
    {
        Assert.AreEqual("CHATAUTH5301", (await RunAsync("liveassist")).Codes);
        await DoAsync("deploy");
        await DoAsync("revoke", StoredKeys().Single()!["kid"]!.GetValue<string>(), "--force");
        CommandRun none = await RunAsync("liveassist");
        Assert.AreEqual("CHATAUTH5411", none.Codes);
        Assert.AreEqual(1, none.ExitCode);
    }

    [TestMethod]
    [DataRow("contosohelp.com", "https://contosohelp.com/auth/authorize")]
    [DataRow("https://contosohelp.com", "https://contosohelp.com/auth/authorize")]
    [DataRow("https://contosohelp.com/", "https://contosohelp.com/auth/authorize")]
    [DataRow("https://contosohelp.com:8443", "https://contosohelp.com:8443/auth/authorize")]
    [DataRow("https://identity.example/tenant", "/auth/authorize")]
    [DataRow("Contoso help", "/auth/authorize")]
    [DataRow("urn:contoso", "/auth/authorize")]
    [DataRow("contoso", "https://chat.contoso.example/auth/authorize", "https://chat.contoso.example/auth/authorize")]
    public async Task With_the_authentication_endpoint_of_a_window_of_its_own(
        string issuer, string endpoint, string path = "/auth/authorize")
    {
        Settings["issuer"] = issuer;
        Settings["liveAssist"]!["externalWindow"] = new JsonObject
        {
            ["path"] = path,
            ["redirectUris"] = new JsonArray("https://lp.example/window"),
            ["clientId"] = "liveassist",
        };
        await DoAsync("deploy");
        CommandRun run = await DoAsync("liveassist");
        StringAssert.Contains(run.Out, $"Authentication endpoint  {endpoint}\n");
        StringAssert.Contains(run.Out, "Client id                liveassist\n");
        Assert.AreEqual(
            endpoint[0] == '/', run.Out.Contains("put the portal's address before", StringComparison.Ordinal), run.Out);
        JsonNode form = JsonNode.Parse((await DoAsync("liveassist", "--json")).Out)!;
        Assert.AreEqual(endpoint, form["authenticationEndpoint"]!.GetValue<string>());
    }

    [TestMethod]
    public async Task By_any_user_who_reads_no_secret()
    {
        await DoAsync("deploy");
        Deployer = Portal;
        CommandRun run = await DoAsync("liveassist");
        StringAssert.Contains(
            run.Out, "Whether tokens carry that issuer is not known, since the step's settings cannot be read: once ");
        JsonNode form = JsonNode.Parse((await DoAsync("liveassist", "--json")).Out)!;
        Assert.IsNull(form["tokenIssuers"]);
    }

    [TestMethod]
    [DataRow("new.example", null, "No token carries that issuer, but contosohelp.com, as it is deployed: once ")]
    [DataRow(null, "new.example", "No token carries that issuer, but contosohelp.com, as it is deployed: by the "
        + "settings file no token carries that issuer, but contosohelp.com: correct \"issuer\", there or in "
        + "\"liveAssist\", and run")]
    [DataRow("new.example", "contosohelp.com", "Tokens carry that issuer still, as it is deployed; by the settings "
        + "file no token carries that issuer, but new.example: correct")]
    [DataRow("new.example", "newer.example", "but contosohelp.com, as it is deployed: by the settings file no token "
        + "carries that issuer, but new.example: correct")]
    [DataRow(null, "Contosohelp.com", "No token carries that issuer, but contosohelp.com")]
    [DataRow(null, "https://contosohelp.com", "No token carries that issuer, but contosohelp.com")]
    [DataRow(null, "contosohelp.com", null)]
    public async Task And_which_issuer_tokens_carry_where_it_is_another(string? issuer, string? pasted, string? said)
    {
        await DoAsync("deploy");
        Settings["issuer"] = issuer ?? "contosohelp.com";
        Settings["liveAssist"]!["issuer"] = pasted;
        if (pasted == null)
        {
            Settings["liveAssist"]!.AsObject().Remove("issuer");
        }

        CommandRun run = await DoAsync("liveassist");
        Assert.AreEqual(said != null, run.Out.Contains("as it is deployed", StringComparison.Ordinal), run.Out);
        StringAssert.Contains(run.Out, said ?? string.Empty);
        JsonNode form = JsonNode.Parse((await DoAsync("liveassist", "--json")).Out)!;
        Assert.AreEqual("""["contosohelp.com"]""", form["tokenIssuers"]!.ToJsonString());
    }

    [TestMethod]
    public async Task And_of_a_JWKS_endpoint_its_address()
    {
        Settings["liveAssist"] =
            new JsonObject { ["key"] = "jwks", ["jwksUrl"] = "https://contosohelp.com/jwks", ["issuer"] = "i" };
        Settings["liveAssist"]!["method"] = "auth.getAuthenticationToken";
        Network.Before = request => Task.FromResult(request.RequestUri!.Host != "contosohelp.com" ? null
            : new System.Net.Http.HttpResponseMessage { Content = new System.Net.Http.StringContent(Jwks()) });
        await DoAsync("deploy");
        CommandRun run = await DoAsync("liveassist");

        StringAssert.Contains(run.Out, "Certificate type         JWKS endpoint\n");
        StringAssert.Contains(run.Out, "JWKS endpoint            https://contosohelp.com/jwks\n");
        StringAssert.Contains(run.Out, "JS method name           auth.getAuthenticationToken\n");
        StringAssert.Contains(run.Out, "No token carries that issuer, but contosohelp.com");
    }

    [TestMethod]
    public async Task No_key_signs_before_a_JWKS_endpoint_serves_it()
    {
        Settings["liveAssist"] = new JsonObject { ["key"] = "jwks", ["jwksUrl"] = "https://contosohelp.com/jwks" };
        Network.Before = request => Task.FromResult(request.RequestUri!.Host != "contosohelp.com" ? null
            : new System.Net.Http.HttpResponseMessage
            {
                Content = new System.Net.Http.StringContent("""{"keys":[]}"""),
            });
        CommandRun run = await RunAsync("deploy", "--timeout", "1m");
        Assert.AreEqual("CHATAUTH5201", run.Codes);
        JsonNode form = JsonNode.Parse((await DoAsync("liveassist", "--json")).Out)!;
        Assert.AreEqual("pending", form["keyState"]!.ToString());
    }

    [TestMethod]
    public async Task Without_the_setting_it_says_which_is_missing()
    {
        Settings.Remove("liveAssist");
        CommandRun run = await RunAsync("liveassist");
        Assert.AreEqual("CHATAUTH5103", run.Codes);
        StringAssert.Contains(run.Error, "liveAssist is missing");
    }

    [TestMethod]
    public async Task Who_revokes_a_key_is_told_that_Live_Assist_takes_it_still()
    {
        await DoAsync("deploy");
        CommandRun run = await DoAsync("revoke", StoredKeys().Single()!["kid"]!.GetValue<string>(), "--force");
        StringAssert.Contains(run.Out, "Live Assist takes the tokens of the key that was pasted there until another");
    }

    private string Jwks()
    {
        JsonObject[] keys =
        [
            .. (Organization.Rows.Now.All("sdkmessageprocessingstepsecureconfig").Any() ? StoredKeys() : [])
                .Select(key => new JsonObject
            {
                ["kty"] = "RSA", ["kid"] = key!["kid"]!.DeepClone(), ["n"] = key["n"]!.DeepClone(),
                ["e"] = key["e"]!.DeepClone(),
            }),
        ];
        return new JsonObject { ["keys"] = new JsonArray(keys) }.ToJsonString();
    }

    /// <summary>n of the key on one line, as a chat service reads it.</summary>
    internal static string NumberOf(string line)
    {
        Assert.IsFalse(line.Any(char.IsWhiteSpace), line);
        using RSA rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String(line), out _);
        return Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(rsa.ExportParameters(false).Modulus);
    }
}
