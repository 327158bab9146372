using System;
using System.Linq;
using System.Security.Claims;
using System.Threading.Tasks;
using ChatAuth.AspNetCore;
using ChatAuth.LocalDataverse.Sample;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;

namespace ChatAuth.LocalPortal.Site;

/// <summary>
/// Who is signed in to the portal: a cookie session, as a real portal has one. Only the password is left out.
/// </summary>
internal static class VisitorSession
{
    /// <summary>The signed-in contact; null for an anonymous visitor.</summary>
    /// <param name="http">The visitor's request.</param>
    public static Guid? Contact(HttpContext http) =>
        Guid.TryParse(http.User.FindFirstValue(ChatAuthOptions.ContactClaim), out var contact) ? contact : null;

    /// <summary>Signs a sample contact in, or whoever is signed in out.</summary>
    /// <param name="http">The visitor's request.</param>
    /// <param name="contact">Id of the contact; anything else is nobody.</param>
    public static async Task ChangeAsync(HttpContext http, string? contact)
    {
        if (!Guid.TryParse(contact, out var id) || SampleData.Contacts.All(sample => sample.Id != id))
        {
            await http.SignOutAsync();
            http.User = new ClaimsPrincipal(new ClaimsIdentity());
            return;
        }

        // Anti-forgery tokens made from here on belong to the new visitor.
        http.User = new ClaimsPrincipal(new ClaimsIdentity(
            [
                new Claim(ChatAuthOptions.ContactClaim, id.ToString("D")),
                new Claim(ClaimTypes.NameIdentifier, id.ToString("D")),
            ],
            CookieAuthenticationDefaults.AuthenticationScheme));
        await http.SignInAsync(http.User);
    }
}
