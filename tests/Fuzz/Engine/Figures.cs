using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace ChatAuth.Fuzz;

/// <summary>What came of one parser's inputs.</summary>
/// <param name="parser">Its name.</param>
internal sealed class Figures(string parser)
{
    private readonly SortedDictionary<string, int> refused = new(StringComparer.Ordinal);
    private readonly List<string> failures = [];

    /// <summary>How long all of it took: making, reading and judging.</summary>
    public double Seconds { get; set; }

    /// <summary>Inputs read.</summary>
    public int Inputs { get; private set; }

    /// <summary>Inputs that were accepted.</summary>
    public int Accepted { get; private set; }

    /// <summary>
    /// The slowest reading, in milliseconds: alone on the machine as far as we are concerned, the shortest of three.
    /// </summary>
    public double WorstMilliseconds { get; set; }

    /// <summary>The most that one reading allocated, in bytes.</summary>
    public long WorstBytes { get; set; }

    /// <summary>What went wrong, with the input to make it again.</summary>
    public IReadOnlyList<string> Failures => failures;

    /// <summary>Refusals by code.</summary>
    public IReadOnlyDictionary<string, int> Refused => refused;

    /// <summary>Counts an input.</summary>
    /// <param name="code">Of its refusal; null when it was accepted.</param>
    public void Count(string? code)
    {
        Inputs++;
        if (code == null)
        {
            Accepted++;
        }
        else
        {
            refused[code] = refused.GetValueOrDefault(code) + 1;
        }
    }

    /// <summary>Notes a failure.</summary>
    public void Fail(string failure) => failures.Add(failure);

    /// <summary>Adds the figures of another part of the same parser's inputs.</summary>
    public void Add(Figures part)
    {
        Inputs += part.Inputs;
        Accepted += part.Accepted;
        WorstBytes = Math.Max(WorstBytes, part.WorstBytes);
        failures.AddRange(part.failures);
        foreach ((string code, int count) in part.refused)
        {
            refused[code] = refused.GetValueOrDefault(code) + count;
        }
    }

    /// <summary>One line of figures.</summary>
    public override string ToString()
    {
        IEnumerable<string> codes = refused.Select(pair =>
            $"{pair.Key.Replace("CHATAUTH", string.Empty, StringComparison.Ordinal)}×{pair.Value}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{parser,-13}{Inputs,8} inputs {Accepted,7} accepted  worst {WorstMilliseconds,6:F2} ms "
                + $"{WorstBytes,8} bytes  {Seconds,6:F1} s  failures {failures.Count}  refused: "
                + $"{string.Join(' ', codes)}");
    }
}
