using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Tools.Tests.Deployment;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Tokens;

/// <summary><c>chatauth builtin check</c>.</summary>
[TestClass]
public sealed class The_portals_own_key_is_checked
{
    private const string Portal = "https://contoso.powerappsportals.com";
    private const string Html = "<!DOCTYPE html><html><body>Sign in</body></html>";

    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000);
    private static readonly Lazy<RSA> Key = new(() => RSA.Create(PreparedKeys.At(7)));
    private static readonly string Pem = Key.Value.ExportSubjectPublicKeyInfoPem();

    private readonly List<string> asked = [];

    private Func<HttpResponseMessage> key = () => Text(Pem);
    private Func<HttpResponseMessage> token = Challenge;

    [TestMethod]
    [DataRow(Portal)]
    [DataRow(Portal + "/")]
    public async Task And_what_to_paste_is_said_in_the_order_of_the_form(string address)
    {
        CommandRun run = await CheckAsync(address);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        string[] lines = [.. run.Out.Split('\n').Select(line => line.Trim())];
        CollectionAssert.AreEqual(
            new[]
            {
                "Type                     oAuth 2.0 authentication, implicit",
                "Issuer display name      contoso.powerappsportals.com",
                "JWT issuer (iss)         https://contoso.powerappsportals.com",
                "Authentication endpoint  https://contoso.powerappsportals.com/_services/auth/token",
                "JS method name           auth.getAuthenticationToken",
            },
            lines[1..6]);
        Assert.AreEqual(
            Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(Key.Value.ExportParameters(false).Modulus),
            Live_Assist_is_told_what_to_paste.NumberOf(lines[6]["JWT public key".Length..].Trim()));
        StringAssert.Contains(
            run.Out, "Public key URL           https://contoso.powerappsportals.com/_services/auth/publickey\n");
        StringAssert.Contains(run.Out, "carry the issuer contoso.powerappsportals.com:");
        CollectionAssert.AreEqual(
            new[] { "GET /_services/auth/publickey", "POST /_services/auth/token XMLHttpRequest" }, asked);
    }

    [TestMethod]
    public async Task As_JSON()
    {
        JsonNode form = JsonNode.Parse((await CheckAsync(Portal, "--json")).Out)!;
        CollectionAssert.AreEqual(
            new[]
            {
                "type", "issuerDisplayName", "issuer", "authenticationEndpoint", "jsMethodName", "publicKey",
                "publicKeyUrl", "tokenIssuer",
            },
            form.AsObject().Select(member => member.Key).ToArray());
    }

    [TestMethod]
    [DataRow("redirect")]
    [DataRow("page")]
    [DataRow("401")]
    public async Task Each_way_of_asking_to_sign_in_is_right_for_the_token(string way)
    {
        token = () => way switch
        {
            "redirect" => new HttpResponseMessage(HttpStatusCode.Redirect),
            "page" => Text(Html, "text/html"),
            _ => new HttpResponseMessage(HttpStatusCode.Unauthorized),
        };
        Assert.AreEqual(0, (await CheckAsync(Portal)).ExitCode);
    }

    [TestMethod]
    [DataRow(404, "", "", "is not there (HTTP status 404)", "upload a certificate")]
    [DataRow(404, Html, "text/html", "is not there (HTTP status 404)", "switched off")]
    [DataRow(200, Html, "text/html", "answered with a web page", "run chatauth deploy")]
    [DataRow(200, "Key not found", "text/html", "answered with a web page", "Make the site public")]
    [DataRow(200, "Key not found", "text/plain", "shows no public key as PEM", "Upload a certificate")]
    [DataRow(200, "", "text/plain", "shows no public key as PEM", "Upload a certificate")]
    [DataRow(200, "[]", "application/json", "shows no public key as PEM", "Upload a certificate")]
    [DataRow(302, "", "", "asks for a sign-in (HTTP status 302)", "Make the site public")]
    [DataRow(403, "", "", "asks for a sign-in (HTTP status 403)", "Make the site public")]
    [DataRow(500, "", "", "answered with HTTP status 500", "Restart the site")]
    [DataRow(400, "{\"ErrorId\":\"PortalSTS0018\"}", "", "has no certificate", "(PortalSTS0018)")]
    [DataRow(400, "{\"ErrorId\":\"a\",\"ErrorId\":\"b\"}", "", "answered with HTTP status 400", "Restart the site")]
    [DataRow(400, "{\"ErrorId\":\"\\ud800\"}", "", "answered with HTTP status 400", "Restart the site")]
    [DataRow(400, "{\"ErrorId\":\"A\",\"ErrorMessage\":\"\\ud800\"}", "", "answered with HTTP status 400", "Restart")]
    [DataRow(200, "{\"ErrorId\":\"PortalSTS0018\"}", "", "has no certificate", "trial site")]
    [DataRow(400, "{\"ErrorId\":\"PortalSTS0099\",\"ErrorMessage\":\"Odd.\"}", "", "says: Odd (PortalSTS0099)", "Mend")]
    public async Task Each_failure_of_the_key_is_explained(
        int status, string body, string type, string fact, string remedy)
    {
        key = () => Text(body, type.Length > 0 ? type : "application/json", status);
        CommandRun run = await CheckAsync(Portal);
        Assert.AreEqual((1, "CHATAUTH5446", string.Empty), (run.ExitCode, run.Codes, run.Out), run.Error);
        StringAssert.Contains(run.Error, $"{Portal}/_services/auth/publickey {fact}");
        StringAssert.Contains(run.Error, remedy);
    }

    [TestMethod]
    public async Task A_challenge_in_the_place_of_the_key_is_a_private_site()
    {
        key = Challenge;
        CommandRun run = await CheckAsync(Portal);
        Assert.AreEqual("CHATAUTH5446", run.Codes);
        StringAssert.Contains(run.Error, "asks for a sign-in (HTTP status 200)");
    }

    [TestMethod]
    public async Task A_private_key_in_its_place_is_stolen()
    {
        key = () => Text(Key.Value.ExportPkcs8PrivateKeyPem());
        CommandRun run = await CheckAsync(Portal);
        Assert.AreEqual(("CHATAUTH4314", string.Empty), (run.Codes, run.Out));
    }

    [TestMethod]
    [DataRow(400, "PortalSTS0001", "does not know the client id (PortalSTS0001)", "--registered-client")]
    [DataRow(400, "PortalSTS0018", "has no certificate to sign with", "builtin configure")]
    [DataRow(404, "", "is not there (HTTP status 404), though the key is", "Connector/ImplicitGrantFlowEnabled")]
    [DataRow(503, "", "answered with HTTP status 503", "Restart")]
    [DataRow(200, "jwt", "gives a token to whoever is not signed in", "Find out")]
    public async Task Each_failure_of_the_token_is_explained_beside_the_values(
        int status, string id, string fact, string remedy)
    {
        token = () => Text(
            id == "jwt" ? "e30.e30.AA" : id.Length > 0 ? $$"""{"ErrorId":"{{id}}","ErrorMessage":"x"}""" : string.Empty,
            "text/plain",
            status);
        CommandRun run = await CheckAsync(Portal, "--registered-client", "contoso-chat");
        Assert.AreEqual((1, "CHATAUTH5446"), (run.ExitCode, run.Codes));
        StringAssert.Contains(run.Error, $"{Portal}/_services/auth/token {fact}");
        StringAssert.Contains(run.Error, remedy);
        StringAssert.Contains(run.Out, "JWT public key");
        Assert.AreEqual("POST /_services/auth/token?client_id=contoso-chat XMLHttpRequest", asked[1]);
    }

    [TestMethod]
    public async Task What_the_service_does_not_tell_of_a_client_id_is_said()
    {
        const string Said = "Whether the client id contoso-chat is registered was not told";
        StringAssert.Contains((await CheckAsync(Portal, "--registered-client", "contoso-chat")).Out, Said);
        Assert.IsFalse((await CheckAsync(Portal)).Out.Contains("client id", StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task What_does_not_end_or_answer_is_cut_off()
    {
        key = () => Text(new string('A', (256 * 1024) + 1));
        Assert.AreEqual("CHATAUTH4310", (await CheckAsync(Portal)).Codes);
        key = () => throw new HttpRequestException("no route");
        Assert.AreEqual("CHATAUTH4310", (await CheckAsync(Portal)).Codes);
    }

    [TestMethod]
    [DataRow("http://contoso.powerappsportals.com")]
    [DataRow("https://user@contoso.powerappsportals.com")]
    [DataRow("contoso.powerappsportals.com")]
    [DataRow("file:///etc/passwd")]
    [DataRow("")]
    public async Task An_address_that_is_not_safe_is_refused(string address)
    {
        CommandRun run = await CheckAsync(address);
        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(run.Error, "--portal-url");
        Assert.IsEmpty(asked);
    }

    [TestMethod]
    [DataRow("/en-US/")]
    [DataRow("/SignIn?returnUrl=%2F")]
    [DataRow("/_services/auth/publickey")]
    [DataRow("?lang=en")]
    [DataRow("/?")]
    [DataRow("/#top")]
    [DataRow("#")]
    public async Task An_address_with_more_than_the_site_is_refused_and_nothing_of_it_dropped(string more)
    {
        CommandRun run = await CheckAsync(Portal + more);
        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(
            run.Error, $"--portal-url takes the address of the site alone, without path, ? and #: here {Portal}.");
        Assert.IsEmpty(asked);
    }

    [TestMethod]
    [DataRow("right", "")]
    [DataRow("pfx", "")]
    [DataRow("expired", "expired 20")]
    [DataRow("early", "is not valid before 20")]
    [DataRow("small", "has no RSA key of 2048 bits")]
    [DataRow("client", "is not for server authentication")]
    [DataRow("plain", "is not for server authentication")]
    [DataRow("other", "is not the one whose key")]
    public async Task The_certificate_that_was_uploaded_is_looked_at(string kind, string fact)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("contoso.cer");
        using RSA signer = kind is "other" ? RSA.Create(PreparedKeys.At(8))
            : kind is "small" ? RSA.Create(1024) : RSA.Create(PreparedKeys.At(7));
        CertificateRequest request = new("CN=contoso", signer, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        if (kind != "plain")
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
                [new Oid(kind == "client" ? "1.3.6.1.5.5.7.3.2" : "1.3.6.1.5.5.7.3.1")], critical: false));
        }

        using X509Certificate2 certificate = request.CreateSelfSigned(
            Now.AddDays(kind == "early" ? 1 : -2), Now.AddDays(kind == "expired" ? -1 : 300));
        await System.IO.File.WriteAllBytesAsync(
            path, certificate.Export(kind == "pfx" ? X509ContentType.Pkcs12 : X509ContentType.Cert, "secret"));
        CommandRun run = await CheckAsync(Portal, "--certificate", path);
        Assert.AreEqual(fact.Length > 0 ? 1 : 0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Error, fact);
        StringAssert.Contains(run.Out, "JWT public key");
        Assert.IsFalse(run.Error.Contains("secret", StringComparison.Ordinal));
        if (kind == "other")
        {
            StringAssert.Contains(run.Error, certificate.Thumbprint);
        }

        // The site has a former thumbprint then.
        Assert.AreEqual(
            fact.Length > 0, run.Error.Contains("--force CHATAUTH5604", StringComparison.Ordinal), run.Error);
    }

    [TestMethod]
    public async Task And_what_is_no_certificate_is_told()
    {
        using TemporaryFolder folder = new();
        using RSA key = RSA.Create(PreparedKeys.At(0));
        CertificateRequest request = new("CN=x", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.37", [5, 0], critical: false));
        using X509Certificate2 odd = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        foreach (byte[] bytes in (byte[][])[Encoding.ASCII.GetBytes("no certificate"), [], odd.RawData])
        {
            await System.IO.File.WriteAllBytesAsync(folder.File("x.cer"), bytes);
            CommandRun run = await CheckAsync(Portal, "--certificate", folder.File("x.cer"));
            Assert.AreEqual("CHATAUTH5446", run.Codes);
            StringAssert.Contains(run.Error, "is no certificate that can be read");
        }

        Assert.AreEqual("CHATAUTH4001", (await CheckAsync(Portal, "--certificate", folder.File("y.cer"))).Codes);
    }

    private static HttpResponseMessage Text(string body, string type = "text/plain", int status = 200) =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, type) };

    private static HttpResponseMessage Challenge()
    {
        HttpResponseMessage response = Text(string.Empty);
        response.Headers.Add("X-Responded-JSON", """{"status":401,"headers":{"location":"/SignIn"}}""");
        return response;
    }

    private async Task<CommandRun> CheckAsync(string address, params string[] words)
    {
        asked.Clear();
        using Answers network = new(this);
        return await CommandRun.OfAsync(
            ["builtin", "check", "--portal-url", address, .. words],
            clock: new FixedClock(Now),
            environment: name => name == "CHATAUTH_PEM_PASSPHRASE" ? "secret" : null,
            network: network);
    }

    private sealed class Answers(The_portals_own_key_is_checked test) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string way = request.Headers.TryGetValues("X-Requested-With", out IEnumerable<string>? with)
                ? " " + with.Single() : string.Empty;
            test.asked.Add($"{request.Method} {request.RequestUri!.PathAndQuery}{way}");
            return Task.FromResult(request.Method == HttpMethod.Get ? test.key() : test.token());
        }
    }
}
