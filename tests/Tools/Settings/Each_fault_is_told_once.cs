using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using ChatAuth.Fuzz;
using ChatAuth.Settings;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Settings;

[TestClass]
public sealed class Each_fault_is_told_once
{
    private const string Unknown = "zzz";

    private static readonly string[] Bad =
        ["5", "true", "\"\"", "\"bad\"", "\" x\"", "null", "[]", "{}", "[5]", "\"http://x\"", Unknown];

    private static readonly JsonNode Full = JsonNode.Parse("""
        {
          "issuer": "contosohelp.com", "audience": "chat", "tokenLifetimeSeconds": 600,
          "claims": { "email": "emailaddress1", "account": { "column": "parentcustomerid:account.name" },
                      "note": { "value": "two" } },
          "contextVariables": {
            "portalcontactid": { "column": "contactid" }, "tier": { "value": "gold" }, "cart": { "request": "number" }
          },
          "callers": {
            "6f0c1f0e-0000-0000-0000-000000000001": { "contact": "parameter", "issuer": "fabrikam.com",
              "applications": ["6f0c1f0e-0000-0000-0000-000000000009"] },
            "6f0c1f0e-0000-0000-0000-000000000002": { "contact": { "externalIdentity": "provider" } },
            "6f0c1f0e-0000-0000-0000-000000000003": { "contact": { "column": "externaluseridentifier" } }
          },
          "solution": "ChatAuth_managed.zip",
          "publish": [
            { "file": "publickey.json", "format": "jwks", "url": "https://contosohelp.com/publickey.json" },
            { "page": "Contoso" }, { "webfile": "Contoso" }, { "portal": "https://contosohelp.com/k" },
            { "file": "a", "local": true }
          ],
          "portals": [{ "site": "Contoso", "signInUrl": "/SignIn", "headerSnippet": true }],
          "authenticationSettings": {
            "name": "ChatAuth", "publicKeyUrl": "https://contosohelp.com/auth/publickey",
            "javaScriptFunction": "auth.getAuthenticationToken", "widgets": ["Chat"]
          },
          "liveAssist": {
            "issuer": "x", "method": "authoriseChatWithCallback", "key": "line", "identity": true,
            "externalWindow": { "path": "/a", "redirectUris": ["https://lp.example/a"], "clientId": "b" }
          },
          "testContact": "87b4d06c-abc2-e811-a9b0-000d3a10e09e"
        }
        """)!;

    [TestMethod]
    [DataRow("line", null)]
    [DataRow("jwks", null)]
    [DataRow("jwks", "https://contosohelp.com/jwks")]
    public void Where_it_is_alone(string key, string? address)
    {
        JsonNode sound = Full.DeepClone();
        sound["liveAssist"]!["key"] = key;
        if (address != null)
        {
            sound["liveAssist"]!["jwksUrl"] = address;
        }

        Assert.IsEmpty(Told(sound));
        List<string> wrong = [];
        foreach ((int index, string[] path) in Paths(sound).Index().Where(
            each => key == "line" || each.Item[0] is "publish" or "liveAssist" or "solution"))
        {
            // A third of them for each place: all take ten seconds.
            foreach (string bad in Bad.Where((_, number) => (number + index) % 3 == 0))
            {
                string[] told = Told(With(sound, path, bad));
                string place = string.Join('.', path);

                // Where two required members are missing there are two faults.
                if (told.Length > 1 && !(place == "liveAssist.externalWindow" && bad == "{}"))
                {
                    wrong.Add($"{place} {bad}:\n  {string.Join("\n  ", told)}");
                }
            }
        }

        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    public void And_where_there_is_another_the_same_as_alone()
    {
        List<string> wrong = [];
        string[][] paths = [.. Paths(Full)];
        Dice dice = new(1);
        for (int i = 0; i < 150; i++)
        {
            string[] one = dice.Pick(paths);
            string[] other = dice.Pick(paths);
            string bad = dice.Pick(Bad);
            string worse = dice.Pick(Bad);
            if (one.Zip(other).All(pair => pair.First == pair.Second))
            {
                continue; // the one lies in the other
            }

            string[] alone = [.. Told(With(Full, one, bad)), .. Told(With(Full, other, worse))];
            string[] together = Told(With(With(Full, one, bad), other, worse));
            if (!alone.Distinct().Order().SequenceEqual(together.Order()))
            {
                wrong.Add($"{string.Join('.', one)} {bad}, {string.Join('.', other)} {worse}:\n  "
                    + string.Join("\n  ", together));
            }
        }

        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    [DataRow("""{"key":"pem"}""", "5104 liveAssist.key must be line or jwks")]
    [DataRow("""{"key":"pem","method":"x"}""", "5104 liveAssist.key must be line or jwks",
        "5104 liveAssist.method must be one of")]
    [DataRow("""{"key":"pem","jwksUrl":5}""", "5104 liveAssist.key must be", "5104 liveAssist.jwksUrl must be")]
    [DataRow("""{"key":"pem","kid":"x"}""", "5102 liveAssist.kid is not", "5104 liveAssist.key must be")]
    [DataRow("{}", "5103 liveAssist.key is missing")]
    [DataRow("""{"jwksUrl":"https://a.example"}""", "5103 liveAssist.key is missing")]
    public void In_liveAssist_too(string liveAssist, params string[] faults)
    {
        JsonNode file = Full.DeepClone();
        file["liveAssist"] = JsonNode.Parse(liveAssist);
        string[] told = Told(file);
        Assert.HasCount(faults.Length, told, string.Join('\n', told));
        Assert.IsTrue(faults.All(fault => told.Any(each => each.StartsWith(fault, StringComparison.Ordinal))), told[0]);
    }

    // Code and fact, without the place, which depends on what stands before it.
    private static string[] Told(JsonNode file)
    {
        try
        {
            SettingsFile.Parse(file.ToJsonString(), "c.json", _ => null);
            return [];
        }
        catch (CommandException refusal)
        {
            return [.. refusal.Errors.Select(error => $"{error.Code[8..]} {error.Fact.Split(" (c.json:")[0]}")];
        }
    }

    private static JsonNode With(JsonNode file, string[] path, string bad)
    {
        JsonNode changed = file.DeepClone();
        JsonNode at = changed;
        foreach (string step in path[..^1])
        {
            at = Child(at, step)!;
        }

        if (bad == Unknown)
        {
            (Child(at, path[^1]) as JsonObject)?.Add(Unknown, 5);
        }
        else if (at is JsonArray items)
        {
            items[Index(path[^1])] = JsonNode.Parse(bad);
        }
        else
        {
            at[path[^1]] = JsonNode.Parse(bad);
        }

        return changed;
    }

    private static JsonNode? Child(JsonNode node, string name) => node is JsonArray ? node[Index(name)] : node[name];

    private static int Index(string name) => int.Parse(name, CultureInfo.InvariantCulture);

    private static IEnumerable<string[]> Paths(JsonNode node)
    {
        IEnumerable<(string Name, JsonNode? Value)> children = node switch
        {
            JsonObject members => members.Select(member => (member.Key, member.Value)),
            JsonArray items => items.Select((item, index) => (index.ToString(CultureInfo.InvariantCulture), item)),
            _ => [],
        };
        return children.SelectMany(child => (string[][])
        [
            [child.Name],
            .. child.Value == null ? [] : Paths(child.Value).Select(deeper => (string[])[child.Name, .. deeper]),
        ]);
    }
}
