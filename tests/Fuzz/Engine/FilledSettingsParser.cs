using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChatAuth.Settings;

namespace ChatAuth.Fuzz;

/// <summary>
/// Texts of the settings once their placeholders are filled: each input is a value of the environment.
/// </summary>
/// <remarks>Its first character chooses the member that the rest fills.</remarks>
internal sealed partial class FilledSettingsParser : Parser
{
    private static readonly Member[] Members =
    [
        new("""{"issuer":"${V}","callers":{"powerpages":{}}}""", Rule.Compared, int.MaxValue,
            file => Step(file, "issuer")),
        new("""{"issuer":"x","audience":"${V}","callers":{"powerpages":{}}}""", Rule.Compared, int.MaxValue,
            file => Step(file, "audience")),
        new("""{"issuer":"x","callers":{"powerpages":{"contact":{"externalIdentity":"${V}"}}}}""", Rule.Compared,
            int.MaxValue, file => Step(file, "callers", "powerpages", "contact", "externalIdentity")),
        new("""{"issuer":"x","callers":{"powerpages":{}},"contextVariables":{"${V}":{"column":"x"}}}""", Rule.Compared,
            100, file => NameIn(file, "contextVariables")),
        new("""{"issuer":"x","callers":{"powerpages":{}},"contextVariables":{"x":{"value":"${V}"}}}""", Rule.Constant,
            4000, file => Step(file, "contextVariables", "x", "value")),
        new("""{"issuer":"x","callers":{"powerpages":{}},"portals":[{"site":"${V}"}]}""", Rule.Written, int.MaxValue,
            file => file.Portals[0].Site),
        new(
            """
            {"issuer":"x","callers":{"powerpages":{}},
             "authenticationSettings":{"publicKeyUrl":"https://x","name":"${V}"}}
            """,
            Rule.Written, 100, file => file.Authentication!.Name),
        new(
            """
            {"issuer":"x","callers":{"powerpages":{}},
             "authenticationSettings":{"publicKeyUrl":"https://x","javaScriptFunction":"${V}"}}
            """,
            Rule.Compared, 100, file => file.Authentication!.JavaScriptFunction!),
        new(
            """
            {"issuer":"x","callers":{"powerpages":{}},
             "authenticationSettings":{"publicKeyUrl":"https://x","widgets":["${V}"]}}
            """,
            Rule.Written, int.MaxValue, file => file.Authentication!.Widgets[0]),
    ];

    private static readonly string[] Values =
    [
        "contosohelp.com", "https://Contoso.com/?a=b&c=1", "cart value", "Contoso Help \u2713",
        "\u0645\u06cc\u200c\u062e",
        "two\r\nlines\tof it", "${OTHER}", "$(PortalHost)", "#{Host}#", "{{ host }}", "$[vars.host]",
        "soft\u00adhyphen", "%PORTAL_HOST%", "__Portal.Host__", "@host@", "<your host>", "{host}", "[[host]]", "$HOST",
        "$env:HOST", "@{host}", "<%= host %>", "https://%24%7bHOST%7d/", "https://a.__HOST__/b", "a.%b%.c",
        "$(5) and $5", "e\u0301\u00e9\ud83d\ude00\ufe0f",
    ];

    private const string Variable = @"[\p{L}_][\p{L}\p{Nd}_.: -]*";
    private const string Mark =
        $@"(%{Variable}%|__{Variable}__|@{Variable}@|<{Variable}>|\{{{Variable}\}}|\[\[{Variable}\]\]"
            + $@"|\${Variable}\$|!{Variable}!|#{Variable}#)";

    private const string Shell =
        @"(?<![\p{L}\p{Nd}])\$([A-Z0-9_]{2,}(?![A-Z0-9_\p{L}])|[eE][nN][vV]:)";

    // Blank to the eye: white space, zero width, braille's and Hangul's fillers.
    private const string Blanks = "\u200b\u2060\ufeff\u2800\u115f\u1160\u3164\uffa0";

    /// <summary>What is asked of a text.</summary>
    private enum Rule
    {
        Compared,
        Written,
        Constant,
    }

    /// <inheritdoc/>
    public override string Name => "filled";

    /// <inheritdoc/>
    public override int Share => 60;

    /// <inheritdoc cref="SettingsFileParser.MaximumBytes"/>
    public override long MaximumBytes => 100 * base.MaximumBytes;

    /// <inheritdoc cref="SettingsFileParser.MaximumMilliseconds"/>
    public override double MaximumMilliseconds(string input) => 5 * base.MaximumMilliseconds(input);

