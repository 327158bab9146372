using System;
using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Principal;
using System.Threading.Tasks;
using System.Web;
using System.Web.Script.Serialization;

namespace ChatAuth.NetFramework.Host;

/// <summary>The portal inside ASP.NET; the test says who is signed in, and what time it is.</summary>
/// <remarks>
/// <c>/test/open?dataverse=…&amp;perMinute=…&amp;format=pem&amp;redirectUris=…&amp;apps=1</c> opens it anew,
/// <c>/test/pass?seconds=…</c> lets time pass, <c>/test/log</c> gives what was logged since the last time, as JSON.
/// Tokens of several application users have commas between. The header Test-Contact is the session.
/// </remarks>
#pragma warning disable CA1001 // it ends with the process
public sealed class Portal : MarshalByRefObject
#pragma warning restore CA1001
{
    private readonly HttpListener listener = new HttpListener();
    private ConcurrentQueue<string> log = new ConcurrentQueue<string>();
    private DateTime now = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private TimeSpan elapsed;

    /// <summary>Starts to serve; its address.</summary>
    public string Start()
    {
        var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var url = FormattableString.Invariant($"http://127.0.0.1:{port}/");
        listener.Prefixes.Add(url);
        listener.Start();
        _ = Task.Run(ServeAsync);
        return url;
    }

    /// <inheritdoc/>
    public override object? InitializeLifetimeService() => null;

    private async Task ServeAsync()
    {
        while (true)
        {
            var context = await listener.GetContextAsync();
            _ = Task.Run(() =>
            {
                try
                {
                    Serve(context);
                }
#pragma warning disable CA1031 // whatever it is: the test must not wait for an answer
                catch (Exception failure)
#pragma warning restore CA1031
                {
                    Console.Error.WriteLine(failure);
                    context.Response.Abort();
                }
            });
        }
    }

    private void Serve(HttpListenerContext context)
    {
        var query = context.Request.QueryString;
        switch (context.Request.Url.AbsolutePath)
        {
            case "/test/open":
                var fault = Open(query);
                context.Response.StatusCode = fault == null ? 200 : 400;
                using (var writer = new StreamWriter(context.Response.OutputStream))
                {
                    writer.WriteLine(fault);
                }

                break;
            case "/test/pass":
                var seconds = int.Parse(
                    query["seconds"], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                now = now.AddSeconds(seconds);
                elapsed += TimeSpan.FromSeconds(Math.Max(0, seconds));
                context.Response.Close();
                break;
            case "/test/log":
                using (var writer = new StreamWriter(context.Response.OutputStream))
                {
                    writer.Write(new JavaScriptSerializer().Serialize(log));
                    log = new ConcurrentQueue<string>();
                }

                break;
            default:
                HttpRuntime.ProcessRequest(new ListenerRequest(context));
                break;
        }
    }

    // What is wrong, null for nothing.
    private string? Open(NameValueCollection query)
    {
        if (!Uri.TryCreate(query["dataverse"], UriKind.Absolute, out var dataverse))
        {
            return "dataverse is missing, or no address. Give the value of CHATAUTH_URL.";
        }

        if (string.IsNullOrEmpty(query["token"]))
        {
            return "token is missing. Give the value of PORTAL_ACCESS_TOKEN.";
        }

        if (!int.TryParse(query["perMinute"] ?? "30", NumberStyles.None, CultureInfo.InvariantCulture, out var limit))
        {
            return "perMinute is no number. Give one, or leave it out for 30.";
        }

        var users = query["token"].Split(',').Select(token => new WebApiDataverse(dataverse, token));
        ChatAuthHandler.Site = new ChatAuthSite(users.ToArray<IDataverse>())
        {
            ContactOf = ContactOf,
            ShowsPem = query["format"] == "pem",
            TokensPerMinute = limit,
            Now = () => now,
            Elapsed = () => elapsed,
            Log = line => log.Enqueue(line),
            ClientId = query["clientId"],
            ContactOfApp = query["apps"] == null ? null : ContactOfApp,
        };
        foreach (var uri in (query["redirectUris"] ?? string.Empty).Split(' ').Where(each => each.Length > 0))
        {
            ChatAuthHandler.Site.RedirectUris.Add(uri);
        }

        return null;
    }

    // The apps' identity provider, as libraries verify: an exception for what is not valid.
    private static string? ContactOfApp(string bearer) => bearer switch
    {
        "nobody-known" => null,
        "signature" => throw new SecurityTokenInvalidSignatureException(),
        "issuer" => throw new SecurityTokenInvalidIssuerException(),
        "audience" => throw new SecurityTokenInvalidAudienceException(),
        "expired" => throw new SecurityTokenExpiredException(),
        "not-yet" => throw new SecurityTokenNotYetValidException(),
        "algorithm" => throw new SecurityTokenInvalidAlgorithmException(),
        "form" => throw new ArgumentException(bearer, new SecurityTokenMalformedException()),
        "unreadable" => throw new ArgumentException("IDX12729: " + bearer),
        "unreachable" => throw new InvalidOperationException("IDX20803: " + bearer),
        "without-keys" => throw new TypeInitializationException(bearer, new WebException()),
        _ when bearer.StartsWith("of-", StringComparison.Ordinal) => bearer.Substring("of-".Length),
        _ => throw new InvalidOperationException(bearer),
    };

    private static Guid? ContactOf(HttpContext http)
    {
        var visitor = http.Request.Headers["Test-Contact"];
        http.User = new GenericPrincipal(new GenericIdentity(visitor ?? string.Empty), []);
        return Guid.TryParse(visitor, out var contact) ? contact : (Guid?)null;
    }

    // As Microsoft.IdentityModel names them.
    private sealed class SecurityTokenInvalidSignatureException : Exception;

    private sealed class SecurityTokenInvalidIssuerException : Exception;

    private sealed class SecurityTokenInvalidAudienceException : Exception;

    private sealed class SecurityTokenExpiredException : Exception;

    private sealed class SecurityTokenNotYetValidException : Exception;

    private sealed class SecurityTokenInvalidAlgorithmException : Exception;

    private sealed class SecurityTokenMalformedException : Exception;
}
