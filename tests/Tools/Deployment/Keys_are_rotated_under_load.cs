using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Tokens;
using ChatAuth.Tools.Tests.Network;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

[TestClass]
public sealed class Keys_are_rotated_under_load : IDisposable
{
    private const int Callers = 16;

    // How long the chat service of this test keeps the keys it has read.
    private const long CacheLifetime = 2;

    // The clock moves in steps far below every span that matters here, as fast as the callers let it.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly World world = new();
    private readonly CancellationTokenSource end = new();
    private readonly ConcurrentDictionary<long, Lazy<Task<IReadOnlyList<VerificationKey>>>> cache = new();
    private readonly ConcurrentDictionary<string, int> accepted = new(StringComparer.Ordinal);

    public TestContext TestContext { get; set; } = null!;

    public void Dispose()
    {
        world.Dispose();
        end.Dispose();
    }

    [TestMethod]
    public async Task Every_token_verifies_with_keys_that_are_two_seconds_old()
    {
        using FaultyNetwork network = world.Network();
        Assert.AreEqual(0, (await world.RunAsync(network, "deploy"))!.ExitCode);
        string before = await world.AskAsync();
        Task load =
            Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(CallAsync)).Append(Task.Run(PassAsync)));
        try
        {
            CommandRun rotation =
                (await world.RunAsync(network, skipsWaiting: false, ["rotate", "--lead", "5s", "--force"]))!;
            Assert.AreEqual(0, rotation.ExitCode, rotation.Error);
            for (long until = world.Now + 10; world.Now < until && !load.IsCompleted;)
            {
                await Task.Delay(10, TestContext.CancellationToken);
            }
        }
        finally
        {
            await end.CancelAsync();
            await load;
        }

        TestContext.WriteLine(
            $"{Callers} callers, {accepted.Values.Sum()} tokens "
                + $"({string.Join(", ", accepted.Select(a => $"{a.Value} by {a.Key}"))}), keys read {cache.Count} "
                + "times");
        CollectionAssert.AreEquivalent(world.Keys!.Keys.Select(key => key.KeyId).ToArray(), accepted.Keys.ToArray());
        Assert.AreEqual((2, true), (accepted.Count, accepted.ContainsKey(before)));
        Assert.IsGreaterThanOrEqualTo(5, cache.Count);
    }

    private async Task CallAsync()
    {
        while (!end.IsCancellationRequested)
        {
            string token = await world.IssueAsync();
            IReadOnlyList<VerificationKey> keys =
                await cache.GetOrAdd(world.Now / CacheLifetime, _ => new(world.ServedAsync)).Value;
            accepted.AddOrUpdate(world.Verify(token, keys), 1, (_, count) => count + 1);
        }
    }

    private async Task PassAsync()
    {
        while (!end.IsCancellationRequested)
        {
            world.Move(Step);
            await Task.Delay(1, CancellationToken.None);
        }
    }
}
