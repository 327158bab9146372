using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.Plugins;
using ChatAuth.Settings;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Settings;

/// <summary>What machines compare and what people write, for every text of a full settings file.</summary>
[TestClass]
public sealed class Text_that_was_never_looked_at
{
    private const string Full = """
        {
          "issuer": "contosohelp.com", "audience": "chat",
          "claims": { "email": "emailaddress1", "account": { "column": "parentcustomerid:account.name" },
                      "note": { "value": "two\twords\r\nand a line, joined: \u200d" } },
          "contextVariables": {
            "portalcontactid": { "column": "contactid" }, "tier": { "value": "gold" },
            "cart": { "request": "number" }
          },
          "callers": {
            "6f0c1f0e-0000-0000-0000-000000000001": { "contact": "parameter", "issuer": "fabrikam.com" },
            "6f0c1f0e-0000-0000-0000-000000000002": { "contact": { "externalIdentity": "provider" } },
            "6f0c1f0e-0000-0000-0000-000000000003": { "contact": { "column": "externaluseridentifier" } }
          },
          "solution": "ChatAuth_managed.zip",
          "publish": [
            { "file": "publickey.json", "format": "jwks", "url": "https://contosohelp.com/publickey.json" },
            { "page": "Contoso" }, { "webfile": "Contoso" }
          ],
          "portals": [{ "site": "Contoso", "signInUrl": "/SignIn" }],
          "authenticationSettings": {
            "name": "ChatAuth", "publicKeyUrl": "https://contosohelp.com/auth/publickey",
            "javaScriptFunction": "auth.getAuthenticationToken", "widgets": ["Chat"]
          },
          "testContact": "87b4d06c-abc2-e811-a9b0-000d3a10e09e"
        }
        """;

    // Of these people write; all others are compared.
    private static readonly string[] Written =
        ["publish.1.page", "publish.2.webfile", "portals.0.site", "authenticationSettings.name",
            "authenticationSettings.widgets.0"];

    private static readonly string[] Constants = ["claims.note.value", "contextVariables.tier.value"];

    // What nobody may write anywhere, but for line ends and tabs inside of a constant.
    private static readonly string[] Never =
    [
        "{0}\n", "\n{0}", "{0}\r\n", " {0}", "{0} ", "{0}\t", "{0}\u00A0", "\uFEFF{0}", "{0}\u200B", "{0}\u3000",
        "{0}\u2028", "{0}\u0085", "\u2060{0}", "{0}\u2800", "{0}\u3164", "x\0x", "x\u0007x", "x\u001bx",
        "$(PortalHost)", "x$(Build.BuildId)x", "$${HOST}", "${{ vars.HOST }}", "${MY-HOST}", "x\uFFFDx",
        "@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/x)",
        "x\uFFFFx", "x\u009Cx",
    ];

    // What machines compare exactly holds none of these either.
    private static readonly string[] Unseen =
    [
        "{0}\u00AD", "x\u00ADx", "x\u200Cx", "x\u200Dx", "x\u200Bx", "x\u2060x", "x\u202Ex", "x\u061Cx", "x\u180Ex",
        "x\uFE0Fx", "x\u034Fx", "x\U000E0041x", "x\u3164x", "x\u00A0x", "x\u202Fx", "#{Host}#", "{{host}}",
        "$[variables.host]", "x{{x", "$(5)", "%HOST%", "__PORTAL_HOST__", "@portal.host@", "<your issuer>", "{host}",
        "[[Host]]", "$PORTAL_HOST", "$env:HOST", "@{variables('host')}", "<%= host %>", "https://%24%7BHOST%7D/",
        "%7b%7bhost%7d%7d", "https://__HOST__/auth", "__SITE__.contosohelp.com", "https://chat.%SITE%.example",
        "https://__Portal.Host__/a", "a.%Portal.Host%.b", "a.%a.%", "chat.@portal.host@",
        "x%23%7Bx", "{% if x %}x{% endif %}", "%{ if x }", "<< pipeline.host >>", "[parameters('host')]",
        "$SLUG-app.contosohelp.com", "https://contosohelp.com/$TENANT/keys", "'{0}'",
    ];

