using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;
using ChatAuth.Pack;
using ChatAuth.Tokens;
using ChatAuth.Tools.Tests.Network;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Probing;

/// <summary>
/// A sandbox: an organization without sockets in which the solution is imported, a portal, and somebody who probes.
/// </summary>
internal sealed class ProbeWorld : IDisposable
{
    private static readonly Uri Environment = new("https://contoso.crm.dynamics.com");
    private static readonly Guid Bert = new("87b4d06c-abc2-e811-a9b0-000d3a10e09e");

    // Made once: it takes a third of a second. Deploy has another one, or a token by the probe's key would verify.
    private static RSAParameters ProbeKey => PreparedKeys.At(80);
    private static RSAParameters DeployKey => PreparedKeys.At(81);

    private readonly MovableClock clock =
        new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero)) { MovesByItself = true };
    private readonly TemporaryFolder folder = new();
    private readonly DataverseHost dataverse;
    private readonly LocalUser portal;

    /// <summary>A sandbox.</summary>
    public ProbeWorld()
    {
        Organization = new LocalOrganization(clock);
        dataverse = new DataverseHost(Organization);
        Hosts.Add(Environment.Host, dataverse);
        Organization.AddRow("contact", Bert, ("firstname", "Bert"), ("lastname", "Hair"));
        portal = Organization.AddApplicationUser("portal", Guid.NewGuid(), "prvReadContact", "prvReadAccount");
        Prober = Organization.AddApplicationAdministrator("prober", Guid.NewGuid());
        Empty = Dump();
        Organization.Imports.Start(SolutionPackage.Product().Pack(managed: true));
        clock.Move(Organization.ImportDuration);
        Organization.Imports.Settle();
        Imported = Organization.Rows.Now;
    }

    /// <summary>Its organization.</summary>
    public LocalOrganization Organization { get; }

    /// <summary>As whom commands run.</summary>
    public LocalUser Prober { get; set; }

    /// <summary>The hosts of its network.</summary>
    public Hosts Hosts { get; } = new();

    /// <summary>The rows after the import.</summary>
    public RowSnapshot Imported { get; set; }

    /// <summary>All rows before the import.</summary>
    public IReadOnlyList<string> Empty { get; }

    /// <summary>Rows as lines, but for what Dataverse keeps of each import.</summary>
    public IReadOnlyList<string> Dump(RowSnapshot? moment = null) =>
    [
        .. (moment ?? Organization.Rows.Now).Tables.Where(
            t => t.Key is not ("asyncoperation" or "importjob" or "publisher")).SelectMany(t => t.Value.Values)
            .Select(r => $"{r.Table} " + string.Join(' ', r.Values
                .Where(v => v.Key is not ("installedon" or "modifiedon"))
                .OrderBy(v => v.Key, StringComparer.Ordinal)
                .Select(v => $"{v.Key}={Plain(v.Value)}")))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>
    /// Puts the rows in place as they were at another moment; an import that is under way ends before.
    /// </summary>
    public void Return(RowSnapshot moment)
    {
        clock.Move(Organization.ImportDuration);
        Organization.Imports.Settle();
        Organization.Rows.Return(moment);
        if (!moment.All("sdkmessageprocessingstepsecureconfig").Any())
        {
            File.Delete(folder.File("publickey.json")); // its keys went with the row
        }
    }

    /// <summary>Ensures that the rows are those of a moment.</summary>
    public void AssertRows(IReadOnlyList<string> expected, string when) =>
        Assert.AreEqual(string.Join('\n', expected), string.Join('\n', Dump()), when);

    /// <summary>Runs probe until it ends or its process dies.</summary>
    public Task<CommandRun?> ProbeAsync(FaultyNetwork network, params string[] options) =>
        RunAsync(network, ProbeKey, CancellationToken.None, ["probe", .. options]);

    /// <summary>Runs probe; it must end as expected.</summary>
    public async Task<CommandRun> ProbeAsync(int exitCode, params string[] options)
    {
        using FaultyNetwork network = new(Hosts);
        CommandRun run = (await ProbeAsync(network, options))!;
        Assert.AreEqual(exitCode, run.ExitCode, run.Error);
        return run;
    }

    /// <summary>Runs probe until somebody presses Ctrl+C.</summary>
    public async Task<CommandRun> ProbeAsync(FaultyNetwork network, CancellationToken cancellation) =>
        (await RunAsync(network, ProbeKey, cancellation, "probe", "--trace"))!;

    /// <summary>Deploys, with a file as target.</summary>
    public Task DeployAsync() => SettledAsync("deploy");

    /// <summary>Removes ChatAuth.</summary>
    public Task UninstallAsync() => SettledAsync("uninstall", "--yes");

    /// <summary>Asks for a token as the portal does.</summary>
    /// <param name="refusalIsFine">Whether no token is as good as one that verifies.</param>
    /// <returns>Null when it verifies with what deploy published, or is refused; what is wrong otherwise.</returns>
    public async Task<string?> AskAsync(bool refusalIsFine = true)
    {
        try
        {
            using WebApi api = new(Environment, portal.Token, clock, Hosts);
            Token token = Token.Parse(await ChatTokens.IssueAsync(api, Bert, null, CancellationToken.None));
            TokenVerification.Verify(
                token,
                PublicKeys.Parse(await File.ReadAllTextAsync(folder.File("publickey.json"))).Keys,
                clock.GetUtcNow());
            return null;
        }
        catch (CommandException refusal) when (
            refusalIsFine && refusal.Errors[0].Code is "CHATAUTH1002" or "CHATAUTH5005"
                or "CHATAUTH3002" or "CHATAUTH3009")
        {
            return null;
        }
        catch (CommandException wrong)
        {
            return wrong.Errors[0].ToString();
        }
    }

    /// <summary>What chatauth_GetPublicKeys answers.</summary>
    public async Task<string> ServedAsync()
    {
        using WebApi api = new(Environment, portal.Token, clock, Hosts);
        return await ChatTokens.PublicKeysAsync(api, "KeySet", CancellationToken.None);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Hosts.Dispose();
        dataverse.Dispose();
        folder.Dispose();
    }

    private async Task SettledAsync(params string[] args)
    {
        JsonObject settings = new()
        {
            ["issuer"] = "contosohelp.com",
            ["callers"] = new JsonObject
            {
                [portal.ApplicationId!.Value.ToString("D", CultureInfo.InvariantCulture)] =
                    new JsonObject { ["contact"] = "parameter" },
            },
            ["publish"] = new JsonArray(new JsonObject { ["file"] = "publickey.json", ["local"] = true }),
        };
        await File.WriteAllTextAsync(folder.File("chatauth.json"), settings.ToJsonString());
        using FaultyNetwork network = new(Hosts);
        CommandRun run = (
            await RunAsync(
                network, DeployKey, CancellationToken.None, [.. args, "--settings", folder.File("chatauth.json")]))!;
        Assert.AreEqual(0, run.ExitCode, run.Error);
    }

    private async Task<CommandRun?> RunAsync(
        FaultyNetwork network, RSAParameters key, CancellationToken cancellation, params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        CommandHost terminal = new(output, error, TextReader.Null, clock)
        {
            Environment = name => name == "CHATAUTH_ACCESS_TOKEN" ? Prober.Token : null,
            Network = network,
            NewKey = _ => key,
        };
        Task<int> run = Program.RunAsync([.. args, "--url", Environment.AbsoluteUri], terminal, cancellation);
        return await Task.WhenAny(run, network.Died) == run
            ? new CommandRun(await run, output.ToString(), error.ToString())
            : null;
    }

    private static string Plain(object value) => value switch
    {
        OptionSetValue choice => choice.Value.ToString(CultureInfo.InvariantCulture),
        EntityReference reference => reference.Id.ToString(),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
