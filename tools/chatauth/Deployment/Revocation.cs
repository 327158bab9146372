using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Plugins.Jose;
using ChatAuth.Publishing;
using ChatAuth.Sites;
using ChatAuth.Tokens;

namespace ChatAuth.Deployment;

/// <summary>Takes a key out of use at once and for good, wherever it is.</summary>
/// <remarks>
/// One write of the row removes the key and remembers it as revoked; from then on no command publishes, dates or
/// restores it. GetPublicKeys is touched next, which unpublishes wherever a portal serves out of Dataverse; then every
/// other target is written, then IssueChatToken touched, or disabled where no key is left to sign. What failed is
/// told at the end, and the next run goes on with it. After the longest wait everything is looked at once more: another
/// command may have been under way.
/// </remarks>
internal sealed class Revocation(DeploymentContext context, CancellationToken cancellation)
{
    // Another command that was under way ends when it notices, so there is an end to this too.
    private const int MostRounds = 3;

    /// <summary>Runs it.</summary>
    /// <param name="keyId">The key; null to go on with what is not done.</param>
    /// <param name="isForced">Whether nothing may be left that signs.</param>
    /// <param name="forgotten">An address that is no more, and shall not be asked any more; null for none.</param>
    /// <returns>What came of it, for a person.</returns>
    /// <exception cref="CommandException">5302 no such key, 5303 nothing would sign, 5310 no such address; 5301; else
    /// everything that is not done.</exception>
    public async Task<string> RunAsync(string? keyId, bool isForced, Uri? forgotten)
    {
        ChatEnvironment environment = await ChatEnvironment.ReadAsync(context, cancellation);
        if (!environment.HasKeys)
        {
            throw new CommandException(Errors.NotDeployed());
        }

        environment.Keys.EnsureOrganization(environment.OrganizationId);
        EnsureMay(environment, keyId, isForced);
        if (forgotten != null)
        {
            await ForgetAsync(environment, forgotten);
        }

        IReadOnlyList<CodedError> failures = [];
        for (int round = 1; round <= MostRounds; round++)
        {
            failures = await RunOnceAsync(environment, keyId);
            if (failures.Count > 0 || environment.Keys.Condemned.Count == 0)
            {
                break;
            }
        }

        if (failures.Count == 0 && environment.Keys.Condemned is [var back, ..] && !context.Changes.IsDry)
        {
            throw new CommandException(Errors.RevocationPending(back.KeyId));
        }

        return failures.Count > 0 ? throw new CommandException(failures) : Told(environment, keyId);
    }

    /// <summary>
    /// Does what is left of a revocation before a command goes on with its own work: row, steps, and what can be
    /// published.
    /// </summary>
    /// <exception cref="CommandException">5308 with what failed: row or steps are not done, and the command may not go
    /// on; 5304, 5001, 5002.</exception>
    public static async Task FinishAsync(DeploymentContext context, CancellationToken cancellation)
    {
        ChatEnvironment environment = await ChatEnvironment.ReadAsync(context, cancellation);
        if (!environment.HasKeys
            || environment.Keys.Organization != environment.OrganizationId)
        {
            return;
        }

        if (environment.Keys.Condemned is [var first, ..])
        {
            (IReadOnlyList<CodedError> own, IReadOnlyList<CodedError> targets) =
                await environment.EndAsync(null);
            if (own.Count > 0)
            {
                throw new CommandException([.. own, Errors.RevocationPending(first.KeyId)]);
            }

            targets.ToList().ForEach(failure => context.Changes.Say(failure.ToString()));
        }

        (await new Revocation(context, cancellation).LookAtLeftPlacesAsync(environment)).ToList().ForEach(
            failure => context.Changes.Say(failure.ToString()));
    }

    /// <summary>
    /// Runs a command's work; when it ends in an error, no key that was revoked meanwhile stays where it has put it.
    /// </summary>
    /// <exception cref="CommandException">What the work throws, with what could not be mended.</exception>
    public static async Task GuardAsync(DeploymentContext context, Func<Task> work, CancellationToken cancellation)
    {
        try
        {
            await work();
        }
        catch (CommandException exception) when (!context.Changes.IsDry)
        {
            throw new CommandException([.. exception.Errors, .. await MendAsync(context, cancellation)]);
        }
    }

