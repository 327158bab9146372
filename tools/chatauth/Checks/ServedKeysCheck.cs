using System.Globalization;
using ChatAuth.Keys;
using ChatAuth.Publishing;
using ChatAuth.Tokens;

namespace ChatAuth.Checks;

/// <summary>
/// Whether every target, and the public key URL that the chat service reads, serves the keys of this environment and no
/// others.
/// </summary>
internal sealed class ServedKeysCheck : ICheck
{
    // Anonymous static files of a site are kept that long (facts, section 5); a lead counts with twice as much.
    private static readonly TimeSpan UsualLifetime = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public string Subject => "published keys";

    /// <inheritdoc/>
    public string? ReasonToSkip(Examination examination) =>
        examination.Settings.Publish.Count > 0 || examination.Settings.Authentication != null ? null
            : "the settings file names no place that keys are published to";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        KeyFile keys = await examination.KeysAsync() ?? KeyFile.Empty(examination.OrganizationId);
        Publication publication = Publication.Of(keys, examination.Now.ToUnixTimeSeconds());
        IReadOnlyList<VerificationKey> published = PublicKeys.Parse(publication.Text(PublicKeyFormat.KeySet)).Keys;
        string? signing = keys.SigningKeyAt(examination.Now.ToUnixTimeSeconds())?.KeyId;
        HashSet<Uri> asked = [.. examination.Responses.Lifetimes.Keys]; // by others, such as whoever signed in
        foreach (IPublishingTarget target in examination.Targets)
        {
            foreach (Finding finding in await ReadAsync(
                target.Name,
                target.IsLocalOnly,
                () => target.FetchAsync(examination.Cancellation),
                published,
                key => target.Format.HoldsOneKey && key.KeyId != signing,
                signing,
                keys))
            {
                yield return finding;
            }
        }

        // The key URL is asked by itself where no target stands behind it.
        if (examination.Settings.Authentication?.PublicKeyUrl is { } url
            && !examination.Responses.Lifetimes.ContainsKey(url))
        {
            foreach (Finding finding in await ReadAsync(
                url.OriginalString,
                false,
                async () => await PublicKeys.FetchAsync(url, examination.Responses, examination.Cancellation),
                published,
                key => key.KeyId != signing,
                signing,
                keys))
            {
                yield return finding;
            }
        }

        foreach (PublishedPlace place in await examination.Places.LeftAsync(keys, examination.Cancellation))
        {
            yield return await LookAsync(examination, keys, place);
        }

        foreach ((Uri place, TimeSpan lifetime) in examination.Responses.Lifetimes
            .Where(answer => answer.Value > UsualLifetime && !asked.Contains(answer.Key)))
        {
            yield return Errors.KeysCached(
                place.OriginalString, string.Create(CultureInfo.InvariantCulture, $"{lifetime.TotalHours:0.#} hours"));
        }
    }

    // A place that the settings file does not name any more: what is there is told at each run.
    private static async Task<Finding> LookAsync(Examination examination, KeyFile keys, PublishedPlace place)
    {
        string fault;
        try
        {
            PublicKeys? text = await PublicKeys.FindAsync(place.Url, examination.Responses, examination.Cancellation);
            if (Publisher.StillServed(text, keys.Known.RevokedKeyId) is { } revoked)
            {
                return Errors.RevokedKeyServed(place.Url.OriginalString, revoked);
            }

            fault = Publisher.StillServed(text, key => keys.Known.IsOurs(key, isInDatabase: false) ? key : null)
                ?? "it serves no key of this environment";
        }
        catch (CommandException exception)
        {
            fault = exception.Errors[0].Fact.TrimEnd('.');
        }

        return Errors.PlaceLeft(place.Url.OriginalString, fault);
    }

    private static async Task<IReadOnlyList<Finding>> ReadAsync(
        string name,
        bool isLocalOnly,
        Func<Task<PublicKeys?>> fetch,
        IReadOnlyList<VerificationKey> published,
        Func<VerificationKey, bool> mayLack,
        string? signing,
        KeyFile keys)
    {
        try
        {
            if (await fetch() is not { } served)
            {
                return [isLocalOnly ? Errors.ServedUnknown(name) : Errors.KeysNotReachable(name, "there is nothing")];
            }

            IEnumerable<Finding> exposed = served.Exposed.Select(key => Errors.PrivateKeysServed(name, key.What));
            return served.Fault is { } fault
                ? [
                    .. exposed,
                    served.IsWebPage ? Errors.KeysAreWebPage(name)
                        : served.IsUnreadable ? Errors.KeysNotReadable(name, fault)
                        : Errors.KeysAreNone(name, fault),
                ]
                : [
                    .. exposed,
                    .. published.Where(key => !served.Keys.Any(other => IsSame(key, other)) && !mayLack(key))
                        .Select(
                            key => key.KeyId == signing ? Errors.SigningKeyNotServed(
                                name, key.KeyId!) : Errors.KeyNotServed(name, key.KeyId!)),
                    .. served.Keys.Where(key => !published.Any(other => IsSame(key, other)))
                        .Select(key => keys.Known.RevokedKeyId(key.Thumbprint) is { } revoked
                            ? Errors.RevokedKeyServed(name, "it still serves " + revoked)
                            : Errors.ForeignKeyServed(name, key.KeyId ?? "without kid")),
                ];
        }
        catch (CommandException exception)
        {
            CodedError error = exception.Errors[0];
            return
            [
                error.Code switch
                {
                    Errors.KeyUrlFailedCode or Errors.KeyUrlRedirectsCode =>
                        Errors.KeysNotReachable(name, (error with { Remedy = string.Empty }).Clause),
                    _ => Errors.NotChecked(name, error.Clause),
                },
            ];
        }
    }

    private static bool IsSame(VerificationKey one, VerificationKey other) =>
        (one.KeyId == other.KeyId || one.KeyId == null || other.KeyId == null)
            && one.HasNumber(other.Modulus);
}
