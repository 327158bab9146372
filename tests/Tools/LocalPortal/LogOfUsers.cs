using System;
using System.Collections.Concurrent;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

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

    /// <summary>The lines since the last time, for the table of the samples.</summary>
    public Task<string[]> TakeAsync()
    {
        string[] lines = [.. Lines];
        Lines.Clear();
        return Task.FromResult(lines);
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
