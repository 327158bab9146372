namespace ChatAuth;

/// <summary>Ends a command with exit code 1 and its coded lines on stderr.</summary>
/// <param name="errors">What is wrong, at least one.</param>
internal class CommandException(IReadOnlyList<CodedError> errors)
    : Exception(string.Join(Environment.NewLine, errors.Select(error => error.ToString())))
{
    /// <summary>Ends a command because of one error.</summary>
    public CommandException(CodedError error)
        : this([error])
    {
    }

    /// <summary>What is wrong, in the order to be shown.</summary>
    public IReadOnlyList<CodedError> Errors { get; } = errors;
}
