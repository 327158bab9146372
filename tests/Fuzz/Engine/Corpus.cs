using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;

namespace ChatAuth.Fuzz;

/// <summary>The sound documents that inputs are made from.</summary>
internal static class Corpus
{
    /// <summary>The application that the settings list.</summary>
    public const string Caller = "6f0c1f0e-0000-0000-0000-000000000001";

    /// <summary>Opens the encrypted PEM texts.</summary>
    public const string Passphrase = "fuzz-passphrase";

    /// <summary>The members that are numbers of a private key, RFC 7518 section 6.3.</summary>
    public static readonly string[] Numbers = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];

    /// <summary>The keys of RFC 7515 A.2 and RFC 7520 3.4, of 2048 bits each.</summary>
    public static readonly IReadOnlyList<IReadOnlyDictionary<string, string>> Keys =
        [Members("rfc7515-a.2.json"), Members("rfc7520-4.1.json")];

    /// <summary>
    /// Settings of a step, and ContextVariables of calls on them, see <see cref="ContextVariablesParser"/>.
    /// </summary>
    public static readonly string[] Settings =
    [
        $$$$"""{"issuer":"contosohelp.com","callers":{"{{{{Caller}}}}":{}}}""",
        """{"issuer":"contosohelp.com","audience":"chat","tokenLifetimeSeconds":900"""
            + ""","claims":{"given_name":"firstname","email":"emailaddress1"}"""
            + ""","contextVariables":{"portalcontactid":{"column":"contactid"}"""
            + ""","account":{"column":"parentcustomerid:account.name"}"""
            + ""","tier":{"value":"gold"},"level":{"value":3}"""
            + ""","caf\u00e9":{"request":"string","unicode":true}"""
            + ""","cart":{"request":"string"},"total":{"request":"number"},"vip":{"request":"boolean"}}"""
            + ""","callers":{"powerpages":{"contact":"context","tokenLifetimeSeconds":3600}"""
            + $$$$""","{{{{Caller}}}}":{"contact":{"externalIdentity":"azuread"}}"""
            + ""","6f0c1f0e-0000-0000-0000-000000000002":{"contact":{"column":"externaluseridentifier"}"""
            + ""","claims":{} }}}""",
    ];

    /// <summary>What a visitor's browser sends.</summary>
    public static readonly string[] ContextVariables =
    [
        "{}",
        """{"cart":"12 apples","total":10000,"vip":true}""",
        """{"cart":"\"\\\u00e9\ud83d\ude00 \u2028 <script>","total":-1.5e3,"vip":false}""",
        """{"cart":"{\"cart\":\"nested\"}","total":9007199254740991}""",
    ];

    /// <summary>Settings files of the command line.</summary>
    public static readonly string[] SettingsFiles =
    [
        .. Settings,
        """{"issuer":"${ISSUER}","callers":{"${CALLER}":{"contact":"parameter"}}"""
            + ""","solution":"ChatAuth_managed.zip","publish":[{"file":"out/publickey.json","""
            + "\"format\":\"keyset\",\"url\":\"https://static.contosohelp.com/publickey.json\"}"
            + """,{"page":"Contoso"},{"webfile":"Contoso","format":"jwks"}]"""
            + ""","authenticationSettings":{"name":"ChatAuth","""
            + "\"publicKeyUrl\":\"https://contosohelp.com/auth/publickey\","
            + "\"javaScriptFunction\":\"auth.getAuthenticationToken\",\"widgets\":[\"Chat\"]}"
            + ""","testContact":"87b4d06c-abc2-e811-a9b0-000d3a10e09e"}""",
    ];

    /// <summary>PEM texts: PKCS#8, PKCS#1, encrypted in three ways, elliptic-curve and public keys.</summary>
    public static readonly string[] Pem =
    [
        .. new[]
        {
            "pkcs8",
            "pkcs1",
            "encrypted-pbes1",
            "encrypted-pbes2",
            "encrypted-rfc1421",
            "ec",
            "sec1",
            "spki",
            "pkcs1-public",
        }.Select(name => Text(name + ".pem")),
    ];

    /// <summary>PEM texts of public keys.</summary>
    public static readonly string[] PublicPem = [Text("spki.pem"), Text("pkcs1-public.pem")];

    /// <summary>A file of the corpus.</summary>
    public static string Text(string name)
    {
        using StreamReader reader = new(typeof(Corpus).Assembly.GetManifestResourceStream("fuzz/" + name)!);
        return reader.ReadToEnd();
    }

    private static Dictionary<string, string> Members(string name) =>
        JsonNode.Parse(Text(name))!["jwk"]!.AsObject().ToDictionary(
            member => member.Key, member => member.Value!.GetValue<string>());
}
