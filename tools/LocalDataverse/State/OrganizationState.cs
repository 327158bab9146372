namespace ChatAuth.LocalDataverse.State;

/// <summary>What an organization is and holds; what works on it takes it from here.</summary>
/// <param name="clock">Its time.</param>
/// <param name="id">Organization id.</param>
internal class OrganizationState(TimeProvider clock, Guid id)
{
    /// <summary>The organization's time.</summary>
    public TimeProvider Clock => clock;

    /// <summary>The organization's time as rows hold it, UTC.</summary>
    public DateTime UtcNow => clock.GetUtcNow().UtcDateTime;

    /// <summary>Whether time passes by itself.</summary>
#pragma warning disable RS0030 // compared only, to decide whether a plug-in may be given a test's clock
    public bool IsOnSystemClock => ReferenceEquals(clock, TimeProvider.System);
#pragma warning restore RS0030

    /// <summary>Organization id.</summary>
    public Guid Id => id;

    /// <summary>Unique name.</summary>
    public string Name { get; } = "local";

    /// <summary>Root business unit.</summary>
    public Guid BusinessUnitId { get; } = Guid.NewGuid();

    /// <summary>Power Platform environment.</summary>
    public string EnvironmentId { get; } = Guid.NewGuid().ToString("D");

    /// <summary>Entra tenant.</summary>
    public Guid TenantId { get; } = Guid.NewGuid();

    /// <summary>How long a solution import takes.</summary>
    public TimeSpan ImportDuration { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The languages that are provisioned, the base language first (LCIDs).</summary>
    public IReadOnlyList<int> Languages { get; set; } = [1033];

    /// <summary>
    /// Whether a chat's public key URL answers with a key; this process asks no address by itself, so a test says.
    /// </summary>
    public Func<string, bool> PublicKeyUrlAnswers { get; set; } = _ => true;

    /// <summary>The rows.</summary>
    public RowStore Rows { get; } = new();

    /// <summary>What is unknown on the platform, to be played either way.</summary>
    public Unknowns Unknowns { get; } = new();

    /// <summary>The last requests.</summary>
    public Journal Journal { get; } = new();

    /// <summary>Faults on demand.</summary>
    public InjectedFaults Faults { get; } = new();

    /// <summary>Service protection; null for none.</summary>
    public ServiceProtection? Protection { get; set; }

    /// <summary>The organization's own row, whose columns are its settings.</summary>
    /// <param name="rows">The rows of the moment that counts.</param>
    public Row Settings(RowSnapshot rows) => rows.Get("organization", Id);
}
