namespace ChatAuth.Tokens;

/// <summary>A chat service and the rules by which it takes a token or not, each by name.</summary>
/// <remarks>Sources: the four documents that docs/seeds.md goes through, and facts, section 7.</remarks>
/// <param name="Name">The word of the command line.</param>
/// <param name="Label">Its name for people.</param>
/// <param name="Rules">Names of its rules.</param>
internal sealed record ChatServiceProfile(string Name, string Label, IReadOnlyList<string> Rules)
{
    // What both ask; the names of claims stand for their presence and form.
    private static readonly string[] Common =
    [
        TokenRule.Format, TokenRule.Algorithm, TokenRule.Critical, TokenRule.KeyId, TokenRule.Signature,
        TokenRule.KeyExpiry, TokenRule.Issuer, TokenRule.Subject, TokenRule.IssuedAt, TokenRule.IssuedAtSeconds,
        TokenRule.ExpiresAt, TokenRule.ExpiresAtSeconds, TokenRule.Expired, TokenRule.NotBefore, TokenRule.NotYet,
    ];

    /// <summary>Omnichannel for Customer Service, Dynamics 365 Contact Center.</summary>
    public static readonly ChatServiceProfile Omnichannel = new("omnichannel", "Omnichannel",
    [
        .. Common, TokenRule.Length, TokenRule.Variables, TokenRule.VariableCount, TokenRule.VariableValue,
        TokenRule.VariableSize,
    ]);

    /// <summary>Live Assist for Dynamics 365.</summary>
    public static readonly ChatServiceProfile LiveAssist =
        new("liveassist", "Live Assist", [.. Common, TokenRule.IssuerBlanks, TokenRule.EngagementAttributes]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ChatServiceProfile> All { get; } = [LiveAssist, Omnichannel];

    /// <summary>Takes a token apart.</summary>
    /// <param name="text">The token.</param>
    /// <exception cref="CommandException">4402 the rule format.</exception>
    public Token Parse(string text)
    {
        try
        {
            return Token.Parse(text);
        }
        catch (CommandException exception)
        {
            throw new CommandException(Broken(TokenRule.Format, exception.Errors[0].Fact));
        }
    }

    /// <summary>Accepts a token, or names every rule that it breaks.</summary>
    /// <param name="token">The token.</param>
    /// <param name="keys">Every key that the service has.</param>
    /// <param name="now">The time.</param>
    /// <param name="issuer">What iss must be, letter by letter; null for whichever.</param>
    /// <param name="audience">What aud must be, or hold; null for whichever.</param>
    /// <returns>The key that signed it.</returns>
    /// <exception cref="CommandException">4402 for each rule that is broken; 4315 aud is another.</exception>
    public VerificationKey Verify(
        Token token, IReadOnlyList<VerificationKey> keys, DateTimeOffset now, string? issuer, string? audience)
    {
        // A pasted key and a PEM have no kid: then none is needed.
        bool needsKeyId = keys.Any(key => key.KeyId != null) && this == Omnichannel;
        List<TokenWarning> broken =
        [
            .. TokenWarnings.Of(token, now).Where(
                warning => Rules.Contains(warning.Rule) && (warning.Rule != TokenRule.KeyId || needsKeyId)),
        ];
        VerificationKey? signer = null;
        CodedError? other = null;
        try
        {
            signer = TokenVerification.Verify(token, keys, now, issuer, audience);
        }
        catch (TokenRefusedException refusal)
        {
            other = Rules.Contains(refusal.Rule) ? null : refusal.Errors[0];
            if (other == null && broken.All(warning => warning.Rule != refusal.Rule))
            {
                broken.Insert(0, new TokenWarning(refusal.Rule, refusal.Errors[0].Fact));
            }
        }

        CodedError[] errors =
        [
            .. broken.Select(warning => Broken(warning.Rule, warning.Text)),
            .. new[] { other }.OfType<CodedError>(),
        ];
        return errors.Length > 0 ? throw new CommandException(errors) : signer!;
    }

    private CodedError Broken(string rule, string fact) => Errors.RuleBroken(Label, rule, fact.TrimEnd('.'));
}
