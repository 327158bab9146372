using System;
using System.Threading;
using ChatAuth.LocalPortal.PowerPages;

namespace ChatAuth.LocalPortal.Site;

/// <summary>Whose token the Power Pages site gives: its own, as most sites do, or ChatAuth's.</summary>
/// <remarks>
/// Two things change with it at once, as in the maintenance minute of docs/power-pages.md: the script tag of pages that
/// are loaded from then on, and the public key URL that the chat service reads. Pages that are open keep their tag.
/// </remarks>
internal sealed class SiteToken
{
    // A client that LocalStack registers.
    private const string BuiltInUrl = BuiltInTokenService.TokenPath + "?client_id=" + ClientId;

    private int isBuiltIn;

    /// <summary>The client id by which pages ask for the site's own token.</summary>
    public const string ClientId = "contoso-chat";

    /// <summary>Whether it is the site's own.</summary>
    public bool IsBuiltIn
    {
        get => Volatile.Read(ref isBuiltIn) != 0;
        set => Volatile.Write(ref isBuiltIn, value ? 1 : 0);
    }

    /// <summary>data-token-url of the pages of a kind of portal.</summary>
    public string TokenUrl(PortalKind kind) =>
        kind == PortalKind.PowerPages && IsBuiltIn ? BuiltInUrl : kind.TokenUrl;

    /// <summary>The public key URL that the chat service of a kind of portal reads.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="url">Address of the site.</param>
    public Uri KeyUrl(PortalKind kind, Uri url) =>
        new(url, kind == PortalKind.PowerPages && IsBuiltIn ? BuiltInTokenService.KeyPath : kind.KeyPath);
}
