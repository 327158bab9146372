using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using ChatAuth.LocalPortal.PowerPages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ChatAuth.LocalPortal.Site;

/// <summary>Answers one request for a token with 503, as a portal that starts again or is overloaded does.</summary>
internal sealed class OneFailure
{
    private int due;

    /// <summary>Whether the next request for a token is to fail, on either kind of portal and of the site's own.
    /// </summary>
    public bool IsDue
    {
        get => Volatile.Read(ref due) != 0;
        set => Volatile.Write(ref due, value ? 1 : 0);
    }

    /// <summary>Puts itself before whatever answers.</summary>
    /// <param name="site">The site.</param>
    public void Use(WebApplication site) => site.Use((http, next) =>
    {
        bool isToken = http.Request.Path.Equals(BuiltInTokenService.TokenPath)
            || (HttpMethods.IsPost(http.Request.Method)
                && PortalKind.All.Any(kind => http.Request.Path.Equals(kind.TokenUrl)));
        if (!isToken || Interlocked.Exchange(ref due, 0) == 0)
        {
            return next(http);
        }

        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    });
}
