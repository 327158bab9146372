namespace ChatAuth;

/// <summary>Asks again and again, with pauses, until an answer is the one that is waited for.</summary>
internal static class Polling
{
    private const double Growth = 1.5;

    /// <summary>Asks until an answer is the last, or there is no pause left.</summary>
    /// <param name="ask">Asks once.</param>
    /// <param name="isLast">Whether an answer is what was waited for.</param>
    /// <param name="pauses">
    /// The pause before each further question; taken one by one, each after the answer before it.
    /// </param>
    /// <param name="clock">Paces the questions.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <param name="beforePause">Told of each answer that is not the last and is followed by a pause.</param>
    /// <returns>The last answer.</returns>
    public static async Task<T> UntilAsync<T>(
        Func<Task<T>> ask,
        Func<T, bool> isLast,
        IEnumerable<TimeSpan> pauses,
        TimeProvider clock,
        CancellationToken cancellation,
        Action<T>? beforePause = null)
    {
        T answer = await ask();
        using IEnumerator<TimeSpan> pause = pauses.GetEnumerator();
        while (!isLast(answer) && pause.MoveNext())
        {
            beforePause?.Invoke(answer);
            await Task.Delay(pause.Current, clock, cancellation);
            answer = await ask();
        }

        return answer;
    }

    /// <summary>Pauses for so many questions, of one length.</summary>
    /// <param name="length">Of each pause.</param>
    /// <param name="questions">One more than there are pauses.</param>
    public static IEnumerable<TimeSpan> Even(TimeSpan length, int questions) =>
        Enumerable.Repeat(length, questions - 1);

    /// <summary>Pauses without end, each half as long again as the one before, up to a longest.</summary>
    public static IEnumerable<TimeSpan> Growing(TimeSpan first, TimeSpan longest)
    {
        for (TimeSpan pause = first; ; pause = pause * Growth < longest ? pause * Growth : longest)
        {
            yield return pause;
        }
    }

    /// <summary>Pauses up to an end; one that has begun before it is not cut.</summary>
    public static IEnumerable<TimeSpan> Before(
        this IEnumerable<TimeSpan> pauses, DateTimeOffset end, TimeProvider clock) =>
        pauses.TakeWhile(_ => clock.GetUtcNow() < end);
}
