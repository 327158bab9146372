using System;

namespace ChatAuth.Plugins.Platform;

/// <summary>
/// A configuration read once, when the platform makes the plug-in instance; a refusal is told at each call.
/// </summary>
/// <remarks>
/// The platform hides what a constructor throws. Only refusals are kept: anything else leaves, so that no instance is
/// made.
/// </remarks>
internal sealed class Parsed<T>
    where T : class
{
    private readonly T? value;
    private readonly ChatAuthException? refusal;

    /// <summary>Reads it now.</summary>
    internal Parsed(Func<T> parse)
    {
        try
        {
            value = parse();
        }
        catch (ChatAuthException exception)
        {
            refusal = exception;
        }
    }

    /// <summary>What was read.</summary>
    /// <exception cref="ChatAuthException">The refusal that reading it ended in.</exception>
    internal T Value => value ?? throw refusal!;
}
