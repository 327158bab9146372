namespace ChatAuth;

/// <summary>The writes of a command: carried out one by one, or only told.</summary>
/// <remarks>
/// Every command is one line of decisions over the state it read; with a dry run the same line is gone through and
/// nothing is written, so plan and deed cannot differ.
/// </remarks>
/// <param name="isDry">Whether the writes are only told.</param>
/// <param name="tell">Takes what would be done, of a dry run.</param>
/// <param name="progress">Takes what was done, and what is waited for.</param>
internal sealed class ChangeRunner(bool isDry, Action<string> tell, Action<string> progress)
{
    /// <summary>Whether nothing is written.</summary>
    public bool IsDry => isDry;

    /// <summary>How many writes there were or would be.</summary>
    public int Count { get; private set; }

    /// <summary>Tells what is, before anything is changed; only a dry run does.</summary>
    public void Is(string fact)
    {
        if (isDry)
        {
            tell("is:   " + fact);
        }
    }

    /// <summary>Tells something on the way.</summary>
    public void Say(string text) => progress(text);

    /// <summary>Does one write.</summary>
    /// <param name="change">What it does, as an order.</param>
    /// <param name="write">The write.</param>
    public async Task DoAsync(string change, Func<Task> write)
    {
        Count++;
        if (isDry)
        {
            tell("will: " + change);
            return;
        }

        await write();
        progress("done: " + change);
    }
}
