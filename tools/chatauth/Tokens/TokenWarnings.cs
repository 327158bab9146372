using System.Collections.Immutable;
using System.Globalization;
using ChatAuth.Plugins;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Tokens;

/// <summary>What is wrong with a token, by its text alone.</summary>
/// <param name="Rule">The rule that it breaks, of <see cref="TokenRule"/>; none where no service refuses it.</param>
/// <param name="Text">A fact, and whom it concerns.</param>
internal sealed record TokenWarning(string Rule, string Text);

/// <summary>What Omnichannel or Live Assist would refuse or misread in a token (facts, section 7).</summary>
internal static class TokenWarnings
{
    // Facts, section 7: the token travels in an HTTP header; limits of context variables.
    private const int MaximumLength = 8000;
    private const int MaximumVariables = 100;
    private const int MaximumName = 100;
    private const int MaximumValue = 4000;

    // What has less is expired before a chat has begun; Omnichannel's sample has fifteen minutes.
    private const long ShortestLife = 60;

    // What lives longer was given a wrong number; this product gives an hour at most.
    private const long LongestLife = 86400;

    /// <summary>From here on a NumericDate is one of milliseconds: the widget takes an exp of 13 digits so.</summary>
    private const long Milliseconds = 1_000_000_000_000;

    // RFC 7515 sections 4.1.2 to 4.1.6, RFC 7797, RFC 7516 section 4.1: keys of the token's own, and what a chat token
    // never is.
    private static readonly ImmutableArray<string> ForeignMembers = ["jku", "jwk", "x5u", "x5c", "b64", "enc", "zip"];

    private static readonly ImmutableArray<string> LinkingNames = ["name", "email", "phone", "casenumber"];

    private static readonly ImmutableArray<Func<Token, DateTimeOffset, IEnumerable<TokenWarning>>> All =
        [Header, Identity, ExpiresAt, IssuedAt, NotBefore, Length, Variables, EngagementAttributes];

    /// <summary>Every warning, each a fact with whom it concerns.</summary>
    /// <param name="token">The token.</param>
    /// <param name="now">The time.</param>
    public static IEnumerable<TokenWarning> Of(Token token, DateTimeOffset now) =>
        All.SelectMany(rule => rule(token, now));

    /// <summary>lwicontexts as an object; null when it is missing or not a string with a JSON object in it.</summary>
    public static JsonValue? ContextVariables(Token token)
    {
        try
        {
            return token.String("lwicontexts") is { } text && JsonReader.Parse(text) is { Kind: JsonKind.Object } value
                ? value
                : null;
        }
        catch (JsonSyntaxException)
        {
            return null;
        }
    }

    private static IEnumerable<TokenWarning> Header(Token token, DateTimeOffset now)
    {
        if (token.Header["alg"] is not { Kind: JsonKind.String, Text: "RS256" })
        {
            yield return new(TokenRule.Algorithm, "alg is not RS256: no chat service accepts another.");
        }

        if (token.MarkedPart is { } part)
        {
            yield return new(TokenRule.Format,
                $"the {part} begins with a byte order mark: neither the widget nor a chat service reads it.");
        }

        if (token.Header["crit"] is not null)
        {
            yield return new(TokenRule.Critical,
                "crit is in the header: whoever does not know what it names must refuse the token.");
        }

        if (token.Header["typ"] is { } type && !type.Text.Equals("JWT", StringComparison.OrdinalIgnoreCase))
        {
            yield return new(TokenRule.None, "typ is not JWT: the token was made for something else than a chat.");
        }

        foreach (string name in ForeignMembers.Where(
            name => token.Header[name] is not null && (name != "b64" || token.Header["crit"] is null)))
        {
            yield return new(TokenRule.None, name.StartsWith('j') || name.StartsWith('x')
                ? $"{name} in the header brings a key: whoever takes it accepts everybody's tokens."
                : $"{name} is in the header: chat services read the token as if it were not.");
        }

        if (token.Header["kid"] is not { Kind: JsonKind.String, Text.Length: > 0 })
        {
            yield return new(TokenRule.KeyId,
                "kid is missing: Omnichannel refuses the token where its public key URL answers with a key "
                + "set.");
        }
    }

