using ChatAuth.Plugins;

namespace ChatAuth.Checks;

/// <summary>What stands between an environment and authenticated chat.</summary>
/// <param name="Findings">What is wrong, in the order in which it is to be mended.</param>
/// <param name="Checked">The parts that were looked at.</param>
/// <param name="Skipped">The parts that there is nothing to look at, and why.</param>
internal sealed record Diagnosis(
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<string> Checked,
    IReadOnlyList<(string Subject, string Reason)> Skipped)
{
    /// <summary>Every check.</summary>
    internal static readonly ICheck[] Checks =
    [
        new SolutionCheck(),
        new AssemblyCheck(),
        new StepsCheck(),
        new ForeignStepsCheck(),
        new KeyReadersCheck(),
        new PlantedKeysCheck(),
        new StepSettingsCheck(),
        new KeysCheck(),
        new ServedKeysCheck(),
        new CallersCheck(),
        new EnhancedAuthorizationCheck(),
        new ColumnsCheck(),
        new TestContactCheck(),
        new ChatCheck(),
        new BuiltInTokenCheck(),
        new SitePartsCheck(),
        new PagesCheck(),
        new WorkstreamCheck(),
        new TraceCheck(),
        new CustomizationsCheck(),
        new ContactsCheck(),
        new ClockCheck(),
    ];

    /// <summary>How many findings are errors.</summary>
    public int Errors => Findings.Count(finding => finding.Severity == Severity.Error);

    /// <summary>The same, with each text made fit to be shown.</summary>
    /// <param name="show">Gives what may be shown of a text.</param>
    public Diagnosis With(Func<string, string> show) => this with
    {
        Findings =
        [
            .. Findings.Select(finding => finding with { Fact = show(finding.Fact), Remedy = show(finding.Remedy) }),
        ],
        Skipped = [.. Skipped.Select(part => (part.Subject, show(part.Reason)))],
    };

    /// <summary>Looks at every part, or at what deploy looks at before its first write.</summary>
    /// <param name="examination">What to look at.</param>
    /// <param name="checks">Which parts; null for all.</param>
    public static async Task<Diagnosis> OfAsync(Examination examination, IEnumerable<ICheck>? checks = null)
    {
        List<Finding> findings = [];
        List<string> looked = [];
        List<(string, string)> skipped = [];
        foreach (ICheck check in (checks ?? Checks).Where(check => check.IsPreflight || !examination.IsPreflight))
        {
            if (check.ReasonToSkip(examination) is { } reason)
            {
                skipped.Add((check.Subject, reason));
            }
            else if (await RunAsync(check, examination, findings))
            {
                looked.Add(check.Subject);
            }
        }

        return new Diagnosis([.. findings.DistinctBy(finding => finding.Text)], looked, skipped);
    }

    // Whether the check came to its end; what it found before counts in any case.
    private static async Task<bool> RunAsync(ICheck check, Examination examination, List<Finding> findings)
    {
        try
        {
            await foreach (Finding finding in check.RunAsync(examination))
            {
                findings.Add(finding);
            }

            return true;
        }
        catch (CommandException refusal) when (refusal is not Dataverse.WebApiException)
        {
            findings.AddRange(refusal.Errors.Select(Finding.Of));
            return false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            findings.Add(ChatAuth.Errors.NotChecked(check.Subject, ReasonOf(exception)));
            return false;
        }
    }

    private static string ReasonOf(Exception exception) => exception switch
    {
        CommandException command => command.Errors[0].Clause,
        ChatAuthException refusal when CodedError.Of(refusal) is var error => $"{error.Code}: {error.Clause}",
        _ => "The answer was not understood (" + exception.GetType().Name + ")",
    };
}
