namespace ChatAuth.Settings;

/// <summary>Comments in the settings file, from <c>//</c> to the end of the line.</summary>
/// <remarks>JSON has none, and what is sent to Dataverse keeps to JSON; a file that people write needs them.</remarks>
internal static class JsonComments
{
    /// <summary>The text with a space for each character of a comment, so that errors name the right places.</summary>
    public static string Blank(string text)
    {
        char[]? blanked = null;
        bool isInString = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                isInString = !isInString;
            }
            else if (isInString)
            {
                i += text[i] == '\\' ? 1 : 0;
            }
            else if (text[i] == '/' && i + 1 < text.Length && text[i + 1] == '/')
            {
                blanked ??= text.ToCharArray();
                for (; i < text.Length && text[i] is not ('\r' or '\n'); i++)
                {
                    blanked[i] = ' ';
                }
            }
        }

        return blanked == null ? text : new string(blanked);
    }
}
