using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Plugins.Tests;

/// <summary>The texts are what an administrator has to go by: where it is, what the rule is, what to do.</summary>
[TestClass]
public class A_refusal_is_read
{
    private const string Me = "6f0c1f0e-0000-0000-0000-000000000001";
    private const string OneSource = "one of {\"column\": \"name\"}, {\"column\": \"lookup:table.name\"}, {\"value\": "
        + "constant} and {\"request\": \"string\", \"number\" or \"boolean\"}";
    private const string Correct = " Correct chatauth.json and run chatauth deploy.";

    [TestMethod]
    [DataRow("[]", "The settings are not a JSON object (another kind of value).")]
    [DataRow("{", "The settings are not a JSON object (character 2: a member name in quotes expected).")]
    [DataRow("""{"issuerr":"i"}""", "Member 1 of the settings is not a setting." + Correct)]
    [DataRow("""{"issuer":"i","callers":{"ME":{"a":1}}}""", "Member 1 of callers[1] is not a setting." + Correct)]
    [DataRow("""{"issuer":"i"}""", "callers is missing. Add it to chatauth.json and run chatauth deploy.")]
    [DataRow("""{"callers":{"ME":{}}}""", "issuer is missing.")]
    [DataRow("""{"issuer":5,"callers":{"ME":{}}}""", "issuer must be a text that is not empty." + Correct)]
    [DataRow(
        """{"issuer":"i","audience":"","callers":{"ME":{}}}""", "audience must be a text that is not empty." + Correct)]
    [DataRow("""{"issuer":"i","callers":{}}""", "callers must be an object with at least one caller.")]
    [DataRow(
        """{"issuer":"i","callers":{"portal":{}}}""",
        "callers[1] must be named with an application id, or \"powerpages\".")]
    [DataRow(
        """{"issuer":"i","callers":{"ME":{},"ME":{}}}""",
        "The settings are not a JSON object (character 68: a member name that stood before).")]
    [DataRow(
        """{"issuer":"i","callers":{"ME":{},"6F0C1F0E-0000-0000-0000-000000000001":{}}}""",
        "callers[2] must be an application id that stands once.")]
    [DataRow("""{"issuer":"i","callers":{"ME":1}}""", "callers[1] must be an object.")]
    [DataRow(
        """{"issuer":"i","callers":{"ME":{"contact":"x"}}}""",
        "callers[1].contact must be \"context\", \"parameter\", {\"externalIdentity\": \"provider\"} or {\"column\": "
            + "\"name\"}.")]
    [DataRow(
        """{"issuer":"i","callers":{"ME":{"contact":{"column":"A B"}}}}""",
        "contact must be {\"column\": \"logical name\"}.")]
    [DataRow(
        """{"issuer":"i","claims":5,"callers":{"ME":{}}}""",
        "claims must be an object of claim names, each with a column of contact, {\"column\": \"lookup:table.name\"} "
            + "or {\"value\": constant}.")]
    [DataRow(
        """{"issuer":"i","claims":{"a":"A"},"callers":{"ME":{}}}""",
        "claims must be an object of claim names, each with a column of contact, {\"column\": \"lookup:table.name\"} "
            + "or {\"value\": constant}.")]
    [DataRow(
        """{"issuer":"i","contextVariables":5,"callers":{"ME":{}}}""",
        "contextVariables must be an object of at most 100 variables.")]
    [DataRow(
        """{"issuer":"i","contextVariables":{"":{"value":1}},"callers":{"ME":{}}}""",
        "contextVariables[1] must be named with 1 to 100 characters.")]
    [DataRow(
        """{"issuer":"i","contextVariables":{"a":{"value":1},"b":{}},"callers":{"ME":{}}}""",
        "contextVariables[2] must be " + OneSource + ".")]
    public void Settings_are_told_by_path_and_rule(string settings, string text) =>
        Says(new Call { Settings = settings.Replace("ME", Me) }, text);

    [TestMethod]
    [DataRow("[]", "The secure configuration is not a JWK set (no JSON object).")]
    [DataRow("{", "The secure configuration is not a JWK set (character 2: a member name in quotes expected).")]
    [DataRow(
        """{"keys":[]}""",
        "The secure configuration is not a JWK set (\"organization\" is not the id of an organization).")]
    [DataRow(
        """{"organization":"11111111-0000-0000-0000-000000000001"}""",
        "The secure configuration is not a JWK set (\"keys\" is not an array).")]
    [DataRow(
        """{"organization":"11111111-0000-0000-0000-000000000001","keys":[{"kid":""}]}""",
        "Key 1 of the set: \"kid\" is not 1 to 128 printable ASCII characters without quote and backslash. Replace the "
            + "key with chatauth rotate.")]
    public void A_key_set_is_told_by_rule(string keys, string text) => Says(new Call { Keys = keys }, text);

