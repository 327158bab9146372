using System;
using System.Collections.Generic;

namespace ChatAuth.Fuzz;

/// <summary>
/// A reader of text from outside, with the inputs that are made for it and the oracle that judges its answers.
/// </summary>
internal abstract class Parser
{
    /// <summary>Its name on the command line and in the figures.</summary>
    public abstract string Name { get; }

    /// <summary>How many of a thousand inputs are its own.</summary>
    public abstract int Share { get; }

    /// <summary>Makes an input.</summary>
    /// <param name="dice">Decides; equal dice make equal inputs.</param>
    public abstract string Make(Dice dice);

    /// <summary>Puts an input where the parser reads it; neither timed nor weighed.</summary>
    public virtual object Prepare(string input) => input;

    /// <summary>Reads it; timed and weighed. Ends in a result or in an exception with a code.</summary>
    public abstract object Read(object prepared);

    /// <summary>What an oracle says against the answer; null when it agrees.</summary>
    /// <param name="input">The input.</param>
    /// <param name="result">What was read; null when it was refused.</param>
    /// <param name="refusal">The refusal; null when it was accepted.</param>
    public abstract string? Disagreement(string input, object? result, Refusal? refusal);

    /// <summary>The part of a refusal's text that may repeat none of the input.</summary>
    public virtual string Confidential(Refusal refusal) => refusal.Text;

    /// <summary>The most that one reading may allocate, in bytes.</summary>
    public virtual long MaximumBytes => 1024 * 1024;

    /// <summary>The longest that reading an input may take, in milliseconds: the shortest of three.</summary>
    public virtual double MaximumMilliseconds(string input) => 50;

    /// <summary>Values besides the input that no message may hold.</summary>
    public virtual IReadOnlyList<string> Marks => [];

    /// <summary>All parsers, in the order of the figures.</summary>
    public static IReadOnlyList<Parser> All() =>
    [
        new Base64UrlParser(), new ContextVariablesParser(), new SettingsParser(), new JwkSetParser(), new PemParser(),
        new KeyFileParser(),
        new SettingsFileParser(), new FilledSettingsParser(), new ConnectionStringParser(),
        new PublicKeysParser(), new KeySourceParser(), new ScriptTagParser(),
    ];
}

/// <summary>An answer that is no: a code and a text.</summary>
internal sealed record Refusal(string Code, string Text)
{
    /// <summary>
    /// The refusal that an exception is; null when it has no code, or brings along more than its text.
    /// </summary>
    public static Refusal? Of(Exception exception) =>
        exception.InnerException != null || exception.Data.Count > 0 ? null
        : exception is CommandException command ? new Refusal(command.Errors[0].Code, command.Message)
        : exception is Plugins.ChatAuthException refusal ? new Refusal(refusal.Message.Split(':')[0], refusal.Message)
        : null;
}
