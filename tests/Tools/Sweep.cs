namespace ChatAuth.Tools.Tests;

/// <summary>Tests that go through every cell of a table, or build or run what takes many seconds.</summary>
/// <remarks>Everything that they hold is held by single cells in the tests beside them, too.</remarks>
internal static class Sweep
{
    /// <summary>Why such a test is skipped where <c>CI</c> is not set.</summary>
    public const string Reason = "Runs where CI is set, as in .ci/run: it takes longer than all that stands beside it.";
}
