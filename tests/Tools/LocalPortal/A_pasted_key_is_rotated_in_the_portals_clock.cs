using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.LocalPortal.Site;
using ChatAuth.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalPortal;

/// <summary>
/// Two hours around a cutover, a token every five minutes, each of them used again as long as it lives: at Live Assist,
/// which knows the one key that was pasted, and at Omnichannel, which reads every key.
/// </summary>
[TestClass]
public sealed class A_pasted_key_is_rotated_in_the_portals_clock : IDisposable
{
    private const string Bert = "87b4d06c-abc2-e811-a9b0-000d3a10e09e";

    private readonly List<(Token Token, string Phase)> tokens = [];
    private readonly List<(string Service, string Phase, string Issued, string? Refusal)> verdicts = [];
    private SiteServer? site;
    private SiteVisitor? visitor;

    [TestMethod]
    public async Task And_no_token_is_refused_that_need_not_be()
    {
#pragma warning disable RS0030 // the site serves browsers, whose time passes by itself
        site = await SiteServer.StartAsync(
            0,
            new CommandHost(TextWriter.Null, TextWriter.Null, TextReader.Null, TimeProvider.System),
            CancellationToken.None);
#pragma warning restore RS0030 // the site serves browsers, whose time passes by itself
        await using (site)
        {
            visitor = new SiteVisitor(site.Url);
            await visitor.SignInAsync(Bert, "/");
            JsonNode values = JsonNode.Parse((await ControlAsync("values"))[0])!;
            await SaveAsync(values["publicKey"]!.ToString());
            await PassAsync("before", steps: 4);
            string line = (await ControlAsync("rotate")).Single(said => Regex.IsMatch(said, "^MII[A-Za-z0-9+/=]+$"));
            await PassAsync("shown", steps: 8);
            await SaveAsync(line);
            await PassAsync("pasted", steps: 3);
            await ControlAsync("pasted");
            await PassAsync("active", steps: 8);
        }

        string?[] Refusals(string service, Func<string, string, bool> ofPhase) =>
            [.. verdicts.Where(each => each.Service == service && ofPhase(each.Phase, each.Issued))
                .Select(each => each.Refusal).Distinct()];

        // Whoever reads every key refuses nothing at any time.
        CollectionAssert.AreEqual(new string?[] { null }, Refusals("powerpages", (_, _) => true));
        CollectionAssert.AreEqual(new string?[] { null }, Refusals("custom", (_, _) => true));

        // Live Assist takes every token until the line is saved, and every one of the new key from its first.
        CollectionAssert.AreEqual(new string?[] { null }, Refusals("liveassist", (at, _) => at is "before" or "shown"));
        CollectionAssert.AreEqual(new string?[] { null }, Refusals("liveassist", (_, issued) => issued == "active"));

        // It refuses those of the old key alone, which it does not know any more, and for no other reason.
        CollectionAssert.AreEqual(
            new[] { "signature" },
            Refusals("liveassist", (at, issued) => at is "pasted" or "active" && issued != "active"));
        Assert.HasCount(
            2, tokens.Select(each => (each.Token.Header["kid"]!.Text, each.Phase == "active")).Distinct().ToArray());
    }

    public void Dispose() => visitor?.Dispose();

    private async Task PassAsync(string phase, int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            foreach (string kind in (string[])["powerpages", "custom"])
            {
                tokens.Add((Token.Parse(await visitor!.TokenAsync(kind)), phase));
            }

            foreach ((Token token, string issued) in tokens.Where(each =>
                each.Token.Date("exp") > site!.Stack.Clock.GetUtcNow().ToUnixTimeSeconds() + 60))
            {
                foreach (string service in (string[])["liveassist", "powerpages", "custom"])
                {
                    JsonNode view = await visitor!.ChatAsync(service, token.Text);
                    verdicts.Add((service, phase, issued, view["refusal"]?["code"]?.ToString()));
                }
            }

            site!.Stack.Clock.Pass(TimeSpan.FromMinutes(5));
        }
    }

    private async Task SaveAsync(string line) => Assert.AreEqual(
        "Live Assist is saved.",
        (await ControlAsync("save", new JsonObject { ["issuer"] = "contosohelp.com", ["key"] = line })).Single());

    private async Task<string[]> ControlAsync(string name, JsonObject? body = null)
    {
        await visitor!.OpenAsync("/");
        (int status, JsonNode? answer) = await visitor.PostAsync("/local/liveassist/" + name, body ?? []);
        string[] said = [.. answer!["said"]!.AsArray().Select(line => line!.ToString())];
        Assert.AreEqual(200, status, string.Join('\n', said));
        return said;
    }
}
