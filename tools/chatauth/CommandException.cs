namespace ChatAuth;

/// <summary>One thing that is wrong: a code that never changes its meaning, the fact and the remedy.</summary>
/// <param name="Code"><c>CHATAUTH</c> and four digits.</param>
/// <param name="Text">Fact, then remedy, on one line; never a secret or personal data.</param>
internal record CodedError(string Code, string Text)
{
    /// <summary>The line that a person or a pipeline reads.</summary>
    public override string ToString() => Code + ": " + Text;
}

/// <summary>Ends a command with exit code 1 and its coded lines on stderr.</summary>
/// <param name="errors">What is wrong, at least one.</param>
#pragma warning disable CA1032 // the standard constructors would allow an error without a code
internal sealed class CommandException(IReadOnlyList<CodedError> errors)
    : Exception(string.Join(Environment.NewLine, errors.Select(error => error.ToString())))
#pragma warning restore CA1032
{
    /// <summary>Ends a command because of one error.</summary>
    public CommandException(CodedError error)
        : this([error])
    {
    }

    /// <summary>What is wrong, in the order to be shown.</summary>
    public IReadOnlyList<CodedError> Errors { get; } = errors;
}