    [TestMethod]
    public void The_file_itself_is_read() => Assert.IsNull(Refusal(Full));

    [TestMethod]
    public void Is_refused_in_every_member_and_in_every_name()
    {
        List<string> wrong = [];
        foreach ((string path, bool isName) in Places())
        {
            bool isWritten = !isName && (Written.Contains(path) || Constants.Contains(path));
            foreach (string text in Never.Concat(isWritten ? [] : Unseen))
            {
                string bad = text.Replace("{0}", "x", StringComparison.Ordinal);
                if (Refusal(Changed(path, isName, bad)) is not { } refusal)
                {
                    wrong.Add($"{path} takes {Shown(bad)}");
                }
                else if (!IsTold(refusal, bad, path, isName))
                {
                    wrong.Add($"{path} with {Shown(bad)}: {refusal}");
                }
            }
        }

        Assert.IsEmpty(wrong, string.Join('\n', wrong.Take(20)));
    }

    [TestMethod]
    [DataRow("site", "Ko\u0308ln")]
    [DataRow("site", "می\u200Cخواهم")]
    [DataRow("site", "👩\u200D💻 Help")]
    [DataRow("site", "costs $(5) or {{5}} #{x}")]
    [DataRow("site", "a\u00A0b")]
    [DataRow("site", "x\u00ADx")]
    [DataRow("site", "__HOST__")]
    [DataRow("site", "%HOST%")]
    [DataRow("issuer", "a b")]
    [DataRow("issuer", "100%")]
    [DataRow("issuer", "%C3%A9")]
    [DataRow("issuer", "__a__b")]
    [DataRow("issuer", "https://x/__a__/%b%/{c}/$D")]
    [DataRow("issuer", "a@b@c")]
    [DataRow("issuer", "$A")]
    [DataRow("publish.0.file", "__tests__/publickey.json")]
    [DataRow("authenticationSettings.javaScriptFunction", "$lcw.getToken")]
    [DataRow("issuer", "https://Contoso.com/?a=$b&c={d}#%7B")]
    [DataRow("issuer", "Müller & Söhne ✓ 東京 🎉")]
    public void Takes_what_only_looks_alike(string member, string text) =>
        Assert.IsNull(Refusal(Changed(member == "site" ? "portals.0.site" : member, false, text)));

    [TestMethod]
    public void Constants_keep_their_lines_and_tabs()
    {
        SettingsFile file = SettingsFile.Parse(Full, "chatauth.json", _ => null);
        StringAssert.Contains(file.StepConfiguration, "two\\twords\\r\\nand a line");
    }

