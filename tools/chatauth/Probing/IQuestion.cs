namespace ChatAuth.Probing;

/// <summary>Something that is unknown on the platform (facts, mark U) and that a program can find out.</summary>
internal interface IQuestion
{
    /// <summary>The question, to be answered with yes or no.</summary>
    string Text { get; }

    /// <summary>
    /// Whether a step of the probe has to answer calls, or the solution is imported: never where ChatAuth is deployed.
    /// </summary>
    bool TakesOver { get; }

    /// <summary>Asks.</summary>
    /// <param name="site">The environment.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">Something failed; what was made is removed by who asks.</exception>
    Task<Answer> AskAsync(ProbeSite site, CancellationToken cancellation);
}
