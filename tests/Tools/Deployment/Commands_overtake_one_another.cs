using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using ChatAuth.Tokens;
using ChatAuth.Tools.Tests.Network;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>
/// A command is stopped at each of its requests, and another one follows or overtakes it: one cell for each of both and
/// place. <c>tests/Overtaking</c> runs all of them, also where keys are published on a site.
/// </summary>
[TestClass]
[CICondition(ConditionMode.Include, IgnoreMessage = Sweep.Reason)]
public sealed class Commands_overtake_one_another
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("deploy")]
    [DataRow("rotate")]
    [DataRow("revoke")]
    [DataRow("uninstall")]
    public async Task And_no_revoked_key_comes_back(string first)
    {
        OvertakingResult result = await new OvertakingMatrix(first, WorldPlace.File).RunAsync(isWhole: false);
        TestContext.WriteLine($"{first}: {result.Requests} requests, {result.Cells} cells");
        Assert.IsGreaterThan(40, result.Cells);
        Assert.IsEmpty(result.Broken, string.Join('\n', result.Broken.Take(10)));
    }

    [TestMethod]
    [DataRow(0, 2)]
    [DataRow(2, 0)]
    public async Task And_two_revocations_lose_neither_key(int first, int second)
    {
        using World world = new();
        await world.DoAsync("deploy");
        for (int i = 0; i < 2; i++)
        {
            world.Move(TimeSpan.FromHours(1));
            await world.DoAsync("rotate", "--lead", "0s", "--force");
        }

        world.Move(TimeSpan.FromHours(1));
        string[] keys = [.. world.Keys!.Keys.Select(key => key.KeyId)];
        Assert.HasCount(3, keys);
        await MeetAsync(world, ["revoke", keys[first], "--force"], keys[second], keys[first]);
    }

    [TestMethod]
    [DataRow("rotate", "--lead", "2h")]
    [DataRow("rotate", "--until", "published")]
    [DataRow("deploy", "--until", "published")]
    public async Task And_a_pending_key_that_is_revoked_meanwhile_never_signs(params string[] held)
    {
        using World world = new();
        await world.DoAsync("deploy");
        world.Move(TimeSpan.FromDays(1));
        await world.DoAsync("rotate", "--until", "published");
        await MeetAsync(world, held, world.Keys!.Keys[^1].KeyId);
    }

    [TestMethod]
    [DataRow("deploy", nameof(WorldPlace.File), "")]
    [DataRow("rotate", nameof(WorldPlace.File), "")]
    [DataRow("deploy", nameof(WorldPlace.WebFile), "filecontent")]
    public async Task And_a_key_that_is_revoked_meanwhile_is_not_published_again(
        string held, string place, string part)
    {
        using World world = new(Enum.Parse<WorldPlace>(place));
        await world.DoAsync("deploy");
        world.Move(TimeSpan.FromDays(1));
        await world.DoAsync("rotate", "--lead", "0s", "--force");
        world.Move(TimeSpan.FromHours(1));
        string stolen = world.Keys!.SigningKeyAt(world.Now)!.KeyId;

        // The steps are touched for a pending key that no target has yet: there is something to publish.
        WorldState before = world.Save();
        IReadOnlyList<string> rotation = await world.DoAsync("rotate", "--until", "published");
        int last = rotation.Index().Last(request => request.Item.Contains(
            "PATCH https://contoso.crm.dynamics.com/api/data/v9.2/sdkmessageprocessingsteps", StringComparison.Ordinal))
            .Index;
        await world.ReturnAsync(before, secureConfigurationRenews: false);
        using (FaultyNetwork killed = world.Network(last + 2, NetworkFault.Abandoned))
        {
            await world.RunAsync(killed, "rotate", "--until", "published");
        }

        WorldState start = world.Save();
        IReadOnlyList<string> requests = await world.DoAsync(held);
        foreach (int request in requests.Index().Where(
            each => each.Item.Contains(part, StringComparison.Ordinal)).Select(each => each.Index + 1))
        {
            await world.ReturnAsync(start, secureConfigurationRenews: false);
            CommandRun run = await MeetAsync(world, [held], async number =>
            {
                if (number == request)
                {
                    await world.DoAsync("revoke", stolen, "--force");
                }
                else if (number > request && part.Length == 0)
                {
                    Assert.DoesNotContain(stolen, Served(world), $"held at {requests[request - 1]}");
                }
            });
            Assert.DoesNotContain(stolen, Served(world), $"held at {requests[request - 1]}: {run.Error}");
        }
    }

    private static IReadOnlyList<string> Served(World world) =>
        [.. world.Held().SelectMany(text => PublicKeys.Parse(text).All).Select(key => key.Thumbprint)];

    private static async Task<CommandRun> MeetAsync(World world, string[] held, Func<int, Task> arrives)
    {
        using FaultyNetwork network = world.Network(arrives);
        return (await world.RunAsync(network, held))!;
    }

    // Holds a command at each of its requests until a key is revoked; then no place has a key that is.
    private static async Task MeetAsync(World world, string[] held, string stolen, params string[] alsoGone)
    {
        WorldState start = world.Save();
        IReadOnlyList<string> requests = await world.DoAsync(held);
        foreach ((int index, string request) in requests.Index())
        {
            await world.ReturnAsync(start, secureConfigurationRenews: false);
            CommandRun run = await MeetAsync(world, held, number =>
                number == index + 1 ? world.DoAsync("revoke", stolen, "--force") : Task.CompletedTask);
            Assert.IsTrue(run.ExitCode == 0 || alsoGone.Length == 0, request + run.Error);
            Assert.DoesNotContain("CHATAUTH4999", run.Codes, request);
            foreach (string gone in alsoGone.Append(stolen))
            {
                Assert.DoesNotContain(gone, Served(world), request);
                Assert.IsTrue(world.Keys!.Keys.All(key => key.KeyId != gone), request);
                Assert.IsTrue(world.Keys.Revoked.Any(key => key.KeyId == gone), request);
                await world.DoAsync("deploy");
                Assert.AreNotEqual(gone, await world.AskAsync(), request);
            }
        }
    }
}
