using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Security;

/// <summary>The users of an organization, and the bearer tokens that stand for their sign-ins.</summary>
internal sealed class Users
{
    private readonly ConcurrentDictionary<string, (LocalUser User, DateTimeOffset Expires)> byToken =
        new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, LocalUser> byId = new();
    private readonly OrganizationState organization;

    /// <summary>The SYSTEM user and one administrator.</summary>
    public Users(OrganizationState organization)
    {
        this.organization = organization;
        System = Add("SYSTEM");
        byToken.Clear(); // nobody signs in as SYSTEM
        Administrator = Add("System Administrator");
    }

    /// <summary>The user as whom the platform itself acts.</summary>
    public LocalUser System { get; }

    /// <summary>A person with the role System Administrator.</summary>
    public LocalUser Administrator { get; }

    /// <summary>Adds a user.</summary>
    /// <param name="name">Full name.</param>
    /// <param name="applicationId">Application (client) id; null for a person and for an older site.</param>
    /// <param name="privileges">Names of its privileges; null for the role System Administrator.</param>
    /// <param name="isPortalsClient">Whether it is a Power Pages site.</param>
    /// <param name="siteId">Its powerpagesite row; null when it has none, or is no site.</param>
    /// <exception cref="ArgumentException">There is no privilege of such a name.</exception>
    public LocalUser Add(
        string name, Guid? applicationId = null, IEnumerable<string>? privileges = null, bool isPortalsClient = false,
        Guid? siteId = null)
    {
        var held = privileges?.ToFrozenSet(StringComparer.Ordinal);
        if (held?.FirstOrDefault(p => !Schema.Known.Privileges.Contains(p)) is { } unknown)
        {
            throw new ArgumentException($"There is no privilege {unknown}.", nameof(privileges));
        }

        var user = new LocalUser(
            Guid.NewGuid(), name, RandomToken(), held, applicationId, Guid.NewGuid(), isPortalsClient, siteId);
        byId[user.Id] = user;
        byToken[user.Token] = (user, DateTimeOffset.MaxValue);
        organization.Rows.Change(draft => draft.Put(
            "systemuser", user.Id, ("fullname", name), ("applicationid", applicationId),
            ("azureactivedirectoryobjectid", user.ObjectId), ("isdisabled", false)));
        return user;
    }

    /// <summary>The user of that id.</summary>
    /// <exception cref="DataverseException">404 there is none.</exception>
    public LocalUser Get(Guid id) => byId.TryGetValue(id, out var user) ? user : throw Refusal.NoRow("systemuser", id);

    /// <summary>The user of that Entra object id.</summary>
    /// <exception cref="DataverseException">404 there is none.</exception>
    public LocalUser OfObject(Guid objectId) =>
        byId.Values.SingleOrDefault(u => u.ObjectId == objectId) ?? throw Refusal.NoRow("systemuser", objectId);

    /// <summary>As whom a request of a user counts that impersonates nobody by itself.</summary>
    /// <remarks>
    /// Microsoft Learn, enhanced authorization: a site that has it on acts as the system user that its visitor's
    /// contact is mapped to.
    /// </remarks>
    /// <param name="user">Whose token the request carries.</param>
    /// <param name="contact">The contact of a site's visitor, otherwise empty.</param>
    public LocalUser ActingFor(LocalUser user, Guid contact)
    {
        var rows = organization.Rows.Now;
        if (user.SiteId is not { } site)
        {
            return user;
        }

        // powerpagesite table reference: 0 disabled, 1 migration in progress, 2 migration failed, 3 enabled.
        switch (rows.Get("powerpagesite", site).Number("enhancedauthorization"))
        {
            case 0:
                return user;
            case 1 or 2:
                throw Refusal.NotKnown("as whom a site acts whose migration to enhanced authorization is not done");
        }

        var mapping = rows.All("powerpagesusermapping")
            .SingleOrDefault(m => m.Reference("siteid") == site && m.Reference("contact") == contact)
            ?? throw Refusal.NotKnown("as whom a site with enhanced authorization acts for a visitor without mapping");
        return Get(mapping.Reference("systemuser"));
    }

    /// <summary>Ensures that a user is enabled.</summary>
    /// <remarks>
    /// Text: Microsoft Learn, troubleshoot plug-ins, "error when executing in the context of a disabled user". Number:
    /// web service error codes, UserNotEnabled. Status: see README.md.
    /// </remarks>
    public void RequireEnabled(LocalUser user)
    {
        if (organization.Rows.Now.Get("systemuser", user.Id).Flag("isdisabled"))
        {
            throw new DataverseException(
                0x80040225,
                organization.Unknowns.DisabledUsersAreBadRequests ? 400 : 403,
                $"The user with SystemUserId={user.Id:D} in OrganizationContext={organization.Name} is disabled. "
                    + "Disabled users cannot access the system. Consider enabling this user. Also, users are disabled "
                    + "if they don't have a license assigned to them.");
        }
    }

    /// <summary>The user whose token that is; null when it is nobody's, or has expired.</summary>
    public LocalUser? OfToken(string token) =>
        byToken.TryGetValue(token, out var entry) && organization.Clock.GetUtcNow() < entry.Expires ? entry.User : null;

    /// <summary>Another token for a user, taken for so long.</summary>
    public string NewToken(LocalUser user, TimeSpan lifetime)
    {
        var token = RandomToken();
        byToken[token] = (user, organization.Clock.GetUtcNow() + lifetime);
        return token;
    }

    private static string RandomToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
