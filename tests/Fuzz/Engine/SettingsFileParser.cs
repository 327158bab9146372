using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading;
using ChatAuth.Settings;

namespace ChatAuth.Fuzz;

/// <summary>chatauth.json, read from a disk, with placeholders that the environment fills.</summary>
internal sealed partial class SettingsFileParser : Parser
{
    // What the environment holds may be secret: no message repeats it.
    private const string Issuer = "mArKeD-7Qx2ZmPw.contosohelp.com";

    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // One file a thread, overwritten by each input.
    private static readonly ThreadLocal<string> Place = new(
        () => Path.Combine(Path.GetTempPath(), "chatauth-fuzz-" + Guid.NewGuid().ToString("N"), "chatauth.json"),
        trackAllValues: true);

    /// <inheritdoc/>
    public override string Name => "settingsfile";

    /// <inheritdoc/>
    public override int Share => 70;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Marks => [Issuer];

    /// <summary>More than that of others: a file with faults is read once for each place that they may have.</summary>
    public override long MaximumBytes => 100 * base.MaximumBytes;

    /// <summary>More than others take, for the same reason: a person waits for it, not a visitor.</summary>
    public override double MaximumMilliseconds(string input) => 5 * base.MaximumMilliseconds(input);

    /// <inheritdoc/>
    public override string Make(Dice dice) =>
        TextMutation.Of(dice, dice.Pick(Corpus.SettingsFiles), Corpus.SettingsFiles);

    /// <inheritdoc/>
    public override object Prepare(string input)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Place.Value!)!);
        File.WriteAllBytes(Place.Value!, RawBytes.Of(input));
        return Place.Value!;
    }

    /// <inheritdoc/>
    public override object Read(object prepared) => SettingsFile.Read((string)prepared, name => name switch
    {
        "ISSUER" => Issuer,
        "CALLER" => Corpus.Caller,
        _ => null,
    });

    /// <summary>
    /// A variable's name is repeated, since it is what must be set or which caller is meant, and the slip of a
    /// setting's name; never a value.
    /// </summary>
    public override string Confidential(Refusal refusal) => string.Join(
        '\n', refusal.Text.Split('\n').Where(line => !line.StartsWith("CHATAUTH5105", StringComparison.Ordinal)
            && (line.Length > 320 || !line.Contains("Did you mean", StringComparison.Ordinal)))
            .Select(line => CallerByVariable().Replace(line, "callers.")));

    /// <inheritdoc/>
    public override string? Disagreement(string input, object? result, Refusal? refusal)
    {
        if (RawBytes.Of(input).Length > SettingsFile.MaximumBytes)
        {
            return refusal?.Code == "CHATAUTH5101" ? null : "it is longer than a settings file may be";
        }

        string? text = Decoded(RawBytes.Of(input)) is { } decoded ? WithoutComments(decoded) : null;
        JsonElement? root = null;
        return (
            text == null ? null : JsonOracle.Disagreement(
                text, out root)) ?? (root == null && refusal?.Code != "CHATAUTH5101" ? "CHATAUTH5101 is right"
            : result is SettingsFile file ? Accepted(file, input, root!.Value)
            : null);
    }

    [GeneratedRegex(@"callers\.\$\{[A-Za-z_][A-Za-z0-9_]*\}")]
    private static partial Regex CallerByVariable();

    /// <summary>Removes the files.</summary>
    public static void CleanUp()
    {
        foreach (string place in Place.Values.Where(File.Exists))
        {
            Directory.Delete(Path.GetDirectoryName(place)!, recursive: true);
        }
    }

    private static string? Accepted(SettingsFile file, string input, JsonElement root)
    {
        using JsonDocument step = JsonDocument.Parse(file.StepConfiguration);
        return !SettingsParser.IsComplete(step.RootElement) ? "the step's settings lack something"
            : !input.Contains('$', StringComparison.Ordinal) && step.RootElement.EnumerateObject()
                .Any(member => !JsonOracle.AreEqual(member.Value, root.GetProperty(member.Name)))
            ? "the step's settings are not the file's"
            : null;
    }

    // The oracle's own way to find them; those between /* and */ stay, and are refused.
    private static string WithoutComments(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Utf8JsonReader reader = new(utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Allow });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.Comment && utf8[reader.TokenStartIndex + 1] == '/')
                {
                    utf8.AsSpan((int)reader.TokenStartIndex, reader.ValueSpan.Length + 2).Fill((byte)' ');
                }
            }
        }
        catch (JsonException)
        {
            // The document is refused for what comes now.
        }

        return Encoding.UTF8.GetString(utf8);
    }

    private static string? Decoded(byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
