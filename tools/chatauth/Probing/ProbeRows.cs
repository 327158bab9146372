using System.Globalization;
using System.Text.Json.Nodes;
using ChatAuth.Dataverse;

namespace ChatAuth.Probing;

/// <summary>
/// The rows that a probe makes, under ids of their own, so that the next one finds what a killed one left.
/// </summary>
/// <remarks>
/// The row of the secure configuration comes first and goes last: without it nothing else is there. The steps run
/// before those of deploy, so that on a message with both the production step has the last word and no answer of a
/// probe reaches anybody.
/// </remarks>
internal sealed class ProbeRows(WebApi dataverse)
{
    /// <summary>The step that publishes the probe's keys.</summary>
    public static readonly ChatAuthStep PublishKeys =
        ChatAuthStep.PublishKeys with { Id = new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c22") };

    /// <summary>The step that signs with the probe's key.</summary>
    public static readonly ChatAuthStep IssueToken =
        ChatAuthStep.IssueToken with { Id = new("8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c21") };

    /// <summary>Unique name of the unmanaged solution.</summary>
    public const string SolutionName = "ChatAuthProbe";

    /// <summary>Unique name under which that solution is imported.</summary>
    public const string ImportedName = "ChatAuthProbeImport";

    /// <summary>Address of the secure configuration.</summary>
    public const string SecurePath = SecureSet + "(" + SecureId + ")";

    private const string SecureSet = "sdkmessageprocessingstepsecureconfigs";
    private const string SecureColumn = "sdkmessageprocessingstepsecureconfigid";
    private const string Binding = SecureColumn + "@odata.bind";
    private const string SecureId = "8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c20";
    private const string ContactId = "8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c23";
    private const string SolutionId = "8b3f0f6e-5c0d-4b43-9e57-0d3b6a1f7c24";
    private const string StepColumn = "sdkmessageprocessingstepid";
    private const int Rank = StepRow.Rank - 1;

    private static readonly ChatAuthStep[] Steps = [IssueToken, PublishKeys];

    private bool isClear = true;

    /// <summary>Removes what there is of them; a probe that was killed is ended by that.</summary>
    /// <param name="dataverse">The environment.</param>
    /// <param name="changes">Its writes.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public static async Task RemoveAsync(WebApi dataverse, ChangeRunner changes, CancellationToken cancellation)
    {
        // An import that outlived a killed probe leaves its solution and step without that row.
        if (await dataverse.FindAsync(
                $"{SecureSet}?$select={SecureColumn}&$filter={SecureColumn} eq {SecureId}", cancellation) != null
            || (await SolutionsAsync(dataverse, cancellation)).Count > 0)
        {
            await changes.DoAsync("remove the rows of the probe", async () =>
            {
                await new ProbeRows(dataverse).ClearAsync(cancellation);
                await dataverse.DeleteAsync(SecurePath, cancellation);
            });
        }
    }

    /// <summary>Makes the row of the secure configuration.</summary>
    /// <exception cref="CommandException">5006 another probe has just made it; 5001, 5002.</exception>
    public Task BeginAsync(string secureConfiguration, CancellationToken cancellation) => dataverse.CreateAsync(
        $"{SecureSet}?$select={SecureColumn}",
        new JsonObject { [SecureColumn] = SecureId, [WebApi.SecretColumn] = secureConfiguration }, cancellation);

    /// <summary>Changes the secure configuration alone.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public Task WriteSecureAsync(string text, CancellationToken cancellation) =>
        dataverse.PatchAsync(
            $"{SecurePath}?$select={SecureColumn}", null, new JsonObject { [WebApi.SecretColumn] = text }, null,
            cancellation);

    /// <summary>The secure configuration; null when it is empty or gone.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public async Task<string?> ReadSecureAsync(CancellationToken cancellation)
    {
        JsonObject? row = await dataverse.FindAsync(
            $"{SecureSet}?$select={WebApi.SecretColumn}&$filter={SecureColumn} eq {SecureId}", cancellation);
        return row?.Column<string>(WebApi.SecretColumn);
    }

    /// <summary>Makes a step.</summary>
    /// <param name="step">Which.</param>
    /// <param name="enabled">Whether it serves its message.</param>
    /// <param name="configuration">The (unsecure) configuration; null for none.</param>
    /// <param name="traceLevel">The trace level to return to; null when it stays.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <param name="bound">Whether it reads the probe's secure configuration.</param>
    /// <exception cref="CommandException">5004, 5006, 5001, 5002.</exception>
    public async Task CreateStepAsync(
        ChatAuthStep step, bool enabled, string? configuration, int? traceLevel, CancellationToken cancellation,
        bool bound = true)
    {
        isClear = false;
        JsonObject body = new()
        {
            ["configuration"] = configuration,
            ["description"] = traceLevel?.ToString(CultureInfo.InvariantCulture),
            ["statecode"] = enabled ? 0 : 1,
            ["statuscode"] = enabled ? 1 : 2,
        };
        if (bound)
        {
            body[Binding] = "/" + SecurePath;
        }

        await StepRow.RegisterAsync(dataverse, body, step, "ChatAuth probe: " + step.Message, Rank, cancellation);
        await dataverse.CreateAsync($"{StepRow.Set}?$select={StepColumn}", body, cancellation);
    }

    /// <summary>Touches a step, so that its instances are made anew.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public Task TouchAsync(ChatAuthStep step, CancellationToken cancellation) =>
        dataverse.PatchAsync(
            $"{step.Path}?$select={StepColumn}", null, new JsonObject { ["configuration"] = "{}" }, null, cancellation);

    /// <summary>Lets a step read the probe's secure configuration.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public Task BindAsync(ChatAuthStep step, CancellationToken cancellation) => dataverse.PatchAsync(
        $"{step.Path}?$select={StepColumn}", null, new JsonObject { [Binding] = "/" + SecurePath }, null, cancellation);

