using System.Globalization;
using Spectre.Console;

namespace ChatAuth;

/// <summary>
/// Tells what a command waits for: on a terminal by one line that is rewritten in place, with elapsed time and
/// deadline; in a pipe by a line at the start, then one a minute.
/// </summary>
/// <param name="say">Writes a line to stderr.</param>
/// <param name="show">Gives what may be shown of a text.</param>
/// <param name="clock">The time.</param>
/// <param name="terminal">Stderr where it is a terminal; null for a pipe.</param>
internal sealed class Waiting(
    Action<string> say, Func<string, string> show, TimeProvider clock, IAnsiConsole? terminal)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMinutes(1);

    /// <summary>Runs work that waits.</summary>
    /// <param name="what">What is waited for, as it is told: <c>waiting for page of the site Contoso</c>.</param>
    /// <param name="end">The deadline; null for none.</param>
    /// <param name="work">The work; it tells how things stand, and how far they are in percent where that is
    /// known. As long as it tells nothing, nothing is shown in a pipe.</param>
    public Task<T> RunAsync<T>(
        string what, DateTimeOffset? end, Func<Action<string, double?>, Task<T>> work) =>
        terminal == null ? work(Lines(what, end)) : ShowAsync(terminal, what, end, work);

    // With its day where that is another one; empty where there is no deadline.
    private string Until(DateTimeOffset? end) => end is not { } moment ? string.Empty
        : $"until {moment.UtcDateTime.ToString(
            moment - clock.GetUtcNow() < TimeSpan.FromDays(1) ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss",
            CultureInfo.InvariantCulture)} UTC";

    private Action<string, double?> Lines(string what, DateTimeOffset? end)
    {
        DateTimeOffset began = clock.GetUtcNow();
        string until = Until(end) is { Length: > 0 } deadline ? " " + deadline : string.Empty;
        DateTimeOffset? told = null;
        return (fact, percent) =>
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (told is { } last && now - last < Pace)
            {
                return;
            }

            string elapsed = told == null ? string.Empty : string.Create(
                CultureInfo.InvariantCulture, $" for {Math.Round((now - began).TotalMinutes)} min,");
            told = now;
            say($"{what}{elapsed}{until}: {Fact(fact, percent)}");
        };
    }

    private static string Fact(string fact, double? percent) => percent is not { } done ? fact
        : string.Create(CultureInfo.InvariantCulture, $"{fact}{done:F0} %");

    private Task<T> ShowAsync<T>(
        IAnsiConsole console, string what, DateTimeOffset? end, Func<Action<string, double?>, Task<T>> work) =>
        console.Progress().AutoClear(true).HideCompleted(false)
            .Columns(
                new SpinnerColumn(),
                new ElapsedTimeColumn(),
                new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(context =>
            {
                // What a long path pushes out of the line is not the deadline.
                string begin = (Until(end) is { Length: > 0 } until ? until + ", " : string.Empty) + what;
                ProgressTask line = context.AddTask(Line(console, begin));
                return work((fact, percent) =>
                    line.Description = Line(console, $"{begin}: {Fact(fact, percent)}"));
            });

    // What does not fit beside spinner and elapsed time is cut, so that the line stays one.
    private string Line(IAnsiConsole console, string text)
    {
        string shown = show(text);
        int width = int.Max(1, console.Profile.Width - 12);
        return Markup.Escape(shown.Length <= width ? shown : shown[..(width - 1)] + "…");
    }
}
