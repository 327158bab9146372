using System;
using System.Collections.Generic;
using System.Linq;
using ChatAuth.Tools.Tests.Network;

namespace ChatAuth.Tools.Tests.Deployment;

/// <summary>One way in which a command is broken and run again.</summary>
/// <param name="Request">Which request meets the fault; 1 is the first.</param>
/// <param name="Fault">The fault.</param>
/// <param name="Later">Whether the command is run again after every pending date, or at once.</param>
/// <param name="Renews">Whether a changed secure configuration renews the plug-in's instances.</param>
internal sealed record Cell(int Request, NetworkFault Fault, bool Later, bool Renews);

/// <summary>The ways in which a command is broken.</summary>
/// <remarks>
/// Run again at once and later, with instances that are renewed by their row and not, makes four. Two of them hold what
/// the others do: later, when stale instances had the most time to do harm, and at once with renewed ones. A command's
/// requests meet them in turn, as they do the two ways in which a server is busy; a question whose answer is lost has
/// done no more than one that was not asked.
/// </remarks>
internal sealed record Matrix
{
    /// <summary>
    /// On a Power Pages site too, where a run asks the site a hundred times: the faults that no other one stands for,
    /// run again later.
    /// </summary>
    public static Matrix OfSite { get; } = new() { WithSite = true, Again = [(true, false)] };

    /// <summary>Whether the keys are published on a Power Pages site too.</summary>
    public bool WithSite { get; private init; }

    /// <summary>A site that is to give tokens: the requests for its components.</summary>
    public static Matrix OfPortal { get; } = new() { WithPortal = true, Again = [(true, false)] };

    /// <summary>Whether a Power Pages site is to give tokens.</summary>
    public bool WithPortal { get; private init; }

    /// <summary>When the command is run again, and whether instances are renewed.</summary>
    public IReadOnlyList<(bool Later, bool Renews)> Again { get; init; } = [(true, false), (false, true)];

    /// <summary>
    /// The cells: every request of a run; of the same question asked again and again the first and the last time.
    /// </summary>
    public IReadOnlyList<Cell> Cells(IReadOnlyList<string> requests) =>
    [
        .. from number in Enumerable.Range(1, requests.Count)
           let request = requests[number - 1]
           where number == 1 || number == requests.Count
               || requests[number - 2] != request || requests[number] != request
           where !WithPortal || request.Contains("/powerpage", StringComparison.Ordinal)
           from fault in FaultsOf(number, isQuestion: request.StartsWith("GET ", StringComparison.Ordinal))
           let again = Again[(number + (int)fault) % Again.Count]
           select new Cell(number, fault, again.Later, again.Renews),
    ];

    /// <inheritdoc />
    public override string ToString() =>
        (WithSite ? "keys on a site, " : WithPortal ? "a site, " : string.Empty) + string.Join(
        ", ", Again.Select(
            again => $"run again {(again.Later ? "later" : "at once")} with {(again.Renews ? "renewed" : "stale")} "
                + "instances"));

    // On a site those that no other one stands for: a process that dies at a request has done what it did before.
    private IEnumerable<NetworkFault> FaultsOf(int number, bool isQuestion)
    {
        yield return NetworkFault.Abandoned;
        if (!isQuestion)
        {
            yield return NetworkFault.BreaksAfter;
        }

        if (!WithSite && !WithPortal)
        {
            yield return NetworkFault.BreaksBefore;
            yield return number % 4 < 2 ? NetworkFault.TooManyRequests : NetworkFault.Unavailable;
        }
    }
}
