using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading.Tasks;
using ChatAuth.Plugins.Jose;
using ChatAuth.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Tokens;

/// <summary><c>chatauth token verify --profile</c>: one token that breaks each rule, and that rule alone.</summary>
[TestClass]
public sealed class A_chat_service_takes_a_token_by_its_rules
{
    private static readonly Jwk Signing =
        new(SampleToken.Key.ExportParameters(true), null, SampleToken.Now - 1000, SampleToken.Now + 1000);

    private static readonly RSA Another = RSA.Create(PreparedKeys.At(81));

    private static string Line => SampleToken.Key.ExportSubjectPublicKeyInfoPem().Split("-----")[2].Replace("\n", "");

    private static string KeySet => PublicKeyFormats.KeySet([Signing]);

    // What breaks the rule, and the keys it is verified with where they matter.
    private static Dictionary<string, (string Token, string? Keys)> Breaking { get; } = new()
    {
        [TokenRule.Format] = ($"{SampleToken.Of()}.fourth.fifth", null),
        [TokenRule.Algorithm] = (SampleToken.Of(Header("RS256", "PS256")), null),
        [TokenRule.Critical] = (SampleToken.Of(Header("{\"alg\"", "{\"crit\":[\"b64\"],\"alg\"")), null),
        [TokenRule.KeyId] = (
            SampleToken.Of(Header("\"kid\":\"", "\"kid\":\"not-")),
            PublicKeyFormats.KeySet([Signing, new Jwk(Another.ExportParameters(true), null, 0, SampleToken.Now + 9)])),
        [TokenRule.Signature] = (
            SampleToken.Of(), Another.ExportSubjectPublicKeyInfoPem()),
        [TokenRule.KeyExpiry] = (
            SampleToken.Of(),
            PublicKeyFormats.KeySet([new Jwk(SampleToken.Key.ExportParameters(true), null, 0, SampleToken.Now)])),
        [TokenRule.Issuer] = (Payload("\"iss\":\"contosohelp.com\"", "\"iss\":5"), null),
        [TokenRule.IssuerBlanks] = (Payload("contosohelp.com", "contosohelp.com "), null),
        [TokenRule.Subject] = (Payload("87b4d06c-abc2-e811-a9b0-000d3a10e09e", "bert.hair"), null),
        [TokenRule.IssuedAt] = (Payload("\"iat\":1799999940", "\"iat\":\"1799999940\""), null),
        [TokenRule.IssuedAtSeconds] = (Payload("\"iat\":1799999940", "\"iat\":1799999940000"), null),
        [TokenRule.ExpiresAt] = (Payload("\"exp\":1800000840", "\"exp\":\"1800000840\""), null),
        [TokenRule.ExpiresAtSeconds] = (Payload("\"exp\":1800000840", "\"exp\":1800000840000"), null),
        [TokenRule.Expired] =
            (SampleToken.Of(payload: SampleToken.Payload(SampleToken.Now - 900, SampleToken.Now)), null),
        [TokenRule.NotBefore] = (Payload("\"nbf\":1799999940", "\"nbf\":\"1799999940\""), null),
        [TokenRule.NotYet] = (Payload("\"nbf\":1799999940", "\"nbf\":1800000001"), null),
        [TokenRule.Length] = (Payload("Bert", new string('b', 8000)), null),
        [TokenRule.Variables] = (
            Payload("\"{\\\"msdyn_isvip\\\":\\\"false\\\",\\\"cart\\\":12}\"", "{\"msdyn_isvip\":\"false\"}"), null),
        [TokenRule.VariableCount] = (
            Payload("\\\"cart\\\":12", string.Join(',', Enumerable.Range(0, 100).Select(i => $"\\\"v{i}\\\":1"))),
            null),
        [TokenRule.VariableValue] = (Payload("\\\"cart\\\":12", "\\\"cart\\\":[12]"), null),
        [TokenRule.VariableSize] = (Payload("cart", new string('c', 101)), null),
        [TokenRule.EngagementAttributes] = (Payload("\"given_name\"", "\"lp_sdes\":{},\"given_name\""), null),
    };

    public static IEnumerable<object[]> Rules =>
        ChatServiceProfile.All.SelectMany(profile => profile.Rules.Select(rule => new object[] { profile.Name, rule }));

    [TestMethod]
    [DynamicData(nameof(Rules))]
    public async Task And_names_the_one_that_is_broken(string profile, string rule)
    {
        (string token, string? keys) = Breaking[rule];
        CommandRun run = await VerifyAsync(token, keys ?? Usual(profile), "--profile", profile);

        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual("CHATAUTH4402", run.Codes, run.Error);
        StringAssert.Contains(
            run.Error, (profile == "liveassist" ? "Live Assist" : "Omnichannel")
                + $" does not take the token by its rule {rule}: ");
    }

