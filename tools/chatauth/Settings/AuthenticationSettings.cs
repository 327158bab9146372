using ChatAuth.Plugins.Json;

namespace ChatAuth.Settings;

/// <summary>The setting "authenticationSettings": the record by which the chat service finds keys and token.</summary>
/// <param name="Name">Name of the record.</param>
/// <param name="PublicKeyUrl">Where the chat service reads the keys.</param>
/// <param name="JavaScriptFunction">
/// The function of the page that hands out the token; null where the file names none: a record that exists keeps its
/// own.
/// </param>
/// <param name="Widgets">Names or ids of the chat widgets that are to use the record.</param>
internal sealed record AuthenticationSettings(
    string Name, Uri PublicKeyUrl, string? JavaScriptFunction, IReadOnlyList<string> Widgets)
{
    // Lengths of the columns: facts section 4, msdyn_authenticationsettings.
    private const int LongestName = 100;
    private const int LongestUrl = 256;

    private const string UsualName = "ChatAuth";

    /// <summary>The function that a new record names: chatauth.js's own name, which no other script takes.</summary>
    public const string UsualFunction = "chatauth.getAuthenticationToken";

    /// <summary>The functions of chatauth.js that give a chat client the token by a callback.</summary>
    public static readonly IReadOnlyList<string> OfferedFunctions =
    [
        UsualFunction, "chatauth.getToken", "auth.getAuthenticationToken", "authoriseChatWithCallback",
        "lpGetAuthenticationToken",
    ];

    /// <summary>The usual settings for keys at an address.</summary>
    public static AuthenticationSettings Of(Uri publicKeyUrl) => new(UsualName, publicKeyUrl, null, []);

    /// <summary>Reads the setting.</summary>
    /// <exception cref="CommandException">5102 to 5104.</exception>
    /// <exception cref="Plugins.ChatAuthException">2012, 2013.</exception>
    public static AuthenticationSettings Read(JsonValue value)
    {
        SettingsObject entry =
            new(value, "authenticationSettings", "name", "publicKeyUrl", "javaScriptFunction", "widgets");
        string name = entry.Name("name") ?? UsualName;
        string? function = entry.Text("javaScriptFunction");
        entry.RequiredText("publicKeyUrl");
        Uri url = entry.Url("publicKeyUrl")!;
        return name.Length > LongestName ? throw entry.Bad("name", "100 characters or fewer")
            : function?.Length > LongestName ? throw entry.Bad("javaScriptFunction", "100 characters or fewer")
            : url.AbsoluteUri.Length > LongestUrl ? throw entry.Bad("publicKeyUrl", "256 characters or fewer")
            : new AuthenticationSettings(name, url, function, entry.Names("widgets"));
    }
}
