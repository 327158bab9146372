using System.Security.Cryptography;
using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Publishing;
using ChatAuth.Settings;

namespace ChatAuth.Deployment;

/// <summary>What one run of a command works with.</summary>
/// <param name="Settings">The settings file.</param>
/// <param name="Dataverse">The environment.</param>
/// <param name="Changes">Its writes.</param>
/// <param name="Publisher">Its publishing targets.</param>
/// <param name="Clock">The time.</param>
/// <param name="Network">Answers requests for public URLs; null for the network.</param>
/// <param name="Patience">How long a target may take to serve what it was given.</param>
/// <param name="NewKey">Makes the numbers of a new random key of so many bits.</param>
/// <param name="Forced">Codes of the refusals that a person overrides.</param>
/// <param name="IsPastedAsync">Shows a person the lines of <see cref="PastedKey.Text"/>, and waits until the key is
/// said to be pasted; false where nobody says so.</param>
/// <param name="Given">The key file that is to be taken in; null for a new random key.</param>
internal sealed record DeploymentContext(
    SettingsFile Settings,
    WebApi Dataverse,
    ChangeRunner Changes,
    Publisher Publisher,
    TimeProvider Clock,
    HttpMessageHandler? Network,
    TimeSpan Patience,
    Func<int, RSAParameters> NewKey,
    IReadOnlySet<string> Forced,
    Func<IReadOnlyList<string>, CancellationToken, Task<bool>> IsPastedAsync,
    KeyFile? Given = null)
{
    /// <summary>
    /// How long a target may take when nothing else is asked for: the caches of a site last up to 15 minutes.
    /// </summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(20);

    private static readonly IReadOnlySet<string> NothingForced = new HashSet<string>();

    /// <summary>Puts a run together; no request is made yet.</summary>
    public static DeploymentContext Of(
        SettingsFile settings,
        WebApi dataverse,
        ChangeRunner changes,
        CommandHost host,
        TimeSpan patience,
        IReadOnlySet<string>? forced = null) =>
        new(
            settings,
            dataverse,
            changes,
            new Publisher(Targets.Of(settings.Publish, dataverse, host.Network), changes, host.Clock, patience,
                forced ?? NothingForced),
            host.Clock,
            host.Network,
            patience,
            host.NewKey,
            forced ?? NothingForced,
            async (lines, cancellation) =>
            {
                lines.ToList().ForEach(host.WriteError);
                await host.Error.WriteAsync("Press Enter when that is done: ");
                string? answer = await host.ReadAsync(reader => reader.ReadLine(), cancellation);
                await host.Error.WriteLineAsync();
                return answer?.Trim().ToUpperInvariant() is "" or "Y" or "YES";
            });

    /// <summary>Whether somebody pastes the one key that Live Assist holds.</summary>
    public bool IsKeyPasted => Settings.LiveAssist is { IsPasted: true };

    /// <summary>Whether that is the only place.</summary>
    public bool IsOnlyPasted => IsKeyPasted && Publisher.Targets.Count == 0 && Settings.KeyUrls.Count == 0;

    /// <summary>What is left to a person once the keys are published where commands write.</summary>
    /// <param name="command">What goes on from there.</param>
    /// <returns>A sentence.</returns>
    public string Next(string command)
    {
        bool isUploaded = Settings.Publish.Any(target => target is { Kind: TargetKind.File, Url: not null });
        return (IsKeyPasted, isUploaded) switch
        {
            (true, true) => $"Paste its line and upload each file of \"publish\", then run {command}.",
            (true, false) => $"Paste its line, then run {command}.",
            (false, true) => $"Upload each file of \"publish\", then run {command}.",
            _ => $"Run {command}, which waits until every place serves them.",
        };
    }

    /// <summary>Where keys are to be looked at.</summary>
    public KeyPlaces Places => new(Publisher.Targets, Settings.KeyUrls, Network);
}
