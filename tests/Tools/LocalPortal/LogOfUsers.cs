using System;
using System.Collections.Concurrent;
using System.Linq;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalPortal;

/// <summary>What a portal on the ASP.NET Core sample logs of its application users and of failures.</summary>
internal sealed class LogOfUsers : ILoggerProvider, ILogger
{
    /// <summary>The lines, oldest first.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName) =>
        categoryName.EndsWith(".ApplicationUsers", StringComparison.Ordinal)
            || categoryName.EndsWith(".FailureLog", StringComparison.Ordinal) ? this : NullLogger.Instance;

    /// <summary>Compares what was logged with what the table of the samples says; * at an end is any ending.</summary>
    public static void AssertLines(string[] expected, string[] lines)
    {
        Assert.HasCount(expected.Length, lines, string.Join('\n', lines));
        foreach ((string line, string wanted) in lines.Zip(expected))
        {
            Assert.IsTrue(
                wanted.EndsWith('*') ? line.StartsWith(wanted[..^1], StringComparison.Ordinal) : line == wanted, line);
        }
    }

    /// <inheritdoc />
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc />
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc />
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) => Lines.Enqueue(formatter(state, exception));

    /// <inheritdoc />
    public void Dispose()
    {
    }
}
