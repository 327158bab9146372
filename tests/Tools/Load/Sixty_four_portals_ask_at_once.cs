using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Load;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Load;

/// <summary>The small edition of tests/Load, and proof that its rules can be broken.</summary>
[TestClass]
[DoNotParallelize] // memory and locks are counted for the whole process
public sealed class Sixty_four_portals_ask_at_once
{
    private static LoadedOrganization loaded = null!;
    private static TokenCheck check = null!;

    public TestContext TestContext { get; set; } = null!;

    [ClassInitialize]
    public static async Task Start(TestContext context)
    {
#pragma warning disable RS0030 // Microsoft.IdentityModel verifies on the system's clock
        loaded = await LoadedOrganization.StartAsync(64, TimeProvider.System);
#pragma warning restore RS0030 // Microsoft.IdentityModel verifies on the system's clock
        check = new TokenCheck(loaded.PublicKeys, loaded.Portals);
    }

    [ClassCleanup]
    public static async Task Stop() => await loaded.DisposeAsync();

    [TestMethod]
    public void Five_thousand_tokens_are_each_right_and_about_what_was_asked()
    {
        LoadResult result = Run(Routes.InProcess(loaded.Organization), 5000);
        TestContext.WriteLine(result.ToString());
        Assert.AreEqual(5000, result.Tokens);
        Assert.IsEmpty(result.Broken());
    }

    [TestMethod]
    public void A_changed_signature_is_noticed() => Assert.AreEqual(100, Run(ask =>
    {
        Issued issued = Ask(ask);
        return issued with
        {
            Token = issued.Token[..^20] + (issued.Token[^20] == 'A' ? 'B' : 'A') + issued.Token[^19..],
        };
    }).Wrong);

    [TestMethod]
    public void The_answer_to_another_visitor_is_noticed() => Assert.AreEqual(100, Run(ask => Ask(ask with
    {
        Visitor = ask.Portal.Contacts.First(contact => contact != ask.Visitor),
    })).MixedUp);

    [TestMethod]
    public void The_answer_to_another_portal_is_noticed() => Assert.AreEqual(100, Run(ask => Ask(ask with
    {
        Portal = loaded.Portals.First(portal => portal != ask.Portal),
    })).MixedUp);

    [TestMethod]
    public void The_answer_to_another_question_is_noticed() =>
        Assert.AreEqual(100, Run(ask => Ask(ask with { Number = ask.Number + 1 })).MixedUp);

    [TestMethod]
    public void A_token_that_is_handed_out_again_is_noticed()
    {
        ConcurrentDictionary<Portal, Issued> first = new();
        Assert.IsGreaterThan(30, Run(ask => first.GetOrAdd(ask.Portal, _ => Ask(ask))).IdsTwice);
    }

    [TestMethod]
    public void A_refusal_is_noticed_and_told()
    {
        LoadResult result = Run(ask => Ask(ask with { Visitor = ask.Visitor with { ContactId = Guid.NewGuid() } }));
        Assert.AreEqual(100, result.Refused);
        StringAssert.StartsWith(result.FirstRefusal, "CHATAUTH1008", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Memory_that_is_kept_is_noticed()
    {
        ConcurrentBag<byte[]> kept = [];
        CollectionAssert.Contains(Run(ask =>
        {
            kept.Add(new byte[100_000]);
            return Ask(ask);
        }).Broken().ToArray(), "memory grows");
    }

    [TestMethod]
    public void A_lock_around_each_token_is_noticed()
    {
        Lock one = new();
        CollectionAssert.Contains(Run(ask =>
        {
            lock (one)
            {
                return Ask(ask);
            }
        }).Broken().ToArray(), "callers wait for one another's locks");
    }

    private static Issued Ask(Ask ask) => Routes.InProcess(loaded.Organization)(ask);

    private static LoadResult Run(Func<Ask, Issued> route, int tokens = 100) =>
        new LoadRun(route, check, loaded.Portals, tokens).Run(tokens / 5, _ => true);
}
