using ChatAuth.Keys;
using ChatAuth.Plugins.Jose;

namespace ChatAuth.Deployment;

/// <summary>The public key that a person pastes into Live Assist, where nobody can look whether it is served.</summary>
/// <remarks>
/// Only a person knows when it is there: by Enter, by --yes, or by the run after one that showed the line and ended
/// (--until published). The row remembers that it was shown, so that a command which was killed before that says
/// nothing.
/// </remarks>
internal static class PastedKey
{
    /// <summary>How errors name the place.</summary>
    public const string Place = "Live Assist, into which one key is pasted,";

    /// <summary>What a person is told who has taken a key out of use.</summary>
    public const string Warning = "Live Assist takes the tokens of the key that was pasted there until another is: see "
        + "chatauth liveassist.";

    /// <summary>A public key on one line, without header and footer.</summary>
    public static string LineOf(Jwk key) => PublicKeyFormat.Line.Write([], key).TrimEnd();

    /// <summary>What a person is asked to do, and the line by itself.</summary>
    /// <param name="context">What a command works with.</param>
    /// <param name="key">The pending key.</param>
    /// <param name="when">When it may be done, behind a comma; empty for at once.</param>
    public static IReadOnlyList<string> Text(DeploymentContext context, Jwk key, string when) =>
    [
        "Paste this line as the JWT public key of Live Assist, and save there"
            + $"{(context.Given == null ? string.Empty : ", unless it is there already")}{when} (key {key.KeyId}):",
        LineOf(key),
    ];

    /// <summary>Shows the line and remembers that: the next run takes it for pasted.</summary>
    /// <param name="context">What a command works with.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="key">The pending key.</param>
    /// <param name="when">As in <see cref="Text"/>.</param>
    /// <exception cref="CommandException">5006, 5001, 5002.</exception>
    public static async Task ShowAsync(
        DeploymentContext context, ChatEnvironment environment, Jwk key, string when = "")
    {
        if (context.Changes.IsDry)
        {
            SayOf(context, key);
            return;
        }

        Text(context, key, when).ToList().ForEach(
            context.Changes.IsJson ? context.Changes.Say : context.Changes.Conclude);
        if (environment.Keys.Shown != key.Thumbprint)
        {
            await environment.WriteKeysAsync(
                "note that the line was shown, to be pasted before the next run", environment.Keys.ShownTo(key));
        }
    }

    /// <summary>Waits until somebody who is shown the line says that it was pasted.</summary>
    /// <param name="context">What a command works with.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="key">The pending key.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <param name="when">As in <see cref="Text"/>.</param>
    /// <exception cref="CommandException">5306 nobody says so.</exception>
    public static async Task AwaitAsync(DeploymentContext context, ChatEnvironment environment, Jwk key,
        CancellationToken cancellation, string when = "")
    {
        if (context.Changes.IsDry)
        {
            SayOf(context, key);
        }
        else if (environment.Keys.Shown != key.Thumbprint)
        {
            if (!await context.IsPastedAsync(Text(context, key, when), cancellation))
            {
                throw new CommandException(Errors.NotConfirmed(isPasting: true));
            }
        }
    }

    // Of a dry run: a key that is not made has no line that anybody should paste.
    private static void SayOf(DeploymentContext context, Jwk key) =>
        context.Changes.Say($"the line of key {key.KeyId} is to be pasted into Live Assist before it signs");
}
