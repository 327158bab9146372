using System;
using System.Linq;
using System.Text;
using ChatAuth.Plugins.Jose;
using ChatAuth.Plugins.Json;
using ChatAuth.Plugins.Tests.Platform;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Plugins.Tests;

/// <summary>
/// One call of chatauth_IssueChatToken by a custom portal for Bert Hair; a test changes what its situation is about.
/// </summary>
internal sealed class Call
{
    internal const string Caller = "6f0c1f0e-0000-0000-0000-000000000001";

    internal static readonly Guid Bert = new("87b4d06c-abc2-e811-a9b0-000d3a10e09e");

    internal static readonly DateTime Now = new(2018, 11, 19, 10, 7, 51, DateTimeKind.Utc);

    internal const long NowNumeric = 1542622071;

    internal PlatformDouble Platform { get; } = new();

    internal string Settings { get; set; } = $$$$"""{"issuer":"contosohelp.com","callers":{"{{{{Caller}}}}":{}}}""";

    internal string Keys { get; set; } = TestKeys.Set(TestKeys.Jwk(TestKeys.Rfc7515));

    internal DateTime Time { get; set; } = Now;

    internal Entity Contact { get; } = new("contact", Bert)
    {
        ["contactid"] = Bert,
        ["statecode"] = new OptionSetValue(0),
        ["firstname"] = "Bert",
        ["lastname"] = "Hair",
        ["emailaddress1"] = "admin@contosohelp.com",
        ["telephone1"] = "1234567",
    };

    internal Call()
    {
        Platform.Rows.Add(Contact);
        Platform.InputParameters["ContactId"] = Bert;
    }

    /// <summary>Settings of the one caller with an entry of its own.</summary>
    internal Call WithEntry(string entry, string caller = Caller)
    {
        Settings = $$$$"""{"issuer":"contosohelp.com","callers":{"{{{{caller}}}}":{{{{entry}}}}}}""";
        return this;
    }

    internal Call WithVariables(string variables, string? request = null)
    {
        Settings =
            $$$$"""{"issuer":"contosohelp.com","contextVariables":{{{{variables}}}},"callers":{"{{{{Caller}}}}":{}}}""";
        if (request != null)
        {
            Platform.InputParameters["ContextVariables"] = request;
        }

        return this;
    }

    internal string Token()
    {
        new IssueChatToken(Settings, Keys, () => Time, () => new Guid("44444444-4444-4444-4444-444444444444"),
            RsaImport.Import).Execute(Platform);
        return (string)Platform.OutputParameters["Token"];
    }

    internal JsonValue Payload() => Part(Token(), 1);

    internal JsonValue Variables() => JsonReader.Parse(Payload()["lwicontexts"]!.Text);

    internal static JsonValue Part(string token, int part) =>
        JsonReader.Parse(Encoding.UTF8.GetString(Base64Url.Decode(token.Split('.')[part])!));

    /// <summary>Expects a refusal with that code, no output, and no fact of the visitor in its message.</summary>
    internal InvalidPluginExecutionException IsRefused(int code)
    {
        var refusal = Assert.ThrowsExactly<InvalidPluginExecutionException>(() => Token());
        Assert.StartsWith(FormattableString.Invariant($"CHATAUTH{code}: "), refusal.Message);
        Assert.AreEqual(0, Platform.OutputParameters.Count);
        Assert.IsNull(refusal.InnerException);
        foreach (var personal in new[] { "Bert", "Hair", "contosohelp.com\"", "1234567", Bert.ToString("D") })
        {
            Assert.IsFalse(refusal.Message.Contains(personal) || Platform.Traced.Any(line => line.Contains(personal)),
                refusal.Message);
        }

        return refusal;
    }
}
