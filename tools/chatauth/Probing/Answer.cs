namespace ChatAuth.Probing;

/// <summary>What a probe says to a question.</summary>
internal enum Verdict
{
    /// <summary>It is so.</summary>
    Yes,

    /// <summary>It is not so.</summary>
    No,

    /// <summary>Asking would harm, or takes a person.</summary>
    NotAsked,

    /// <summary>It was asked, and what came back decides nothing.</summary>
    NotTold,
}

/// <summary>The answer to one question.</summary>
/// <param name="Verdict">The answer.</param>
/// <param name="Evidence">What it rests on, or what keeps it from being asked; no name, address or id of the
/// environment.</param>
internal sealed record Answer(Verdict Verdict, string Evidence)
{
    /// <summary>The answer as the table has it.</summary>
    public string Word => Verdict switch
    {
        Verdict.Yes => "yes",
        Verdict.No => "no",
        Verdict.NotAsked => "not asked",
        Verdict.NotTold => "could not be told",
        _ => throw new InvalidOperationException(),
    };
}
