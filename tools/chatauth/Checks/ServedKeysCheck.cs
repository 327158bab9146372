using System.Globalization;
using System.Text.RegularExpressions;
using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Publishing;
using ChatAuth.Tokens;

namespace ChatAuth.Checks;

/// <summary>
/// Whether every target, and the public key URL that the chat service reads, serves the keys of this environment and no
/// others; and whether a portal that serves them is without some of its application users.
/// </summary>
internal sealed partial class ServedKeysCheck : ICheck
{
    // Anonymous static files of a site are kept that long (facts, section 5); a lead counts with twice as much.
    private static readonly TimeSpan UsualLifetime = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public string Subject => "published keys";

    /// <inheritdoc/>
    public string? ReasonToSkip(Examination examination) =>
        examination.Settings.Publish.Count > 0 || examination.Settings.KeyUrls.Count > 0 ? null
            : "the settings file names no place that keys are published to";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(Examination examination)
    {
        KeyFile keys = (await examination.KeysAsync() ?? KeyFile.Empty(examination.OrganizationId))
            .WithGiven(examination.Given);
        Publication publication = Publication.Of(keys, examination.Now.ToUnixTimeSeconds());
        IReadOnlyList<VerificationKey> published = PublicKeys.Parse(publication.Text(PublicKeyFormat.KeySet)).Keys;
        string? signing = keys.SigningKeyAt(examination.Now.ToUnixTimeSeconds())?.KeyId;
        HashSet<Uri> asked = [.. examination.Responses.Lifetimes.Keys]; // by others, such as whoever signed in
        IReadOnlyList<IKeyPlace> places = await examination.Places.NamedAsync(examination.Cancellation);
        foreach (IKeyPlace place in places)
        {
            IPublishingTarget? target = place as IPublishingTarget;
            if (target == null)
            {
                yield return Errors.KeyUrlNotATarget(place.Name);
            }

            foreach (Finding finding in await ReadAsync(
                place,
                published,
                key => target is not { Format.HoldsOneKey: false } && key.KeyId != signing,
                signing,
                keys,
                examination))
            {
                yield return finding;
            }
        }

        foreach (PublishedPlace place in await examination.Places.LeftAsync(keys, examination.Cancellation))
        {
            yield return await LookAsync(examination, keys, place);
        }

        foreach ((Uri place, string users) in examination.Responses.ApplicationUsers)
        {
            if (!examination.IsPreflight && UsersOf().Match(users) is { Success: true } said
                && int.TryParse(said.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out int all)
                && int.TryParse(said.Groups[2].ValueSpan, CultureInfo.InvariantCulture, out int limited)
                && int.TryParse(said.Groups[3].ValueSpan, CultureInfo.InvariantCulture, out int refused)
                && limited + refused > 0)
            {
                yield return Errors.PortalUsersOut(place.OriginalString, all, limited, refused);
            }
        }

        foreach ((Uri place, TimeSpan lifetime) in examination.Responses.Lifetimes
            .Where(answer => answer.Value > UsualLifetime && !asked.Contains(answer.Key)))
        {
            yield return Errors.KeysCached(
                place.OriginalString, string.Create(CultureInfo.InvariantCulture, $"{lifetime.TotalHours:0.#} hours"));
        }
    }

    [GeneratedRegex("^all=([0-9]{1,4}), limited=([0-9]{1,4}), refused=([0-9]{1,4})$")]
    private static partial Regex UsersOf();

    // A place that the settings file does not name any more: what is there is told at each run.
    private static async Task<Finding> LookAsync(Examination examination, KeyFile keys, PublishedPlace place)
    {
        string fault;
        try
        {
            PublicKeys? text = await PublicKeys.FindAsync(place.Url, examination.Responses, examination.Cancellation);
            if (Publisher.Serving(text, keys.Known.RevokedKeyId) is { } revoked)
            {
                return Errors.RevokedKeyServed(place.Url.OriginalString, revoked);
            }

            fault = Publisher.StillServed(text, key => keys.Known.IsOurs(key, isInDatabase: false) ? key : null)
                ?? "it serves no key of this environment";
        }
        catch (CommandException exception)
        {
            fault = exception.Errors[0].FactClause;
        }

        return Errors.PlaceLeft(place.Url.OriginalString, fault);
    }

