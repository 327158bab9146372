using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using ChatAuth.Plugins.Jose;
using ChatAuth.Plugins.Json;
using ChatAuth.Plugins.Platform;
#if !NETFRAMEWORK
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
#endif
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Plugins.Tests.Claims;

[TestClass]
public class A_token_is_issued
{
    [TestMethod]
    public void Its_bytes_are_the_golden_ones()
    {
        var call = Golden();
        Assert.AreEqual(TestKeys.Text("token.txt").Trim(), call.Token());
        Assert.AreEqual(call.Token(), Golden().Token());
    }

    [TestMethod]
    public void Its_header_is_alg_typ_kid() => CollectionAssert.AreEqual(
        new[]
        {
            "alg=RS256",
            "typ=JWT",
            "kid=" + JwkThumbprint.Compute(Base64Url.Decode(TestKeys.Rfc7515["n"])!, Base64Url.Decode("AQAB")!),
        },
        Call.Part(new Call().Token(), 0).Members.Select(member => member.Key + "=" + member.Value.Text).ToArray());

    [TestMethod]
    public void Its_claims_stand_in_the_order_of_the_contract()
    {
        var call = new Call().WithEntry("""{"audience":"chat"}""");
        CollectionAssert.AreEqual(
            new[]
            {
                "iss",
                "sub",
                "aud",
                "iat",
                "nbf",
                "exp",
                "jti",
                "given_name",
                "family_name",
                "email",
                "phone_number",
                "lwicontexts",
            },
            call.Payload().Members.Select(member => member.Key).ToArray());
    }

    [TestMethod]
    public void Audience_is_left_out_unless_it_is_set() => Assert.IsNull(new Call().Payload()["aud"]);

    [TestMethod]
    public void Its_times_are_whole_seconds_of_the_clock()
    {
        var payload = new Call { Time = Call.Now.AddMilliseconds(999) }.Payload();
        Assert.AreEqual("1542622071", payload["iat"]!.Text);
        Assert.AreEqual("1542622071", payload["nbf"]!.Text);
        Assert.AreEqual("1542622971", payload["exp"]!.Text);
        Assert.AreEqual(JsonKind.Number, payload["exp"]!.Kind);
    }

    [TestMethod]
    public void Its_jti_is_another_each_time()
    {
        var call = new Call();
        var plugin = new IssueChatToken(call.Settings, call.Keys);
        var ids = Enumerable.Range(0, 20).Select(_ =>
        {
            plugin.Execute(call.Platform);
            return Call.Part((string)call.Platform.OutputParameters["Token"], 1)["jti"]!.Text;
        });
        Assert.AreEqual(20, ids.Distinct().Count());
    }

    [TestMethod]
    public void The_response_says_what_the_token_says()
    {
        var call = new Call();
        var token = call.Token();
        Assert.AreEqual(Call.Now.AddSeconds(900), call.Platform.OutputParameters["ExpiresAt"]);
        Assert.AreEqual(DateTimeKind.Utc, ((DateTime)call.Platform.OutputParameters["ExpiresAt"]).Kind);
        Assert.AreEqual(Call.Part(token, 0)["kid"]!.Text, call.Platform.OutputParameters["KeyId"]);
        Assert.AreEqual(Call.Bert, call.Platform.OutputParameters["ContactId"]);
        AssertContract(CustomApi.IssueChatToken.ResponseProperties, call.Platform.OutputParameters);
    }

#if !NETFRAMEWORK // the library takes RSACng there, which Mono does not have
    [TestMethod]
    public void Microsoft_IdentityModel_accepts_it()
    {
        var call = new Call { Keys = TestKeys.Set(TestKeys.Jwk(TestKeys.Fresh)) }.WithEntry("""{"audience":"chat"}""");
        var token = call.Token();
        var keys = new GetPublicKeysCall { Keys = call.Keys, Time = Call.Now }.Execute();
        var result = new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = "contosohelp.com",
            ValidAudience = "chat",
            IssuerSigningKeys = new JsonWebKeySet(keys["Jwks"]).GetSigningKeys(),
            ValidAlgorithms = ["RS256"],
            LifetimeValidator = (notBefore, expires, _, _) => notBefore <= Call.Now && Call.Now < expires,
        }).GetAwaiter().GetResult();
        Assert.IsTrue(result.IsValid, result.Exception?.Message);
        Assert.AreEqual("Bert", result.Claims["given_name"]);
    }
