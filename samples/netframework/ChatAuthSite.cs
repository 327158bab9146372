using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Web;
using System.Web.Security;

namespace ChatAuth.NetFramework;

/// <summary>What a portal says about itself, and what it keeps between requests.</summary>
internal sealed class ChatAuthSite
{
    private static readonly Stopwatch Running = Stopwatch.StartNew();
    private static readonly TimeSpan LongestSession = TimeSpan.FromDays(1);

    /// <summary>Length of a code.</summary>
    public const int CodeLength = 12;

    /// <summary>What 404 means.</summary>
    public const string NotThere = "the custom API is not there. Run chatauth deploy.";

    /// <summary>What an empty answer means.</summary>
    public const string NoStep = "no step serves it. Run chatauth deploy.";

    private readonly Dictionary<Guid, Queue<TimeSpan>> asked = new Dictionary<Guid, Queue<TimeSpan>>();

    private readonly Dictionary<string, TimeSpan> toldAt = new Dictionary<string, TimeSpan>();

    /// <summary>A portal.</summary>
    /// <param name="dataverses">
    /// Dataverse as its application user; or as each of several, among whom the calls go round. They are the portal's
    /// entry in "callers" of chatauth.json and its "applications".
    /// </param>
    public ChatAuthSite(params IDataverse[] dataverses)
    {
        if (dataverses == null || dataverses.Length == 0 || Array.IndexOf(dataverses, null) >= 0)
        {
            throw new ArgumentException(
                "ChatAuthSite has no Dataverse, or null for one. Give a CrmServiceClientDataverse for each application "
                    + "user.",
                nameof(dataverses));
        }

        Users = new ApplicationUsers(this, dataverses);
        Keys = new PublicKeyCache(this);
    }

    /// <summary>Finds the signed-in visitor's contact in the portal's own session; null for an anonymous one.</summary>
    public Func<HttpContext, Guid?> ContactOf { get; set; } = http => throw new InvalidOperationException(
        "ChatAuthSite.ContactOf is not set. Set it in Application_Start, with the site.");

    /// <summary>
    /// The addresses of LivePerson's chat in a window of its own, as liveAssist.externalWindow in chatauth.json has
    /// them; only https counts. Without any there is no such window.
    /// </summary>
    public IList<string> RedirectUris { get; } = new List<string>();

    /// <summary>The client id that the window must name; null where any will do.</summary>
    public string? ClientId { get; set; }

    /// <summary>The sign-in page, a path; it is given returnUrl, the way back into the window.</summary>
    public string SignInPath { get; set; } = "/sign-in";

    /// <summary>
    /// Gives the id of the contact of a native app's user, as it stands in the claims of the app's access token, which
    /// it verifies (signature, issuer, audience, exp); null or an exception for any other: the log is told which of
    /// these the exception names. Without it no app is served.
    /// </summary>
    public Func<string, string?>? ContactOfApp { get; set; }

    /// <summary>Whether /publickey shows the one key that signs as PEM, and not the key set of Omnichannel.</summary>
    public bool ShowsPem { get; set; }

    /// <summary>How many tokens one visitor may ask for in a minute.</summary>
    public int TokensPerMinute { get; set; } = 30;

    /// <summary>
    /// Told why there was no token or no keys, each kind once a minute: code or type, Dataverse's status, what to do;
    /// and of each application user that goes out and comes back. Nothing of a request stands there: whoever asks does
    /// not write this log.
    /// </summary>
    public Action<string> Log { get; set; } = line => Trace.TraceError(line);

    /// <summary>The time, UTC: what an anti-forgery token ends by.</summary>
#pragma warning disable RS0030 // a portal goes by the system's clock
    public Func<DateTime> Now { get; set; } = () => DateTime.UtcNow;
#pragma warning restore RS0030

    /// <summary>The time since some moment, by a clock that nobody sets: what caches and limits end by.</summary>
    public Func<TimeSpan> Elapsed { get; set; } = () => Running.Elapsed;

    internal ApplicationUsers Users { get; }

    internal PublicKeyCache Keys { get; }

    /// <summary>For the page's hidden field __RequestVerificationToken.</summary>
    /// <param name="http">The visitor's request.</param>
    public string AntiforgeryToken(HttpContext http) => Convert.ToBase64String(
        MachineKey.Protect(BitConverter.GetBytes(Now().Ticks), "ChatAuth", "anti-forgery", Owner(http)));

    internal bool IsGenuine(HttpContext http, string? token)
    {
        try
        {
            var made = MachineKey.Unprotect(
                Convert.FromBase64String(token ?? string.Empty), "ChatAuth", "anti-forgery", Owner(http));
            return made != null && Now() - new DateTime(BitConverter.ToInt64(made, 0)) < LongestSession;
        }
        catch (Exception forged) when (forged is FormatException || forged is CryptographicException
            || forged is ArgumentException)
        {
            return false;
        }
    }

    // By visitor, not by address: whole offices share one.
    internal bool Allows(Guid visitor)
    {
        lock (asked)
        {
            var start = Elapsed() - TimeSpan.FromMinutes(1);
            foreach (var one in new List<KeyValuePair<Guid, Queue<TimeSpan>>>(asked))
            {
                while (one.Value.Count > 0 && one.Value.Peek() <= start)
                {
                    one.Value.Dequeue();
                }

                if (one.Value.Count == 0)
                {
                    asked.Remove(one.Key);
                }
            }

            if (!asked.TryGetValue(visitor, out var times))
            {
                asked[visitor] = times = new Queue<TimeSpan>();
            }

            if (times.Count >= TokensPerMinute)
            {
                return false;
            }

            times.Enqueue(Elapsed());
            return true;
        }
    }

    /// <summary>Tells the log, unless a failure of this kind was told within the last minute.</summary>
    /// <param name="message">What was called.</param>
    /// <param name="status">What Dataverse answered; null where it did not.</param>
    /// <param name="reason">Fact and remedy, without personal data.</param>
    /// <param name="kind">What counts as the same; the reason unless given.</param>
    internal void Tell(string message, int? status, string reason, string? kind = null)
    {
        var told = status == null ? "no status" : "status " + status.Value.ToString(CultureInfo.InvariantCulture);
        TellOnce(message + " " + told + " " + (kind ?? reason), message + " failed, " + told + ": " + reason);
    }

    /// <summary>Tells that the portal itself refused a request, unless it told so within the last minute.</summary>
    /// <param name="route">Method and route, without the prefix.</param>
    /// <param name="reason">Fact and remedy; it is the kind too, so that there are few.</param>
    internal void TellRefusal(string route, string reason) =>
        TellOnce(route + " " + reason, route + " refused: " + reason);

    private void TellOnce(string kind, string line)
    {
        lock (toldAt)
        {
            if (toldAt.TryGetValue(kind, out var last) && Elapsed() - last < TimeSpan.FromMinutes(1))
            {
                return;
            }

            toldAt[kind] = Elapsed();
        }

        Log(line);
    }

    // ChatAuth's own message: it holds no personal data, other texts of Dataverse may.
    internal static string? CodedMessage(DataverseAnswer answer) =>
        Regex.Match(answer.Message ?? string.Empty, @"CHATAUTH\d{4}: .*", RegexOptions.Singleline)
            is { Success: true } coded ? coded.Value : null;

    private string Owner(HttpContext http) => ContactOf(http)?.ToString("D") ?? "anonymous";
}
