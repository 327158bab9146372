using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Claims;

/// <summary>
/// What the tokens of one caller say: the settings, with the caller's entry put over them; immutable.
/// </summary>
internal sealed class TokenSettings
{
    /// <summary>
    /// The members of the settings that are read here; an entry of "callers" may override each as a whole.
    /// </summary>
    internal static readonly IReadOnlyList<string> Members =
        new[] { "issuer", "audience", "tokenLifetimeSeconds", "claims", "contextVariables" };

    /// <summary>The longest time from iat to exp that settings can ask for, in seconds.</summary>
    /// <remarks>Source: as for the shortest.</remarks>
    internal const int MaximumLifetime = 3600;

    private const int DefaultLifetime = 900;

    // The range of the portal's own ImplicitGrantFlow/TokenExpirationTime. Outside is an error: a clamped value
    // surprises later.
    private const int MinimumLifetime = 60;

    private TokenSettings(string issuer, string? audience, int lifetimeSeconds, IReadOnlyList<ValueSource> claims,
        ContextVariables contextVariables)
    {
        Issuer = issuer;
        Audience = audience;
        LifetimeSeconds = lifetimeSeconds;
        Claims = claims;
        ContextVariables = contextVariables;
    }

    /// <summary>iss, exactly as written: chat services compare it so.</summary>
    internal string Issuer { get; }

    /// <summary>aud, or null for none.</summary>
    internal string? Audience { get; }

    /// <summary>Seconds from iat to exp, 60 to 3600.</summary>
    internal int LifetimeSeconds { get; }

    /// <summary>Claims from columns.</summary>
    internal IReadOnlyList<ValueSource> Claims { get; }

    /// <summary>Context variables.</summary>
    internal ContextVariables ContextVariables { get; }

    /// <summary>Every column that a token needs, each once: <c>column</c> or <c>lookup:table.column</c>.</summary>
    internal IReadOnlyCollection<string> Columns
    {
        get
        {
            var columns = new HashSet<string>();
            foreach (var source in Claims.Concat(ContextVariables.Sources))
            {
                if (source.Column != null)
                {
                    columns.Add(source.Column);
                }
            }

            return columns;
        }
    }

    /// <summary>Reads the settings of one caller.</summary>
    /// <param name="settings">The settings object.</param>
    /// <param name="overrides">The caller's entry; an object.</param>
    /// <param name="path">Where the entry stands, for errors.</param>
    /// <exception cref="ChatAuthException">2004 to 2008, 2012 to 2014.</exception>
    internal static TokenSettings Parse(JsonValue settings, JsonValue overrides, string path)
    {
        JsonValue? Setting(string name) => overrides[name] ?? settings[name];
        string PathOf(string name) => overrides[name] == null ? name : path + "." + name;
        string? TextOf(string name) => Setting(name) is { } text ? Text(text, PathOf(name)) : null;
        return new TokenSettings(
            TextOf("issuer") ?? throw Errors.SettingMissing("issuer"),
            TextOf("audience"),
            Lifetime(Setting("tokenLifetimeSeconds")),
            ContactClaims.Parse(Setting("claims"), PathOf("claims")),
            ContextVariables.Parse(Setting("contextVariables"), PathOf("contextVariables")));
    }

    private static string Text(JsonValue setting, string path) =>
        setting.Kind == JsonKind.String && !string.IsNullOrWhiteSpace(setting.Text)
            ? SettingText.Compared(setting.Text, path)
            : throw Errors.SettingMalformed(path, "a text that is not empty");

    private static int Lifetime(JsonValue? setting)
    {
        if (setting == null)
        {
            return DefaultLifetime;
        }

        return setting.Kind == JsonKind.Number
            && int.TryParse(setting.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds >= MinimumLifetime && seconds <= MaximumLifetime
            ? seconds
            : throw Errors.LifetimeOutOfRange();
    }
}