    [TestMethod]
    [DataRow("87b4d06c-abc2-e811-a9b0-000d3a10e09e", "87b4d06c-abc2-e811-a9b0-000d3a10e09e ", "sub")]
    [DataRow("87b4d06c-abc2-e811-a9b0-000d3a10e09e", "87b4d06c-abc2-e811-a9b0-000d3a10e09e\\n", "sub")]
    [DataRow("87b4d06c", "+7b4d06c", "sub")]
    [DataRow("87b4d06c", "0x04d06c", "sub")]
    [DataRow("\"sub\"", "\"SubId\"", "sub")]
    [DataRow("contosohelp.com", "contosohelp.com\u00a0", "iss-exact")]
    [DataRow("contosohelp.com", "contosohelp.com\u00ad", "iss-exact")]
    [DataRow("contosohelp.com", "\u200bcontosohelp.com", "iss-exact")]
    [DataRow("contosohelp.com", "$(PortalHost)", "iss-exact")]
    [DataRow("\"contosohelp.com\"", "[\"contosohelp.com\"]", "iss")]
    [DataRow("\"iat\":1799999940", "\"iat\":1.79999994e9", "iat")]
    [DataRow("\"exp\":1800000840", "\"exp\":1800000840.5", "exp")]
    [DataRow("\"exp\":1800000840", "\"exp\":99999999999999999999", "exp")]
    [DataRow("\"nbf\":1799999940", "\"nbf\":null", "nbf")]
    [DataRow("\"given_name\"", "\"lp_sdes\":[{\"type\":\"cart\"}],\"given_name\"", "lp_sdes")]
    public async Task Nor_does_it_take_others_of_the_kind(string old, string replacement, string rule)
    {
        CommandRun run = await VerifyAsync(Payload(old, replacement), Line, "--profile", "liveassist");
        StringAssert.Contains(run.Error, $"Live Assist does not take the token by its rule {rule}: ");
        Assert.AreEqual("CHATAUTH4402", run.Codes, run.Error);
    }

    [TestMethod]
    public void And_no_rule_is_left_without_such_a_token() => CollectionAssert.AreEquivalent(
        ChatServiceProfile.All.SelectMany(profile => profile.Rules).Distinct().ToArray(), Breaking.Keys);

    [TestMethod]
    [DataRow("liveassist")]
    [DataRow("omnichannel")]
    public async Task And_takes_the_one_that_keeps_them_all(string profile)
    {
        CommandRun run = await VerifyAsync(
            SampleToken.Of(), Usual(profile), "--profile", profile, "--issuer", "contosohelp.com");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Out, "takes it by its rules format, alg, crit, kid, signature");
    }

    [TestMethod]
    [DataRow("liveassist", true)]
    [DataRow("omnichannel", false)]
    public async Task And_only_a_key_set_asks_for_the_kid(string profile, bool isTaken)
    {
        string token = SampleToken.Of("{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
        Assert.AreEqual(0, (await VerifyAsync(token, Line, "--profile", profile)).ExitCode);
        Assert.AreEqual(isTaken ? 0 : 1, (await VerifyAsync(token, KeySet, "--profile", profile)).ExitCode);
    }

    [TestMethod]
    [DataRow("liveassist")]
    [DataRow("omnichannel")]
    public async Task And_compares_the_issuer_letter_by_letter(string profile)
    {
        CommandRun run = await VerifyAsync(
            SampleToken.Of(), Usual(profile), "--profile", profile, "--issuer", "https://contosohelp.com");
        StringAssert.Contains(run.Error, "by its rule iss: ");
    }

    [TestMethod]
    public async Task And_tells_all_that_are_broken_at_once()
    {
        CommandRun run = await VerifyAsync(
            Payload("\"iss\":\"contosohelp.com\",\"sub\":\"87b4d06c-abc2-e811-a9b0-000d3a10e09e\"", "\"x\":1"),
            Another.ExportSubjectPublicKeyInfoPem(), "--profile", "liveassist");
        Assert.AreEqual("CHATAUTH4402 CHATAUTH4402 CHATAUTH4402", run.Codes, run.Error);
    }

    [TestMethod]
    public async Task What_only_the_other_service_asks_is_no_rule()
    {
        (string token, _) = Breaking[TokenRule.VariableValue];
        Assert.AreEqual(0, (await VerifyAsync(token, Line, "--profile", "liveassist")).ExitCode);
        (token, _) = Breaking[TokenRule.EngagementAttributes];
        Assert.AreEqual(0, (await VerifyAsync(token, KeySet, "--profile", "omnichannel")).ExitCode);
    }

    private static string Usual(string profile) => profile == "liveassist" ? Line : KeySet;

    private static string Header(string old, string replacement) => Replaced(SampleToken.Header, old, replacement);

    private static string Payload(string old, string replacement) =>
        SampleToken.Of(payload: Replaced(SampleToken.Claims, old, replacement));

    private static string Replaced(string text, string old, string replacement)
    {
        StringAssert.Contains(text, old);
        return text.Replace(old, replacement, StringComparison.Ordinal);
    }

    private static async Task<CommandRun> VerifyAsync(string token, string keys, params string[] options)
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("key"), keys);
        return await CommandRun.OfAsync(
            ["token", "verify", "-", "--key", folder.File("key"), .. options], input: token);
    }
}