    /// <inheritdoc/>
    public override string Make(Dice dice) =>
        (char)('a' + dice.Below(Members.Length)) + TextMutation.Of(dice, dice.Pick(Values), Values);

    /// <inheritdoc/>
    public override object Read(object prepared)
    {
        string input = (string)prepared;
        return SettingsFile.Parse(MemberOf(input).Document, "chatauth.json", _ => input.Length < 2 ? null : input[1..]);
    }

    /// <inheritdoc/>
    public override string? Disagreement(string input, object? result, Refusal? refusal)
    {
        Member member = MemberOf(input);
        string value = input.Length < 2 ? string.Empty : input[1..];
        return value.Length == 0 ? refusal?.Code == "CHATAUTH5105" ? null : "CHATAUTH5105 is right"
            : value.Length > member.Longest || string.IsNullOrWhiteSpace(value)
            ? refusal == null ? "it is too long" : null
            : !IsClean(value, member.Rule)
            ? refusal?.Code is "CHATAUTH2012" or "CHATAUTH2013" or "CHATAUTH2005" ? null
                : "CHATAUTH2012 or 2013 is right"
            : refusal != null ? "acceptance is right"
            : member.Taken((SettingsFile)result!) == value ? null : "another text was read";
    }

    private static Member MemberOf(string input) =>
        Members[input.Length == 0 ? 0 : (input[0] - 'a' + (Members.Length * 10_000)) % Members.Length];

    private static bool IsClean(string value, Rule rule)
    {
        List<Rune> runes = [];
        for (int at = 0; at < value.Length; at += runes[^1].Utf16SequenceLength)
        {
            if (!Rune.TryGetRuneAt(value, at, out Rune rune))
            {
                return false; // half a pair
            }

            runes.Add(rune);
        }

        return !IsBlank(runes[0]) && !IsBlank(runes[^1]) && runes.All(rune => IsTaken(rune, rule))
            && !(rule == Rule.Compared ? ComparedHole() : WrittenHole()).IsMatch(value);
    }

    private static bool IsBlank(Rune rune) =>
        Rune.IsWhiteSpace(rune) || (rune.IsBmp && Blanks.Contains((char)rune.Value, StringComparison.Ordinal));

    private static bool IsTaken(Rune rune, Rule rule) => rune.Value switch
    {
        '\t' or '\n' or '\r' or 0x2028 or 0x2029 => rule == Rule.Constant,
        0xFFFD or (>= 0xFDD0 and <= 0xFDEF) => false,
        _ when (rune.Value & 0xFFFF) is 0xFFFE or 0xFFFF => false,
        _ when Rune.GetUnicodeCategory(rune) == UnicodeCategory.Control => false,
        ' ' => true,

        // Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt, format characters aside.
        0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2065 or 0x2800 or 0x3164
            or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xFFF0 and <= 0xFFF8) or (>= 0xE0000 and <= 0xE0FFF) =>
            rule != Rule.Compared,
        _ => rule != Rule.Compared
            || (!Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format),
    };

    private static string Step(SettingsFile file, params string[] path)
    {
        using JsonDocument step = JsonDocument.Parse(file.StepConfiguration);
        return path.Aggregate(step.RootElement, (element, name) => element.GetProperty(name)).GetString()!;
    }

    private static string NameIn(SettingsFile file, string member)
    {
        using JsonDocument step = JsonDocument.Parse(file.StepConfiguration);
        return step.RootElement.GetProperty(member).EnumerateObject().Single().Name;
    }

    // In an address the host, or a part of it, counts as a text of its own.
    [GeneratedRegex(
        $@"\$[({{\[]|#\{{|\{{[{{%#]|@[{{(]|<[%<]|%[{{(]|\(\(|%24%7[bB]|%24%28|%23%7[bB]|%7[bB]%7[bB]"
            + $@"|^@Microsoft\.|^[""']|[""']\z|^\[[\s\S]*\]\z|{Shell}"
            + $@"|^(?![\s\S]*://)([\s\S]*\.)?{Mark}(\.[\s\S]*)?\z"
            + $@"|^([^:]|:(?!//))*://([^/]*\.)?{Mark}(\.|/|\z)")]
    private static partial Regex ComparedHole();

    [GeneratedRegex(@"\$\{[^}]+\}|\$\((\p{L}|_)[^)]*\)|^@Microsoft\.")]
    private static partial Regex WrittenHole();

    /// <summary>A settings file with one placeholder, and where its value is found again.</summary>
    private sealed record Member(string Document, Rule Rule, int Longest, Func<SettingsFile, string> Taken);
}
