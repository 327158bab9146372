namespace ChatAuth.Checks;

/// <summary>Looks at one part of an environment, and changes nothing.</summary>
/// <remarks>Whatever it throws becomes the finding that this part could not be checked.</remarks>
internal interface ICheck
{
    /// <summary>The part, as a person sees it.</summary>
    string Subject { get; }

    /// <summary>Why there is nothing to look at; null when there is.</summary>
    string? ReasonToSkip(Examination examination) => null;

    /// <summary>Whether deploy looks at it before its first write.</summary>
    bool IsPreflight => true;

    /// <summary>What is wrong with it.</summary>
    IAsyncEnumerable<Finding> RunAsync(Examination examination);
}
