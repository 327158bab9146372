using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Security;

/// <summary>
/// 64 threads ask for tokens on one cached plug-in instance while an administrator changes its step and its keys.
/// </summary>
[TestClass]
public sealed class Sixty_four_threads
{
    private const int Threads = 64;
    private const int Rounds = 2;

    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = true)]
    public async Task Get_a_valid_token_or_a_coded_refusal_each_time()
    {
        var settings = Asker.Settings("\"parameter\"");
        using IssuingOrganization organization = new(settings);
        var portal = Asker.AddTo(organization.Local)["portal"].User;
        Claim.AddTo(organization.Local);
        Action[] changes =
        [
            () => organization.Store(organization.Keys(IssuingOrganization.Key("second"))),
            () => organization.Configure(settings[..^2]),
            () => organization.Configure(settings),
            () => organization.Store(null),
            () => organization.Store(organization.Keys(IssuingOrganization.Key("first"))),
        ];
        ConcurrentBag<(string? Code, string? KeyId)> answers = [];
        var answered = 0;
        using CancellationTokenSource changed = new();
        var asking =
            Enumerable.Range(0, Threads).Select(number => Start(() => Ask(number % 2 == 0 ? "A" : "B"))).ToArray();
        var changing = Start(Change);
        await Task.WhenAll(asking);
        await changing;

        CollectionAssert.AreEquivalent(
            new (string?, string?)[] { (null, "first"), (null, "second"), ("2002", null), ("3001", null) },
            answers.Distinct().ToArray());

        void Ask(string letter)
        {
            while (!changed.IsCancellationRequested)
            {
                var reply =
                    organization.AskAsync(portal, Claim.All[letter + "'s id"].Parameters).GetAwaiter().GetResult();
                Assert.AreEqual(letter, reply.Code == null ? Claim.LetterOf(organization.Subject(reply.Text)) : letter);
                answers.Add(
                    (reply.Code,
                        reply.Code == null ? ChatAuth.Tokens.Token.Parse(reply.Text).Header["kid"]!.Text : null));
                Interlocked.Increment(ref answered);
            }
        }

        // Each change is met by a call that began after it: one answer more than there are threads.
        void Change()
        {
            foreach (var change in Enumerable.Repeat(changes, Rounds).SelectMany(round => round))
            {
                change();
                var enough = Volatile.Read(ref answered) + Threads + 1;
                while (Volatile.Read(ref answered) < enough && !asking.All(thread => thread.IsCompleted))
                {
                    Thread.Sleep(1);
                }
            }

            changed.Cancel();
        }
    }

    private static Task Start(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
