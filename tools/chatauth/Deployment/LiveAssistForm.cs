using System.Net;
using System.Text.Json.Nodes;
using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Plugins;
using ChatAuth.Publishing;
using ChatAuth.Settings;
using ChatAuth.Tokens;

namespace ChatAuth.Deployment;

/// <summary>What an administrator pastes into Live Assist's form, in its order; nothing of it is secret.</summary>
/// <param name="Settings">What the settings file says of it.</param>
/// <param name="JwksUrl">The JWKS endpoint; null where a key is pasted.</param>
/// <param name="KeyId">kid of the key.</param>
/// <param name="Line">The key on one line, without header and footer.</param>
/// <param name="IsSigning">Whether the key signs; else it is pending, and no token is issued.</param>
/// <param name="Issuers">The issuers that tokens carry as they are deployed; null where nobody can say.</param>
/// <param name="NextIssuers">The issuers that tokens carry once the settings file is deployed.</param>
internal sealed record LiveAssistForm(
    LiveAssistSettings Settings, Uri? JwksUrl, string KeyId, string Line, bool IsSigning,
    IReadOnlyList<string>? Issuers, IReadOnlyList<string> NextIssuers)
{
    private const string DisplayName = "ChatAuth";

    /// <summary>Asks chatauth_GetPublicKeys for the key.</summary>
    /// <param name="context">What a command works with.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5103 the settings file has no "liveAssist"; 5301 nothing is deployed; 5411
    /// there is no key; 5005 no step answers; 5001, 5002.</exception>
    public static async Task<LiveAssistForm> ReadAsync(DeploymentContext context, CancellationToken cancellation)
    {
        LiveAssistSettings settings = context.Settings.LiveAssist
            ?? throw new CommandException(Errors.SettingMissing("liveAssist"));
        (string keySet, string signing) = await KeySetAsync(context.Dataverse, cancellation);
        IReadOnlyList<VerificationKey> keys = PublicKeys.Parse(keySet).Keys;

        // While none signs the newest is the one that will: formats with one key hold that one too.
        VerificationKey key = keys.FirstOrDefault(each => each.KeyId == signing)
            ?? (keys is [.., var newest] ? newest
                : throw new CommandException(Errors.NoKeySigns("the environment has no key")));
        return new LiveAssistForm(
            settings,
            settings.IsPasted ? null : settings.JwksUrl ?? await JwksTargetAsync(context, cancellation),
            key.KeyId!,
            PastedKey.LineOf(key.Written),
            key.KeyId == signing,
            await IssuersAsync(context.Dataverse, cancellation),
            IssuersOf(context.Settings.StepConfiguration));
    }

    /// <summary>The form, line by line, and what is to be known of it.</summary>
    public IEnumerable<string> Text()
    {
        (string Label, string Value)[] rows = [.. Rows().Select(row => (row.Label, row.Value))];
        int width = rows.Max(row => row.Label.Length);
        return
        [
            "Live Assist, Campaign Builder, Data Sources, Consumer Identity Providers, Configure:",
            .. rows.Select(row => $"  {row.Label.PadRight(width)}  {(row.Value.Length > 0 ? row.Value : "(blank)")}"),
            IsSigning ? $"Key {KeyId} signs."
                : $"Key {KeyId} is pending: it does not sign, and no token is issued yet.",
            .. Endpoint.StartsWith('/')
                ? ["The issuer names no site: put the portal's address before the authentication endpoint."]
                : Array.Empty<string>(),
            .. AboutIssuer() is { } said ? [said] : Array.Empty<string>(),
        ];
    }

    private string? AboutIssuer()
    {
        const string Compared = "Live Assist compares it letter by letter.";
        bool isNext = NextIssuers.Contains(Settings.Issuer);
        string next = isNext ? "once chatauth deploy has run, tokens carry that issuer."
            : $"by the settings file no token carries that issuer, but {string.Join(", ", NextIssuers)}: correct "
                + "\"issuer\", there or in \"liveAssist\", and run chatauth deploy.";
        return Issuers == null
            ? "Whether tokens carry that issuer is not known, since the step's settings cannot be read: "
                + $"{next} {Compared}"
            : !Issuers.Contains(Settings.Issuer)
            ? $"No token carries that issuer, but {string.Join(", ", Issuers)}, as it is deployed: {next} {Compared}"
            : isNext ? null
            : $"Tokens carry that issuer still, as it is deployed; {next} {Compared}";
    }

    /// <summary>The same for a program.</summary>
    public string Json()
    {
        JsonObject form = new(Rows().Select(row => KeyValuePair.Create(row.Name, (JsonNode?)row.Value)));
        form["keyId"] = KeyId;
        form["keyState"] = IsSigning ? "signing" : "pending";
        form["tokenIssuers"] = Issuers == null ? null : new JsonArray([.. Issuers.Select(each => (JsonNode)each)]);
        return ReadableJson.Of(form);
    }

    private string Endpoint => Settings.Window?.Endpoint(Settings.Issuer) ?? string.Empty;

    private IEnumerable<(string Name, string Label, string Value)> Rows() =>
    [
        ("type", "Type", "oAuth 2.0 authentication, implicit"),
        ("issuerDisplayName", "Issuer display name", DisplayName),
        ("issuer", "JWT issuer (iss)", Settings.Issuer),
        ("authenticationEndpoint", "Authentication endpoint", Endpoint),
        ("tokenEndpoint", "Token endpoint", string.Empty),
        ("clientId", "Client id", Settings.Window?.ClientId ?? string.Empty),
        ("certificateType", "Certificate type", JwksUrl == null ? "JWT public key" : "JWKS endpoint"),
        JwksUrl == null ? ("publicKey", "JWT public key", Line)
            : ("jwksUrl", "JWKS endpoint", JwksUrl.OriginalString),
        ("jsMethodName", "JS method name", Settings.Method),
        ("jsContext", "JS context", string.Empty),
    ];

    // Whoever pastes need not be allowed to read steps; and what the plug-in refuses issues nothing.
    private static async Task<IReadOnlyList<string>?> IssuersAsync(WebApi dataverse, CancellationToken cancellation)
    {
        try
        {
            StepRow? step = await StepRow.ReadAsync(dataverse, ChatAuthStep.IssueToken, cancellation);
            return MomentaryCaller.Without(step?.Columns.Configuration) is { } configuration
                ? IssuersOf(configuration)
                : null;
        }
        catch (Exception exception) when (exception is ChatAuthException
            or WebApiException { Status: HttpStatusCode.Forbidden })
        {
            return null;
        }
    }

    private static IReadOnlyList<string> IssuersOf(string configuration) =>
        [.. IssueSettings.Parse(configuration).Values.Select(caller => caller.Token.Issuer).Distinct()];

    private static async Task<(string KeySet, string SigningKeyId)> KeySetAsync(
        WebApi dataverse, CancellationToken cancellation)
    {
        try
        {
            return await ChatTokens.KeySetAsync(dataverse, cancellation);
        }
        catch (WebApiException refusal) when (refusal.Status == HttpStatusCode.NotFound)
        {
            throw new CommandException(Errors.NotDeployed());
        }
    }

    private static async Task<Uri?> JwksTargetAsync(DeploymentContext context, CancellationToken cancellation)
    {
        Uri? url = null;
        foreach (IPublishingTarget target in context.Publisher.Targets
            .Where(each => each.Format == PublicKeyFormat.Jwks))
        {
            url ??= await target.AddressAsync(cancellation);
        }

        return url;
    }
}
