using System;
using System.Text.RegularExpressions;

namespace ChatAuth.Settings;

/// <summary>Comments in the settings file, from <c>//</c> to the end of the line.</summary>
/// <remarks>JSON has none, and what is sent to Dataverse keeps to JSON; a file that people write needs them.</remarks>
internal static partial class JsonComments
{
    /// <summary>The text with a space for each character of a comment, so that errors name the right places.</summary>
    public static string Blank(string text) =>
        StringOrComment().Replace(text, match => match.Value.StartsWith('"') ? match.Value : new string(' ', match.Length));

    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""|//[^\r\n]*", RegexOptions.Singleline)]
    private static partial Regex StringOrComment();
}
