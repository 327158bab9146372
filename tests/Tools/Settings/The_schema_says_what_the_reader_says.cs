using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using ChatAuth.Pack;
using ChatAuth.Plugins;
using ChatAuth.Settings;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Settings;

/// <summary>
/// Every member of a full settings file is taken away, misspelt and given other values; ajv and the reader must judge
/// alike.
/// </summary>
/// <remarks>
/// A schema cannot say: that a number is written without fraction or exponent, that it has 15 digits, that two
/// spellings of one application id are one, that two targets have one address, that a setting which every caller
/// overrides is not looked at, that a variable's name is a reserved one once it is folded, and what a placeholder is
/// filled with.
/// </remarks>
[TestClass]
public sealed class The_schema_says_what_the_reader_says
{
    private const string Full = """
        {
          "$schema": "./chatauth.schema.json",
          "issuer": "contosohelp.com",
          "audience": "a",
          "tokenLifetimeSeconds": 900,
          "claims": { "email": "emailaddress1", "given_name": "firstname" },
          "contextVariables": {
            "portalcontactid": { "column": "contactid" },
            "account": { "column": "parentcustomerid:account.name" },
            "site": { "value": "web" },
            "vip": { "value": true },
            "cart": { "request": "number" }
          },
          "callers": {
            "6f0c1f0e-0000-0000-0000-000000000001": {
              "applications": ["6f0c1f0e-0000-0000-0000-000000000004", "6f0c1f0e-0000-0000-0000-000000000005"]
            },
            "6f0c1f0e-0000-0000-0000-000000000002": {
              "contact": { "externalIdentity": "provider" }, "issuer": "fabrikam.com", "audience": "b",
              "tokenLifetimeSeconds": 60, "claims": { "x": "y" }, "contextVariables": { "z": { "request": "boolean" } }
            },
            "6f0c1f0e-0000-0000-0000-000000000003": { "contact": { "column": "externaluseridentifier" } },
            "powerpages": { "contact": "context" }
          },
          "solution": "ChatAuth_managed.zip",
          "publish": [
            { "file": "publickey.json", "format": "jwks", "url": "https://contosohelp.com/publickey.json" },
            { "file": "trial.json", "local": true },
            { "portal": "https://contosohelp.com/auth/publickey", "format": "keyset" },
            { "page": "site" },
            { "webfile": "site" }
          ],
          "portals": [{ "site": "site", "signInUrl": "/SignIn", "headerSnippet": false }],
          "authenticationSettings": {
            "name": "n", "publicKeyUrl": "https://contosohelp.com/auth/publickey", "javaScriptFunction": "f",
            "widgets": ["w"]
          },
          "liveAssist": {
            "issuer": "i", "method": "lpGetAuthenticationToken", "key": "jwks",
            "jwksUrl": "https://contosohelp.com/jwks", "identity": true,
            "externalWindow": {
              "path": "/auth/authorize", "redirectUris": ["https://lp.example/window"], "clientId": "c"
            }
          },
          "testContact": "87b4d06c-abc2-e811-a9b0-000d3a10e09e"
        }
        """;

    private static readonly string[] Values =
    [
        "null", "true", "5", "-1", "60", "59", "3600", "3601", "1.5", "\"\"", "\" \"", "\"x\"", "\"X y\"", "\"number\"",
        "\"context\"", "\"line\"", "\"https://x\"", "\"ftp://x\"", "\"https://\"", "\"/path?a=1\"", "\"//host\"",
        "\"/{{x}}\"",
        "\"x \"", "\"x\\n\"", "\"x\\ny\"", "\"x\\u00ady\"", "\"x\\u200dy\"",
        "\"x\\u00a0y\"", "\"\\ufeffx\"", "\"x\\u0000y\"",
        "\"x\\u2028y\"", "\"x\\ufe0fy\"", "\"x\\uffffy\"", "\"x\\ufffdy\"", "\"$(X)\"", "\"$(5)\"",
        "\"$$${X}\"", "\"$${X}\"",
        "\"x${x-y}\"", "\"x${\"", "\"#{X}#\"", "\"{{X}}\"", "\"$[x]\"",
        "\"é東🎉\"", "\"http://x\"", "\"http://localhost:5/x\"",
        "\"http://127.0.0.1\"", "\"https://u@x/\"", "\"https://u:p@x\"", "\"https://x\\\\y\"",
        "\"https://x/ y\"", "\"https:///x\"",
        "\"https://x/@y\"", "\"%X%\"", "\"__X__\"", "\"<x y>\"", "\"@X@\"", "\"{X}\"", "\"[[X]]\"", "\"$HOST\"",
        "\"$host\"", "\"$env:x\"", "\"@{x}\"", "\"<%= x %>\"", "\"https://%24%7bX%7D/\"", "\"https://__X__/y\"",
        "\"https://x.__X__\"", "\"__X__.x\"", "\"x/__X__\"", "\"x/y.__X__\"", "\"$env:X/y\"", "\"x__X__\"",
        "\"https://ü.example/\"", "\"https://x%40y/\"",
        "[]", "{}", "[1]", "[\"\"]", "{\"x\":1}", "{\"x\":{}}", "{\"x\":\"y\"}", "{\"column\":\"x\"}",
        "{\"column\":\"x\",\"value\":1}", "{\"value\":null}", "{\"request\":\"xml\"}",
    ];

