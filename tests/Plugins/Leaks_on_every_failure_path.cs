using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
#if NETFRAMEWORK
using System.ServiceModel;
#else
using ChatAuth.Plugins.Tests.Platform;
#endif
using ChatAuth.Plugins.Jose;
using ChatAuth.Plugins.Json;
using ChatAuth.Plugins.Tests.Jose;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Plugins.Tests;

/// <summary>
/// Each refusal of the error table is brought about by a call whose keys, contact and request are marked; no mark comes
/// out.
/// </summary>
[TestClass]
public class Leaks_on_every_failure_path
{
    private const string Personal = "Zr8-Ottokar-Xq7Wv";
    private const string Sent = "Kp4-Visitor-Ym2Tj";
    private const string Written = "Hd9-Setting-Bn5Lc";

    private static readonly Guid Other = new("5c0ffee5-1234-4321-9876-abcdefabcdef");

    private static readonly Dictionary<int, Action<Call>> Paths = new()
    {
        [1001] = call => call.WithEntry("""{"contact":"context"}"""),
        [1002] = call => call.Platform.InitiatingUserApplicationId = Other,
        [1003] = call => call.Platform.AuthenticatedUserId = Other,
        [1004] = call => call.Platform.InputParameters.Remove("ContactId"),
        [1005] = call => call.Platform.PortalsContactId = Other,
        [1006] = call => ByUserName(call).Platform.InputParameters.Remove("UserName"),
        [1007] = call => call.Platform.InputParameters["UserName"] = Sent,
        [1008] = call => call.Platform.Rows.Clear(),
        [1009] = call => ByUserName(call).Platform.Rows.Add(
            new Entity("contact", Other) { ["statecode"] = new OptionSetValue(0), ["nickname"] = Sent }),
        [1010] = call => call.Contact["statecode"] = new OptionSetValue(1),
        [1011] = call => call.Platform.InputParameters["ContactId"] = Sent,
        [1012] = call => Ask(call, "{\"cart\":" + Sent),
        [1013] = call => Ask(call, "{\"" + Sent + "\":\"" + Sent + "\"}"),
        [1014] = call => Ask(call, "{\"cart\":{\"" + Sent + "\":\"" + Sent + "\"}}"),
        [1015] = call => Ask(call, "{\"cart\":\"" + string.Concat(Enumerable.Repeat(Sent, 300)) + "\"}"),
        [1016] = call => Ask(call, "{\"cart\":\"" + Sent + "\",\"total\":90071992547409930001234}"),
        [1017] = call => call.Contact["firstname"] = string.Concat(Enumerable.Repeat(Personal, 500)),
        [1018] = call => Fault(call, -2147015902),
        [1019] = call => Fault(call, -2147220960),
        [1020] = call => Fault(call, -2147204783),
        [2001] = call => call.Settings = " ",
        [2002] = call => call.Settings = "{" + Written,
        [2003] = call => call.Settings = "{\"" + Written + "\":\"" + Written + "\"}",
        [2004] = call => call.Settings = "{\"audience\":\"" + Written + "\",\"callers\":{\"powerpages\":{}}}",
        [2005] = call => call.Settings = "{\"issuer\":\"" + Written + "\",\"callers\":{\"" + Written + "\":{}}}",
        [2006] = call => call.WithEntry("{\"tokenLifetimeSeconds\":\"" + Written + "\"}"),
        [2007] = call => call.WithEntry("{\"claims\":{\"sub\":\"" + Written + "\"}}"),
        [2008] = call => call.WithVariables(
            "{\"email\":{\"request\":\"string\"},\"x\":{\"value\":\"" + Written + "\"}}"),
        [2009] = call => call.Platform.MessageName = Written,
        [2010] = call => Fault(call, -2147217149),
        [2011] = call => call.Contact["firstname"] = new EntityCollection(
            new List<Entity> { new("contact", Other) { ["firstname"] = Personal } }),
        [2012] = call => call.WithEntry("{\"issuer\":\"" + Written + "\u00AD\"}"),
        [2013] = call => call.WithEntry("{\"issuer\":\"$(" + Written + ")\"}"),
        [2014] = call => call.WithVariables("{\"" + Written + "\u0430\":{\"request\":\"string\"}}"),
        [3001] = call => call.Keys = string.Empty,
        [3002] = call => call.Keys = call.Keys.Replace("\"organization\"", "\"" + Written + "\""),
        [3003] = call => call.Platform.OrganizationId = Other,
        [3004] = call => call.Keys = call.Keys.Replace("\"qi\":\"", "\"qi\":\"" + Written + "="),
        [3005] = call => call.Keys = TestKeys.Set(TestKeys.Jwk(Changed("n", TestKeys.Rfc7515["p"]))),
        [3006] = call => call.Keys = TestKeys.Set(TestKeys.Jwk(Changed("dp", TestKeys.Rfc7515["dq"]))),
        [3007] = call => call.Keys = TestKeys.Set(TestKeys.Jwk(TestKeys.Rfc7515), TestKeys.Jwk(TestKeys.Rfc7515)),
        [3008] = call => call.Time = new DateTime(2050, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        [3009] = call => call.Keys = TestKeys.Set(TestKeys.Jwk(TestKeys.Members(CraftedKeys.WithCompositePrime()))),
        [3010] = call => call.Keys = TestKeys.Set(TestKeys.Jwk(TestKeys.Rfc7515, "it")).Replace(
            "\"keys\":", "\"revoked\":[{\"kid\":\"it\",\"thumbprint\":\"" + Written + "\"}],\"keys\":"),
        [9001] = call => call.Platform.Answer = _ => throw new InvalidOperationException(
            Personal, new InvalidOperationException(Sent)),
        [9002] = call => call.Platform.Answer = _ => throw new TypeLoadException(Personal),
    };

    [TestMethod]
    public void Nothing_that_is_marked_comes_out()
    {
        foreach (var path in Paths)
        {
            var call = Marked(path.Value);
            var refusal = Assert.ThrowsExactly<InvalidPluginExecutionException>(() => call.Token());
            Assert.StartsWith(FormattableString.Invariant($"CHATAUTH{path.Key}: "), refusal.Message);
            Assert.IsNull(refusal.InnerException);
            Assert.AreEqual(0, call.Platform.OutputParameters.Count);
            IsUnmarked(Mark.TextOf(refusal) + string.Join("\n", call.Platform.Traced), Marks(call),
                path.Key.ToString("D4", System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    [TestMethod]
    public void Every_refusal_says_the_fact_and_then_the_remedy()
    {
        foreach (var path in Paths)
        {
            var call = Marked(path.Value);
            var text = Assert.ThrowsExactly<InvalidPluginExecutionException>(() => call.Token()).Message
                .Substring("CHATAUTH0000: ".Length);
            StringAssert.Matches(text, new Regex("^[A-Za-z].{15,}\\. [A-Z].{15,}\\.$"));
        }
    }

    [TestMethod]
    public void No_refusal_of_the_table_is_left_out()
    {
        var table =
            typeof(Errors).GetMethods(BindingFlags.Static | BindingFlags.NonPublic).Where(method => !method.IsPrivate)
            .Select(
                method => (ChatAuthException)method.Invoke(
                    null, method.GetParameters().Select(parameter => Argument(parameter.ParameterType)).ToArray())!);
        CollectionAssert.AreEqual(table.Select(error => error.Code).OrderBy(code => code).ToArray(),
            Paths.Keys.OrderBy(code => code).ToArray());
    }

    [TestMethod]
    public void A_token_leaves_none_of_itself_and_of_its_contact_in_the_trace()
    {
        var call = new Call();
        call.Contact["firstname"] = Personal;
        var token = call.Token();
        IsUnmarked(
            string.Join("\n", call.Platform.Traced),
            Marks(call).Concat(token.Split('.').Skip(1).Select(part => new Mark(part))),
            "issued");
    }

    [TestMethod]
    public void Public_keys_hold_no_private_number()
    {
        var call = new GetPublicKeysCall();
        IsUnmarked(string.Join("\n", call.Execute().Values) + string.Join("\n", call.Platform.Traced), KeyMarks(),
            "public keys");
    }

    [TestMethod]
    public void What_holds_keys_or_values_says_so_little_when_it_is_printed()
    {
        var set = JwkSet.Parse(new Call().Keys);
        var printed = new object[]
        {
            set,
            set.Keys[0],
            new SigningKey(set.Keys[0], RsaImport.Import),
            new SigningKeys(set, RsaImport.Import, 0),
            JsonReader.Parse("\"" + Personal + "\""),
            JsonReader.Parse(new Call().Keys),
        };
        IsUnmarked(string.Join("\n", printed), KeyMarks().Concat(new[] { new Mark(Personal) }), "printed");
        Assert.IsFalse(
            typeof(Errors).Assembly.GetTypes().Any(
                type => type.IsDefined(typeof(System.Diagnostics.DebuggerDisplayAttribute),
                    inherit: false) && type.Namespace?.StartsWith("ChatAuth", StringComparison.Ordinal) == true));
    }

    private static Call Marked(Action<Call> path)
    {
        var call = new Call();
        call.Contact["firstname"] = Personal;
        call.Contact["nickname"] = Sent;
        path(call);
        return call;
    }

    private static Call ByUserName(Call call)
    {
        call.WithEntry("""{"contact":{"column":"nickname"}}""");
        call.Platform.InputParameters.Remove("ContactId");
        call.Platform.InputParameters["UserName"] = Sent;
        return call;
    }

    private static void Ask(Call call, string request) =>
        call.WithVariables("""{"cart":{"request":"string"},"total":{"request":"number"}}""", request);

    private static void Fault(Call call, int code) => call.Platform.Answer = _ =>
        throw new FaultException<OrganizationServiceFault>(
            new OrganizationServiceFault { ErrorCode = code, Message = Personal }, Sent);

    private static Dictionary<string, string> Changed(string name, string number)
    {
        var members = TestKeys.Rfc7515;
        members[name] = number;
        return members;
    }

    private static IEnumerable<Mark> Marks(Call call) =>
        KeyMarks().Concat(
            new[]
            {
                Personal,
                Sent,
                Written,
                "contosohelp",
                call.Contact.Id.ToString("D"),
                "90071992547409930001234",
            }.Select(text => new Mark(text)));

    private static IEnumerable<Mark> KeyMarks() =>
        new[] { "d", "p", "q", "dp", "dq", "qi" }.Select(name => new Mark(Base64Url.Decode(TestKeys.Rfc7515[name])!));

    private static object? Argument(Type type) => type == typeof(string) ? "x" : Activator.CreateInstance(type);

    private static void IsUnmarked(string text, IEnumerable<Mark> marks, string path)
    {
        foreach (var mark in marks)
        {
            Assert.IsNull(mark.In(text), path + ": " + text);
        }
    }
}
