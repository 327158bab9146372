using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Azure.Core;
using Azure.Identity;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.Tools.Tests.Network;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.SignIn;

/// <summary>
/// An environment that takes no tokens but those of a tenant, and commands that have to sign in there; base of the test
/// classes.
/// </summary>
#pragma warning disable CA1001 // the clean-up after each test disposes what it owns
public abstract class SignedIn
#pragma warning restore CA1001
{
    // Of each test another one: MSAL keeps the tokens of managed identities by environment for as long as a process
    // runs.
    private readonly string host = $"{Guid.NewGuid():N}.crm.dynamics.com";

    private Hosts? hosts;
    private TemporaryFolder? folder;

    internal string Url => "https://" + host;

    internal LocalOrganization Organization { get; private set; } = null!;

    internal LocalUser Pipeline { get; private set; } = null!;

    internal EntraStandIn Entra { get; private set; } = null!;

    /// <summary>Makes the tokens that the tenant issues.</summary>
    internal Func<string> Issue { get; set; } = null!;

    internal Hosts Hosts => hosts!;

    internal TemporaryFolder Folder => folder!;

    internal string Tenant => Organization.TenantId.ToString("D");

    internal string Application => Pipeline.ApplicationId!.Value.ToString("D");

    /// <summary>The environment variables of the commands.</summary>
    internal Dictionary<string, string> Variables { get; } = [];

    [TestInitialize]
    public void Start()
    {
        folder = new TemporaryFolder();
        Organization = new LocalOrganization(Clock);
        Pipeline = Organization.AddApplicationAdministrator("pipeline", Guid.NewGuid());
        Entra = new EntraStandIn(Organization.TenantId, Pipeline.ApplicationId!.Value, Url, () => Issue());
        Issue = () => Organization.NewToken(Pipeline, TimeSpan.FromHours(1));
        hosts = new Hosts().Add(host, new DataverseHost(Organization)).Add(EntraStandIn.Host, Entra).Add(
            EntraStandIn.MachineHost, Entra);
        File.WriteAllText(folder.File("chatauth.json"),
            """{"issuer":"contosohelp.com","callers":{"6f0c1f0e-0000-0000-0000-000000000001":{}}}""");
    }

    [TestCleanup]
    public void Stop()
    {
        hosts!.Dispose();
        folder!.Dispose();
    }

    /// <summary>The time of the environment and of the commands.</summary>
    internal MovableClock Clock { get; } =
        new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero)) { MovesByItself = true };

    /// <summary>
    /// Runs chatauth keys: it says that nothing is deployed, which only someone who has signed in can read.
    /// </summary>
    internal Task<CommandRun> RunAsync(params string[] options) => RunAsync(null, options);

    /// <inheritdoc cref="RunAsync(string[])"/>
    internal Task<CommandRun> RunAsync(Func<InteractiveBrowserCredentialOptions, TokenCredential>? browser,
        params string[] options) => CommandRun.OfAsync(
        ["keys", "--settings", Folder.File("chatauth.json"), .. options],
        clock: Clock,
        environment: name => Variables.GetValueOrDefault(name),
        network: Hosts,
        browser: browser);

    /// <summary>Runs chatauth keys, which must end with one line that shows no secret.</summary>
    internal async Task<string> FailAsync(string code, params string[] options)
    {
        CommandRun run = await RunAsync(options);
        Assert.AreEqual(code, run.Codes, run.Error);
        Assert.AreEqual(1, run.ExitCode);
        Assert.HasCount(1, run.Error.Trim().Split('\n'));
        foreach (string secret in (string[])[Given.Secret, Given.Password, Entra.Secret ?? Given.Secret])
        {
            Assert.DoesNotContain(secret, run.Out + run.Error);
        }

        return run.Error;
    }

    /// <summary>Runs chatauth keys, which must have have been let in.</summary>
    internal async Task<CommandRun> EnterAsync(params string[] options)
    {
        CommandRun run = await RunAsync(options);
        Assert.AreEqual("CHATAUTH5301", run.Codes, run.Error);
        return run;
    }
}

/// <summary>Secrets that are given where they are wrong.</summary>
internal static class Given
{
    /// <summary>A client secret.</summary>
    public const string Secret = "wr0ng~s3cret";

    /// <summary>A password.</summary>
    public const string Password = "hunter2-hunter2";
}
