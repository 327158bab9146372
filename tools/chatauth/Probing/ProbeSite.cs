using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Plugins.Jose;
using ChatAuth.Plugins.Platform;

namespace ChatAuth.Probing;

/// <summary>The environment that is asked.</summary>
internal sealed class ProbeSite
{
    // Whoever was killed leaves no key behind that would be good for long.
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(1);

    // A change reaches all servers of the sandbox within seconds; nobody has said how many.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private const int Attempts = 15;

    private readonly CommandHost host;
    private readonly Lazy<RSAParameters> key;

    private ProbeSite(WebApi dataverse, CommandHost host)
    {
        Dataverse = dataverse;
        Rows = new ProbeRows(dataverse);
        this.host = host;
        key = new(() => host.NewKey(RsaParts.MinimumBits));
    }

    /// <summary>Its Web API.</summary>
    public WebApi Dataverse { get; }

    /// <summary>The probe's rows in it.</summary>
    public ProbeRows Rows { get; }

    /// <summary>The time.</summary>
    public TimeProvider Clock => host.Clock;

    /// <summary>Tells what is waited for.</summary>
    public Waiting Waiting => host.Waiting;

    /// <summary>Application id of the user as whom the probe runs; null for a person.</summary>
    public Guid? ApplicationId { get; private set; }

    /// <summary>Version of the solution that is installed.</summary>
    public required Version Solution { get; init; }

    /// <summary>Whether a step or key of deploy is there.</summary>
    public bool IsDeployed { get; private set; }

    /// <summary>Whether the plug-in trace may be switched on for the moment.</summary>
    public bool AllowsTrace { get; private init; }

    /// <summary>When the probe's keys end by themselves, NumericDate.</summary>
    public long KeyEnd => Clock.GetUtcNow().ToUnixTimeSeconds() + (long)KeyLifetime.TotalSeconds;

    private Guid OrganizationId { get; set; }

    /// <summary>Reads what the questions depend on.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task<ProbeSite> ReadAsync(
        WebApi dataverse, CommandHost host, Version solution, bool allowsTrace, CancellationToken cancellation)
    {
        WhoAmI user = await WhoAmI.ReadAsync(dataverse, cancellation);
        return new ProbeSite(dataverse, host)
        {
            Solution = solution,
            AllowsTrace = allowsTrace,
            OrganizationId = user.OrganizationId,
            ApplicationId = await user.ApplicationIdAsync(dataverse, cancellation),
            IsDeployed = await KeyRow.ReadAsync(dataverse, cancellation) != null
                || await StepRow.ReadAsync(dataverse, ChatAuthStep.PublishKeys, cancellation) != null
                || await StepRow.ReadAsync(dataverse, ChatAuthStep.IssueToken, cancellation) != null,
        };
    }

    /// <summary>The probe's own key, for a secure configuration.</summary>
    /// <param name="notBefore">NumericDate from which it signs.</param>
    /// <param name="expiresAt">NumericDate at which it ends.</param>
    public KeyFile Keys(long notBefore, long expiresAt) => KeyFile.From(key.Value, notBefore, expiresAt);

    /// <summary>The text of the probe's own key, for this organization; pending, so that it signs nothing.</summary>
    /// <param name="expiresAt">NumericDate at which it ends, by which a later one can be told from an earlier
    /// one.</param>
    public string PendingKeys(long expiresAt) => Text(Keys(Jwk.PendingNotBefore, expiresAt));

    /// <summary>Keys as a secure configuration holds them here. It is secret.</summary>
    public string Text(KeyFile keys) => keys.Write(OrganizationId);

    /// <summary>
    /// The end of the key that chatauth_GetPublicKeys answers with, NumericDate; null when no step answers yet.
    /// </summary>
    /// <exception cref="CommandException">The plug-in's own code; 5001, 5002.</exception>
    public async Task<long?> ServedEndAsync(CancellationToken cancellation)
    {
        JsonObject? answer = await Dataverse.PostAsync(CustomApi.GetPublicKeys.UniqueName, [], cancellation);
        return answer?.Column<string>("KeySet") is { Length: > 0 } text
            ? JsonNode.Parse(text)![0]!.Required<long>("expiry")
            : null;
    }

    /// <summary>Asks again and again until something is so, for half a minute.</summary>
    /// <returns>Whether it came to be so.</returns>
    public Task<bool> ComesToBeAsync(Func<Task<bool>> isSo, CancellationToken cancellation) =>
        Polling.UntilAsync(isSo, so => so, Polling.Even(Pause, Attempts), Clock, cancellation);
}
