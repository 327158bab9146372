namespace ChatAuth.LocalDataverse.Rows;

/// <summary>What a chat authentication-settings row must be for the platform to take it.</summary>
internal static class ChatSettings
{
    /// <summary>Logical name of the table (facts 4).</summary>
    public const string Table = "msdyn_authenticationsettings";

    private const string Url = "msdyn_publickeyurl";

    /// <summary>Ensures that a public key URL that is written answers with a key.</summary>
    /// <remarks>Facts 4, one community report: the row is refused otherwise. The text is this stand-in's own.</remarks>
    public static void Check(LocalOrganization organization, IReadOnlyDictionary<string, object?> given)
    {
        if (given.GetValueOrDefault(Url) is string url && !organization.PublicKeyUrlAnswers(url))
        {
            throw new DataverseException(0x80040265, 400, "The public key URL does not answer with a public key.");
        }
    }
}
