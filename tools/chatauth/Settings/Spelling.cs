namespace ChatAuth.Settings;

/// <summary>Finds the word that was probably meant.</summary>
internal static class Spelling
{
    /// <summary>The known word nearest to a written one; null when none is near.</summary>
    /// <param name="written">What stands there.</param>
    /// <param name="known">What could stand there.</param>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        (string Word, int Distance)? nearest = known.Where(word => written.Length <= 2 * word.Length)
            .Select(word => (word, Distance(written, word)))
            .OrderBy(pair => pair.Item2).Cast<(string, int)?>()
            .FirstOrDefault();

        // A third of the word wrong is a slip; more is another word.
        return nearest is { } found && found.Distance <= Math.Max(2, found.Word.Length / 3) ? found.Word : null;
    }

    // Levenshtein: insertions, deletions and replacements; case counts as nothing.
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int replaced =
                    diagonal + (char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