    /// <summary>The same rows, made and read as another user, and removed as this one.</summary>
    public ProbeRows Of(WebApi theirs)
    {
        isClear = false;
        return new ProbeRows(theirs);
    }

    /// <summary>Makes a contact that is known by a mark.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public Task CreateContactAsync(string column, string mark, CancellationToken cancellation) => dataverse.CreateAsync(
        "contacts?$select=contactid", new JsonObject
        {
            ["contactid"] = ContactId,
            ["firstname"] = "ChatAuth",
            ["lastname"] = "probe",
            [column] = mark,
        }, cancellation);

    /// <summary>Makes an unmanaged solution that holds a step.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public async Task CreateSolutionAsync(ChatAuthStep step, Guid publisherId, CancellationToken cancellation)
    {
        await dataverse.CreateAsync(
            "solutions?$select=solutionid",
            new JsonObject
            {
                ["solutionid"] = SolutionId,
                ["uniquename"] = SolutionName,
                ["friendlyname"] = "ChatAuth probe",
                ["version"] = "1.0.0.0",
                ["publisherid@odata.bind"] = $"/publishers({publisherId:D})",
            },
            cancellation);
        await dataverse.PostAsync(
            "AddSolutionComponent",
            new JsonObject
            {
                ["ComponentId"] = step.Id,
                ["ComponentType"] = 92,
                ["SolutionUniqueName"] = SolutionName,
                ["AddRequiredComponents"] = false,
            },
            cancellation);
    }

    /// <summary>Notes that an import may bring rows.</summary>
    public void ExpectImport() => isClear = false;

    /// <summary>Removes what a question made.</summary>
    /// <exception cref="CommandException">5001, 5002.</exception>
    public async Task TidyAsync(CancellationToken cancellation)
    {
        if (!isClear)
        {
            await ClearAsync(cancellation);
            isClear = true;
        }
    }

    private static Task<IReadOnlyList<JsonObject>> SolutionsAsync(WebApi dataverse, CancellationToken cancellation) =>
        dataverse.ListAsync(
            $"solutions?$select=solutionid&$filter=uniquename eq '{SolutionName}' or uniquename eq '{ImportedName}'",
            cancellation);

    // Everything but the row of the secure configuration; the trace level is put back.
    private async Task ClearAsync(CancellationToken cancellation)
    {
        IReadOnlyList<JsonObject> steps = await dataverse.ListAsync(
            $"{StepRow.Set}?$select=description&$filter="
                + OData.AnyOf(Steps.Select(step => $"{StepColumn} eq {step.Id:D}")),
            cancellation);
        foreach (JsonObject step in steps)
        {
            string? description = step.Column<string>("description");
            if (int.TryParse(description, NumberStyles.None, CultureInfo.InvariantCulture, out int level))
            {
                await new TraceLevel(dataverse).WriteAsync(level, cancellation);
                await TraceLevel.ForgetAsync(dataverse, step.Required<Guid>(StepColumn), cancellation);
            }
        }

        foreach (JsonObject solution in await SolutionsAsync(dataverse, cancellation))
        {
            await dataverse.DeleteAsync($"solutions({solution.Required<Guid>("solutionid")})", cancellation);
        }

        foreach (ChatAuthStep step in Steps)
        {
            await dataverse.DeleteAsync(step.Path, cancellation);
        }

        await dataverse.DeleteAsync($"contacts({ContactId})", cancellation);
    }
}
