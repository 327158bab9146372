using ChatAuth.Checks;
using ChatAuth.Keys;
using ChatAuth.Plugins.Claims;
using ChatAuth.Plugins.Jose;
using ChatAuth.Publishing;
using ChatAuth.Tokens;

namespace ChatAuth.Deployment;

/// <summary>What a rotation is asked for.</summary>
/// <param name="Lead">Seconds from the moment every target serves the next key to the one at which it begins to
/// sign.</param>
/// <param name="ExpiresIn">Seconds that the next key may be used, from now.</param>
/// <param name="Force">Whether caches may be disregarded, and a rotation that is scheduled be brought forward.</param>
/// <param name="Cutover">Whether an outage is accepted where a target holds one key only.</param>
/// <param name="UntilPublished">Whether it ends when the next key is published, before it is served.</param>
internal sealed record RotationOptions(
    long Lead, long ExpiresIn, bool Force, bool Cutover, bool UntilPublished = false);

/// <summary>Puts a new key in the place of the one that signs.</summary>
/// <remarks>
/// Next key pending, published, served everywhere; then one write gives it its date and the old one its end. A pending
/// key that is there already is one of a rotation that was killed: it is gone on with.
/// </remarks>
internal sealed class Rotation(DeploymentContext context, RotationOptions options, CancellationToken cancellation)
{
    // The old key stays published for its last tokens: more than the longest lifetime of one and five minutes of skew.
    private const long Overlap = 24 * 3600;

    /// <summary>Runs it.</summary>
    /// <returns>What came of it, for a person.</returns>
    /// <exception cref="CommandException">5202, 5203 the targets do not allow it; 5301, 5305; what
    /// <see cref="Preflight"/> finds; a target or Dataverse refused.</exception>
    public async Task<string> RunAsync()
    {
        string done = string.Empty;
        await Revocation.GuardAsync(context, async () => done = await RotateAsync(), cancellation);
        return done;
    }

    private async Task<string> RotateAsync()
    {
        await Revocation.FinishAsync(context, cancellation);
        ChatEnvironment environment = await ChatEnvironment.ReadAsync(context, cancellation);
        environment.EnsureDeployed();
        await Preflight.WarnOfOthersAsync(context, [new ForeignStepsCheck()], cancellation);
        await Preflight.RunAsync(context, environment, null, cancellation, () => RefusalsAsync(environment));
        bool isCutover = context.Publisher.Targets.Any(target => target.Format.HoldsOneKey);
        if (context.Given is { } given)
        {
            environment.Keys.WithGiven(given);
            if (environment.SigningKey is { } current && current.Thumbprint == given.Keys[0].Thumbprint)
            {
                await SettleAsync(environment);
                return $"Key {current.KeyId} signs already.";
            }
        }

        Jwk? pending = Find(environment, KeyState.Pending);
        Jwk? scheduled = Find(environment, KeyState.Scheduled);
        if (context.Given is { } asked && (pending ?? scheduled) is { } other
            && other.Thumbprint != asked.Keys[0].Thumbprint)
        {
            throw new CommandException(Errors.KeyNotTaken(asked.KeyId, $"the key '{other.KeyId}' is to sign next"));
        }

        if (pending == null && scheduled != null && !options.Force && !context.IsKeyPasted)
        {
            await SettleAsync(environment);
            string from = ReadableDate.Of(scheduled.NotBefore, environment.Time);
            return $"A rotation is scheduled already: key {scheduled.KeyId} signs from {from}. "
                + "Give --force to bring it forward.";
        }

        if (pending == null && scheduled == null && !environment.IsSettled && environment.SigningKey is { } signing)
        {
            await SettleAsync(environment);
            return $"What an interrupted command left was finished; key {signing.KeyId} signs. Run the command again "
                + "for another rotation.";
        }

        Jwk next = pending ?? scheduled ?? await AddAsync(environment);
        await environment.SetStepsAsync(null, null);
        if (options.UntilPublished)
        {
            await PublishAsync(environment, isCutover ? next : null);
            string when = !await HasOthersAsync() ? string.Empty
                : options.Lead > 0 ? ", once every other place has served the key for the lead"
                : ", once every other place serves the key";
            await (context.IsKeyPasted ? PastedKey.ShowAsync(context, environment, next, when) : Task.CompletedTask);
            return context.IsOnlyPasted
                ? $"Once the line of key {next.KeyId} is pasted, run chatauth rotate --cutover again."
                : $"Key {next.KeyId} is published where this command writes. "
                    + context.Next(options.Cutover ? "chatauth rotate --cutover again" : "chatauth rotate again");
        }

        await (isCutover ? CutOverAsync(environment, next) : HandOverAsync(environment, next));
        await environment.SettleAsync();
        long notBefore = environment.Keys.Keys.Single(key => key.KeyId == next.KeyId).NotBefore;
        return $"Key {next.KeyId} {(context.Changes.IsDry ? "would sign" : "signs")} from "
            + $"{ReadableDate.Of(notBefore, environment.Time)}.";
    }

    private static Jwk? Find(ChatEnvironment environment, KeyState state) =>
        environment.Keys.Keys.FirstOrDefault(key => environment.Keys.StateOf(key, environment.Now) == state);

