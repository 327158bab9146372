using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace ChatAuth.NetFramework;

/// <summary>Asks Dataverse as the portal's application users, in turn.</summary>
/// <remarks>
/// Dataverse limits each user by itself, and one that asks on while it is limited waits the longer (Microsoft Learn,
/// service protection API limits): it is out until its Retry-After. One that cannot sign in or is refused is out for a
/// minute; where nobody else is left, one of these is asked all the same. A call goes on with another user in these
/// cases alone, in which nothing can have been issued. Each process of a portal finds out by itself.
/// </remarks>
internal sealed class ApplicationUsers
{
    // For a call with all whom it asks: chatauth.js answers its callers after 9 seconds, whatever comes later.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan RefusedFor = TimeSpan.FromMinutes(1);

    // Where no Retry-After says; and the limits look at five minutes, so that a longer wait is of no use.
    private static readonly TimeSpan UsualLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestLimit = TimeSpan.FromMinutes(5);

    // A user that is disabled: by code (web service error codes, UserNotEnabled) or, since no source gives the code
    // together with the text, by its text. And the plug-in's own word for one that "callers" does not list.
    private static readonly int[] UserNotEnabled = { unchecked((int)0x80040225), unchecked((int)0x8004d24b) };
    private const string UserIsDisabled = "^The user with SystemUserId=.* is disabled";
    private const string CallerNotListed = "CHATAUTH1002";

    private readonly object gate = new object();
    private readonly ChatAuthSite site;
    private readonly User[] users;
    private int turn;

    /// <summary>The users of a portal.</summary>
    /// <param name="site">Has the clock and the log.</param>
    /// <param name="dataverses">Dataverse as each of them.</param>
    public ApplicationUsers(ChatAuthSite site, IReadOnlyCollection<IDataverse> dataverses)
    {
        this.site = site;
        users = dataverses.Select((dataverse, index) => new User(
            dataverse, FormattableString.Invariant($"Application user {index + 1} of {dataverses.Count}"))).ToArray();
    }

    /// <summary>How many there are and are out, for <c>chatauth doctor</c>.</summary>
    public string State
    {
        get
        {
            lock (gate)
            {
                var refused = users.Count(user => user.RefusedUntil != null);
                return FormattableString.Invariant(
                    $"all={users.Length}, limited={users.Count(IsLimited)}, refused={refused}");
            }
        }
    }

    /// <summary>Calls a message, and tells the log why there is no answer.</summary>
    /// <param name="message">For example chatauth_IssueChatToken.</param>
    /// <param name="parameters">Request parameters by name.</param>
    /// <returns>
    /// 429 with a time where every user is limited; 504 for silence; 502 for a Dataverse that cannot be reached.
    /// </returns>
    public async Task<DataverseAnswer> AskAsync(string message, IDictionary<string, object> parameters)
    {
        var patience = Task.Delay(Patience);
        var asked = new List<User>();
        DataverseAnswer? refusal = null;
        while (!patience.IsCompleted && Next(asked) is { } user)
        {
            asked.Add(user);
            refusal = await AskAsync(user, message, parameters, patience);
            if (!IsOut(user, refusal))
            {
                return Told(message, refusal);
            }
        }

        lock (gate)
        {
            var limits = users.Where(IsLimited).Select(user => user.LimitedUntil - site.Elapsed()).ToList();
            return limits.Count == 0 && refusal != null && refusal.Status != 429
                ? Told(message, refusal)
                : new DataverseAnswer(limits.DefaultIfEmpty(TimeSpan.FromSeconds(1)).Min());
        }
    }

    // Whom a call may ask next: nobody who is limited, or was asked; null when nobody is left.
    private User? Next(List<User> asked)
    {
        lock (gate)
        {
            var left = users.Where(user => !IsLimited(user) && !asked.Contains(user)).ToList();
            for (var tried = 0; tried < users.Length; tried++)
            {
                var user = users[turn];
                turn = (turn + 1) % users.Length;
                if (left.Contains(user) && !(site.Elapsed() < user.RefusedUntil))
                {
                    return user;
                }
            }

            // One only: a call that is refused itself is not to be made as often as there are users.
            return asked.Any(user => user.RefusedUntil != null) ? null
                : left.OrderBy(user => user.RefusedUntil).FirstOrDefault();
        }
    }

