using ChatAuth.Plugins.Json;

namespace ChatAuth.Settings;

/// <summary>The setting "liveAssist": what an administrator pastes into Live Assist for Dynamics 365.</summary>
/// <param name="Issuer">The JWT issuer that Live Assist compares iss with.</param>
/// <param name="Method">The function of the page that it asks for a token.</param>
/// <param name="IsPasted">Whether it holds one key that somebody pastes; else it reads a JWKS endpoint.</param>
/// <param name="JwksUrl">That endpoint; null where it is the address of a publishing target.</param>
internal sealed record LiveAssistSettings(string Issuer, string Method, bool IsPasted, Uri? JwksUrl)
{
    // The function of Live Assist's own examples (its guide to authenticated chats).
    private const string UsualMethod = "authoriseChatWithCallback";

    /// <summary>Reads the setting.</summary>
    /// <param name="value">The setting.</param>
    /// <param name="issuer">The setting "issuer".</param>
    /// <param name="publish">The entries of "publish".</param>
    /// <exception cref="CommandException">5102 to 5104.</exception>
    /// <exception cref="Plugins.ChatAuthException">2012, 2013.</exception>
    public static LiveAssistSettings Read(JsonValue value, string issuer, IReadOnlyList<TargetSettings> publish)
    {
        SettingsObject entry = new(value, "liveAssist", "issuer", "method", "key", "jwksUrl");
        string method = entry.Text("method") ?? UsualMethod;
        bool isPasted = entry.RequiredText("key") switch
        {
            "line" => true,
            "jwks" => false,
            _ => throw entry.Bad("key", "line or jwks"),
        };
        Uri? url = entry.Url("jwksUrl");
        return !AuthenticationSettings.OfferedFunctions.Contains(method)
            ? throw entry.Bad("method", "one of " + string.Join(", ", AuthenticationSettings.OfferedFunctions))
            : isPasted && url != null ? throw entry.Bad("jwksUrl", "left out beside \"key\": \"line\"")
            : !isPasted && url == null && !publish.Any(target => target.IsJwksEndpoint)
            ? throw new CommandException(Errors.SettingMissing(entry.Path("jwksUrl")))
            : new LiveAssistSettings(entry.Text("issuer") ?? issuer, method, isPasted, url);
    }
}
