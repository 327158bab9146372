using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using ChatAuth.Plugins.Jose;
using ChatAuth.Tools.Tests.Network;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>What must hold after a command met a fault, whatever it was and wherever it came.</summary>
/// <param name="world">In which the command runs.</param>
/// <param name="start">What the world is before it.</param>
/// <param name="args">The command line.</param>
internal sealed class CrashedCommand(World world, WorldState start, string[] args)
{
    // The plug-in's code when no key of the row may sign.
    private const string NoSigningKey = "CHATAUTH3008";

    // Dates further away are the ends of keys, not something that the command left pending.
    private static readonly TimeSpan Pending = TimeSpan.FromDays(30);

    private readonly HashSet<string> signed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> ends = new(StringComparer.Ordinal);

    /// <summary>Runs the command with the fault, lets time pass, runs it again.</summary>
    /// <param name="cell">Which fault, and when it is run again.</param>
    public async Task CheckAsync(Cell cell)
    {
        await world.ReturnAsync(start, cell.Renews);
        signed.Clear();
        ends.Clear();
        NoteKeys();
        CommandRun? run = await RunWatchedAsync(cell.Request, cell.Fault);
        Assert.AreEqual(cell.Fault == NetworkFault.Abandoned, run == null);
        if (run is { ExitCode: not 0 })
        {
            Assert.AreNotEqual(string.Empty, run.Codes, run.Error);
            Assert.DoesNotContain("CHATAUTH4999", run.Codes, run.Error);
            Assert.IsTrue(cell.Fault is NetworkFault.BreaksBefore or NetworkFault.BreaksAfter,
                "a busy server was not waited for: " + run.Error);
        }

        // Every token verifies with what the target serves at that moment, or there is none.
        NoteKeys();
        await AskAsync();
        foreach (long date in cell.Later ? PendingDates() : [])
        {
            world.Move(TimeSpan.FromSeconds(date - world.Now));
            await AskAsync();
            world.Move(TimeSpan.FromSeconds(1));
            await AskAsync();
        }

        CommandRun again = (await RunWatchedAsync(0, NetworkFault.None))!;
        Assert.AreEqual(0, again.ExitCode, "run again: " + again.Error);
        Assert.IsNotNull(world.Keys!.SigningKeyAt(world.Now), "after it was run again no key signs");
        Assert.AreEqual(world.Keys.SigningKeyAt(world.Now)!.KeyId, await AskAsync(), "after it was run again");
        world.EnsurePortal();
        foreach (long date in PendingDates())
        {
            world.Move(TimeSpan.FromSeconds(date - world.Now));
            string answer = await AskAsync();
            Assert.AreEqual(
                world.Keys.SigningKeyAt(world.Now)?.KeyId ?? NoSigningKey, answer, "at a date that was pending");
        }

        // One row, and no key lost: World.Keys is of the only row.
        foreach ((string lost, long end) in ends.Where(key => world.Keys.Keys.All(kept => kept.KeyId != key.Key)))
        {
            Assert.IsTrue(
                args.Contains(lost) || end <= world.Now || !signed.Contains(lost), $"the key {lost} was lost");
        }
    }

    // A visitor comes after every change, so a cached instance of the plug-in has read what was there then.
    private async Task<CommandRun?> RunWatchedAsync(int faulty, NetworkFault fault)
    {
        List<string> refused = [];
        using FaultyNetwork network = world.Network(faulty, fault);
        network.Watch = async () =>
        {
            try
            {
                await AskAsync();
            }
            catch (CommandException exception)
            {
                refused.Add(exception.Errors[0].ToString());
            }
        };
        CommandRun? run = await world.RunAsync(network, args);
        Assert.IsEmpty(refused, "while it ran: " + string.Join(' ', refused));
        return run;
    }

    private void NoteKeys()
    {
        foreach (Jwk key in world.Keys?.Keys ?? [])
        {
            ends[key.KeyId] = key.ExpiresAt;
        }
    }

    private long[] PendingDates() => [.. (world.Keys?.Keys ?? [])
        .SelectMany(key => new[] { key.NotBefore, key.ExpiresAt })
        .Where(date => date > world.Now && date < world.Now + (long)Pending.TotalSeconds)
        .Distinct().Order()];

    // A revoked key is unpublished before a cached instance ends: what it signs in between nobody accepts.
    private async Task<string> AskAsync()
    {
        string answer = await world.AskAsync(unpublished: args is ["revoke", var keyId, ..] ? keyId : null);
        signed.Add(answer);
        return answer;
    }
}
