using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Pipeline;
using ChatAuth.LocalDataverse.Rows;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.Solutions;
using ChatAuth.LocalDataverse.State;
using ChatAuth.LocalDataverse.Tables;
using ChatAuth.LocalDataverse.WebApi;

namespace ChatAuth.LocalDataverse;

/// <summary>One Dataverse organization in memory: its state, and the parts that work on it.</summary>
internal sealed class LocalOrganization : OrganizationState
{
    private readonly Users users;

    /// <summary>An organization with its SYSTEM user, one administrator and no rows of its own.</summary>
    public LocalOrganization(TimeProvider clock, Guid? id = null)
        : base(clock, id ?? Guid.NewGuid())
    {
        // Every table that behaves; the others do what their columns say.
        var rules = new TableRules(
            new ContactRule(),
            new NoteRule(this),
            new ChatSettingsRule(this),
            new SolutionRule(),
            new StepRule(this),
            new SecureConfigurationRule(this));
        users = new Users(this);
        Operations = new RowOperations(this, rules);
        Pipeline = new MessagePipeline(this, users);
        Imports = new ImportJobs(this, rules);
        Api = new WebApiHandler(this, users, Operations, Pipeline, Imports);
        Rows.Change(draft => draft.Put(
            "organization", Id, ("name", Name), ("plugintracelogsetting", new OptionSetValue(0)),
            ("blockedattachments", BlockedFiles.Usual)));
    }

    /// <summary>Whether its administrator blocks unmanaged customizations (facts 1).</summary>
    public bool BlocksUnmanagedCustomizations
    {
        get => UnmanagedCustomizations.AreBlocked(this);
        set => UnmanagedCustomizations.Set(this, value);
    }

    /// <summary>The user as whom the platform itself acts.</summary>
    public LocalUser System => users.System;

    /// <summary>A person with the role System Administrator.</summary>
    public LocalUser Administrator => users.Administrator;

    /// <summary>Writes as a user.</summary>
    public RowOperations Operations { get; }

    /// <summary>The event pipeline.</summary>
    public MessagePipeline Pipeline { get; }

    /// <summary>Solution imports under way.</summary>
    public ImportJobs Imports { get; }

    /// <summary>The Web API.</summary>
    public WebApiHandler Api { get; }

    /// <summary>Adds an application user with exactly those privileges.</summary>
    public LocalUser AddApplicationUser(string name, Guid applicationId, params IEnumerable<string> privileges) =>
        users.Add(name, applicationId, privileges);

    /// <summary>Adds an application user with the role System Administrator, such as a pipeline.</summary>
    public LocalUser AddApplicationAdministrator(string name, Guid applicationId) => users.Add(name, applicationId);

    /// <summary>Adds the user of a Power Pages site; older sites have no application id (facts 5).</summary>
    public LocalUser AddPortalsClient(string name, Guid? applicationId, params IEnumerable<string> privileges) =>
        users.Add(name, applicationId, privileges, isPortalsClient: true);

    /// <summary>Adds the user of a site in the enhanced data model, whose row says how it acts.</summary>
    public LocalUser AddSiteUser(string name, Guid siteId, params IEnumerable<string> privileges) =>
        users.Add(name, Guid.NewGuid(), privileges, isPortalsClient: true, siteId);

    /// <summary>Adds a person with exactly those privileges.</summary>
    public LocalUser AddPerson(string name, params IEnumerable<string> privileges) =>
        users.Add(name, privileges: privileges);

    /// <summary>Another token for a user, as an identity provider issues them; the user's own never expires.</summary>
    /// <param name="user">Whom it stands for.</param>
    /// <param name="lifetime">How long it is taken.</param>
    public string NewToken(LocalUser user, TimeSpan lifetime) => users.NewToken(user, lifetime);

    /// <summary>Creates a row as SYSTEM, with the same checks as any other.</summary>
    public Row AddRow(string table, Guid id, params (string Column, object? Value)[] values) =>
        Operations.Create(System, Schema.Known.Table(table), id, values.ToDictionary(v => v.Column, v => v.Value));

    /// <summary>Changes a row as SYSTEM, with the same checks as any other.</summary>
    public Row ChangeRow(string table, Guid id, params (string Column, object? Value)[] values) =>
        Operations.Update(System, Schema.Known.Table(table), id, values.ToDictionary(v => v.Column, v => v.Value));
}
