namespace ChatAuth.LocalPortal.Site;

/// <summary>The kinds of portal that the site can be.</summary>
/// <param name="Name">Its word in addresses.</param>
/// <param name="Label">Its name for people.</param>
/// <param name="TokenUrl">data-token-url of chatauth.js.</param>
/// <param name="KeyPath">Path of the public key URL.</param>
internal sealed record PortalKind(string Name, string Label, string TokenUrl, string KeyPath)
{
    /// <summary>Power Pages: server logic, and a public-key page that deploy writes.</summary>
    public static readonly PortalKind PowerPages =
        new("powerpages", "Power Pages", "/_api/serverlogics/chatauth-token", "/publickey");

    /// <summary>ASP.NET Core with MapChatAuth.</summary>
    public static readonly PortalKind Custom = new("custom", "Custom (ASP.NET Core)", "/auth/token", "/auth/publickey");

    /// <summary>In the addresses of the chat service: Live Assist, which knows no kinds of portal.</summary>
    public const string LiveAssist = "liveassist";

    /// <summary>Both.</summary>
    public static readonly PortalKind[] All = [PowerPages, Custom];
}
