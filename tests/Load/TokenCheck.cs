using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChatAuth.Load;

/// <summary>How an answer fits its question.</summary>
internal enum Verdict
{
    /// <summary>Genuine, and all of it about what was asked.</summary>
    Right,

    /// <summary>No chat service would accept it.</summary>
    Wrong,

    /// <summary>Genuine, but about somebody or something else.</summary>
    MixedUp,
}

/// <summary>
/// Judges answers with Microsoft.IdentityModel and the published keys; nothing of the plug-in's own code.
/// </summary>
internal sealed class TokenCheck
{
    private static readonly string[] Variables = ["portalcontactid", "page", "ask"];

    private readonly JsonWebTokenHandler handler = new();
    private readonly FrozenDictionary<string, TokenValidationParameters> rules;

    /// <summary>A check for those portals.</summary>
    /// <param name="publicKeys">A JWK set.</param>
    /// <param name="portals">Each accepts its own issuer only.</param>
    public TokenCheck(string publicKeys, IEnumerable<Portal> portals)
    {
        var keys = new JsonWebKeySet(publicKeys).GetSigningKeys();
        rules = portals.ToFrozenDictionary(portal => portal.Issuer, portal => new TokenValidationParameters
        {
            ValidIssuer = portal.Issuer,
            ValidAudience = LoadedOrganization.Audience,
            IssuerSigningKeys = keys,
            TryAllIssuerSigningKeys = false,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            ClockSkew = TimeSpan.Zero,
        });
    }

    /// <summary>The verdict, and the token's jti where there is one.</summary>
    public (Verdict Verdict, Guid TokenId) Judge(Ask ask, Issued issued)
    {
        var result = handler.ValidateTokenAsync(issued.Token, rules[ask.Portal.Issuer]).GetAwaiter().GetResult();
        if (result.Exception is SecurityTokenInvalidIssuerException)
        {
            return (Verdict.MixedUp, Guid.Empty);
        }

        if (!result.IsValid
            || result.SecurityToken is not JsonWebToken token
            || !Guid.TryParseExact(token.Id, "D", out var id)
            || token.Kid != issued.KeyId
            || token.ValidTo != issued.ExpiresAt
            || token.ValidTo - token.IssuedAt != TimeSpan.FromSeconds(900))
        {
            return (Verdict.Wrong, Guid.Empty);
        }

        return (IsAbout(ask, token) && issued.ContactId == ask.Visitor.ContactId ? Verdict.Right : Verdict.MixedUp, id);
    }

    private static bool IsAbout(Ask ask, JsonWebToken token)
    {
        using var context = JsonDocument.Parse(token.GetPayloadValue<string>("lwicontexts"));
        var contact = ask.Visitor.ContactId.ToString("D");
        return token.Subject == contact
            && token.GetPayloadValue<string>("given_name") == ask.Visitor.FirstName
            && token.GetPayloadValue<string>("family_name") == ask.Visitor.LastName
            && token.GetPayloadValue<string>("email") == ask.Visitor.Email
            && context.RootElement.EnumerateObject().Select(variable => variable.Name).SequenceEqual(Variables)
            && context.RootElement.GetProperty("portalcontactid").GetString() == contact
            && context.RootElement.GetProperty("page").GetString() == ask.Page
            && context.RootElement.GetProperty("ask").GetInt32() == ask.Number;
    }
}
