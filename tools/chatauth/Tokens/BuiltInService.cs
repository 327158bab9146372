using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChatAuth.Keys;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Tokens;

/// <summary>The portal's own token service, as anybody sees it.</summary>
/// <remarks>
/// Sources: Microsoft Learn, power-pages/security/oauth-implicit-grant-flow and
/// power-apps/maker/portals/admin/manage-custom-certificates; microsoft/PowerApps-Samples, portals/TokenEndpoint.js
/// (how an anonymous visitor is answered, and that errors have a status of their own). PortalSTS0018: two reports.
/// </remarks>
/// <param name="Portal">The site's address, without a path.</param>
/// <param name="Key">The key that it shows; null for none.</param>
/// <param name="Faults">What a chat service or a page will stumble over.</param>
/// <param name="Unproven">What the answers do not tell, as a sentence; null for nothing.</param>
internal sealed partial record BuiltInService(
    Uri Portal, VerificationKey? Key, IReadOnlyList<CodedError> Faults, string? Unproven = null)
{
    /// <summary>Where the key is shown.</summary>
    public const string KeyPath = "/_services/auth/publickey";

    /// <summary>Where a token is given.</summary>
    public const string TokenPath = "/_services/auth/token";

    private const string Function = "auth.getAuthenticationToken";

    private const int LongestMessage = 200;

    private const string Configure = "run chatauth builtin configure and restart the site";

    // The former certificate's thumbprint is one that somebody gave.
    private const string Override = "with --force CHATAUTH5604 where the site has a former one, and restart the site";

    // RFC 5280 section 4.2.1.12, id-kp-serverAuth.
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    // RFC 8017, sha1WithRSAEncryption and md5WithRSAEncryption.
    private static readonly string[] OldSignatures = ["1.2.840.113549.1.1.5", "1.2.840.113549.1.1.4"];

    private Uri KeyUrl => new(Portal, KeyPath);

    private Uri TokenUrl => new(Portal, TokenPath);

    /// <summary>Asks for the key and, as who is not signed in, for a token.</summary>
    /// <param name="portal">An address of the site.</param>
    /// <param name="clientId">A client id that is to be registered; null for none.</param>
    /// <param name="network">Answers requests; null for the network.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">4310 no answer.</exception>
    public static async Task<BuiltInService> AskAsync(
        Uri portal, string? clientId, HttpMessageHandler? network, CancellationToken cancellation)
    {
        BuiltInService service = new(new Uri(portal, "/"), null, []);
        using HttpRequestMessage keyRequest = new(HttpMethod.Get, service.KeyUrl);
        using HttpResponseMessage shown = await PublicKeys.SendAsync(keyRequest, network, cancellation);
        PublicKeys read = await PublicKeys.ReadAsync(shown, cancellation);
        CodedError? keyFault = await FaultOfKeyAsync(service.KeyUrl.AbsoluteUri, shown, read, cancellation);

        Uri tokenUrl = clientId == null ? service.TokenUrl
            : new Uri(service.TokenUrl, "?client_id=" + Uri.EscapeDataString(clientId));
        using HttpRequestMessage tokenRequest = new(HttpMethod.Post, tokenUrl);
        tokenRequest.Headers.Add("X-Requested-With", "XMLHttpRequest");
        using HttpResponseMessage answer = await PublicKeys.SendAsync(tokenRequest, network, cancellation);
        CodedError? tokenFault = await FaultOfTokenAsync(
            service.TokenUrl.AbsoluteUri, answer, isKeyShown: keyFault == null, cancellation);
        return service with
        {
            Key = keyFault == null ? read.Keys[0] : null,
            Faults = [.. new[] { keyFault, tokenFault }.OfType<CodedError>()],
            Unproven = clientId == null || tokenFault != null ? null
                : $"Whether the client id {clientId} is registered was not told to who is not signed in: sign in, open "
                    + "a chat, and look for PortalSTS0001.",
        };
    }

    /// <summary>The same, with what is wrong with the certificate that was uploaded.</summary>
    /// <param name="path">A file with the certificate.</param>
    /// <param name="bytes">What it holds: DER, PEM or PFX.</param>
    /// <param name="passphrase">Opens a PFX; null for none.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="CommandException">5446 it is none.</exception>
    public BuiltInService With(string path, byte[] bytes, string? passphrase, DateTimeOffset now)
    {
        try
        {
            using X509Certificate2 certificate = X509Certificate2.GetCertContentType(bytes) == X509ContentType.Pkcs12
                ? X509CertificateLoader.LoadPkcs12(bytes, passphrase)
                : X509CertificateLoader.LoadCertificate(bytes);
            return this with { Faults = [.. Faults, .. FaultsOf(path, certificate, now)] };
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new CommandException(Errors.BuiltInServiceFails(
                path, "is no certificate that can be read, or CHATAUTH_PEM_PASSPHRASE does not open it",
                "Give the one that was uploaded: .cer, .pem or .pfx"));
        }
    }

    // Key, dates and uses are decoded when they are asked for, and may be damaged each for itself.
    private IEnumerable<CodedError> FaultsOf(string path, X509Certificate2 certificate, DateTimeOffset now)
    {
        using RSA? rsa = certificate.GetRSAPublicKey();
        DateTimeOffset from = certificate.NotBefore;
        DateTimeOffset until = certificate.NotAfter;
        const string Renew = "Upload another in the Power Pages admin center, give its thumbprint to chatauth builtin "
            + "configure, " + Override;
        X509EnhancedKeyUsageExtension? uses =
            certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        (bool Is, string Fact, string Remedy)[] rules =
        [
            (until <= now, $"expired {ReadableDate.Of(until.ToUnixTimeSeconds(), now)}", Renew),
            (from > now, $"is not valid before {ReadableDate.Of(from.ToUnixTimeSeconds(), now)}", Renew),
            (rsa == null || rsa.KeySize < 2048, "has no RSA key of 2048 bits or more, as portals demand", Renew),
            (OldSignatures.Contains(certificate.SignatureAlgorithm.Value), "is signed with SHA-1 or MD5", Renew),
            (uses?.EnhancedKeyUsages.Cast<Oid>().Any(use => use.Value == ServerAuthentication) != true,
                $"is not for server authentication (extended key usage {ServerAuthentication})", Renew),
            (rsa != null && Key != null && !Key.HasNumber(rsa.ExportParameters(false).Modulus!),
                $"is not the one whose key {KeyUrl} shows",
                $"Give its thumbprint, {certificate.Thumbprint}, to chatauth builtin configure, {Override}"),
        ];
        return
        [
            .. rules.Where(rule => rule.Is).Select(rule => Errors.BuiltInServiceFails(path, rule.Fact, rule.Remedy)),
        ];
    }

    /// <summary>What is pasted where, in the order of Live Assist's form, line by line; there must be a key.</summary>
    public IEnumerable<string> Text()
    {
        int width = Rows().Max(row => row.Label.Length);
        return
        [
            "Live Assist, Campaign Builder, Data Sources, Consumer Identity Providers, Configure:",
            .. Rows().Select(row => $"  {row.Label.PadRight(width)}  {row.Value}"),
            "Omnichannel, chat authentication settings:",
            $"  {"Public key URL".PadRight(width)}  {KeyUrl}",
            $"  {"JavaScript function".PadRight(width)}  {Function}",
            $"Its tokens carry the issuer {Portal.Host}: paste that where Live Assist refuses the address.",
            "A new certificate is a new key: paste its line again, and until then no token is taken.",
            .. Unproven == null ? Array.Empty<string>() : [Unproven],
        ];
    }

    /// <summary>The same for a program.</summary>
    public string Json()
    {
        JsonObject form = new(Rows().Select(row => KeyValuePair.Create(row.Name, (JsonNode?)row.Value)));
        form["publicKeyUrl"] = KeyUrl.AbsoluteUri;
        form["tokenIssuer"] = Portal.Host;
        return ReadableJson.Of(form);
    }

    private IEnumerable<(string Name, string Label, string Value)> Rows() =>
    [
        ("type", "Type", "oAuth 2.0 authentication, implicit"),
        ("issuerDisplayName", "Issuer display name", Portal.Host),
        ("issuer", "JWT issuer (iss)", Portal.GetLeftPart(UriPartial.Authority)),
        ("authenticationEndpoint", "Authentication endpoint", TokenUrl.AbsoluteUri),
        ("jsMethodName", "JS method name", Function),
        ("publicKey", "JWT public key", PublicKeyFormat.Line.Write([], Key!.Written).TrimEnd()),
    ];

    private static async Task<CodedError?> FaultOfKeyAsync(
        string url, HttpResponseMessage response, PublicKeys read, CancellationToken cancellation)
    {
        int status = (int)response.StatusCode;
        return await ToldAsync(url, response, cancellation)
            ?? (status is >= 300 and < 400 or 401 or 403 || IsChallenge(response)
            ? Errors.BuiltInServiceFails(
                url, $"asks for a sign-in (HTTP status {status}), and chat services have none",
                "Make the site public in the Power Pages admin center")
            : status is 404 or 410
            ? Errors.BuiltInServiceFails(
                url, $"is not there (HTTP status {status}): the service has no certificate or is switched off, or this "
                    + "is no Power Pages site",
                "Check the address; then upload a certificate, " + Configure)
            : !response.IsSuccessStatusCode
            ? Errors.BuiltInServiceFails(
                url, $"answered with HTTP status {status}", "Restart the site, then look again")
            : read.IsWebPage
            ? Errors.BuiltInServiceFails(
                url, "answered with a web page: a private site shows its sign-in, and a code site has no such service",
                "Make the site public; for a code site run chatauth deploy, which needs no such service")
            : read.Exposed.Count > 0 ? Errors.PrivateKeyServed(url, read.Exposed[0].What)
            : read.Fault != null || read.Keys.Count != 1
            ? Errors.BuiltInServiceFails(
                url, $"shows no public key as PEM: {read.Fault ?? "it is empty, or has several"}",
                "Upload a certificate in the Power Pages admin center, " + Configure)
            : null);
    }

    // Whoever is not signed in is to be told so: by OWIN's header, by a redirect or by a sign-in page.
    private static async Task<CodedError?> FaultOfTokenAsync(
        string url, HttpResponseMessage response, bool isKeyShown, CancellationToken cancellation)
    {
        int status = (int)response.StatusCode;
        return await ToldAsync(url, response, cancellation) ?? (!isKeyShown ? null
            : status is 404 or 405 or 410
            ? Errors.BuiltInServiceFails(
                url, $"is not there (HTTP status {status}), though the key is",
                "Set Connector/ImplicitGrantFlowEnabled to True: " + Configure)
            : status >= 500
            ? Errors.BuiltInServiceFails(
                url, $"answered with HTTP status {status}", "Restart the site, then look again")
            : Compact().IsMatch(await TextAsync(response, cancellation))
            ? Errors.BuiltInServiceFails(
                url, "gives a token to whoever is not signed in", "Find out who has changed that before a chat uses it")
            : null);
    }

    // A compact JWS, RFC 7515 section 7.1.
    [GeneratedRegex(@"^\s*[\w-]+\.[\w-]+\.[\w-]+\s*$")]
    private static partial Regex Compact();

    // The service's own errors: {ErrorId, ErrorMessage, Timestamp, CorrelationId}.
    private static async Task<CodedError?> ToldAsync(
        string url, HttpResponseMessage response, CancellationToken cancellation)
    {
        Plugins.Json.JsonValue error;
        try
        {
            error = JsonReader.Parse(await TextAsync(response, cancellation));
        }
        catch (JsonSyntaxException)
        {
            return null;
        }

        if (error["ErrorId"]?.Text is not { Length: > 0 and <= 40 } id)
        {
            return null;
        }

        string message = error["ErrorMessage"]?.Text ?? string.Empty;
        (string fact, string remedy) = id switch
        {
            "PortalSTS0001" => (
                "does not know the client id",
                "Register it by --registered-client of chatauth builtin configure, and wait 15 minutes"),
            "PortalSTS0007" => (
                "takes no other response_type than token", "Correct the address that the page asks"),
            "PortalSTS0018" => (
                "has no certificate to sign with; a trial site has none until it is made a production site",
                "Upload one in the Power Pages admin center, " + Configure),
            _ => (
                $"says: {message[..int.Min(message.Length, LongestMessage)].TrimEnd('.')}",
                "Mend what it names, then look again"),
        };
        return Errors.BuiltInServiceFails(url, $"{fact} ({id})", remedy);
    }

    private static bool IsChallenge(HttpResponseMessage response) => response.Headers.Contains("X-Responded-JSON");

    private static async Task<string> TextAsync(HttpResponseMessage response, CancellationToken cancellation) =>
        UnicodeText.Decode(await response.Content.ReadAsByteArrayAsync(cancellation)) ?? string.Empty;
}