#endif

    [TestMethod]
    public void It_does_not_outlive_its_key()
    {
        var call = new Call { Keys = TestKeys.Set(TestKeys.Jwk(TestKeys.Rfc7515, exp: Call.NowNumeric + 100)) };
        Assert.AreEqual("1542622171", call.Payload()["exp"]!.Text);
    }

    [TestMethod]
    public void Eight_thousand_characters_are_the_most()
    {
        var call = new Call().WithVariables("""{"a":{"request":"string"},"b":{"request":"string"}}""");
        var longest = Enumerable.Range(0, 4001).Reverse().First(length => Length(call, length) <= 8000);
        Assert.AreEqual(8000, Length(call, longest));
        call.Platform.InputParameters["ContextVariables"] = Request(longest + 1);
        call.Platform.OutputParameters.Remove("Token");
        var refusal = Assert.ThrowsExactly<InvalidPluginExecutionException>(call.Token);
        Assert.StartsWith("CHATAUTH1017: The token has 800", refusal.Message);
    }

    internal static void AssertContract(Dictionary<string, Type> declared, ParameterCollection written) =>
        CollectionAssert.AreEquivalent(
        declared.Select(property => property.Key + " " + property.Value).ToArray(),
        written.Select(property => property.Key + " " + property.Value.GetType()).ToArray());

    private static int Length(Call call, int variable)
    {
        call.Platform.InputParameters["ContextVariables"] = Request(variable);
        try
        {
            return call.Token().Length;
        }
        catch (InvalidPluginExecutionException refusal) when (
            refusal.Message.StartsWith("CHATAUTH1017", StringComparison.Ordinal))
        {
            return int.MaxValue;
        }
    }

    private static string Request(int length) =>
        $$"""{"a":"{{new string('a', 1400)}}","b":"{{new string('b', length)}}"}""";

    // The sample payload of "Create chat authentication settings", step 3b, as settings.
    private static Call Golden() => new Call().WithEntry(
        """
        {"tokenLifetimeSeconds":3600,
         "claims":{"phone_number":"telephone1","given_name":"firstname","family_name":"lastname",
                   "email":"emailaddress1"},
         "contextVariables":{"msdyn_cartvalue":{"value":"10000"},"msdyn_isvip":{"value":"false"},
                             "portalcontactid":{"column":"contactid"}}}
        """);
}

[TestClass]
public class Claims_come_from_columns
{
    [TestMethod]
    public void An_empty_column_leaves_its_claim_out()
    {
        var call = new Call();
        call.Contact.Attributes.Remove("firstname");
        call.Contact["lastname"] = string.Empty;
        call.Contact["emailaddress1"] = null;
        var payload = call.Payload();
        Assert.IsNull(payload["given_name"]);
        Assert.IsNull(payload["family_name"]);
        Assert.IsNull(payload["email"]);
        Assert.IsNotNull(payload["phone_number"]);
    }

    [TestMethod]
    public void Only_the_columns_in_use_are_asked_for_each_once()
    {
        var call = new Call().WithEntry(
            """{"claims":{"a":"firstname","b":"firstname"},"contextVariables":{"c":{"column":"firstname"}}}""");
        call.Token();
        CollectionAssert.AreEqual(new[] { "contactid", "statecode", "firstname" },
            call.Platform.Queries.Single().ColumnSet.Columns.ToArray());
        Assert.IsFalse(call.Platform.Queries.Single().ColumnSet.AllColumns);
    }

    [TestMethod]
    public void Every_type_has_its_primitive()
    {
        var lookup = new Guid("ABCDEF00-0000-0000-0000-000000000001");
        AssertClaim(true, "true");
        AssertClaim(false, "false");
        AssertClaim(5, "5");
        AssertClaim(5L, "5");
        AssertClaim(1.5m, "1.5");
        AssertClaim(10000.0000m, "10000");
        AssertClaim(0.1, "0.1");
        AssertClaim(new Money(99.90m), "99.9");
        AssertClaim(new OptionSetValue(3), "3");
        AssertClaim(new DateTime(1970, 5, 17, 0, 0, 0, DateTimeKind.Utc), "1970-05-17T00:00:00Z");
        AssertClaim(new EntityReference("account", lookup), "abcdef00-0000-0000-0000-000000000001");
        AssertClaim(lookup, "abcdef00-0000-0000-0000-000000000001");
    }

    [TestMethod]
    public void A_number_beyond_2_to_the_53_is_refused()
    {
        AssertClaim(9007199254740991L, "9007199254740991");
        var call = new Call();
        call.Contact["firstname"] = 9007199254740992L;
        call.IsRefused(2011);
    }

    [TestMethod]
    [DataRow("Zo\u00eb \u4f60\u597d \ud83d\ude00")]
    [DataRow("quote\" backslash\\ slash/")]
    [DataRow("\u2028\u2029\u202e\u0000\u0001\b\t\n\f\r\u007f")]
    [DataRow("{\"sub\":\"x\"}")]
    public void Any_text_arrives_as_it_is(string text)
    {
        var call = new Call();
        call.Contact["firstname"] = text;
        Assert.AreEqual(text, call.Payload()["given_name"]!.Text);
    }

    [TestMethod]
    public void A_name_cut_within_a_character_ends_in_the_replacement_character()
    {
        var call = new Call();
        call.Contact["firstname"] = "cut \ud83d";
        Assert.AreEqual("cut \ufffd", call.Payload()["given_name"]!.Text);
        call.Contact["firstname"] = "\ude00 cut \ud83d\ud83d\ude00";
        Assert.AreEqual("\ufffd cut \ufffd\ud83d\ude00", call.Payload()["given_name"]!.Text);
    }

    [TestMethod]
    public void The_culture_changes_nothing()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture =
                new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            AssertClaim(-1.5m, "-1.5");
            AssertClaim(-1.5, "-1.5");
            AssertClaim(-7, "-7");
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static void AssertClaim(object value, string text)
    {
        var call = new Call();
        call.Contact["firstname"] = value;
        var claim = call.Payload()["given_name"]!;
        Assert.AreEqual(text, claim == JsonValue.True ? "true" : claim == JsonValue.False ? "false" : claim.Text);
    }
}
