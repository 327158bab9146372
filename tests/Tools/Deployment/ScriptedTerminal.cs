using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Spectre.Console;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>A terminal at which somebody presses keys.</summary>
internal static class ScriptedTerminal
{
    /// <summary>Makes it.</summary>
    /// <param name="screen">Takes what is shown.</param>
    /// <param name="keys">What is pressed: letters, \r for Enter, ↓, and a blank.</param>
    public static IAnsiConsole Of(TextWriter screen, string keys) => new Terminal(
        AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(screen),
        }),
        new Keys(keys));

    private sealed class Terminal(IAnsiConsole console, IAnsiConsoleInput keys) : IAnsiConsole
    {
        public Profile Profile => console.Profile;

        public IAnsiConsoleCursor Cursor => console.Cursor;

        public IAnsiConsoleInput Input => keys;

        public IExclusivityMode ExclusivityMode => console.ExclusivityMode;

        public Spectre.Console.Rendering.RenderPipeline Pipeline => console.Pipeline;

        public void Clear(bool home) => console.Clear(home);

        public void WriteAnsi(Action<AnsiWriter> action) => console.WriteAnsi(action);

        public void Write(Spectre.Console.Rendering.IRenderable renderable) => console.Write(renderable);
    }

    private sealed class Keys(string pressed) : IAnsiConsoleInput
    {
        private readonly Queue<ConsoleKeyInfo> keys = new(pressed.Select(key => key switch
        {
            '\r' => new ConsoleKeyInfo('\r', ConsoleKey.Enter, false, false, false),
            '↓' => new ConsoleKeyInfo('\0', ConsoleKey.DownArrow, false, false, false),
            ' ' => new ConsoleKeyInfo(' ', ConsoleKey.Spacebar, false, false, false),
            _ => new ConsoleKeyInfo(key, ConsoleKey.None, false, false, false),
        }));

        public bool IsKeyAvailable() => keys.Count > 0;

        public ConsoleKeyInfo? ReadKey(bool intercept) =>
            keys.Count > 0 ? keys.Dequeue() : throw new InvalidOperationException("No key is left to be pressed.");

        public Task<ConsoleKeyInfo?> ReadKeyAsync(bool intercept, CancellationToken cancellationToken) =>
            Task.FromResult(ReadKey(intercept));
    }
}
