using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Azure.Core;
using Azure.Identity;
using ChatAuth.Keys;
using Spectre.Console;

namespace ChatAuth.Tools.Tests;

/// <summary>A command that ran inside the test: what it wrote and how it ended.</summary>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    /// <summary>The codes of the lines on stderr, in order.</summary>
    public string Codes => string.Join(' ',
        Regex.Matches(Error, "^(CHATAUTH[0-9]{4}): ", RegexOptions.Multiline).Select(match => match.Groups[1].Value));

    /// <summary>Runs a command line as the shell would.</summary>
    public static async Task<CommandRun> OfAsync(
        string[] args, string input = "", TimeProvider? clock = null, Func<string, string?>? environment = null,
        HttpMessageHandler? network = null, Func<int, RSAParameters>? newKey = null,
        Func<InteractiveBrowserCredentialOptions, TokenCredential>? browser = null, IAnsiConsole? terminal = null)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        using StringReader reader = new(input);
        CommandHost host =
            new(output, error, reader, clock ?? new FixedClock(DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000)))
            {
                Environment = environment ?? (_ => null),
                Network = network ?? CommandHost.Direct,
                Terminal = terminal,
                NewKey = newKey ?? (bits => bits == 2048 ? PreparedKeys.At(99) : CommandHost.RandomKey(bits)),
                Browser = browser ?? (_ => throw new InvalidOperationException("A test opens no browser.")),
            };
        int exitCode = await Program.RunAsync(args, host, CancellationToken.None);
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }
}

/// <summary>A clock that stands still.</summary>
internal sealed class FixedClock(DateTimeOffset now) : TimeProvider
{
    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc />
    public override long GetTimestamp() => now.UtcTicks;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => now;
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>Its full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("chatauth-").FullName;

    /// <summary>The full path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
