namespace ChatAuth;

/// <summary>How much a finding matters.</summary>
internal enum Severity
{
    /// <summary>It works, but something is to be looked after.</summary>
    Warning,

    /// <summary>No chat is authenticated, or its keys are not safe, or nobody knows.</summary>
    Error,
}

/// <summary>One thing that doctor found.</summary>
/// <param name="Code"><c>CHATAUTH</c> and four digits.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Fact">What is; never a secret or personal data.</param>
/// <param name="Remedy">The command or click that mends it.</param>
internal sealed record Finding(string Code, Severity Severity, string Fact, string Remedy)
    : CodedError(Code, Fact + " " + Remedy);