    [TestMethod]
    [DataRow("\"kty\":\"RSA\"", "\"kty\":\"EC\"", "\"kty\" is not \"RSA\"")]
    [DataRow("\"alg\":\"RS256\"", "\"alg\":5", "\"alg\" is not \"RS256\"")]
    [DataRow("\"use\":\"sig\"", "\"use\":\"enc\"", "\"use\" is not \"sig\"")]
    [DataRow("\"nbf\":0", "\"nbf\":-1", "\"nbf\" is not a whole number of seconds from 0 to 253402300799")]
    [DataRow(
        "\"exp\":2147483647", "\"exp\":2147483648", "\"exp\" is not a whole number of seconds from 0 to 2147483647")]
    [DataRow("\"nbf\":0", "\"nbf\":2147483647", "\"nbf\" is not before \"exp\"")]
    [DataRow("\"e\":\"AQAB\"", "\"e\":\"AA\"", "\"e\" is missing or no base64url number")]
    public void A_key_is_told_by_kid_and_member(string right, string wrong, string rule) => Says(
        new Call { Keys = TestKeys.Set(TestKeys.Jwk(TestKeys.Rfc7515, "it").Replace(right, wrong)) },
        "Key \"it\": " + rule + ". Replace the key with chatauth rotate.");

    [TestMethod]
    public void A_caller_is_told_by_what_the_platform_knows_of_it()
    {
        Says(As(new Guid("99999999-0000-0000-0000-000000000000"), isPortal: true),
            "The caller, application 99999999-0000-0000-0000-000000000000, may not ask for chat tokens.");
        Says(As(Guid.Empty, isPortal: true),
            "The caller, a Power Pages site without application id, may not ask for chat tokens.");
        Says(
            As(Guid.Empty, isPortal: false), "The caller, a user without application id, may not ask for chat tokens.");
    }

    [TestMethod]
    [DataRow("ContactId", "x", "ContactId is not a Guid. Correct the call.")]
    [DataRow("UserName", 5, "UserName is not a String. Correct the call.")]
    [DataRow("ContextVariables", "[]", "ContextVariables is not a JSON object (another kind of value).")]
    [DataRow("ContextVariables", "{\"a\" 1}", "ContextVariables is not a JSON object (character 6: ':' expected).")]
    [DataRow("ContextVariables", "{\"flag\":\"x\"}", "Context variable \"flag\" is not a JSON boolean.")]
    public void A_parameter_is_told_by_name_and_rule(string parameter, object value, string text)
    {
        var call = new Call().WithVariables("""{"flag":{"request":"boolean"}}""");
        call.Platform.InputParameters[parameter] = value;
        Says(call, text);
    }

    [TestMethod]
    public void A_parameter_that_is_too_long_is_told_by_its_limit()
    {
        Says(new Call().WithVariables("{}", new string(' ', 65537) + "{}"),
            "ContextVariables is not at most 65,536 characters long.");
        var call = new Call().WithEntry("""{"contact":{"column":"nickname"}}""");
        call.Platform.InputParameters.Remove("ContactId");
        call.Platform.InputParameters["UserName"] = new string('a', 501);
        Says(call, "UserName is not at most 500 characters long.");
    }

    [TestMethod]
    public void A_step_is_told_by_what_is_wrong_with_it()
    {
        Says(Registered(platform => platform.MessageName = "Retrieve"),
            "The step is not registered as it must be: it belongs on the message of its custom API.");
        Says(Registered(platform => platform.Stage = 20),
            "The step is not registered as it must be: it belongs on stage PostOperation (40).");
        Says(Registered(platform => platform.Mode = 1),
            "The step is not registered as it must be: it must be synchronous.");
    }

    [TestMethod]
    public void A_column_is_told_by_name_and_rule()
    {
        Says(Holding(new string('x', 4001)),
            "The value of column \"description\" is longer than the 4,000 characters that Omnichannel takes.");
        Says(Holding(new byte[1]), "The value of column \"description\" is of a type that no token carries.");
        Says(Holding(double.NaN),
            "The value of column \"description\" is a number that not every JSON reader keeps exactly.");
    }

    [TestMethod]
    public void It_stands_in_the_trace_too()
    {
        var call = new Call { Keys = " " };
        Assert.AreEqual(call.IsRefused(3001).Message, call.Platform.Traced.Single());
    }

    private static Call As(Guid application, bool isPortal) => Registered(platform =>
    {
        platform.InitiatingUserApplicationId = application;
        platform.IsPortalsClientCall = isPortal;
    });

    private static Call Registered(Action<Platform.PlatformDouble> change)
    {
        var call = new Call();
        change(call.Platform);
        return call;
    }

    private static Call Holding(object value)
    {
        var call = new Call().WithVariables("""{"note":{"column":"description"}}""");
        call.Contact["description"] = value;
        return call;
    }

    private static void Says(Call call, string text)
    {
        var message = Assert.ThrowsExactly<InvalidPluginExecutionException>(() => call.Token()).Message;
        StringAssert.StartsWith(message.Substring("CHATAUTH0000: ".Length), text, StringComparison.Ordinal);
    }
}