    // The client holds a thread while it waits; none of the threads that serve requests.
    private async Task<DataverseAnswer> AskAsync(
        User user, string message, IDictionary<string, object> parameters, Task patience)
    {
        var call = Task.Run(() => user.Dataverse.Execute(message, parameters));
        await Task.WhenAny(call, patience);
        if (call.Status == TaskStatus.RanToCompletion)
        {
            return await call;
        }

        var failure = call.Exception?.InnerException ?? new TimeoutException();
        var isSilent = failure is TimeoutException;
        var entra = Regex.Match(failure.ToString(), @"AADSTS\d+");
        if (!entra.Success)
        {
            var kind = failure.GetBaseException().GetType().Name;
            site.Tell(message, null, isSilent ? "no answer in time." : "no connection (" + kind + ").");
        }

        return new DataverseAnswer(isSilent ? 504 : 502)
        {
            IsSilence = true,
            SignInFailure = entra.Success ? entra.Value : null,
        };
    }

    // Whether the answer is about the user, so that another one may do better.
    private bool IsOut(User user, DataverseAnswer answer)
    {
        var coded = ChatAuthSite.CodedMessage(answer);
        var isRefused = (coded == null && (answer.Status == 401 || answer.Status == 403))
            || coded?.StartsWith(CallerNotListed, StringComparison.Ordinal) == true
            || UserNotEnabled.Contains(answer.ErrorCode)
            || Regex.IsMatch(answer.Message ?? string.Empty, UserIsDisabled);
        lock (gate)
        {
            var now = site.Elapsed();
            if (answer.Status == 429)
            {
                var wait = answer.RetryAfter ?? UsualLimit;
                wait = wait < LongestLimit ? wait : LongestLimit;
                if (!IsLimited(user))
                {
                    var seconds = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                    site.Log($"{user.Name} is limited by Dataverse (429), and left out for {seconds} s.");
                }

                user.LimitedUntil = now + wait;
                return true;
            }

            if (isRefused || answer.SignInFailure != null)
            {
                if (!(now < user.RefusedUntil))
                {
                    var reason = answer.SignInFailure ?? coded?.Substring(0, ChatAuthSite.CodeLength)
                        ?? FormattableString.Invariant($"status {answer.Status}");
                    site.Log($"{user.Name} is refused ({reason}), and left out for a minute. Look at its secret in "
                        + "Entra, at its user in Dataverse and at \"callers\" in chatauth.json.");
                    user.RefusedUntil = now + RefusedFor;
                }

                return true;
            }

            if (user.RefusedUntil != null && !answer.IsSilence)
            {
                user.RefusedUntil = null;
                site.Log(user.Name + " is taken again.");
            }

            return false;
        }
    }

    // Who cannot sign in or is limited was told already, and so was silence.
    private DataverseAnswer Told(string message, DataverseAnswer answer)
    {
        if (answer.Status != 200 && !answer.IsSilence)
        {
            var coded = ChatAuthSite.CodedMessage(answer);
            var uncoded = answer.Status == 404 ? ChatAuthSite.NotThere : "no code of ChatAuth.";
            site.Tell(message, answer.Status, coded ?? uncoded, coded?.Substring(0, ChatAuthSite.CodeLength));
        }

        return answer;
    }

    private bool IsLimited(User user) => site.Elapsed() < user.LimitedUntil;

    private sealed class User
    {
        public User(IDataverse dataverse, string name)
        {
            Dataverse = dataverse;
            Name = name;
        }

        public IDataverse Dataverse { get; }

        // How the log names it: by its place.
        public string Name { get; }

        public TimeSpan LimitedUntil { get; set; }

        // Until when others are asked first; null while it is not refused.
        public TimeSpan? RefusedUntil { get; set; }
    }
}
