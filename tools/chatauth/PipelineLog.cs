namespace ChatAuth;

/// <summary>The lines of a command in the log of GitHub Actions or Azure Pipelines, which obey some of them.</summary>
internal static class PipelineLog
{
    /// <summary>The line that shows an error or a warning beside the run; null elsewhere.</summary>
    /// <param name="error">Code and text.</param>
    /// <param name="severity">How much it matters.</param>
    /// <param name="environment">Reads an environment variable: where the command runs.</param>
    /// <remarks>
    /// GitHub docs, workflow commands for GitHub Actions; Microsoft Learn, logging commands of Azure Pipelines.
    /// </remarks>
    public static string? Annotation(CodedError error, Severity severity, Func<string, string?> environment)
    {
        string kind = severity == Severity.Error ? "error" : "warning";
        string text = SafeText.Of(error.Text);
        return IsGitHub(environment)
            ? $"::{kind} title={error.Code}::{text.Replace("%", "%25", StringComparison.Ordinal)}"
            : IsAzure(environment)
                ? $"##vso[task.logissue type={kind};code={error.Code}]"
                    + $"{error.Code}: {text.Replace("%", "%AZP25", StringComparison.Ordinal)}"
                : null;
    }

    /// <summary>The same line where nobody obeys it; one that they would obey is broken up visibly.</summary>
    /// <remarks>What a token or a site is called may be an attacker's, and must not set a variable of the
    /// pipeline.</remarks>
    /// <param name="line">What is to be written.</param>
    /// <param name="environment">Reads an environment variable: where the command runs.</param>
    public static string Disarmed(string line, Func<string, string?> environment) =>
        IsGitHub(environment) || IsAzure(environment)
            ? Broken(line.Replace("##[", @"\u{23}#[", StringComparison.Ordinal)
                .Replace("##vso[", @"\u{23}#vso[", StringComparison.OrdinalIgnoreCase))
            : line;

    private static string Broken(string line) => !line.AsSpan().TrimStart().StartsWith("::", StringComparison.Ordinal)
        ? line
        : line.Insert(line.IndexOf(':', StringComparison.Ordinal), @"\u{3a}").Replace(
            @"\u{3a}::", @"\u{3a}:", StringComparison.Ordinal);

    private static bool IsGitHub(Func<string, string?> environment) => environment("GITHUB_ACTIONS") == "true";

    private static bool IsAzure(Func<string, string?> environment) =>
        string.Equals(environment("TF_BUILD"), "true", StringComparison.OrdinalIgnoreCase);
}
