using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Pipelines;

/// <summary>
/// Runs a command of chatauth for the shell: arguments and environment variables; relative paths are absolute already.
/// </summary>
internal delegate Task<CommandRun> RunCommand(string[] args, Func<string, string?> environment);

/// <summary>A bash that runs a pipeline's scripts, each chatauth in them inside the test.</summary>
/// <remarks>
/// To make and to install the tool is not tried here, as it takes half a minute: dotnet is a stand-in that knows the
/// two command lines which do it, and what it installs hands each call to the test. <c>.ci/run</c> runs the two.
/// </remarks>
internal sealed class Shell : IAsyncDisposable
{
    // Options whose value is a path: the test has another working folder than the script.
    private static readonly string[] PathOptions = ["--settings", "--out"];

    private const string Tool = """
        #!/usr/bin/env bash
        set -euo pipefail
        call=$(mktemp -d -p "$CALLS")
        { printf '%s\0' "$call" "$PWD" "$#" "$@"; env -0; } > "$call/request"
        code=$(curl -sS --data-binary @"$call/request" -H 'Content-Type: application/octet-stream' "$SHELL_UNDER_TEST")
        cat "$call/out"
        cat "$call/error" >&2
        exit "$code"
        """;

    private const string Dotnet = """
        #!/usr/bin/env bash
        set -euo pipefail
        case "$*" in
          "pack tools/chatauth --output drop -p:RestoreLockedMode=true")
            mkdir -p drop && echo package > drop/ChatAuth.0.1.0.nupkg ;;
          "tool install ChatAuth --tool-path .chatauth --source drop --version 0.1.0")
            test -f drop/ChatAuth.0.1.0.nupkg && mkdir .chatauth && cp "$TOOL" .chatauth/chatauth ;;
          *) echo "unknown: dotnet $*" >&2; exit 1 ;;
        esac
        """;

    private readonly TemporaryFolder folder = new();
    private readonly WebApplication application;
    private readonly RunCommand run;

    private Shell(RunCommand run)
    {
        this.run = run;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        application = builder.Build();
        application.Run(AnswerAsync);
    }

    /// <summary>What the last script wrote to stderr.</summary>
    public string Error { get; private set; } = string.Empty;

    /// <summary>Starts one; the test is inconclusive where there is no bash.</summary>
    public static async Task<Shell> StartAsync(RunCommand run)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("The pipelines' scripts are bash.");
        }

        Shell shell = new(run);
        await shell.application.StartAsync();
        Directory.CreateDirectory(shell.folder.File("bin"));
        Directory.CreateDirectory(shell.folder.File("calls"));
        shell.WriteProgram("bin/dotnet", Dotnet);
        shell.WriteProgram("tool", Tool);
        return shell;
    }

    /// <summary>Runs a script as the pipeline's agent does; its exit code.</summary>
    /// <param name="script">The script.</param>
    /// <param name="workspace">The job's working folder.</param>
    /// <param name="variables">All its environment variables but PATH.</param>
    /// <param name="endsAtErrors">Whether the agent gives bash the option -e.</param>
    public async Task<int> RunAsync(
        string script, string workspace, IReadOnlyDictionary<string, string> variables, bool endsAtErrors)
    {
        string file = folder.File("script.sh");
        await File.WriteAllTextAsync(file, script);
        ProcessStartInfo start = new(
            "bash", endsAtErrors ? ["-e", file]
                : [file])
        { WorkingDirectory = workspace, RedirectStandardError = true, RedirectStandardOutput = true };
        string path = start.Environment["PATH"]!;
        start.Environment.Clear();
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        start.Environment["PATH"] = folder.File("bin") + ":" + path;
        start.Environment["TOOL"] = folder.File("tool");
        start.Environment["CALLS"] = folder.File("calls");
        start.Environment["SHELL_UNDER_TEST"] = application.Urls.Single();
        using Process process = Start(start);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Error = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        folder.Dispose();
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Inconclusive("bash is not on the path of this machine.");
            throw;
        }
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body);
        string[] words = Encoding.UTF8.GetString(body.ToArray()).Split('\0', StringSplitOptions.None);
        (string call, string workspace) = (words[0], words[1]);
        int count = int.Parse(words[2], NumberStyles.None, CultureInfo.InvariantCulture);
        string[] args = words[3..(3 + count)];
        Dictionary<string, string> variables = words[(3 + count)..].Select(
            word => word.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
        for (int i = 1; i < args.Length; i++)
        {
            args[i] = PathOptions.Contains(args[i - 1]) ? Path.Combine(workspace, args[i]) : args[i];
        }

        CommandRun result = await run(args, name => variables.GetValueOrDefault(name));
        await File.WriteAllTextAsync(
            Path.Combine(call, "out"), result.Out.Replace(workspace + "/", string.Empty, StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(call, "error"), result.Error);
        await http.Response.WriteAsync(result.ExitCode.ToString(CultureInfo.InvariantCulture));
    }

    private void WriteProgram(string name, string text)
    {
        File.WriteAllText(folder.File(name), text.ReplaceLineEndings("\n") + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(
                folder.File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
