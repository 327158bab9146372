using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalPortal;

[TestClass]
public class The_round_is_made_on_one_machine
{
    private const string Bert = "87b4d06c-abc2-e811-a9b0-000d3a10e09e";

    private static readonly (string Claim, string Column)[] ClaimsByColumn =
    [
        ("given_name", "firstname"), ("family_name", "lastname"),
        ("email", "emailaddress1"), ("phone_number", "telephone1"),
    ];

    [TestMethod]
    public async Task Prints_the_token_and_nothing_else_and_each_step_with_its_time()
    {
        using TemporaryFolder folder = new();
#pragma warning disable RS0030 // shown as it is started in a shell
        CommandRun run = await OnceRun.OfAsync(TimeProvider.System, folder);
#pragma warning restore RS0030 // shown as it is started in a shell
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.MatchesRegex("^[\\w-]+\\.[\\w-]+\\.[\\w-]+\n$", run.Out);
        Assert.MatchesRegex(@"^( +\d+ ms  .*\n)+$", run.Error);
        string[] steps = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.AreEqual(15, steps.Count(line => !line.Contains("importing", StringComparison.Ordinal)), run.Error);
        CollectionAssert.AreEquivalent(
            new[] { "ChatAuth_managed.zip", "contacts.json", "jwks.json", "keyset.json", "public.pem" },
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public async Task Openssl_accepts_the_signature_with_the_written_pem()
    {
        using TemporaryFolder folder = new();
        string token = (await OnceRun.OfAsync(folder)).Out.Trim();
        int dot = token.LastIndexOf('.');
        await File.WriteAllTextAsync(folder.File("input"), token[..dot]);
        await File.WriteAllBytesAsync(folder.File("signature"), Base64UrlEncoder.DecodeBytes(token[(dot + 1)..]));
        StringAssert.Contains(
            OpenSsl.Run("dgst", "-sha256", "-verify", folder.File("public.pem"), "-signature", folder.File("signature"),
                folder.File("input")), "Verified OK");
    }

    [TestMethod]
    public async Task Jose_in_Node_accepts_the_token_with_the_written_jwks()
    {
        if (!Directory.Exists(RepositoryRoot.File("tests/portal/node_modules/jose")))
        {
            Assert.Inconclusive("jose is not installed: run npm ci in tests/portal.");
        }

        using TemporaryFolder folder = new();
#pragma warning disable RS0030 // jose reads the machine's clock
        await File.WriteAllTextAsync(folder.File("token"), (await OnceRun.OfAsync(TimeProvider.System, folder)).Out);
#pragma warning restore RS0030 // jose reads the machine's clock
        JsonNode payload = JsonNode.Parse(
            Node(RepositoryRoot.File("tests/portal/verify.mjs"), folder.File("token"), folder.File("jwks.json")))!;
        Assert.AreEqual(Bert, payload["sub"]!.GetValue<string>());
    }

    [TestMethod]
    public async Task Microsoft_IdentityModel_accepts_the_token_with_each_written_format()
    {
        using TemporaryFolder folder = new();
        string token = (await OnceRun.OfAsync(folder)).Out.Trim();
        JsonNode entry = JsonNode.Parse(await File.ReadAllTextAsync(folder.File("keyset.json")))![0]!;
        string pem = await File.ReadAllTextAsync(folder.File("public.pem"));
        Assert.AreEqual(
            pem, Encoding.ASCII.GetString(Convert.FromBase64String(entry["publicKey"]!.GetValue<string>())));
        Assert.AreEqual(entry["kid"]!.GetValue<string>(), new JsonWebToken(token).Kid);
        using RSA rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        JsonWebKeySet jwks = new(await File.ReadAllTextAsync(folder.File("jwks.json")));
        foreach (SecurityKey key in jwks.GetSigningKeys().Append(new RsaSecurityKey(rsa)))
        {
            TokenValidationParameters parameters = new()
            {
                ValidIssuer = "contosohelp.com",
                IssuerSigningKey = key,
                ValidAlgorithms = ["RS256"],
                AudienceValidator = (audiences, _, _) => !audiences.Any(),
                LifetimeValidator = (notBefore, expires, _, _) => expires - notBefore == TimeSpan.FromSeconds(900),
            };
            TokenValidationResult result = await new JsonWebTokenHandler().ValidateTokenAsync(token, parameters);
            Assert.IsTrue(result.IsValid, result.Exception?.Message);
        }
    }

    [TestMethod]
    public async Task Every_active_contact_gets_a_token_with_its_own_columns()
    {
        using TemporaryFolder folder = new();
        await OnceRun.OfAsync(folder);
        JsonArray contacts = JsonNode.Parse(await File.ReadAllTextAsync(folder.File("contacts.json")))!.AsArray();
        Assert.IsGreaterThanOrEqualTo(8, contacts.Count);
        foreach (JsonNode? contact in contacts)
        {
            string id = contact!["contactid"]!.GetValue<string>();
            CommandRun run = await OnceRun.OfAsync(folder, "--contact", id);
            if (contact["statecode"]!.GetValue<int>() != 0)
            {
                AssertRefused("CHATAUTH1010", run);
                continue;
            }

            JsonNode payload = Payload(run);
            Assert.AreEqual(id, payload["sub"]!.GetValue<string>());
            foreach ((string claim, string column) in ClaimsByColumn)
            {
                Assert.AreEqual(contact[column]?.GetValue<string>(), payload[claim]?.GetValue<string>());
            }

            Assert.AreEqual($$"""{"portalcontactid":"{{id}}"}""", payload["lwicontexts"]!.GetValue<string>());
        }
    }

    [TestMethod]
    public async Task Context_variables_of_the_visitor_arrive_as_strings()
    {
        using TemporaryFolder folder = new();
        CommandRun run =
            await OnceRun.OfAsync(folder, "--context", """{"msdyn_isvip":"false","msdyn_cartvalue":"10000"}""");
        Assert.AreEqual(
            $$"""{"msdyn_cartvalue":"10000","msdyn_isvip":"false","portalcontactid":"{{Bert}}"}""",
            Payload(run)["lwicontexts"]!.GetValue<string>());
    }

    [TestMethod]
    [DataRow("CHATAUTH1004", "--contact", "none")]
    [DataRow("CHATAUTH1008", "--contact", "99999999-9999-9999-9999-999999999999")]
    [DataRow("CHATAUTH1013", "--context", """{"other":"1"}""")]
    [DataRow("CHATAUTH1013", "--context", """{"portalcontactid":"1"}""")]
    [DataRow("CHATAUTH1014", "--context", """{"msdyn_isvip":{"a":1}}""")]
    [DataRow("CHATAUTH1014", "--context", """{"msdyn_cartvalue":10000}""")]
    [DataRow("CHATAUTH1012", "--context", """{"msdyn_isvip":""")]
    [DataRow("CHATAUTH1015", "--context", null)]
    public async Task A_refusal_exits_1_with_one_coded_line_and_no_token(string code, string option, string? value)
    {
        using TemporaryFolder folder = new();
        AssertRefused(
            code, await OnceRun.OfAsync(folder, option, value ?? $$"""{"msdyn_isvip":"{{new string('x', 4001)}}"}"""));
    }

    [TestMethod]
    [DataRow("--contact", "bert")]
    [DataRow("--contact")]
    [DataRow("--token")]
    public async Task Bad_use_exits_2(params string[] args)
    {
        using TemporaryFolder folder = new();
        CommandRun run = await OnceRun.OfAsync(folder, args);
        Assert.AreEqual(2, run.ExitCode);
        Assert.AreEqual(string.Empty, run.Out);
    }

    private static void AssertRefused(string code, CommandRun run)
    {
        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual(string.Empty, run.Out);
        Assert.AreEqual(code, run.Codes);
        Assert.StartsWith(code, run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
    }

    private static JsonNode Payload(CommandRun run)
    {
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return JsonNode.Parse(Base64UrlEncoder.Decode(run.Out.Split('.')[1]))!;
    }

    private static string Node(params string[] arguments)
    {
        try
        {
            using Process node = Process.Start(new ProcessStartInfo("node", arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            string error = node.StandardError.ReadToEnd();
            string output = node.StandardOutput.ReadToEnd();
            node.WaitForExit();
            Assert.AreEqual(0, node.ExitCode, error);
            return output;
        }
        catch (Win32Exception)
        {
            Assert.Inconclusive("node is not on the path of this machine.");
            throw;
        }
    }
}
