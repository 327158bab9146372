using System;
using ChatAuth.Plugins.Json;

namespace ChatAuth.Plugins.Claims;

/// <summary>The payload of a token: RFC 7519 section 4, in a fixed order.</summary>
internal sealed class ClaimsSet
{
    private static readonly JsonName Issuer = new JsonName("iss");
    private static readonly JsonName SubjectName = new JsonName("sub");
    private static readonly JsonName Audience = new JsonName("aud");
    private static readonly JsonName IssuedAtName = new JsonName("iat");
    private static readonly JsonName NotBefore = new JsonName("nbf");
    private static readonly JsonName ExpiresAtName = new JsonName("exp");
    private static readonly JsonName TokenIdName = new JsonName("jti");
    private static readonly JsonName ContextVariablesName = new JsonName(ContextVariables.Claim);

    /// <summary>sub: the visitor's contact.</summary>
    internal Guid Subject { get; set; }

    /// <summary>iat and nbf, NumericDate.</summary>
    internal long IssuedAt { get; set; }

    /// <summary>exp, NumericDate.</summary>
    internal long ExpiresAt { get; set; }

    /// <summary>jti, different in every token.</summary>
    internal string TokenId { get; set; } = string.Empty;

    /// <summary>What <see cref="ContextVariables.ParseRequest"/> returned.</summary>
    internal JsonValue? Request { get; set; }

    /// <summary>Writes the payload: iss, sub, aud?, iat, nbf, exp, jti, mapped claims, lwicontexts?.</summary>
    /// <param name="settings">The caller's settings.</param>
    /// <param name="value">The value of a column, see <see cref="ColumnValue.TryWrite"/>.</param>
    /// <returns>Equal inputs give equal bytes.</returns>
    /// <exception cref="ChatAuthException">2011 a column holds what no token carries.</exception>
    internal JsonWriter Write(TokenSettings settings, Func<string, object?> value)
    {
        var writer = new JsonWriter(1024).BeginObject()
            .Name(Issuer).String(settings.Issuer)
            .Name(SubjectName).String(Subject.ToString("D"));
        if (settings.Audience != null)
        {
            writer.Name(Audience).String(settings.Audience);
        }

        writer.Name(IssuedAtName).Number(IssuedAt)
            .Name(NotBefore).Number(IssuedAt)
            .Name(ExpiresAtName).Number(ExpiresAt)
            .Name(TokenIdName).String(TokenId);
        foreach (var claim in settings.Claims)
        {
            claim.Write(writer, value, null);
        }

        var context = settings.ContextVariables.Write(Request, value);
        if (context != null)
        {
            writer.Name(ContextVariablesName).String(context);
        }

        return writer.EndObject();
    }
}
