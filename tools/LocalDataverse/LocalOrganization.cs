using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Pipeline;
using ChatAuth.LocalDataverse.Rows;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.Solutions;

namespace ChatAuth.LocalDataverse;

/// <summary>One Dataverse organization in memory: rows, users, solutions and the event pipeline.</summary>
internal sealed class LocalOrganization
{
    private readonly ConcurrentDictionary<string, (LocalUser User, DateTimeOffset Expires)> usersByToken =
        new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, LocalUser> users = new();

    /// <summary>An organization with its SYSTEM user, one administrator and no rows of its own.</summary>
    public LocalOrganization(TimeProvider clock, Guid? id = null)
    {
        Clock = clock;
        Id = id ?? Guid.NewGuid();
        Operations = new RowOperations(this);
        Pipeline = new MessagePipeline(this);
        Imports = new ImportJobs(this);
        System = Add("SYSTEM", null, null, isPortalsClient: false);
        usersByToken.Clear(); // nobody signs in as SYSTEM
        Administrator = Add("System Administrator", null, null, isPortalsClient: false);
        Rows.Change(
            draft => draft.Put(
                "organization", Id, ("name", Name),
                ("plugintracelogsetting", new Microsoft.Xrm.Sdk.OptionSetValue(0)),
                ("blockedattachments", BlockedFiles.Usual)));
    }

    /// <summary>The organization's time.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Whether time passes by itself.</summary>
#pragma warning disable RS0030 // the comparison decides whether a plug-in may be given a test's clock; no time is read from it
    public bool IsOnSystemClock => ReferenceEquals(Clock, TimeProvider.System);
#pragma warning restore RS0030

    /// <summary>Organization id.</summary>
    public Guid Id { get; }

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

    /// <summary>Whether its administrator blocks unmanaged customizations (facts 1).</summary>
    public bool BlocksUnmanagedCustomizations
    {
        get => UnmanagedCustomizations.AreBlocked(Rows.Now.Get("organization", Id));
        set => Rows.Change(
            draft => draft.Put(
                "organization", Id, draft.Rows.Get("organization", Id).Values
                    .SetItem("orgdborgsettings", UnmanagedCustomizations.Settings(value))));
    }

    /// <summary>
    /// Whether a chat's public key URL answers with a key; this process asks no address by itself, so a test says.
    /// </summary>
    public Func<string, bool> PublicKeyUrlAnswers { get; set; } = _ => true;

    /// <summary>The user as whom the platform itself acts.</summary>
    public LocalUser System { get; }

    /// <summary>A person with the role System Administrator.</summary>
    public LocalUser Administrator { get; }

    /// <summary>The rows.</summary>
    public RowStore Rows { get; } = new();

    /// <summary>Writes as a user.</summary>
    public RowOperations Operations { get; }

    /// <summary>The event pipeline.</summary>
    public MessagePipeline Pipeline { get; }

    /// <summary>What is unknown on the platform, to be played either way.</summary>
    public Unknowns Unknowns { get; } = new();

    /// <summary>Solution imports under way.</summary>
    public ImportJobs Imports { get; }

    /// <summary>The last requests.</summary>
    public Journal Journal { get; } = new();

    /// <summary>Faults on demand.</summary>
    public InjectedFaults Faults { get; } = new();

    /// <summary>Adds an application user with exactly those privileges.</summary>
    public LocalUser AddApplicationUser(string name, Guid applicationId, params IEnumerable<string> privileges) =>
        Add(name, applicationId, Known(privileges), isPortalsClient: false);

    /// <summary>Adds an application user with the role System Administrator, such as a pipeline.</summary>
    public LocalUser AddApplicationAdministrator(string name, Guid applicationId) =>
        Add(name, applicationId, null, isPortalsClient: false);

    /// <summary>Adds the user of a Power Pages site; older sites have no application id (facts 5).</summary>
    public LocalUser AddPortalsClient(string name, Guid? applicationId, params IEnumerable<string> privileges) =>
        Add(name, applicationId, Known(privileges), isPortalsClient: true);

    /// <summary>Adds a person with exactly those privileges.</summary>
    public LocalUser AddPerson(string name, params IEnumerable<string> privileges) =>
        Add(name, null, Known(privileges), isPortalsClient: false);

    /// <summary>The user of that id.</summary>
    public LocalUser User(Guid id) =>
        users.TryGetValue(id, out var user) ? user : throw Refusal.NoRow("systemuser", id);

    /// <summary>The user of that Entra object id, or null.</summary>
    public LocalUser? UserOfObject(Guid objectId) => users.Values.SingleOrDefault(u => u.ObjectId == objectId);

    /// <summary>The user whose token that is; null when it is nobody's, or has expired.</summary>
    public LocalUser? UserOf(string token) =>
        usersByToken.TryGetValue(token, out var entry) && Clock.GetUtcNow() < entry.Expires ? entry.User : null;

    /// <summary>Another token for a user, as an identity provider issues them; the user's own never expires.</summary>
    /// <param name="user">Whom it stands for.</param>
    /// <param name="lifetime">How long it is taken.</param>
    public string NewToken(LocalUser user, TimeSpan lifetime)
    {
        var token = RandomToken();
        usersByToken[token] = (user, Clock.GetUtcNow() + lifetime);
        return token;
    }

    /// <summary>Creates a row as SYSTEM, with the same checks as any other.</summary>
    public Row AddRow(string table, Guid id, params (string Column, object? Value)[] values) =>
        Operations.Create(System, Schema.Known.Table(table), id, values.ToDictionary(v => v.Column, v => v.Value));

    /// <summary>Changes a row as SYSTEM, with the same checks as any other.</summary>
    public Row ChangeRow(string table, Guid id, params (string Column, object? Value)[] values) =>
        Operations.Update(System, Schema.Known.Table(table), id, values.ToDictionary(v => v.Column, v => v.Value));

    private static FrozenSet<string> Known(IEnumerable<string> privileges)
    {
        var set = privileges.ToFrozenSet(StringComparer.Ordinal);
        return set.FirstOrDefault(p => !Schema.Known.Privileges.Contains(p)) is { } unknown
            ? throw new ArgumentException($"There is no privilege {unknown}.", nameof(privileges))
            : set;
    }

    private static string RandomToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private LocalUser Add(string name, Guid? applicationId, IReadOnlySet<string>? privileges, bool isPortalsClient)
    {
        var token = RandomToken();
        var user =
            new LocalUser(Guid.NewGuid(), name, token, privileges, applicationId, Guid.NewGuid(), isPortalsClient);
        users[user.Id] = user;
        usersByToken[token] = (user, DateTimeOffset.MaxValue);
        Rows.Change(draft => draft.Put(
            "systemuser", user.Id, ("fullname", name), ("applicationid", applicationId),
            ("azureactivedirectoryobjectid", user.ObjectId), ("isdisabled", false)));
        return user;
    }
}
