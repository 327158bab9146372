using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Security;

/// <summary>Who a request comes from.</summary>
/// <param name="Initiating">The user it counts for: the impersonated one, if any.</param>
/// <param name="Authenticated">The user whose token it carries.</param>
/// <param name="PortalsContactId">Contact of a portals client's visitor, otherwise empty.</param>
/// <param name="UserAgent">User agent header.</param>
/// <param name="Call">Journal entry of the request.</param>
internal sealed record Caller(
    LocalUser Initiating, LocalUser Authenticated, Guid PortalsContactId, string? UserAgent, Call Call);
