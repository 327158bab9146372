using ChatAuth.Dataverse;
using ChatAuth.Keys;
using ChatAuth.Plugins.Jose;
using ChatAuth.Probing;
using ChatAuth.Tokens;

namespace ChatAuth.Deployment;

/// <summary>Takes an environment from whatever it is to authenticated chat.</summary>
/// <remarks>
/// The order keeps the invariant: the first key is pending, and the steps are disabled, until every target serves the
/// key. What is right already is left alone, so a run that was killed is finished by the next one, and a second run
/// writes nothing. A revocation that is not done comes first.
/// </remarks>
/// <param name="context">What it works with.</param>
/// <param name="cancellation">Ends it early.</param>
/// <param name="untilPublished">Whether it ends when the keys are published, before they are served.</param>
/// <param name="prove">Whether a token is asked for though nothing changed.</param>
internal sealed class Deploy(
    DeploymentContext context, CancellationToken cancellation, bool untilPublished = false, bool prove = false)
{
    private static readonly TimeSpan FirstLifetime = TimeSpan.FromDays(365);

    /// <summary>Runs it.</summary>
    /// <exception cref="CommandException">Something refused; what was done stays, and the next run goes on from
    /// there.</exception>
    public Task RunAsync() => Revocation.GuardAsync(context, DeployAsync, cancellation);

    private async Task DeployAsync()
    {
        await Revocation.FinishAsync(context, cancellation);
        SiteDeployment sites = new(context, cancellation);
        ChatEnvironment environment = await ChatEnvironment.ReadAsync(context, cancellation);
        EnsureMayTake(environment);
        await Preflight.RunAsync(context, environment, sites, cancellation);

        // A step that a killed probe left enabled would refuse every visitor.
        await ProbeRows.RemoveAsync(context.Dataverse, context.Changes, cancellation);
        await ImportAsync();
        IReadOnlySet<Guid> removed = await MisplacedSteps.RemoveAsync(context, cancellation);
        await environment.ReadAgainAsync();
        environment.LeaveOut(context.Changes.IsDry ? removed : new HashSet<Guid>());
        Describe(environment);
        Jwk? next = await EnsureKeyAsync(environment);
        await environment.SetStepsAsync(context.Settings.StepConfiguration, null);
        await environment.PublishAsync(null, exactly: false, wait: !untilPublished);
        bool isPasted = next != null && context.IsKeyPasted
            && (await context.Places.NamedAsync(cancellation)).Count == 0;
        if (untilPublished)
        {
            await (isPasted ? PastedKey.ShowAsync(context, environment, next!) : Task.CompletedTask);
            return;
        }

        if (next != null)
        {
            // Where another place is looked at, the form at the end says what to paste.
            await (isPasted
                ? PastedKey.AwaitAsync(context, environment, next, cancellation) : Task.CompletedTask);
            await environment.WriteKeysAsync(
                $"activate the key, since {(isPasted ? "its line was pasted" : "every target serves it")}",
                environment.Keys.Dated(
                    key => (key.KeyId == next.KeyId ? environment.Now : key.NotBefore, key.ExpiresAt)));
        }

        SmokeTest test = new(context, cancellation);
        Guid? proof = context.Settings.TestContact is { } contact && await test.ListedAsync(environment) == null
            ? contact : null;
        await environment.SetStepsAsync(context.Settings.StepConfiguration, true, proof);
        await environment.PublishAsync(null, exactly: true);
        await sites.EnsureAsync();
        await new ChatAuthentication(context, cancellation).EnsureAsync();
        if (context.Changes.IsDry)
        {
            return;
        }

        await test.RunAsync(environment);
        if (prove || context.Changes.Count > 0)
        {
            await test.ProveAsync(environment);
        }
        else
        {
            context.Changes.Say("not proven again, since nothing was changed; --prove asks for a token");
        }
    }

    private async Task ImportAsync()
    {
        SolutionZip zip = SolutionZip.Read(context.Settings.Solution);
        Version? installed = await SolutionZip.InstalledAsync(context.Dataverse, cancellation);
        context.Changes.Is("solution " + (installed == null ? "not installed" : installed.ToString()));
        if (installed == null || installed < zip.Version)
        {
            await context.Changes.DoAsync(
                $"import the solution {zip.Version}",
                () => SolutionImport.RunAsync(
                    context.Dataverse, zip.Bytes, context.Clock, context.Changes.Waiting, context.Patience,
                    cancellation),
                new Difference("version", installed?.ToString(), zip.Version.ToString()));
        }
    }

    // The key that is to be activated; null when one signs already.
    private async Task<Jwk?> EnsureKeyAsync(ChatEnvironment environment)
    {
        // Keys of a copied environment would let both sign for one another: none of them stays.
        KeyFile keys = await environment.NotedAsync();
        keys = keys.Organization == environment.OrganizationId ? keys : keys.CopiedTo(environment.OrganizationId);
        if (keys.SigningKeyAt(environment.Now) != null)
        {
            return null;
        }

        Jwk? next = keys.Keys.Where(key => key.ExpiresAt > environment.Now).MinBy(key => key.NotBefore);
        if (next == null)
        {
            KeyFile made = context.Given ?? KeyFile.From(context.NewKey(RsaParts.MinimumBits), Jwk.PendingNotBefore,
                environment.Now + (long)FirstLifetime.TotalSeconds);
            await environment.WriteKeysAsync(
                $"put {(context.Given == null ? "a new" : "the given")} key, pending, into secure configuration",
                keys.With(made));
            next = environment.Keys.Keys.Single(key => key.Thumbprint == made.Keys[0].Thumbprint);
        }

        return next;
    }

    // A key that is given is the first one: what signs, or waits to, is left to a rotation.
    private void EnsureMayTake(ChatEnvironment environment)
    {
        if (context.Given is not { } given)
        {
            return;
        }

        KeyFile keys = environment.Keys.Organization == environment.OrganizationId
            ? environment.Keys : environment.Keys.CopiedTo(environment.OrganizationId);
        keys.WithGiven(given);
        Jwk? other = keys.SigningKeyAt(environment.Now)
            ?? keys.Keys.FirstOrDefault(key => key.ExpiresAt > environment.Now);
        if (other != null && other.Thumbprint != given.Keys[0].Thumbprint)
        {
            throw new CommandException(Errors.KeyNotTaken(
                given.KeyId,
                $"the key '{other.KeyId}' {(environment.SigningKey == other ? "signs" : "is to sign")} here"));
        }
    }

    private void Describe(ChatEnvironment environment)
    {
        context.Changes.Is(
            environment.Keys.Keys.Count == 0 ? "no keys" : "keys " + string.Join(
                ", ", environment.Keys.Keys.Select(
                    key => $"{key.KeyId} ({environment.Keys.StateOf(key, environment.Now)} until "
                        + $"{ReadableDate.Of(key.ExpiresAt, environment.Time)})")));
        foreach (ChatAuthStep step in new[] { ChatAuthStep.IssueToken, ChatAuthStep.PublishKeys })
        {
            StepRow? row = step == ChatAuthStep.IssueToken ? environment.IssueToken : environment.PublishKeys;
            context.Changes.Is(
                $"step of {step.Message} {(row == null ? "not there" : row.Columns.Enabled ? "enabled" : "disabled")}");
        }
    }
}
