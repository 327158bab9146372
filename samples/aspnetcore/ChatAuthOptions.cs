using System;
using System.Collections.Generic;
using System.Security.Claims;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Azure.Core;
using Azure.Identity;

namespace ChatAuth.AspNetCore;

/// <summary>The forms in which <c>/publickey</c> shows the public keys; <c>/jwks</c> is a JWK set always.</summary>
public enum PublicKeyForm
{
    /// <summary>Omnichannel's key set, which holds every key: a rotation goes unnoticed.</summary>
    KeySet,

    /// <summary>The one key that signs, as PEM.</summary>
    Pem,
}

/// <summary>
/// The signed-in visitor, as Dataverse can find the contact; one of the two. With neither nobody is asked for a token,
/// and the log says that the portal's sign-in is to be corrected.
/// </summary>
/// <param name="ContactId">Id of the contact, where the portal's entry in "callers" has "contact": "parameter".</param>
/// <param name="UserName">The visitor's user name, where the entry names an external identity or a column.</param>
public sealed record ChatVisitor(Guid? ContactId, string? UserName);

/// <summary>Calls a message of Dataverse as the portal's application user.</summary>
/// <param name="message">For example chatauth_IssueChatToken.</param>
/// <param name="parameters">ContactId is a <see cref="Guid"/>; the others are texts. Null ones are left out.</param>
/// <param name="cancellation">The visitor has gone.</param>
public delegate Task<MessageAnswer> MessageCall(
    string message, JsonObject parameters, CancellationToken cancellation);

/// <summary>What came of a message, as the Web API answers.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The response properties, or <c>{"error":{"message":…}}</c>; null where it is no object.</param>
/// <param name="RetryAfter">How long to wait, where Dataverse limits the application user (429) and says so.</param>
public sealed record MessageAnswer(int Status, JsonObject? Body, TimeSpan? RetryAfter = null);

/// <summary>What a portal says about itself.</summary>
public sealed partial class ChatAuthOptions
{
    /// <summary>
    /// Claim of the signed-in visitor that holds the contact's id, unless <see cref="Visitor"/> says otherwise.
    /// </summary>
    public const string ContactClaim = "contactid";

    private Uri? environment;

    /// <summary>
    /// The environment's address, for example https://contoso.crm.dynamics.com: https without user name, since the
    /// application user's access token goes there; http to this machine only.
    /// </summary>
    /// <exception cref="ArgumentException">It is another address.</exception>
    public Uri? Environment
    {
        get => environment;
        set => environment = value == null || IsSafe(value) ? value : throw new ArgumentException(
            "ChatAuthOptions.Environment is no https address without user name. Give the address of the Dataverse "
                + "environment, for example https://contoso.crm.dynamics.com.",
            nameof(value));
    }

    /// <summary>
    /// Signs in as the application user; a managed identity, environment variables and so on unless given.
    /// </summary>
    public TokenCredential? Credential { get; set; }

    /// <summary>
    /// Instead of <see cref="Credential"/>, one for each of several application users, between whom the calls go round:
    /// Dataverse limits each by itself. Their ids are the portal's entry in "callers" and its "applications".
    /// </summary>
    public IList<TokenCredential> Credentials { get; } = [];

    /// <summary>
    /// Calls messages in the place of <see cref="Environment"/> and <see cref="Credential"/>: for a portal that has a
    /// client of Dataverse of its own.
    /// </summary>
    public MessageCall? Call { get; set; }

    /// <summary>
    /// Finds the visitor in the portal's own sign-in; null for one whom it does not know. Never asked about anonymous
    /// visitors. A claim that is no id is the portal's fault, and no sign-in would help: the visitor has neither
    /// contact nor user name then.
    /// </summary>
    public Func<ClaimsPrincipal, ChatVisitor?> Visitor { get; set; } = ByContactClaim;

    /// <summary>LivePerson's chat in a window of its own; null for none.</summary>
    public ExternalWindow? ExternalWindow { get; set; }

    /// <summary>
    /// The authentication scheme by which native apps prove their user with a bearer token, for example "Bearer" of
    /// AddJwtBearer, whose audience is this portal; null where no app is served. It reads no cookie.
    /// </summary>
    public string? AppScheme { get; set; }

    /// <summary>
    /// Finds the visitor in the claims of an app's token; null for one whom it does not know. Left alone it is
    /// <see cref="Visitor"/>.
    /// </summary>
    public Func<ClaimsPrincipal, ChatVisitor?>? AppVisitor { get; set; }

    /// <summary>How the public keys are shown.</summary>
    public PublicKeyForm PublicKeyForm { get; set; }

    /// <summary>
    /// How many tokens one visitor may ask for in a minute; chatauth.js asks about once in a token's life.
    /// </summary>
    public int TokensPerMinute { get; set; } = 30;

    /// <summary>
    /// How long a call takes at most, whoever is asked: chatauth.js answers its callers after 9 seconds, the chat after
    /// 10.
    /// </summary>
    internal TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Reads a contact's id as Dataverse writes it, with hyphens and nothing around.</summary>
    /// <param name="text">Of a claim; null where there is none.</param>
    /// <returns>Null for any other form, of which Guid.TryParse takes several.</returns>
    public static Guid? ContactId(string? text) => Id().IsMatch(text ?? string.Empty) ? Guid.Parse(text!) : null;

    /// <summary>The rule unless another is given; a claim that holds no id makes a visitor without a name.</summary>
    internal static ChatVisitor? ByContactClaim(ClaimsPrincipal user) => user.FindFirstValue(ContactClaim) switch
    {
        null or "" => null,
        var text => new ChatVisitor(ContactId(text), null),
    };

    /// <summary>The credentials that are used, one at least.</summary>
    internal IReadOnlyList<TokenCredential> UsedCredentials => (Credential, Credentials.Count) switch
    {
        (null, 0) => [new DefaultAzureCredential()],
        (null, _) => [.. Credentials],
        ({ } one, 0) => [one],
        _ => throw new InvalidOperationException(
            "ChatAuthOptions has Credential and Credentials. Add the one to the others."),
    };

    /// <summary>Whether a token may go to an address: https without user name, or http to this machine.</summary>
    /// <param name="url">The address.</param>
    internal static bool IsSafe(Uri url) => url.IsAbsoluteUri && url.UserInfo.Length == 0
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    [GeneratedRegex(@"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\z")]
    private static partial Regex Id();
}
