namespace ChatAuth.Tokens;

/// <summary>The id of a record as chat services read it in the claim sub.</summary>
internal static class RecordId
{
    /// <summary>The id in a text; null when it is none: 36 characters in groups, in any case.</summary>
    /// <param name="text">The claim's; null for none.</param>
    /// <remarks>.NET reads signs, 0x and outer blanks too, so the id is held against the text.</remarks>
    public static Guid? Parse(string? text) =>
        Guid.TryParseExact(text, "D", out Guid id)
        && string.Equals(text, id.ToString("D"), StringComparison.OrdinalIgnoreCase) ? id : null;
}