    [TestMethod]
    [DataRow("contosohelp.com\n", "CHATAUTH2012", "issuer holds U+000A")]
    [DataRow(" contosohelp.com", "CHATAUTH2012", "issuer holds U+0020")]
    [DataRow("contosohelp.com\u00AD", "CHATAUTH2012", "issuer holds U+00AD")]
    [DataRow("\uFEFFcontosohelp.com", "CHATAUTH2012", "issuer holds U+FEFF")]
    [DataRow("$(PortalHost)", "CHATAUTH2013", "issuer holds $(…)")]
    [DataRow("${OTHER}", "CHATAUTH2013", "issuer holds ${…}")]
    [DataRow("#{PortalHost}#", "CHATAUTH2013", "issuer holds #{…}#")]
    [DataRow("{{ portal_host }}", "CHATAUTH2013", "issuer holds {{…}}")]
    [DataRow("contoso\uFFFD", "CHATAUTH2012", "issuer holds U+FFFD")]
    [DataRow("contosohelp.com\u200E", "CHATAUTH2012", "issuer holds U+200E")]
    [DataRow("${{ vars.HOST }}", "CHATAUTH2013", "issuer holds ${…}")]
    [DataRow("$[variables.HOST]", "CHATAUTH2013", "issuer holds $[…]")]
    [DataRow("   ", "CHATAUTH5104", "issuer must be")]
    public async Task Is_refused_out_of_the_environment_without_being_repeated(string value, string code, string fact)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("chatauth.json");
        await File.WriteAllTextAsync(
            path, """{"issuer":"${HOST}","callers":{"powerpages":{}}}""");
        CommandRun run = await CommandRun.OfAsync(
            ["keys", "--settings", path, "--url", "https://contoso.crm.dynamics.com"],
            environment: name => name == "HOST" ? value : name == "CHATAUTH_ACCESS_TOKEN" ? "x" : null);
        Assert.AreEqual((1, code), (run.ExitCode, run.Codes), run.Error);
        StringAssert.Contains(run.Error, fact);
        Assert.DoesNotContain("contosohelp", run.Error);
        Assert.DoesNotContain("PortalHost", run.Error);
    }

    [TestMethod]
    [DataRow("${A}{B}", "$")]
    [DataRow("${A}", "${A}")]
    [DataRow("$${A}", "x")]
    [DataRow("x$${A}", "x")]
    [DataRow("${A}(B)", "$")]
    [DataRow("$${A}${A}", "x")]
    public void Is_not_filled_twice_and_there_is_no_escape(string issuer, string value) => StringAssert.StartsWith(
        Refusal(
            "{\"issuer\":\"" + issuer + "\",\"callers\":{\"powerpages\":{}}}",
            name => name == "A" ? value : "filled"),
        "CHATAUTH2013: issuer holds $");

    private static bool IsTold(string refusal, string bad, string path, bool isName)
    {
        string last = path.Split('.')[^1];
        return (refusal.StartsWith("CHATAUTH2012: ", StringComparison.Ordinal)
                && bad.EnumerateRunes().Any(rune => refusal.Contains($"U+{rune.Value:X4},", StringComparison.Ordinal)))
            || (bad.IndexOfAny(['{', '(', '[', '%', '_', '@', '<', '$']) >= 0
                ? refusal.StartsWith("CHATAUTH2013: ", StringComparison.Ordinal)
                : false)
            ? isName ? refusal.Contains("the name of ", StringComparison.Ordinal)
                : char.IsAsciiDigit(last[0]) || refusal.Contains(last, StringComparison.Ordinal)
                    || refusal.Contains(path.Split('.')[0], StringComparison.Ordinal)
            : false;
    }

    private static string Shown(string text) =>
        string.Concat(text.Select(unit => unit is > ' ' and < '\u007f' ? unit.ToString() : $"<{(int)unit:X4}>"));

    private static string? Refusal(string document, Func<string, string?>? environment = null)
    {
        try
        {
            SettingsFile.Parse(document, "chatauth.json", environment ?? (_ => null));
            return null;
        }
        catch (Exception exception) when (exception is CommandException or ChatAuthException)
        {
            return exception.Message;
        }
    }

    // Every text, and every name that the file's writer chose.
    private static IEnumerable<(string Path, bool IsName)> Places()
    {
        foreach (string path in Texts(JsonNode.Parse(Full)!, string.Empty))
        {
            yield return (path, false);
        }

        yield return ("claims.email", true);
        yield return ("contextVariables.cart", true);
        yield return ("contextVariables.tier", true);
        yield return ("callers.6f0c1f0e-0000-0000-0000-000000000002", true);
    }

    private static IEnumerable<string> Texts(JsonNode node, string path) => node switch
    {
        JsonObject some => some.SelectMany(member => Texts(member.Value!, path + "." + member.Key)),
        JsonArray some => some.SelectMany((item, index) => Texts(item!, $"{path}.{index}")),
        _ => [path[1..]],
    };

    private static string Changed(string path, bool isName, string text)
    {
        JsonNode document = JsonNode.Parse(Full)!;
        string[] steps = path.Split('.');
        JsonNode parent = steps[..^1].Aggregate(
            document, (node, step) => node is JsonArray some
                ? some[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : node[step]!);
        if (isName)
        {
            JsonNode? value = parent[steps[^1]]!.DeepClone();
            ((JsonObject)parent).Remove(steps[^1]);
            parent[text] = value;
        }
        else if (parent is JsonArray some)
        {
            some[int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture)] = text;
        }
        else
        {
            parent[steps[^1]] = text;
        }

        return document.ToJsonString();
    }
}
