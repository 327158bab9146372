using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using ChatAuth.Tokens;
using ChatAuth.Tools.Tests.Network;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

[TestClass]
public sealed class Attack
{
    [TestMethod]
    [DataRow(WorldPlace.File, false)]
    [DataRow(WorldPlace.File, true)]
    public async Task Two_revocations_of_two_keys(object place, bool renews)
    {
        using World world = new((WorldPlace)place);
        await world.DoAsync("deploy");
        world.Move(TimeSpan.FromDays(1));
        await world.DoAsync("rotate", "--lead", "0s", "--force");
        world.Move(TimeSpan.FromHours(1));
        await world.DoAsync("rotate", "--lead", "0s", "--force");
        world.Move(TimeSpan.FromHours(1));
        string[] kids = [.. world.Keys!.Keys.Select(key => key.KeyId)];
        Assert.HasCount(3, kids);
        WorldState start = world.Save();
        IReadOnlyList<string> requests = await world.DoAsync("revoke", kids[0]);
        List<string> broken = [];
        foreach ((string first, string second) in new[] { (kids[0], kids[1]), (kids[2], kids[0]), (kids[0], kids[2]) })
        {
            foreach (NetworkFault fault in new[] { NetworkFault.None, NetworkFault.BreaksBefore, NetworkFault.Abandoned })
            {
                for (int i = 1; i <= requests.Count; i++)
                {
                    await world.ReturnAsync(start, renews);
                    CommandRun? one = null;
                    CommandRun? other = null;
                    async Task OtherAsync()
                    {
                        using FaultyNetwork free = world.Network();
                        other = await world.RunAsync(free, "revoke", second, "--force");
                    }

                    if (fault == NetworkFault.None)
                    {
                        using FaultyNetwork held = world.Network(i, OtherAsync);
                        one = await world.RunAsync(held, "revoke", first, "--force");
                    }
                    else
                    {
                        using FaultyNetwork bad = world.Network(i, fault);
                        one = await world.RunAsync(bad, "revoke", first, "--force");
                        await OtherAsync();
                    }

                    string[] gone =
                    [
                        .. one is { ExitCode: 0 } || world.IsRevoked(first) ? [first] : Array.Empty<string>(),
                        .. other is { ExitCode: 0 } || world.IsRevoked(second) ? [second] : Array.Empty<string>(),
                    ];
                    string[] held2 =
                        [.. world.Held().SelectMany(text => PublicKeys.Parse(text).All).Select(key => key.Thumbprint)];
                    foreach (string kid in gone)
                    {
                        bool inRow = world.Keys!.Keys.Any(key => key.KeyId == kid);
                        if (held2.Contains(kid) || inRow)
                        {
                            broken.Add($"{Array.IndexOf(kids, first)}/{Array.IndexOf(kids, second)} {fault} {i} {requests[i - 1][..40]}: {one?.ExitCode} {other?.ExitCode} {Array.IndexOf(kids, kid)} held {held2.Contains(kid)} row {inRow} {one?.Codes} {other?.Codes}");
                        }
                    }

                    if (fault == NetworkFault.None && (one!.ExitCode != 0 || other?.ExitCode is not (0 or null)))
                    {
                        broken.Add($"exit {Array.IndexOf(kids, first)}/{Array.IndexOf(kids, second)} {i}: {one.ExitCode} {one.Codes} {other?.ExitCode} {other?.Codes} {one.Error} {other?.Error}");
                    }

                    await world.DoAsync("deploy");
                    foreach (string kid in gone)
                    {
                        if (world.Keys!.Keys.Any(key => key.KeyId == kid) || world.Keys.Revoked.All(key => key.KeyId != kid))
                        {
                            broken.Add($"at the end {i} {Array.IndexOf(kids, kid)}");
                        }
                    }
                }
            }
        }

        Assert.IsEmpty(broken, $"{broken.Count} " + string.Join('\n', broken.Take(12)));
    }

    [TestMethod]
    [DataRow("rotate", "--lead", "2h")]
    [DataRow("rotate", "--until", "published")]
    [DataRow("deploy", "--timeout", "20m")]
    [DataRow("deploy", "--until", "published")]
    public async Task The_pending_key_is_revoked(string command, string option, string value)
    {
        using World world = new(WorldPlace.File);
        await world.DoAsync("deploy");
        world.Move(TimeSpan.FromDays(1));
        using (FaultyNetwork killed = world.Network(20, NetworkFault.Abandoned))
        {
            await world.RunAsync(killed, "rotate");
        }

        Assert.HasCount(2, world.Keys!.Keys);
        string pending = world.Keys.Keys[1].KeyId;
        WorldState start = world.Save();
        IReadOnlyList<string> requests = await world.DoAsync(command, option, value);
        List<string> broken = [];
        for (int i = 1; i <= requests.Count; i++)
        {
            foreach (string stolen in new[] { pending, world.Keys.Keys[0].KeyId })
            {
                await world.ReturnAsync(start, false);
                string old = world.Keys.Keys[0].KeyId;
                string gone = stolen == pending ? pending : old;
                CommandRun? other = null;
                using FaultyNetwork held = world.Network(i, async () =>
                {
                    using FaultyNetwork free = world.Network();
                    other = await world.RunAsync(free, "revoke", gone, "--force");
                });
                CommandRun one = (await world.RunAsync(held, command, option, value))!;
                string[] texts = [.. world.Held().SelectMany(text => PublicKeys.Parse(text).All).Select(key => key.Thumbprint)];
                if (other!.ExitCode != 0 || one.Codes.Contains("4999", StringComparison.Ordinal) || texts.Contains(gone) || world.Keys.Keys.Any(key => key.KeyId == gone))
                {
                    broken.Add($"{i} {requests[i - 1][..30]} {(gone == pending ? "pending" : "old")}: {one.ExitCode} {one.Codes} / {other.ExitCode} {other.Codes} held {texts.Contains(gone)} {other.Error}");
                }

                CommandRun last = (await world.RunAsync(world.Network(), "deploy"))!;
                string asked = await world.AskAsync();
                if (last.ExitCode != 0 || asked == gone)
                {
                    broken.Add($"end {i} {last.Codes} {last.Error} {asked}");
                }
            }
        }

        Assert.IsEmpty(broken, $"{broken.Count} of {requests.Count} " + string.Join('\n', broken.Take(12)));
    }
}
