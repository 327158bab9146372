using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using ChatAuth.Publishing;
using ChatAuth.Tokens;
using ChatAuth.Tools.Tests.Network;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>One way in which a command is stopped at one of its requests while another one runs.</summary>
/// <param name="Request">Which request; 1 is the first.</param>
/// <param name="Fault">What breaks the first command there; none holds it until the second one has ended.</param>
/// <param name="Second">The command that follows or overtakes it.</param>
/// <param name="Renews">Whether a changed secure configuration renews the plug-in's instances.</param>
internal sealed record OvertakingCell(int Request, NetworkFault Fault, string Second, bool Renews);

/// <summary>
/// What must hold when a command was broken or held at a request and another one followed or overtook it.
/// </summary>
/// <param name="world">In which they run.</param>
/// <param name="start">What the world is before.</param>
/// <param name="stolen">The kid of the key that is revoked where one of the two revokes: the one that signs.</param>
/// <param name="first">The command that is stopped.</param>
internal sealed class OvertakenCommand(World world, WorldState start, string stolen, string first)
{
    // Codes with which a revocation that is run again says that there is nothing to revoke from any more.
    private static readonly string[] NothingThere = ["CHATAUTH5301", "CHATAUTH5302"];

    private bool isKnown;

    /// <summary>The command line of a command.</summary>
    public static string[] Line(string command, string stolen) => command switch
    {
        "revoke" => ["revoke", stolen, "--force"],
        "rotate" => ["rotate", "--lead", "2h"],
        "uninstall" => ["uninstall", "--yes"],
        _ => [command],
    };

    /// <summary>Runs both, then what is left to run, and looks at the world after each.</summary>
    public async Task CheckAsync(OvertakingCell cell)
    {
        await world.ReturnAsync(start, cell.Renews);
        isKnown = false;
        CommandRun? run = null;
        if (cell.Fault == NetworkFault.None)
        {
            using FaultyNetwork held = world.Network(cell.Request, () => RunWholeAsync(cell.Second, "overtaking"));
            run = await world.RunAsync(held, Line(first, stolen));
            await LookAsync(first, run!, "held");
        }
        else
        {
            using FaultyNetwork broken = world.Network(cell.Request, cell.Fault);
            run = await world.RunAsync(broken, Line(first, stolen));
            isKnown = world.IsRevoked(stolen);
            await RunWholeAsync(cell.Second, "following");
        }

        // One more run brings everything right.
        if (run is not { ExitCode: 0 })
        {
            await RunWholeAsync(first, "once more");
        }

        CommandRun last = await RunWholeAsync("deploy", "at the end");
        Assert.AreEqual(0, last.ExitCode, "at the end: " + last.Error);
    }

    private async Task<CommandRun> RunWholeAsync(string command, string when)
    {
        using FaultyNetwork network = world.Network();
        CommandRun run = (await world.RunAsync(network, Line(command, stolen)))!;
        await LookAsync(command, run, when);
        if (when == "once more" && run.ExitCode != 0)
        {
            Assert.IsTrue(
                command is "revoke" or "rotate" && NothingThere.Contains(run.Codes), $"{command} {when}: {run.Error}");
        }

        return run;
    }

    // Looks at the world when a command has ended: what it said is so, and what is revoked is nowhere.
    private async Task LookAsync(string command, CommandRun run, string when)
    {
        string label = $"{command}, {when}, exit {run.ExitCode}: ";
        isKnown |= world.IsRevoked(stolen) || (command == "revoke" && run.ExitCode == 0);
        Assert.AreEqual(run.ExitCode == 0, run.Codes.Length == 0, label + run.Error);
        Assert.DoesNotContain("CHATAUTH4999", run.Codes, label + run.Error);
        Assert.IsTrue(
            world.Moments.Count <= 1 && world.Moments.All(entry => entry.Until <= world.Now + 600),
            label + "an entry for a moment does not end");
        if (isKnown)
        {
            await EnsureGoneAsync(label + run.Error);
        }

        switch (command, run.ExitCode)
        {
            case ("uninstall", 0):
                Assert.IsFalse(world.IsInstalled, label + "rows are left");
                Assert.IsEmpty(Thumbprints(), label + "keys are left");
                break;
            case ("deploy" or "rotate", 0):
                Assert.AreEqual(
                    world.Keys?.SigningKeyAt(world.Now)?.KeyId, await world.AskAsync(), label + "another key signs");
                break;
        }
    }

    private async Task EnsureGoneAsync(string label)
    {
        Assert.DoesNotContain(stolen, Thumbprints(), label + "a target has the revoked key");
        Assert.IsTrue(world.Keys?.Keys.All(key => key.KeyId != stolen) ?? true, label + "the row has the revoked key");
        try
        {
            string token = await world.IssueAsync();
            Assert.AreNotEqual(stolen, Token.Parse(token).Header["kid"]!.Text, label + "a token has it");
        }
        catch (CommandException)
        {
            // None is issued.
        }
    }

    private List<string> Thumbprints() =>
        [.. world.Held().SelectMany(text => PublicKeys.Parse(text).All).Select(key => key.Thumbprint)];
}
