using System.Globalization;
using System.Text.Json.Nodes;
using ChatAuth.Keys;
using ChatAuth.Plugins.Jose;
using ChatAuth.Publishing;
using ChatAuth.Tokens;

namespace ChatAuth.Deployment;

/// <summary>One key of an environment as a person needs to know it; nothing of it is secret.</summary>
/// <param name="KeyId">kid.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="From">From when it signs; null when that is not decided.</param>
/// <param name="Until">When it ends.</param>
/// <param name="ServedAt">The targets that serve it now.</param>
internal sealed record KeyLine(
    string KeyId, KeyState State, DateTimeOffset? From, DateTimeOffset Until, IReadOnlyList<string> ServedAt);

/// <summary>The keys of an environment, and where each is served.</summary>
internal static class KeyTable
{
    /// <summary>Reads keys and targets; a target that does not answer serves nothing.</summary>
    /// <exception cref="CommandException">5301, 5304, 5001, 5002.</exception>
    public static async Task<IReadOnlyList<KeyLine>> ReadAsync(
        DeploymentContext context, CancellationToken cancellation)
    {
        ChatEnvironment environment = await ChatEnvironment.ReadAsync(context, cancellation);
        environment.EnsureDeployed();
        List<(string Name, IReadOnlyList<VerificationKey> Keys)> served = [];
        KeyFile keys = environment.Keys;
        IEnumerable<IKeyPlace> left = (await context.Places.LeftAsync(keys, cancellation)).Select(
            place => new KeyAddress(place.Url.OriginalString, place.Url, context.Network));
        foreach (IKeyPlace place in (await context.Places.NamedAsync(cancellation)).Concat(left))
        {
            served.Add((place.Name, await ServedAsync(context, place, cancellation)));
        }

        IReadOnlyList<string> ServedAt(string thumbprint) =>
            [.. served.Where(place => place.Keys.Any(key => key.Thumbprint == thumbprint)).Select(place => place.Name)];

        // A key that is revoked and served still is shown until it is gone.
        IEnumerable<KeyLine> revoked = keys.Revoked
            .Where(key => keys.Keys.All(other => other.Thumbprint != key.Thumbprint))
            .Select(key => new KeyLine(
                key.KeyId, KeyState.Revoked, null, DateTimeOffset.FromUnixTimeSeconds(key.ExpiresAt),
                ServedAt(key.Thumbprint)))
            .Where(line => line.ServedAt.Count > 0);
        return [.. environment.Keys.Keys.Select(key => new KeyLine(
            key.KeyId,
            environment.Keys.StateOf(key, environment.Now),
            key.NotBefore == Jwk.PendingNotBefore ? null : DateTimeOffset.FromUnixTimeSeconds(key.NotBefore),
            DateTimeOffset.FromUnixTimeSeconds(key.ExpiresAt),
            ServedAt(key.Thumbprint))).Concat(revoked)];
    }

    /// <summary>The lines as a table.</summary>
    public static IEnumerable<string> Text(IReadOnlyList<KeyLine> lines)
    {
        string[][] cells =
        [
            ["kid", "state", "from", "until", "served at"],
            .. lines.Select(
                line => new[]
                {
                    line.KeyId,
                    Word(line.State),
                    Date(line.From) ?? "not decided",
                    Date(line.Until)!,
                    line.ServedAt.Count == 0 ? "no target" : string.Join(", ", line.ServedAt),
                }),
        ];
        int[] widths = [.. Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(row => row[column].Length))];
        return cells.Select(
            row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>The lines as JSON.</summary>
    public static string Json(IReadOnlyList<KeyLine> lines) =>
        ReadableJson.Of(new JsonArray([.. lines.Select(line => new JsonObject
        {
            ["kid"] = line.KeyId,
            ["state"] = Word(line.State),
            ["from"] = Date(line.From),
            ["until"] = Date(line.Until),
            ["servedAt"] = new JsonArray([.. line.ServedAt.Select(name => JsonValue.Create(name))]),
        })]));

    private static async Task<IReadOnlyList<VerificationKey>> ServedAsync(
        DeploymentContext context, IKeyPlace place, CancellationToken cancellation)
    {
        try
        {
            PublicKeys? read = await place.FetchAsync(cancellation);
            if (read?.ErrorAt(place.Name) is { } error)
            {
                context.Changes.Say(error.ToString());
            }

            foreach (OtherKey exposed in read?.Exposed ?? [])
            {
                context.Changes.Say(Errors.PrivateKeyServed(place.Name, exposed.What).ToString());
            }

            return [.. read?.All ?? []];
        }
        catch (CommandException exception)
        {
            context.Changes.Say(exception.Errors[0].Text);
            return [];
        }
    }

    private static string Word(KeyState state) => state switch
    {
        KeyState.Pending => "pending",
        KeyState.Scheduled => "scheduled",
        KeyState.Signing => "signing",
        KeyState.Retiring => "retiring",
        KeyState.Revoked => "revoked",
        _ => "expired",
    };

    private static string? Date(DateTimeOffset? date) =>
        date?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