    private static IEnumerable<TokenWarning> Identity(Token token, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(token.String("iss")))
        {
            yield return new(TokenRule.Issuer,
                "iss is missing or not a string: Omnichannel requires it, Live Assist compares it exactly.");
        }

        else if (UncleanIn(token.String("iss")!, "iss") is { } fact)
        {
            yield return new(TokenRule.IssuerBlanks, $"{fact}: whoever compares it exactly refuses the token.");
        }

        if (token.Payload["aud"] is { } audience
            && (audience is { Kind: JsonKind.Array, Items.Count: > 0 } ? audience.Items : [audience])
                .Any(each => each.Kind != JsonKind.String))
        {
            yield return new(TokenRule.None, "aud is neither a string nor an array of strings (RFC 7519).");
        }

        if (RecordId.Parse(token.String("sub")) is not { } subject)
        {
            yield return new(TokenRule.Subject, Guid.TryParse(token.String("sub"), out _)
                ? "sub is a GUID in braces, without hyphens or with blanks: no record will be linked; it must have 36 "
                    + "characters."
                : "sub is not the GUID of a contact or account: no record will be linked.");
        }
        else if (subject == Guid.Empty)
        {
            yield return new(TokenRule.Subject,
                "sub is the GUID of zeros: the portal did not know the visitor, and no record will be linked.");
        }
    }

    // The settings' own rule of what machines compare.
    private static string? UncleanIn(string text, string name)
    {
        try
        {
            SettingText.Compared(text, name);
            return null;
        }
        catch (ChatAuthException exception)
        {
            return exception.Fact.TrimEnd('.');
        }
    }

    private static IEnumerable<TokenWarning> ExpiresAt(Token token, DateTimeOffset now)
    {
        switch (token.Date("exp"))
        {
            case null:
                yield return new(TokenRule.ExpiresAt,
                    "exp is missing or not a whole number of seconds: the services refuse the token, while "
                    + "the widget takes a missing one for \"never\".");
                break;
            case 0:
                yield return new(TokenRule.ExpiresAt, "exp is 0: the widget takes it for \"never\".");
                break;
            case >= Milliseconds:
                yield return new(TokenRule.ExpiresAtSeconds,
                    "exp has 13 digits or more: it must be in seconds; the widget takes it for milliseconds, "
                    + "Live Assist refuses it.");
                break;
            case > ReadableDate.Last:
                yield return new(TokenRule.ExpiresAtSeconds, "exp is beyond the year 9999: no service reads it.");
                break;
            case { } end when end <= now.ToUnixTimeSeconds():
                yield return new(TokenRule.Expired,
                    "exp has passed: the widget refuses the token at once, without any clock skew.");
                break;
            case { } end when token.Date("iat") is < Milliseconds and var issued && end <= issued:
                yield return new(TokenRule.None, "exp is not after iat: the token has no life at all.");
                break;
            case { } end when token.Date("iat") is < Milliseconds and var issued && end - issued < ShortestLife:
                yield return new(TokenRule.None, string.Create(
                    CultureInfo.InvariantCulture,
                    $"the token lives {end - issued} seconds: it has expired before a chat begins, and the "
                        + $"widget asks for another at every request."));
                break;
            case { } end when end - now.ToUnixTimeSeconds() > LongestLife:
                yield return new(TokenRule.None,
                    "exp is more than a day away: whoever finds the token is the visitor until then.");
                break;
            default:
                break;
        }
    }

    private static IEnumerable<TokenWarning> IssuedAt(Token token, DateTimeOffset now)
    {
        if (token.Date("iat") is null)
        {
            yield return new(TokenRule.IssuedAt,
                "iat is missing or not a whole number of seconds: Omnichannel and Live Assist require it.");
        }
        else if (token.Date("iat") >= Milliseconds)
        {
            yield return new(TokenRule.IssuedAtSeconds, "iat has 13 digits or more: it must be in seconds.");
        }
        else if (token.Date("iat") > now.ToUnixTimeSeconds() && token.Date("iat") < token.Date("exp"))
        {
            yield return new(TokenRule.None, "iat is still to come: the clock of whoever issued the token is ahead.");
        }
    }

    private static IEnumerable<TokenWarning> NotBefore(Token token, DateTimeOffset now)
    {
        if (token.Payload["nbf"] is not null && token.Date("nbf") is null)
        {
            yield return new(TokenRule.NotBefore, "nbf is not a whole number of seconds.");
        }
        else if (token.Date("exp") is { } end && end > now.ToUnixTimeSeconds() && token.Date("nbf") >= end)
        {
            yield return new(TokenRule.NotBefore, "nbf is not before exp: the token is valid at no time.");
        }
        else if (token.Date("nbf") > now.ToUnixTimeSeconds())
        {
            yield return new(TokenRule.NotYet, "nbf is still to come: the token is not valid yet.");
        }
    }

    private static IEnumerable<TokenWarning> Length(Token token, DateTimeOffset now)
    {
        if (token.Text.Length > MaximumLength)
        {
            yield return new(TokenRule.Length, string.Create(
                CultureInfo.InvariantCulture, $"the token has {token.Text.Length} characters: over {MaximumLength} it "
                    + $"may not fit into the header it travels in."));
        }
    }

    private static IEnumerable<TokenWarning> Variables(Token token, DateTimeOffset now)
    {
        if (token.Payload["lwicontexts"] is null)
        {
            yield break;
        }

        if (ContextVariables(token) is not { } variables)
        {
            yield return new(TokenRule.Variables,
                "lwicontexts is not a string that holds a JSON object: no context variable arrives.");
            yield break;
        }

        if (variables.Members.Count > MaximumVariables)
        {
            yield return new(TokenRule.VariableCount, string.Create(CultureInfo.InvariantCulture,
                $"lwicontexts has {variables.Members.Count} variables: Omnichannel takes {MaximumVariables}."));
        }

        foreach ((string name, JsonValue value) in variables.Members)
        {
            if (value.Kind is JsonKind.Object or JsonKind.Array or JsonKind.Null)
            {
                yield return new(TokenRule.VariableValue,
                    $"context variable {name} is not a string, number or boolean.");
            }

            if (name.Length > MaximumName || value.Text.Length > MaximumValue)
            {
                yield return new(TokenRule.VariableSize,
                    $"context variable {name} is too long: Omnichannel takes names of {MaximumName} and "
                    + $"values of {MaximumValue} characters.");
            }

            if (LinkingNames.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                yield return new(TokenRule.None,
                    $"context variable {name} links records in Omnichannel: it must never hold what the "
                    + "visitor can choose.");
            }
        }
    }

    // The shape in LivePerson's developer centre, engagement attributes: objects of the type ctmrinfo with info, and
    // personal with personal.
    private static IEnumerable<TokenWarning> EngagementAttributes(Token token, DateTimeOffset now)
    {
        if (token.Payload["lp_sdes"] is { } attributes && (attributes.Kind != JsonKind.Array
            || !attributes.Items.All(each => (each["type"]?.Text == "ctmrinfo" && each["info"]?.Kind == JsonKind.Object)
                || (each["type"]?.Text == "personal" && each["personal"]?.Kind == JsonKind.Object))))
        {
            yield return new(TokenRule.EngagementAttributes,
                "lp_sdes is not an array of ctmrinfo and personal: the agent sees none of it.");
        }
    }
}
