using System;
using System.Collections.Generic;
using System.Globalization;

namespace ChatAuth.Load;

/// <summary>What a run found.</summary>
internal sealed record LoadResult
{
    // The reading is good to some tens of kilobytes. Of 200,000 tokens even a kept id would be three megabytes.
    private const double MostGrowth = 1048576;

    // A lock that is held while a token is made would be waited for by nearly every one.
    private const double MostContentionsPerToken = 0.5;

    /// <summary>Tokens asked for.</summary>
    public required int Tokens { get; init; }

    /// <summary>Tokens that do not verify.</summary>
    public required int Wrong { get; init; }

    /// <summary>Tokens about another contact, portal or question.</summary>
    public required int MixedUp { get; init; }

    /// <summary>Questions that ended in an error.</summary>
    public required int Refused { get; init; }

    /// <summary>The first of these errors.</summary>
    public required string? FirstRefusal { get; init; }

    /// <summary>Tokens whose jti another one has.</summary>
    public required int IdsTwice { get; init; }

    /// <summary>
    /// Slope of the managed heap after full collections, without the first quarter of the run, which is its warm-up.
    /// </summary>
    public required double BytesPerToken { get; init; }

    /// <summary>Bytes at the end.</summary>
    public required long WorkingSet { get; init; }

    /// <summary>How often a thread waited for another one's lock.</summary>
    public required double ContentionsPerToken { get; init; }

    /// <summary>Issued and verified, on all cores together.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>The rules that the run broke.</summary>
    public IEnumerable<string> Broken()
    {
        if (Tokens == 0)
        {
            yield return "no token was asked for";
        }

        if (Wrong + MixedUp + Refused + IdsTwice > 0)
        {
            yield return "a token is wrong, mixed up, refused or has the id of another one" + (
                FirstRefusal == null ? string.Empty : ": " + FirstRefusal);
        }

        if (!(BytesPerToken * Tokens < MostGrowth))
        {
            yield return "memory grows";
        }

        if (!(ContentionsPerToken < MostContentionsPerToken))
        {
            yield return "callers wait for one another's locks";
        }
    }

    /// <summary>The figures in one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Tokens:N0} tokens: {Wrong} wrong, {MixedUp} mixed up, {Refused} refused, {IdsTwice} ids twice; "
            + $"{BytesPerToken:+0.00;-0.00} bytes a token, working set {WorkingSet / 1048576} MB; "
            + $"{ContentionsPerToken:0.0000} lock contentions a token; {TokensPerSecond:N0} tokens/s issued and "
            + $"verified");
}