    private static async Task<IReadOnlyList<CodedError>> MendAsync(
        DeploymentContext context, CancellationToken cancellation)
    {
        ChatEnvironment environment;
        try
        {
            environment = await ChatEnvironment.ReadAsync(context, cancellation);
        }
        catch (CommandException)
        {
            // The error of the work says it: the environment does not answer.
            return [];
        }

        if (!environment.HasKeys || environment.Keys.Organization != environment.OrganizationId)
        {
            return [];
        }

        IReadOnlySet<string> revoked = environment.Keys.Known.Revoked;
        if (environment.Keys.Condemned.Count == 0
            && !(revoked.Count > 0 && await context.Publisher.HoldsAsync(revoked, cancellation) == true))
        {
            return [];
        }

        (IReadOnlyList<CodedError> own, IReadOnlyList<CodedError> targets) = await environment.EndAsync(null);
        return own.Count + targets.Count == 0 ? []
            : [.. own, .. targets, Errors.RevocationPending(environment.Keys.Revoked[^1].KeyId)];
    }

    // A mistyped kid is refused; a run that was killed knows its key from the row, or from the mark of 0.1.0.
    private static void EnsureMay(ChatEnvironment environment, string? keyId, bool isForced)
    {
        if (keyId == null)
        {
            return;
        }

        KeyFile keys = environment.Keys;
        Jwk? key = keys.Keys.Except(keys.Condemned).FirstOrDefault(key => key.KeyId == keyId);
        if (key == null
            && keys.Revoked.Concat(keys.Former).All(past => past.KeyId != keyId)
            && new[] { environment.IssueToken, environment.PublishKeys }.All(
                step => KeysMark.RevokedIn(step?.Columns.Description) != keyId))
        {
            throw new CommandException(Errors.KeyUnknown(keyId));
        }

        if (key != null
            && !isForced
            && environment.SigningKey == key
            && keys.Revoke(other => other == key).SigningKeyAt(environment.Now) == null)
        {
            throw new CommandException(Errors.NoKeyLeft(keyId));
        }
    }

    private async Task ForgetAsync(ChatEnvironment environment, Uri forgotten)
    {
        IReadOnlyList<PublishedPlace> left = await context.Places.LeftAsync(environment.Keys, cancellation);
        if (left.All(place => place.Url != forgotten))
        {
            throw new CommandException(Errors.PlaceNotForgotten(
                forgotten.OriginalString,
                environment.Keys.Targets.Any(place => place.Url == forgotten)
                    ? "is named by the settings file" : "is no place that keys were published to"));
        }

        await environment.WriteKeysAsync(
            "forget " + forgotten.OriginalString,
            environment.Keys.At([.. environment.Keys.Targets.Where(place => place.Url != forgotten)]));
    }

    private async Task<IReadOnlyList<CodedError>> RunOnceAsync(ChatEnvironment environment, string? keyId)
    {
        (IReadOnlyList<CodedError> own, IReadOnlyList<CodedError> targets) =
            await environment.EndAsync(keyId);
        if (context.Changes.IsDry)
        {
            return [];
        }

        // What could not be written is not waited for.
        IReadOnlyList<IKeyPlace> places = await context.Places.NamedAsync(cancellation);
        async Task<string?> StillServedAsync(IKeyPlace place) => Publisher.StillServed(
            await place.FetchAsync(cancellation), environment.Keys.Known.RevokedKeyId);
        IReadOnlyList<CodedError> served = targets.Count > 0 ? []
            : await context.Publisher.AwaitGoneAsync(places, StillServedAsync, cancellation);

        // Once more after the longest wait: what another command, or a request that was under way, put back.
        IReadOnlyList<CodedError> unseen = [];
        if (await context.Publisher.HoldsAsync(environment.Keys.Known.Revoked, cancellation) != false
            || (unseen = await LookAgainAsync(environment)).Count > 0
            || environment.Keys.Condemned.Count > 0
            || !environment.IsSettled)
        {
            (own, targets) = await environment.EndAsync(keyId);
            unseen = unseen.Count > 0 ? await LookAgainAsync(environment) : [];
            served = targets.Count > 0 ? []
                : await context.Publisher.AwaitGoneAsync(places, StillServedAsync, cancellation);
        }

        List<CodedError> failures = [.. own, .. targets, .. served, .. unseen.Except(own)];
        failures.AddRange(await LookAtLeftPlacesAsync(environment));
        if (own.Count + targets.Count == 0 && environment is { IssueToken: not null, PublishKeys: not null })
        {
            await EnableAsync(environment, failures);
        }

        return failures;
    }