    private static string Window(string uris, string path = "/a") =>
        """{"issuer":"x","callers":{"powerpages":{}},"liveAssist":{"key":"line",""" +
            $$$$"""
            "externalWindow":{"path":"{{{{path}}}}","redirectUris":{{{{uris}}}}}}}
            """;

    private static readonly string[] Others =
    [
        """{"issuer":"x","callers":{"powerpages":{}}}""",
        """{"issuer":"x","callers":{"00000000-0000-0000-0000-000000000000":{}}}""",
        """{"issuer":"x","callers":{"6F0C1F0E-0000-0000-0000-000000000001":{}}}""",
        """{"issuer":"x","callers":{"{6f0c1f0e-0000-0000-0000-000000000001}":{}}}""",
        """{"issuer":"x","callers":{"PowerPages":{}}}""",
        """{"issuer":"x","callers":{"powerpages":{"applications":["6f0c1f0e-0000-0000-0000-000000000004"]}}}""",
        """{"issuer":"x","callers":{"powerpages":{"contact":"parameter"}}}""",
        """{"issuer":"x","callers":{"powerpages":{"contact":"x"}}}""",
        """
        {"issuer":"x","callers":{"6f0c1f0e-0000-0000-0000-000000000001":{"applications":[
         "00000000-0000-0000-0000-000000000000"]}}}
        """,
        """{"issuer":"x","callers":{"6f0c1f0e-0000-0000-0000-000000000001":{"applications":["${ID}"]}}}""",
        """
        {"issuer":"x","callers":{"6f0c1f0e-0000-0000-0000-000000000001":{"applications":[
         "6f0c1f0e-0000-0000-0000-000000000004","6f0c1f0e-0000-0000-0000-000000000004"]}}}
        """,
        """
        {"issuer":"x","callers":{"6f0c1f0e-0000-0000-0000-000000000001":{"applications":[
         "{6f0c1f0e-0000-0000-0000-000000000004}"]}}}
        """,
        """
        {"issuer":"x","callers":{"${ID}":{"contact":"${CONTEXT}"}},"testContact":"${ID}",
         "publish":[{"file":"${ID}","url":"${URL}","format":"${LINE}"}]}
        """,
        """{"issuer":"x","callers":{"$${ID}":{}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"testContact":"$${ID}"}""",
        """{"issuer":"x","callers":{"powerpages":{}},"claims":{"SUB":"a"}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"claims":{"lwiContexts":"a"}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"claims":{"":"a"}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"claims":{"a":"lookup:table.column"}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"claims":{"a":"1a"}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"claims":{"a":{"column":"lookup:table.column"}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"claims":{"a":{"value":"x"}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"claims":{"a":{"request":"string"}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"contextVariables":{"Email":{"request":"string"}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"contextVariables":{"CaseNumber":{"value":"1"}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"contextVariables":{"x":{"column":"a:b"}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"contextVariables":{"":{"value":1}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"file":"a","page":"b"}]}""",
        """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"file":"a"}]}""",
        """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"file":"a","local":true,"url":"https://x"}]}""",
        """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"file":"a","local":false,"url":"https://x"}]}""",
        """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"file":"a","local":true,"page":"b"}]}""",
        """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"file":"a","local":true}]}""",
        """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"page":"a","local":true}]}""",
        """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"portal":"https://x","url":"https://y"}]}""",
        """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"portal":"https://x","format":"pem"}]}""",
        """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"portal":"https://x","format":"jwks"}]}""",
        """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"portal":"${URL}"}]}""",
        """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"portal":"http://x"}]}""",
        """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"portal":"http://127.0.0.1:5080/auth"}]}""",
        """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"portal":"http://localhost"}]}""",
        """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"portal":"http://localhost.evil.example"}]}""",
        """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"portal":"https://user:word@x/"}]}""",
        """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"portal":"https://user@x"}]}""",
        """{"issuer":"x","callers":{"powerpages":{}},"publish":[{"portal":"https://x/a@b"}]}""",
        """{"issuer":"x","callers":{"powerpages":{}},"testContact":"87b4d06cabc2e811a9b0000d3a10e09e"}""",
        """{"issuer":"x","callers":{"powerpages":{}},"contextVariables":{"é":{"request":"string"}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"contextVariables":{"é":{"request":"string","unicode":true}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"contextVariables":{"é":{"request":"string","unicode":false}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"contextVariables":{"e":{"unicode":false,"request":"string"}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"contextVariables":{"e":{"request":"string","unicode":"true"}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"contextVariables":{"e":{"value":"string","unicode":true}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"contextVariables":{"é":{"value":1}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"contextVariables":{"e ":{"value":1}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"contextVariables":{"e\u00adf":{"column":"x"}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"claims":{"e\n":"x"}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"claims":{"{{e}}":"x"}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"claims":{"e":{"value":"a\tb\nc"}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"claims":{"e":{"value":"a\n"}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"claims":{"e":{"value":""}}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"liveAssist":{}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"liveAssist":{"key":"line"}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"liveAssist":{"key":"line","jwksUrl":"https://x"}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"liveAssist":{"key":"jwks"}}""",
        """{"issuer":"x","callers":{"powerpages":{}},"liveAssist":{"key":"jwks"},"publish":[{"page":"s"}]}""",
        """
        {"issuer":"x","callers":{"powerpages":{}},"liveAssist":{"key":"jwks"},
         "publish":[{"file":"a","format":"jwks","local":true}]}
        """,
        """
        {"issuer":"x","callers":{"powerpages":{}},"liveAssist":{"key":"jwks"},
         "publish":[{"page":"s","format":"jwks"}]}
        """,
        """
        {"issuer":"x","callers":{"powerpages":{}},"liveAssist":{"key":"jwks"},
         "publish":[{"file":"a","format":"${JWKS}","url":"https://x"}]}
        """,
        """{"issuer":"x","callers":{"powerpages":{}},"liveAssist":{"key":"${LINE}","method":"auth.other"}}""",
        Window("""["https://x/#"]"""), Window("""["https://x/a#b"]"""), Window("""["https://x/?a=b"]"""),
        Window("""["https://x","http://127.0.0.1:5"]"""), Window("""["http://x"]"""), Window("""["${URL}"]"""),
        Window("""["https://x",1]"""), Window("""["https://x",""]"""), Window("""["https://x "]"""), Window("[]"),
        .. new[] { "https://x/a", "https://x/a?b", "https://x/a#b", "http://x/a", "//x/a", "x", "http://127.0.0.1:5/a" }
            .Select(path => Window("""["https://x"]""", path)),
        """{"issuer":"x"}""",
        """{"callers":{"powerpages":{}}}""",
        "[]",
        "\"x\"",
    ];

