using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Tokens;

namespace ChatAuth.Deployment;

/// <summary>Takes a key out of use at once, wherever it is.</summary>
/// <remarks>
/// The steps are disabled first: whoever holds the key can sign until nobody accepts it, but this product issues
/// nothing with it any more. They serve again as soon as the new text lies at every target; the end of caches is waited
/// for afterwards.
/// </remarks>
internal sealed class Revocation(DeploymentContext context, string keyId, bool isForced, CancellationToken cancellation)
{
    /// <summary>Runs it.</summary>
    /// <returns>What came of it, for a person.</returns>
    /// <exception cref="CommandException">5302 no such key, 5303 nothing would sign; 5301; a target or Dataverse
    /// refused.</exception>
    public async Task<string> RunAsync()
    {
        ChatEnvironment environment = await context.ReadAsync(cancellation);
        environment.EnsureDeployed();
        bool isThere = environment.Keys.Keys.Any(key => key.KeyId == keyId);

        // The mark knows the key that was revoked last: a run that was killed is finished, a mistyped kid is refused.
        if (!isThere && KeysMark.RevokedIn(environment.IssueToken!.Columns.Description) != keyId)
        {
            throw new CommandException(Errors.KeyUnknown(keyId));
        }

        if (isThere)
        {
            KeyFile left = environment.Keys.Where(key => key.KeyId != keyId);
            if (left.SigningKeyAt(environment.Now) == null && environment.SigningKey?.KeyId == keyId && !isForced)
            {
                throw new CommandException(Errors.NoKeyLeft(keyId));
            }

            await environment.SetStepsAsync(null, false, keyId, cancellation);
            await environment.WriteKeysAsync($"remove key {keyId} from secure configuration", left, cancellation);
        }

        await environment.SettleAsync(keyId, cancellation);
        string next = environment.SigningKey is { } signing
            ? $"Key {signing.KeyId} signs until {ReadableDate.Of(signing.ExpiresAt, context.Clock.GetUtcNow())}: "
                + "run chatauth rotate before then."
            : "No key signs, so the steps are disabled: run chatauth deploy for a new one.";
        return $"Key {keyId} {(context.Changes.IsDry ? "would be" : "is")} revoked. {next}";
    }
}
