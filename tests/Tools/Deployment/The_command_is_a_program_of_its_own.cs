using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Security;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>The command from the folder that its package is made of, in a process of its own.</summary>
[TestClass]
public sealed class The_command_is_a_program_of_its_own
{
    private static readonly string Program = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "../../chatauth",
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory))));

#pragma warning disable RS0030 // another process goes by the system's clock
    private readonly LocalOrganization organization = new(TimeProvider.System) { ImportDuration = TimeSpan.Zero };
#pragma warning restore RS0030 // another process goes by the system's clock

    [TestMethod]
    public async Task And_carries_no_SDK_of_Dataverse_nor_needs_it()
    {
        Assert.IsFalse(
            Directory.GetFiles(Program)
                .Any(file => Path.GetFileName(file).Contains("Xrm", StringComparison.OrdinalIgnoreCase)));
        await using LocalDataverseServer server = await LocalDataverseServer.StartAsync(organization, 0);
        using TemporaryFolder folder = new();
        LocalUser portal =
            organization.AddApplicationUser("portal", Guid.NewGuid(), "prvReadContact", "prvReadAccount");
        await File.WriteAllTextAsync(folder.File("chatauth.json"), new JsonObject
        {
            ["issuer"] = "contosohelp.com",
            ["callers"] = new JsonObject
            {
                [portal.ApplicationId!.Value.ToString("D")] =
                    new JsonObject { ["contact"] = new JsonObject { ["column"] = "emailaddress1" } },
            },
            ["publish"] = new JsonArray(new JsonObject { ["file"] = "publickey.json", ["local"] = true }),
        }.ToJsonString());
        string[] environment = ["--settings", folder.File("chatauth.json"), "--url", server.Url.AbsoluteUri];

        // Between them they load what plug-in assembly and command share: settings, keys, contracts of the custom APIs.
        await RunAsync("pack", "--out", folder.Path);
        await RunAsync(["deploy", "--dry-run", .. environment]); // ends with 3
        await RunAsync(["deploy", .. environment]);
        await RunAsync(["doctor", .. environment]);
        await RunAsync(["uninstall", "--yes", .. environment]);
        Assert.IsFalse(organization.Rows.Now.All("sdkmessageprocessingstep").Any());
    }

    [TestMethod]
    [DataRow("INT")]
    [DataRow("TERM")]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public async Task And_says_so_where_a_signal_ends_it(string signal)
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(
            folder.File("chatauth.json"), """{ "issuer": "x", "callers": { "powerpages": {} } }""");
        using Process process = Start(
            "keys", "--url", $"http://{silent.LocalEndpoint}", "--settings", folder.File("chatauth.json"));
        using TcpClient asked = await silent.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromMinutes(1));
        using Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        string error = await process.StandardError.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync();
        Assert.AreEqual(
            (130, "interrupted: run it again; nothing is half done"), (process.ExitCode, error.Trim()));
    }

    private Process Start(params string[] arguments)
    {
        string[] words =
        [
            // Who runs the tests in the background hands on that SIGINT is ignored.
            .. OperatingSystem.IsLinux() ? ["env", "--default-signal=INT"] : Array.Empty<string>(),
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            Path.Combine(Program, "chatauth.dll"),
            .. arguments,
        ];
        ProcessStartInfo start = new(words[0], words[1..])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CHATAUTH_ACCESS_TOKEN"] = organization.Administrator.Token;
        return Process.Start(start)!;
    }

    private async Task RunAsync(params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.AreEqual(
            arguments.Contains("--dry-run") ? 3 : 0, process.ExitCode, $"{arguments[0]}: {error}{await output}");
    }
}
