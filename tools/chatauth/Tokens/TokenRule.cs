namespace ChatAuth.Tokens;

/// <summary>Names of the rules by which chat services take tokens.</summary>
internal static class TokenRule
{
    /// <summary>Three parts of base64url, the first two JSON objects (RFC 7515 section 7.1).</summary>
    public const string Format = "format";

    /// <summary>RS256 and nothing else.</summary>
    public const string Algorithm = "alg";

    /// <summary>No header that must be understood.</summary>
    public const string Critical = "crit";

    /// <summary>The key is named where there are several, and known.</summary>
    public const string KeyId = "kid";

    /// <summary>The key has signed this very text.</summary>
    public const string Signature = "signature";

    /// <summary>The key has not expired.</summary>
    public const string KeyExpiry = "key-expiry";

    /// <summary>iss is a text, and the one that the service knows.</summary>
    public const string Issuer = "iss";

    /// <summary>iss has nothing that nobody sees, and no placeholder, since it is compared letter by letter.</summary>
    public const string IssuerBlanks = "iss-exact";

    /// <summary>sub is the GUID of a record.</summary>
    public const string Subject = "sub";

    /// <summary>iat is a number.</summary>
    public const string IssuedAt = "iat";

    /// <summary>iat is in seconds.</summary>
    public const string IssuedAtSeconds = "iat-seconds";

    /// <summary>exp is a number.</summary>
    public const string ExpiresAt = "exp";

    /// <summary>exp is in seconds.</summary>
    public const string ExpiresAtSeconds = "exp-seconds";

    /// <summary>exp has not passed, by no second.</summary>
    public const string Expired = "expired";

    /// <summary>nbf, where it is there, is a number before exp.</summary>
    public const string NotBefore = "nbf";

    /// <summary>nbf has come.</summary>
    public const string NotYet = "not-yet";

    /// <summary>The token fits into the header that it travels in.</summary>
    public const string Length = "length";

    /// <summary>lwicontexts is a text that holds a JSON object.</summary>
    public const string Variables = "lwicontexts";

    /// <summary>No more context variables than a session has.</summary>
    public const string VariableCount = "lwicontexts-count";

    /// <summary>Context variables are texts, numbers and booleans.</summary>
    public const string VariableValue = "lwicontexts-primitive";

    /// <summary>Names and values of context variables fit.</summary>
    public const string VariableSize = "lwicontexts-size";

    /// <summary>lp_sdes is an array of engagement attributes.</summary>
    public const string EngagementAttributes = "lp_sdes";

    /// <summary>What no service refuses, and a person should know.</summary>
    public const string None = "";
}

/// <summary>A token is not taken.</summary>
/// <param name="rule">One of <see cref="TokenRule"/>; none where only this command was asked for it.</param>
/// <param name="error">Why.</param>
internal sealed class TokenRefusedException(string rule, CodedError error) : CommandException(error)
{
    /// <summary>The rule that is broken.</summary>
    public string Rule => rule;
}
