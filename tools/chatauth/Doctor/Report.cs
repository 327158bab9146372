using System.Globalization;
using System.Text.Json.Nodes;
using ChatAuth.Checks;

namespace ChatAuth.Doctor;

/// <summary>A diagnosis for a person, and for a pipeline.</summary>
internal static class Report
{
    /// <summary>A block for each finding, then what was looked at; with each line what it tells of.</summary>
    public static IEnumerable<(string Line, Severity? Tone)> Text(Diagnosis diagnosis)
    {
        foreach (Finding finding in diagnosis.Findings)
        {
            yield return (
                $"{Word(finding.Severity)} {finding.Code}, for {Who(finding.Mender)} to mend", finding.Severity);
            yield return ("  " + finding.Fact, null);
            yield return ("  " + finding.Remedy, null);
            yield return (string.Empty, null);
        }

        string found = diagnosis.Findings.Count == 0
            ? "Nothing stands in the way of authenticated chat."
            : $"{Count(diagnosis.Errors, "error")}, {Count(diagnosis.Findings.Count - diagnosis.Errors, "warning")}.";
        yield return (found, null);
        yield return ($"Checked: {string.Join(", ", diagnosis.Checked)}.", null);
        foreach ((string subject, string reason) in diagnosis.Skipped)
        {
            yield return ($"Left out: {subject}, since {reason}.", null);
        }
    }

    /// <summary>The same as JSON.</summary>
    public static string Json(Diagnosis diagnosis) => ReadableJson.Of(new JsonObject
    {
        ["errors"] = diagnosis.Errors,
        ["warnings"] = diagnosis.Findings.Count - diagnosis.Errors,
        ["findings"] = new JsonArray([.. diagnosis.Findings.Select(finding => new JsonObject
        {
            ["code"] = finding.Code,
            ["severity"] = Word(finding.Severity),
            ["fact"] = SafeText.Of(finding.Fact),
            ["remedy"] = finding.Remedy,
            ["mendedBy"] = Who(finding.Mender).Replace("chatauth ", string.Empty, StringComparison.Ordinal),
        })]),
        ["checked"] = new JsonArray([.. diagnosis.Checked.Select(subject => JsonValue.Create(subject))]),
        ["leftOut"] = new JsonArray([.. diagnosis.Skipped.Select(part => new JsonObject
        {
            ["subject"] = part.Subject,
            ["reason"] = part.Reason,
        })]),
    });

    private static string Who(Mender mender) => mender switch
    {
        Mender.Deploy => "chatauth deploy",
        Mender.Rotate => "chatauth rotate",
        Mender.Revoke => "chatauth revoke",
        _ => "a person",
    };

    private static string Word(Severity severity) => severity == Severity.Error ? "error" : "warning";

    private static string Count(int number, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? string.Empty : "s")}");
}
