using System.Text.Json.Nodes;
using ChatAuth.Dataverse;

namespace ChatAuth.Probing.Questions;

/// <summary>
/// Whether a step of somebody else reads our secure configuration, which no one but an administrator reads.
/// </summary>
/// <remarks>
/// <para>The probe acts as that person (Microsoft Learn, impersonate another user: what counts is what both may do),
/// and the row is its own. The step is created disabled, its key is pending and it runs before deploy's step: if it
/// arrives enabled after all, nobody notices.</para>
/// <para>A step without the row is tried too: who may not register steps at all answers nothing.</para>
/// </remarks>
/// <param name="user">Id of that system user; null where nobody was named.</param>
internal sealed class StepOfAnother(Guid? user) : IQuestion
{
    /// <inheritdoc />
    public string Text => "Can somebody who may register steps, but is no administrator, bind a step of their own "
        + "plug-in to our secure configuration?";

    /// <inheritdoc />
    public bool TakesOver => false;

    /// <inheritdoc />
    public async Task<Answer> AskAsync(ProbeSite site, CancellationToken cancellation)
    {
        if (user is not { } id)
        {
            return new Answer(
                Verdict.NotAsked, "takes a system user with the role System Customizer, and not System Administrator: "
                    + "give --as with the user's id");
        }

        using WebApi theirs = site.Dataverse.As(id);
        if (await RefusalAsync(() => WhoAmI.ReadAsync(theirs, cancellation)) is { } none)
        {
            return new Answer(Verdict.NotTold, $"Dataverse does not let the probe act as that user, {none}");
        }

        ProbeRows rows = site.Rows.Of(theirs);
        string? secret = null;
        await RefusalAsync(async () => secret = await rows.ReadSecureAsync(cancellation));
        if (secret != null)
        {
            return new Answer(
                Verdict.NotTold, "that user reads secure configurations, as a System Administrator does: name another");
        }

        if (await RefusalAsync(() => CreateAsync(rows, bound: true, cancellation)) is not { } refusal)
        {
            return new Answer(Verdict.Yes, "a step of that user was created with the row");
        }

        return await RefusalAsync(() => CreateAsync(rows, bound: false, cancellation)) is { } unable
            ? new Answer(
                Verdict.NotTold,
                $"that user may not register steps, {unable}: name one with the role System Customizer")
            : await RefusalAsync(() => rows.BindAsync(ProbeRows.PublishKeys, cancellation)) is { } second
            ? new Answer(Verdict.No, $"a step without the row is taken, with it {refusal}, bound to it later {second}")
            : new Answer(Verdict.Yes, "a step of that user was bound to the row after it was created");
    }

    private static Task CreateAsync(ProbeRows rows, bool bound, CancellationToken cancellation) =>
        rows.CreateStepAsync(ProbeRows.PublishKeys, enabled: false, null, null, cancellation, bound);

    // What Dataverse says against it; null when it does it. No text of Dataverse, which names the user.
    private static async Task<string?> RefusalAsync(Func<Task> request)
    {
        try
        {
            await request();
            return null;
        }
        catch (WebApiException refusal) when (refusal.Status is { } status)
        {
            return $"refused with {(int)status} 0x{refusal.DataverseCode ?? 0:x8}";
        }
    }
}