    // Why the places do not allow it: outages that nobody accepted, and caches.
    private async Task<IReadOnlyList<CodedError>> RefusalsAsync(ChatEnvironment environment) =>
    [
        .. context.Publisher.Targets.Where(target => !options.Cutover && target.Format.HoldsOneKey)
            .Select(target => Errors.SingleKeyFormat(target.Name, Outage)),
        .. !options.Cutover && context.IsKeyPasted
            ? [Errors.SingleKeyFormat(PastedKey.Place, PastedOutage)] : Array.Empty<CodedError>(),
        .. options.Force ? [] : await environment.LeadsTooShortAsync(options.Lead),
    ];

    private Task SettleAsync(ChatEnvironment environment) =>
        options.UntilPublished ? PublishAsync(environment, null) : environment.SettleAsync();

    // Written and not waited for; of a cut-over no token may be signed from then on.
    private async Task PublishAsync(ChatEnvironment environment, Jwk? single)
    {
        if (single != null)
        {
            context.Changes.Say($"cutting over: {Outage}");
        }

        await environment.SetStepsAsync(null, single == null ? null : false);
        await environment.PublishAsync(single, exactly: false, wait: false);
    }

    private static string Outage =>
        "no token is issued from the moment the new key is published until it is served, and tokens issued up to "
            + $"{TokenSettings.MaximumLifetime / 60} minutes before are refused from then on";

    private static string PastedOutage => "its tokens are refused from the moment the new key is pasted until it signs";

    private async Task<Jwk> AddAsync(ChatEnvironment environment)
    {
        if (options.Lead >= (context.Given?.Keys[0].ExpiresAt - environment.Now ?? options.ExpiresIn))
        {
            throw new CommandException(Errors.LeadTooLong());
        }

        KeyFile made = context.Given ?? KeyFile.From(
            context.NewKey(RsaParts.MinimumBits), Jwk.PendingNotBefore, environment.Now + options.ExpiresIn);

        // A key that has expired is neither used nor published: nothing needs it any more.
        KeyFile alive = (await environment.NotedAsync()).Retire(key => key.ExpiresAt <= environment.Now);
        await environment.WriteKeysAsync("put the next key, pending, into secure configuration", alive.With(made));
        return environment.Keys.Keys.Single(key => key.Thumbprint == made.Keys[0].Thumbprint);
    }

    private async Task HandOverAsync(ChatEnvironment environment, Jwk next)
    {
        await environment.PublishAsync(null, exactly: false);
        if (!options.Force && await environment.LeadsTooShortAsync(options.Lead) is { Count: > 0 } tooShort)
        {
            throw new CommandException(tooShort);
        }

        // The old key signs until somebody says that the new one was pasted, and stays published for its tokens.
        await AwaitPastedAsync(environment, next);
        long notBefore = context.IsKeyPasted ? environment.Now : NotBefore(environment, next);
        long now = environment.Now;
        await environment.WriteKeysAsync(
            "give the next key the date from which it signs, and the old one its end",
            environment.Keys.Dated(key => key.KeyId == next.KeyId ? (notBefore, key.ExpiresAt)
                : key.NotBefore > now ? (key.NotBefore, key.ExpiresAt)

                // Of two keys with one nbf the older one would go on signing, so its nbf lies before.
                : (Math.Min(key.NotBefore, notBefore - 1), Math.Min(key.ExpiresAt, notBefore + Overlap))));
    }

    private async Task AwaitPastedAsync(ChatEnvironment environment, Jwk next)
    {
        if (context.IsKeyPasted)
        {
            string when = options.Lead > 0 && environment.SigningKey != null && await HasOthersAsync()
                ? $", not before {ReadableDate.Of(environment.Now + options.Lead, environment.Time)}, since caches of "
                    + "the other places may lack the key until then"
                : string.Empty;
            await PastedKey.AwaitAsync(context, environment, next, cancellation, when);
        }
    }

    // Whoever reads the keys elsewhere may keep a copy without the next one for as long as the lead.
    private async Task<bool> HasOthersAsync() => (await context.Places.NamedAsync(cancellation)).Count > 0;

    private long NotBefore(ChatEnvironment environment, Jwk next)
    {
        if (environment.SigningKey is not { } old)
        {
            return environment.Now;
        }

        // Brought forward, never put off: the old key's end may have been set already. And without a gap where the old
        // key ends before.
        long asked = Math.Min(environment.Now + options.Lead, next.NotBefore);
        return Math.Min(asked, Math.Max(environment.Now, old.ExpiresAt - TokenSettings.MaximumLifetime));
    }

    // The targets hold one key: between the two no token may be signed, and the old key is of no use to anyone
    // afterwards.
    private async Task CutOverAsync(ChatEnvironment environment, Jwk next)
    {
        await AwaitPastedAsync(environment, next);
        context.Changes.Say($"cutting over: {Outage}");
        await environment.SetStepsAsync(null, false);
        await environment.PublishAsync(next, exactly: true);
        await environment.WriteKeysAsync(
            "let the next key sign, and remove the old one",
            environment.Keys.Retire(key => key.KeyId != next.KeyId).Dated(key => (environment.Now, key.ExpiresAt)));
    }
}
