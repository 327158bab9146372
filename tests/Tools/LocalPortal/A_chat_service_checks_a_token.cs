using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.LocalPortal.ChatService;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalPortal;

[TestClass]
#pragma warning disable CA1001 // the clean-up after each test disposes what it owns
public class A_chat_service_checks_a_token
#pragma warning restore CA1001
{
    private const long Now = 1_800_000_000;

    private static readonly RSA Key = RSA.Create(PreparedKeys.At(80));
    private static readonly RSA Foreign = RSA.Create(PreparedKeys.At(81));

    private readonly MovableClock clock = new(DateTimeOffset.FromUnixTimeSeconds(Now));
    private (int Status, string Text) served = (200, KeySet(("k1", Key)));
    private int fetches;
    private LocalHost? host;
    private PublicKeyUrl? url;
    private TokenCheck? check;

    [TestInitialize]
    public async Task Start()
    {
        host = await LocalHost.AnsweringAsync(http =>
        {
            Interlocked.Increment(ref fetches);
            http.Response.StatusCode = served.Status;
            return http.Response.WriteAsync(served.Text);
        });
        url = new PublicKeyUrl(() => host.Url, clock);
        check = new TokenCheck(url, () => "contosohelp.com", clock);
    }

    [TestCleanup]
    public async Task Stop()
    {
        url!.Dispose();
        await host!.DisposeAsync();
    }

    [TestMethod]
    public async Task And_reads_contact_expiry_and_context_variables()
    {
        CheckedToken token = await CheckAsync(Token(Claims(("lwicontexts", """{"a":"1","b":2,"c":true}"""))));
        Assert.AreEqual("87b4d06c-abc2-e811-a9b0-000d3a10e09e", token.ContactId.ToString("D"));
        Assert.AreEqual(Now + 900, token.ExpiresAt);
        Assert.AreEqual("k1", token.KeyId);
        CollectionAssert.AreEqual(
            new[] { "a=1", "b=2", "c=true" },
            token.Variables.Select(variable => $"{variable.Key}={variable.Value}").ToArray());
    }

    [TestMethod]
    [DataRow("iss", "\"ContosoHelp.com\"", "issuer")]
    [DataRow("iss", "7", "claims")]
    [DataRow("iss", null, "claims")]
    [DataRow("iat", "\"1800000000\"", "claims")]
    [DataRow("exp", "\"1800000900\"", "claims")]
    [DataRow("exp", null, "claims")]
    [DataRow("exp", "1800000900000", "claims")]
    [DataRow("exp", "1e300", "claims")]
    [DataRow("exp", "1800000000", "expired")]
    [DataRow("nbf", "1800000060", "not-yet")]
    [DataRow("sub", "\"bert\"", "subject")]
    [DataRow("sub", "\"87b4d06c-abc2-e811-a9b0-000d3a10e09e\\n\"", "subject")]
    [DataRow("sub", "\"+7b4d06c-abc2-e811-a9b0-000d3a10e09e\"", "subject")]
    [DataRow("sub", "\"{87b4d06c-abc2-e811-a9b0-000d3a10e09e}\"", "subject")]
    [DataRow("sub", "\" 87b4d06c-abc2-e811-a9b0-000d3a10e09e\"", "subject")]
    [DataRow("sub", null, "claims")]
    [DataRow("lwicontexts", "{\"a\":\"1\"}", "claims")]
    [DataRow("lwicontexts", "\"[1]\"", "context")]
    [DataRow("lwicontexts", "\"{\"", "context")]
    [DataRow("lwicontexts", "\"{\\\"a\\\":{}}\"", "context")]
    [DataRow("lwicontexts", "\"{\\\"a\\\":null}\"", "context")]
    public async Task And_refuses_a_claim_that_is_not_right(string claim, string? json, string code)
    {
        JsonObject claims = Claims();
        claims.Remove(claim);
        if (json != null)
        {
            claims[claim] = JsonNode.Parse(json);
        }

        await AssertRefusedAsync(code, Token(claims));
    }

    [TestMethod]
    [DataRow(100, 100, 4000, null)]
    [DataRow(101, 1, 1, "context")]
    [DataRow(1, 101, 1, "context")]
    [DataRow(1, 10, 4001, "context")]
    public async Task And_takes_no_more_context_than_the_documents_allow(
        int count, int nameLength, int valueLength, string? code)
    {
        JsonObject variables = new(Enumerable.Range(0, count).Select(number =>
            KeyValuePair.Create(number.ToString("D3", CultureInfo.InvariantCulture).PadLeft(nameLength, 'n'),
                (JsonNode?)(number == 0 ? new string('v', valueLength) : "v"))));
        string token = Token(Claims(("lwicontexts", variables.ToJsonString())));
        if (code == null)
        {
            Assert.HasCount(count, (await CheckAsync(token)).Variables);
        }
        else
        {
            await AssertRefusedAsync(code, token);
        }
    }

    [TestMethod]
    public async Task And_refuses_what_was_changed_or_signed_by_another_key()
    {
        string[] parts = Token(Claims()).Split('.');
        string other = Token(Claims(("sub", "5b0e1c8e-3f0a-4b57-8f3c-000000000002")));
        await AssertRefusedAsync("signature", $"{parts[0]}.{other.Split('.')[1]}.{parts[2]}");
        await AssertRefusedAsync("signature", Token(Claims(), key: Foreign));
        await AssertRefusedAsync("signature", $"{parts[0]}.{parts[1]}.");
        await AssertRefusedAsync("algorithm", Token(Claims(), header: """{"alg":"none","kid":"k1"}"""));
        await AssertRefusedAsync("algorithm", Token(Claims(), header: """{"alg":"HS256","kid":"k1"}"""));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("a.b")]
    [DataRow("a.b.c")]
    [DataRow("e30.e30.e30.e30.e30")]
    public Task And_refuses_what_is_no_token(string token) => AssertRefusedAsync("format", token);

    [TestMethod]
    public async Task And_asks_for_a_kid_with_a_key_set_only()
    {
        string without = Token(Claims(), header: """{"alg":"RS256","typ":"JWT"}""");
        await AssertRefusedAsync("no-kid", without);
        served = (200, Key.ExportSubjectPublicKeyInfoPem());
        clock.Move(TimeSpan.FromMinutes(1));
        Assert.IsNull((await CheckAsync(Token(Claims(), header: """{"alg":"RS256","typ":"JWT"}"""))).KeyId);
    }

    [TestMethod]
    public async Task And_fetches_again_after_a_minute_though_its_clock_was_set_back()
    {
        await CheckAsync(Token(Claims()));
        clock.Move(TimeSpan.FromHours(-1));
        JsonObject claims = Claims();
        claims["iat"] = Now - 3600;
        claims["nbf"] = Now - 3600;
        await CheckAsync(Token(claims));
        Assert.AreEqual(1, fetches);
        clock.Move(TimeSpan.FromMinutes(1));
        await CheckAsync(Token(claims));
        Assert.AreEqual(2, fetches);
    }

    [TestMethod]
    public async Task And_fetches_again_for_a_kid_that_it_does_not_know()
    {
        await CheckAsync(Token(Claims()));
        await CheckAsync(Token(Claims()));
        Assert.AreEqual(1, fetches);
        string next = Token(Claims(), key: Foreign, header: """{"alg":"RS256","kid":"k2"}""");
        await AssertRefusedAsync("unknown-kid", next);
        served = (200, KeySet(("k1", Key), ("k2", Foreign)));
        await CheckAsync(next);
        Assert.AreEqual(3, fetches);
    }

    [TestMethod]
    public async Task And_keeps_keys_for_a_minute()
    {
        await CheckAsync(Token(Claims()));
        served = (200, KeySet(("k2", Foreign)));
        clock.Move(TimeSpan.FromSeconds(59));
        await CheckAsync(Token(Claims()));
        clock.Move(TimeSpan.FromSeconds(1));
        await AssertRefusedAsync("unknown-kid", Token(Claims()));
    }

    [TestMethod]
    public async Task And_does_not_use_a_key_that_has_expired()
    {
        served = (200, KeySet(("k1", Key)).Replace("2000000000", "1800000000", StringComparison.Ordinal));
        await AssertRefusedAsync("unknown-kid", Token(Claims()));
    }

    [TestMethod]
    [DataRow(200, "<html>Sign in</html>")]
    [DataRow(404, "")]
    [DataRow(200, "keys")]
    [DataRow(200, """[{"kid":"k1"}]""")]
    public async Task And_says_what_is_wrong_with_the_public_key_URL(int status, string text)
    {
        served = (status, text);
        await AssertRefusedAsync("keys", Token(Claims()));
    }

    [TestMethod]
    public async Task And_wants_the_line_ends_that_the_documents_show()
    {
        served = (200, KeySet("\n", ("k1", Key)));
        await AssertRefusedAsync("keys", Token(Claims()));
    }

    [TestMethod]
    [DataRow("""{"alg":"RS256","kid":"k1","crit":["exp"]}""")]
    [DataRow("""{"alg":"RS256","kid":"k1","crit":[]}""")]
    [DataRow("""{"alg":"RS256","kid":"k1","b64":true,"crit":["b64"]}""")]
    [DataRow("""{"alg":"none","alg":"RS256","kid":"k1"}""")]
    [DataRow("""{"alg":"RS256","kid":"k1","kid":"k1"}""")]
    [DataRow("""{"alg":"RS256","kid":"k1"} x""")]
    [DataRow("""{"alg":"RS256","kid":"k1"}{}""")]
    [DataRow("\uFEFF{\"alg\":\"RS256\",\"kid\":\"k1\"}")]
    [DataRow("""["RS256"]""")]
    public Task And_refuses_a_header_that_says_more_than_one_thing(string header) =>
        AssertRefusedAsync("format", Token(Claims(), header: header));

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public async Task And_refuses_padding_and_stray_bits(int part)
    {
        string[] parts = Token(Claims(), header: """{"alg":"RS256","typ":"JWT","kid":"k1" }""").Split('.');
        parts[part] += new string('=', 4 - (parts[part].Length % 4));
        await AssertRefusedAsync("format", string.Join('.', parts));
        await AssertRefusedAsync("format", Token(Claims()).Replace(".", "\n.", StringComparison.Ordinal));
    }

    private Task<CheckedToken> CheckAsync(string token) => check!.CheckAsync(token, CancellationToken.None);

    private async Task AssertRefusedAsync(string code, string token)
    {
        TokenRefusedException refusal = await Assert.ThrowsExactlyAsync<TokenRefusedException>(() => CheckAsync(token));
        Assert.AreEqual(code, refusal.Code, refusal.Message);
    }

    private static JsonObject Claims(params (string Name, string Value)[] others)
    {
        JsonObject claims = new()
        {
            ["iss"] = "contosohelp.com",
            ["sub"] = "87b4d06c-abc2-e811-a9b0-000d3a10e09e",
            ["iat"] = Now,
            ["nbf"] = Now,
            ["exp"] = Now + 900,
        };
        foreach ((string name, string value) in others)
        {
            claims[name] = value;
        }

        return claims;
    }

    private static string Token(
        JsonObject claims, RSA? key = null, string header = """{"alg":"RS256","typ":"JWT","kid":"k1"}""")
    {
        string text = Base64UrlEncoder.Encode(header) + "." + Base64UrlEncoder.Encode(claims.ToJsonString());
        return text + "." + Base64UrlEncoder.Encode(
            (key ?? Key).SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static string KeySet(params (string KeyId, RSA Key)[] keys) => KeySet("\r\n", keys);

    private static string KeySet(string lineEnd, params (string KeyId, RSA Key)[] keys) =>
        JsonSerializer.Serialize(keys.Select(key => new
        {
            kid = key.KeyId,
            publicKey = Convert.ToBase64String(
                Encoding.ASCII.GetBytes(key.Key.ExportSubjectPublicKeyInfoPem().ReplaceLineEndings(lineEnd))),
            expiry = 2_000_000_000,
        }));
}
