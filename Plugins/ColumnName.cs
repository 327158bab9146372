namespace ChatAuth.Plugins;

/// <summary>
/// How settings name a column: <c>column</c> of the contact, or <c>lookup:table.column</c> one hop away.
/// </summary>
internal static class ColumnName
{
    // Longest logical name taken; those of tables end at 64 and those of columns at 50 characters, prefix not counted.
    private const int MaximumLength = 128;

    /// <summary>
    /// Whether the text is a logical name: a letter, then letters, digits and underscores, all lower case.
    /// </summary>
    internal static bool IsLogicalName(string text)
    {
        foreach (var character in text)
        {
            if (!(IsLetter(character) || character == '_' || (character >= '0' && character <= '9')))
            {
                return false;
            }
        }

        return text.Length >= 1 && text.Length <= MaximumLength && IsLetter(text[0]);
    }

    /// <summary>Whether the text names a column of the contact or one hop away.</summary>
    internal static bool IsPath(string text)
    {
        var parts = text.Split(':');
        if (parts.Length == 1)
        {
            return IsLogicalName(text);
        }

        var target = parts[1].Split('.');
        return parts.Length == 2 && target.Length == 2
            && IsLogicalName(parts[0]) && IsLogicalName(target[0]) && IsLogicalName(target[1]);
    }

    private static bool IsLetter(char character) => character >= 'a' && character <= 'z';
}