    private static async Task<IReadOnlyList<Finding>> ReadAsync(
        IKeyPlace place,
        IReadOnlyList<VerificationKey> published,
        Func<VerificationKey, bool> mayLack,
        string? signing,
        KeyFile keys,
        Examination examination)
    {
        CancellationToken cancellation = examination.Cancellation;
        string name = place.Name;
        IPublishingTarget? target = place as IPublishingTarget;
        List<Finding> findings =
            target is { IsForTrials: true } && !examination.IsPreflight ? [Errors.ServedUnknown(name)] : [];
        try
        {
            CodedError? refusal = target is { IsWritten: true }
                ? Ownership.Refusal(target, (await target.ReadAsync(cancellation)).Keys, keys.Known) : null;
            if (refusal != null)
            {
                findings.Add(Finding.Of(refusal));
            }

            PublicKeys? served = await place.FetchAsync(cancellation);
            if (served == null)
            {
                return target is { IsForTrials: true } ? findings
                    : [.. findings, Errors.KeysNotReachable(name, "there is nothing", false)];
            }

            if (target is not { IsForTrials: true })
            {
                findings.AddRange(served.Exposed.Select(key => Errors.PrivateKeysServed(
                    name, key.What, key.Key != null && keys.Known.RevokedKeyId(key.Key.Thumbprint) != null)));
            }

            CodedError? foreign = refusal == null ? Ownership.RefusalOfServed(place, served, keys.Known) : null;
            return served.Fault is { } fault
                ? [
                    .. findings,
                    served.IsWebPage ? Errors.KeysAreWebPage(name)
                        : served.IsUnreadable ? Errors.KeysNotReadable(name, fault)
                        : Errors.KeysAreNone(name, fault),
                ]
                : [
                    .. findings,
                    .. published.Where(key => !served.Keys.Any(other => IsSame(key, other)) && !mayLack(key))
                        .Select(
                            key => key.KeyId == signing ? Errors.SigningKeyNotServed(
                                name, key.KeyId!) : Errors.KeyNotServed(name, key.KeyId!))

                        // deploy would be refused, or destroy what stands there.
                        .Select(finding => (refusal ?? foreign) is { Code: var first }
                            ? finding with { Remedy = $"See to {first} first, then run chatauth deploy." } : finding),
                    .. served.All.DistinctBy(key => key.Thumbprint)
                        .Select(key => keys.Known.RevokedKeyId(key.Thumbprint)).OfType<string>()
                        .Select(revoked => Errors.RevokedKeyServed(name, "it still serves " + revoked)),
                    .. served.Keys.Where(key => !published.Any(other => IsSame(key, other))
                            && keys.Known.RevokedKeyId(key.Thumbprint) == null
                            && keys.Known.IsOurs(key.Thumbprint, target is { IsInDatabase: true }))
                        .Select(key => Errors.ForeignKeyServed(name, key.KeyId ?? "without kid")),
                    .. foreign == null ? Array.Empty<Finding>() : [Finding.Of(foreign)],
                ];
        }
        catch (CommandException exception)
        {
            CodedError error = exception.Errors[0];
            return
            [
                .. findings,
                error.Code switch
                {
                    Errors.KeyUrlFailedCode or Errors.KeyUrlRedirectsCode =>
                        Errors.KeysNotReachable(
                            name, (error with { Remedy = string.Empty }).Clause, IsClosed(error)),
                    _ when exception is WebApiException => Errors.NotChecked(name, error.Clause),
                    _ => Finding.Of(error),
                },
            ];
        }
    }

    // A sign-in stands before it, and no waiting takes that away; whatever else does not answer may be on its way.
    private static bool IsClosed(CodedError error) => error.Code == Errors.KeyUrlRedirectsCode
        || error.Fact.EndsWith(" 401.", StringComparison.Ordinal)
        || error.Fact.EndsWith(" 403.", StringComparison.Ordinal);

    private static bool IsSame(VerificationKey one, VerificationKey other) =>
        (one.KeyId == other.KeyId || one.KeyId == null || other.KeyId == null)
            && one.HasNumber(other.Modulus);
}