    [TestMethod]
    public void For_every_mutant_of_a_full_file()
    {
        string[] documents =
        [
            .. new[] { Full }.Concat(Mutants()).Concat(LongOnes()).Concat(Others)
                .Select(document => document.ReplaceLineEndings(" ")),
        ];
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("schema"), EmbeddedFile.Read("chatauth.schema.json"));
        string[] schema = Validate(folder.File("schema"), documents);
        Assert.HasCount(documents.Length, schema);
        string[] differing = [
            .. documents.Zip(schema).Where(pair => Reads(pair.First) != (pair.Second == "true")).Select(
                pair => $"{pair.Second}: {pair.First}"),
        ];
        Assert.IsEmpty(differing, string.Join('\n', differing));
        Assert.IsGreaterThan(40, schema.Count(verdict => verdict == "true"));
        Assert.IsGreaterThan(500, schema.Count(verdict => verdict == "false"));
    }

    [TestMethod]
    public void And_describes_every_member()
    {
        JsonObject schema = JsonNode.Parse(EmbeddedFile.Read("chatauth.schema.json"))!.AsObject();
        string[] silent =
        [
            .. Objects(schema).Select(each => each["properties"]).OfType<JsonObject>()
                .SelectMany(properties => properties)
                .Where(member => Described(schema, member.Value!) is not { Length: > 20 })
                .Select(member => member.Key),
        ];
        Assert.IsEmpty(silent, string.Join(' ', silent));
    }

    private static string? Described(JsonObject schema, JsonNode member) =>
        member["description"]?.GetValue<string>()
            ?? schema["$defs"]![member["$ref"]!.GetValue<string>().Split('/')[^1]]!["description"]?.GetValue<string>();

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject some => some.Select(member => member.Value).SelectMany(Objects).Prepend(some),
        JsonArray some => some.SelectMany(Objects),
        _ => [],
    };

    private static IEnumerable<string> Mutants()
    {
        int members = Places(JsonNode.Parse(Full)!).Count();
        for (int i = 0; i < members; i++)
        {
            foreach (string value in Values)
            {
                yield return Changed(i, (parent, name, _) => Put(parent, name, JsonNode.Parse(value)));
            }

            yield return Changed(i, (parent, name, _) => Remove(parent, name));
            yield return Changed(i, (parent, name, old) => Put(parent, name + "x", old));
        }
    }

    private static IEnumerable<string> LongOnes()
    {
        foreach (int length in (int[])[0, 1])
        {
            yield return Minimal($"\"claims\":{{\"a\":\"{new string('a', 128 + length)}\"}}");
            yield return Minimal($"\"contextVariables\":{{\"{new string('a', 100 + length)}\":{{\"value\":1}}}}");
            yield return Minimal($"\"contextVariables\":{{\"a\":{{\"value\":\"{new string('a', 4000 + length)}\"}}}}");
            IEnumerable<string> many = Enumerable.Range(0, 100 + length).Select(i => $"\"v{i}\":{{\"value\":1}}");
            yield return Minimal($"\"contextVariables\":{{{string.Join(',', many)}}}");
            foreach (string name in (string[])["name", "javaScriptFunction"])
            {
                string text = new('a', 100 + length);
                yield return Minimal(
                    $"\"authenticationSettings\":{{\"publicKeyUrl\":\"https://x\",\"{name}\":\"{text}\"}}");
            }

            yield return Minimal(
                $"\"authenticationSettings\":{{\"publicKeyUrl\":\"https://x/{new string('a', 246 + length)}\"}}");
        }
    }

    // As the validator reads them: a document a line.
    private static string Minimal(string member) => """{"issuer":"x","callers":{"powerpages":{}},""" + member + "}";

    private static IEnumerable<(JsonNode Parent, string Name)> Places(JsonNode node) => node switch
    {
        JsonObject some => some.ToArray().SelectMany(member => Below(some, member.Key, member.Value)),
        JsonArray some => Enumerable.Range(0, some.Count).SelectMany(
            i => Below(some, i.ToString(System.Globalization.CultureInfo.InvariantCulture), some[i])),
        _ => [],
    };

    private static IEnumerable<(JsonNode Parent, string Name)> Below(JsonNode parent, string name, JsonNode? value) =>
        (value == null ? [] : Places(value)).Prepend((parent, name));

    private static string Changed(int place, Action<JsonNode, string, JsonNode?> change)
    {
        JsonNode document = JsonNode.Parse(Full)!;
        (JsonNode parent, string name) = Places(document).ElementAt(place);
        JsonNode? old = parent is JsonObject some ? some[name] : parent[Index(name)];
        change(parent, name, old?.DeepClone());
        return document.ToJsonString();
    }

    private static int Index(string name) =>
        int.Parse(name, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture);

    private static void Put(JsonNode parent, string name, JsonNode? value)
    {
        if (parent is JsonObject some)
        {
            some[name] = value;
        }
        else if (!name.EndsWith('x'))
        {
            parent[Index(name)] = value;
        }
    }

    private static void Remove(JsonNode parent, string name)
    {
        if (parent is JsonObject some)
        {
            some.Remove(name);
        }
        else
        {
            parent.AsArray().RemoveAt(Index(name));
        }
    }

    private static bool Reads(string document)
    {
        try
        {
            SettingsFile.Parse(document, "chatauth.json", name => name switch
            {
                "ID" => "6f0c1f0e-0000-0000-0000-000000000009",
                "URL" => "https://x",
                _ => name.ToLowerInvariant(),
            });
            return true;
        }
        catch (Exception exception) when (exception is CommandException or ChatAuthException)
        {
            return false;
        }
    }

    private static string[] Validate(string schema, string[] documents)
    {
        if (!Directory.Exists(RepositoryRoot.File("tests/portal/node_modules/ajv")))
        {
            Assert.Inconclusive("ajv is not there: run npm ci in tests/portal.");
        }

        Process? process = null;
        try
        {
            process = Process.Start(
                new ProcessStartInfo("node", [RepositoryRoot.File("tests/portal/validate.mjs"), schema])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                });
        }
        catch (Win32Exception)
        {
            Assert.Inconclusive("Node is not on the path of this machine.");
        }

        using (process)
        {
            process!.StandardInput.Write(string.Join('\n', documents));
            process.StandardInput.Close();
            string[] verdicts = process.StandardOutput.ReadToEnd().Split('\n');
            process.WaitForExit();
            Assert.AreEqual(0, process.ExitCode);
            return verdicts;
        }
    }
}
