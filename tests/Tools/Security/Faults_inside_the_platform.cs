using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Security;

/// <summary>
/// What a portal is told while something inside the platform is wrong, and that the very next call after it gets its
/// token.
/// </summary>
[TestClass]
public sealed class Faults_inside_the_platform
{
    private const long Day = 24 * 60 * 60;

    private static readonly DateTimeOffset Time = new(2031, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly string Settings = Asker.Settings("\"parameter\"");

    // Situation, code, status, how it begins; how it ends, where it does not end by itself.
    private static readonly (string Name, string Code, int Status, Action<IssuingOrganization> Begin,
        Action<IssuingOrganization>? End)[] Situations =
    [
        ("the query times out", "1020", 503, o => o.Local.Faults.OnQuery(1, InjectedFaults.SqlTimeout), null),
        ("the query times out in the client", "1020", 503, o => Answer(o, _ => throw new TimeoutException("anna")),
            null),
        ("too many requests", "1018", 429, o => o.Local.Faults.OnQuery(1, InjectedFaults.NumberOfRequests), null),
        ("too much execution time", "1018", 429, o => o.Local.Faults.OnQuery(1, InjectedFaults.ExecutionTime), null),
        ("too many requests at once", "1018", 429, o => o.Local.Faults.OnQuery(1, InjectedFaults.ConcurrentRequests),
            null),
        ("the query fails otherwise", "9001", 500, o => Answer(o, _ => throw new InvalidOperationException("anna")),
            null),
        ("the query finds nothing", "1008", 404, o => Answer(o, _ => new EntityCollection()), null),
        ("the query answers nothing", "9001", 500, o => Answer(o, _ => null), null),
        (
            "the query finds two rows", "1009", 409,
            o => Answer(o, rows => new EntityCollection([rows.Entities[0], rows.Entities[0]])), null),
        (
            "the query finds another contact", "1008", 404,
            o => Answer(o, _ => new EntityCollection([new Entity("contact", Claim.IdOf("B"))])), null),
        ("the state is a number", "9001", 500, o => Column(o, "statecode", 0), null),
        ("the state is a text", "9001", 500, o => Column(o, "statecode", "active"), null),
        ("the state is missing", "1010", 403, o => Column(o, "statecode", null), null),
        ("a name is a list of rows", "2011", 500, o => Column(o, "lastname", new EntityCollection()), null),
        ("a name is bytes", "2011", 500, o => Column(o, "lastname", "anna"u8.ToArray()), null),
        ("no settings", "2001", 500, o => o.Configure(null), o => o.Configure(Settings)),
        ("blank settings", "2001", 500, o => o.Configure(" \r\n"), o => o.Configure(Settings)),
        ("settings cut off", "2002", 500, o => o.Configure(Settings[..^2]), o => o.Configure(Settings)),
        ("settings that are a list", "2002", 500, o => o.Configure("[]"), o => o.Configure(Settings)),
        ("settings of an unknown kind", "2003", 500, o => o.Configure("""{"issuers":"x"}"""),
            o => o.Configure(Settings)),
        (
            "no secure configuration", "3001", 500,
            o => o.Change(IssuingOrganization.Step, ("sdkmessageprocessingstepsecureconfigid", null)), o => o.Secure()),
        ("an empty secure configuration", "3001", 500, o => o.Store(null), Sound),
        ("a secure configuration cut off", "3002", 500, o => o.Store(o.Keys(First())[..^2]), Sound),
        (
            "a secure configuration without a list of keys", "3002", 500,
            o => o.Store(o.Keys(First()).Replace("\"keys\"", "\"key\"", StringComparison.Ordinal)), Sound),
        ("a key whose parts do not belong together", "3006", 500, o => o.Store(o.Keys(Mixed())), Sound),
        ("no key at all", "3008", 500, o => o.Store(o.Keys()), Sound),
        ("only expired keys", "3008", 500, o => o.Store(o.Keys(First(0, o.Now), Second(0, o.Now - Day))), Sound),
        ("only future keys", "3008", 500, o => o.Store(o.Keys(First(o.Now + 1), Second(o.Now + Day))), Sound),
        ("only a pending key", "3008", 500, o => o.Store(o.Keys(First(253402300799))), Sound),
        ("keys of another organization", "3003", 500, o => o.Store(IssuingOrganization.SetOf(Guid.NewGuid(), First())),
            Sound),
        ("the clock jumps a day forth, past the key", "3008", 500, o => Jump(o, Day),
            o => o.Clock.Move(TimeSpan.FromDays(-1))),
        ("the clock jumps a day back, before the key", "3008", 500, o => Jump(o, -Day),
            o => o.Clock.Move(TimeSpan.FromDays(1))),
    ];

    private static IssuingOrganization organization = null!;
    private static LocalUser portal = null!;

    [ClassInitialize]
    public static void Start(TestContext context)
    {
        _ = context;
        organization = new IssuingOrganization(Settings);
        portal = Asker.AddTo(organization.Local)["portal"].User;
        Claim.AddTo(organization.Local);
        organization.Clock.Move(Time - organization.Clock.GetUtcNow());
    }

    [ClassCleanup]
    public static void Stop() => organization.Dispose();

    [TestCleanup]
    public void Reset()
    {
        organization.Clock.Move(Time - organization.Clock.GetUtcNow());
        organization.Configure(Settings);
        organization.Secure();
        Sound(organization);
    }

    public static IEnumerable<object[]> Names() => Situations.Select(situation => new object[] { situation.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public async Task Each_has_its_code_and_the_next_call_succeeds(string name)
    {
        await IssuedAsync();
        var situation = Situations.Single(each => each.Name == name);
        situation.Begin(organization);
        var refusal = await AskAsync();
        Assert.AreEqual((situation.Code, situation.Status), (refusal.Code, refusal.Status), refusal.Text);
        Assert.IsFalse(Traced(refusal).Contains("anna", StringComparison.OrdinalIgnoreCase), refusal.Text);
        situation.End?.Invoke(organization);
        await IssuedAsync();
    }

    [TestMethod]
    public async Task A_clock_that_jumps_a_day_dates_each_token_by_the_time_of_its_call_and_chooses_the_key_of_then()
    {
        organization.Store(
            organization.Keys(First(0, organization.Now + (Day / 2)), Second(organization.Now + (Day / 4))));
        List<string> keyIds = [];
        HashSet<string> tokenIds = [];
        foreach (var days in new[] { 0, 1, -1, -1, 1 })
        {
            organization.Clock.Move(TimeSpan.FromDays(days));
            var token = ChatAuth.Tokens.Token.Parse(await IssuedAsync());
            Assert.AreEqual((organization.Now, organization.Now + 900), (token.Date("iat"), token.Date("exp")));
            Assert.IsTrue(tokenIds.Add(token.Payload["jti"]!.Text));
            keyIds.Add(token.Header["kid"]!.Text);
        }

        CollectionAssert.AreEqual(new[] { "first", "second", "first", "first", "first" }, keyIds);
    }

    private static async Task<string> IssuedAsync()
    {
        var reply = await AskAsync();
        Assert.IsNull(reply.Code, reply.Text);
        Assert.AreEqual(Claim.IdOf("A"), organization.Subject(reply.Text));
        return reply.Text;
    }

    private static Task<Reply> AskAsync() => organization.AskAsync(portal, Claim.All["A's id"].Parameters);

    private static string Traced(Reply refusal) =>
        string.Join('\n', organization.Local.Journal.Last.Trace.Append(refusal.Text));

    private static void Answer(IssuingOrganization organization, Func<EntityCollection, EntityCollection?> answer) =>
        organization.Local.Faults.OnAnswer(1, answer);

    private static void Column(IssuingOrganization organization, string column, object? value) =>
        Answer(organization, rows =>
    {
        rows.Entities[0][column] = value;
        return rows;
    });

    // The instance that issued a token within the key's day meets the other time.
    private static void Jump(IssuingOrganization organization, long seconds)
    {
        organization.Store(organization.Keys(First(organization.Now - (Day / 2), organization.Now + (Day / 2))));
        AskAsync().GetAwaiter().GetResult();
        organization.Clock.Move(TimeSpan.FromSeconds(seconds));
    }

    private static void Sound(IssuingOrganization organization) => organization.Store(organization.Keys(First()));

    private static JsonObject First(long nbf = 0, long exp = int.MaxValue) =>
        IssuingOrganization.Key("first", nbf, exp);

    private static JsonObject Second(long nbf = 0, long exp = int.MaxValue) =>
        IssuingOrganization.Key("second", nbf, exp);

    private static JsonObject Mixed()
    {
        var key = First();
        key["d"] = Second()["d"]!.DeepClone();
        return key;
    }
}