    private static async Task<IReadOnlyList<CodedError>> LookAgainAsync(ChatEnvironment environment)
    {
        try
        {
            await environment.ReadAgainAsync();
            return [];
        }
        catch (CommandException exception)
        {
            return exception.Errors;
        }
    }

    // What signs is served everywhere: tokens are issued again where an interrupted command had stopped that.
    private static async Task EnableAsync(ChatEnvironment environment, List<CodedError> failures)
    {
        if (!environment.IsSafe || environment.IssueToken!.Columns.Enabled)
        {
            return;
        }

        try
        {
            await environment.SettleAsync();
        }
        catch (CommandException exception)
        {
            failures.AddRange(exception.Errors);
        }
    }

    // Empties what lies in this database, names what still serves a key of ours, and forgets what was seen without.
    private async Task<IReadOnlyList<CodedError>> LookAtLeftPlacesAsync(ChatEnvironment environment)
    {
        List<CodedError> failures = [];
        List<PublishedPlace> clean = [];
        KeyFile keys = environment.Keys;
        IReadOnlyList<PublishedPlace> left = await context.Places.LeftAsync(keys, cancellation);
        if (left.Count > 0)
        {
            try
            {
                await LeftRows.EmptyAsync(
                    context.Dataverse, context.Publisher.Targets, left, keys.Known, context.Changes, cancellation);
            }
            catch (CommandException exception)
            {
                failures.AddRange(exception.Errors);
            }
        }

        foreach (PublishedPlace place in left)
        {
            string? fault;
            bool mayBeRevoked = keys.Revoked.Count > 0;
            try
            {
                PublicKeys? served = await PublicKeys.FindAsync(place.Url, context.Network, cancellation);
                fault = Publisher.StillServed(served, keys.Known.RevokedKeyId);
                mayBeRevoked &= fault != null;
                fault ??= Publisher.Serving(
                    served, key => keys.Known.IsOurs(key, isInDatabase: false) ? key : null);
            }
            catch (CommandException exception)
            {
                fault = exception.Errors[0].FactClause;
            }

            if (fault == null)
            {
                clean.Add(place);
            }
            else if (mayBeRevoked)
            {
                failures.Add(Errors.KeyNotGone(place.Url.OriginalString, fault));
            }
            else
            {
                context.Changes.Say(Errors.PlaceLeft(place.Url.OriginalString, fault).ToString());
            }
        }

        try
        {
            if (clean.Count > 0)
            {
                await environment.WriteKeysAsync(
                    "forget the places that were seen without keys of this environment",
                    environment.Keys.At([.. environment.Keys.Targets.Except(clean)]));
            }
        }
        catch (CommandException exception)
        {
            // Told beside what else failed; another command looks at them again.
            failures.AddRange(exception.Errors);
        }

        return failures;
    }

    private string Told(ChatEnvironment environment, string? keyId)
    {
        string done = keyId == null
            ? "Nothing that was revoked is served any more."
            : $"Key {keyId} {(context.Changes.IsDry ? "would be" : "is")} revoked.";
        string next = environment.SigningKey is { } signing
            ? $"Key {signing.KeyId} signs until {ReadableDate.Of(signing.ExpiresAt, environment.Time)}: "
                + "run chatauth rotate before then."
            : "No key signs, so no token is issued: run chatauth deploy for a new one.";
        return $"{done} {next}" + (context.IsKeyPasted ? " " + PastedKey.Warning : string.Empty);
    }
}
