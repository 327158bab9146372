using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace ChatAuth.Tools.Tests.LocalPortal;

/// <summary><c>LocalPortal --once</c>, run inside the test.</summary>
internal static class OnceRun
{
    /// <summary>
    /// Runs it on a clock a hundred times as fast as the machine's: the import takes its second, the test does not.
    /// </summary>
    public static Task<CommandRun> OfAsync(TemporaryFolder folder, params string[] args) =>
        OfAsync(new FastClock(), folder, args);

    /// <summary>Runs it on a clock.</summary>
    public static async Task<CommandRun> OfAsync(TimeProvider clock, TemporaryFolder folder, params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int exitCode = await ChatAuth.LocalPortal.Program.RunAsync(
            ["--once", "--out", folder.Path, .. args], new CommandHost(output, error, TextReader.Null, clock));
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }

    private sealed class FastClock : TimeProvider
    {
        private readonly DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private readonly long begun = System.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => start + (System.GetElapsedTime(begun) * 100);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime / 100, period);

#pragma warning disable RS0030 // the clock that this one speeds up
        private static new TimeProvider System => TimeProvider.System;
#pragma warning restore RS0030 // the clock that this one speeds up
    }
}
