using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using ChatAuth.Dataverse;

namespace ChatAuth.Probing.Questions;

/// <summary>Whether a step on a custom API travels in a solution (facts 1).</summary>
/// <remarks>
/// The step is exported, deleted, and imported in a solution of another unique name, so that what is there then came
/// with the import. It arrives disabled, and serves nothing. Where the import fails the same solution without the step
/// is imported too: what fails for another reason says nothing about steps.
/// </remarks>
internal sealed class StepInSolution : IQuestion
{
    private const string Step = "SdkMessageProcessingStep";

    /// <inheritdoc />
    public string Text => "Does a step on a custom API bind to its message again when a solution with it is imported?";

    /// <inheritdoc />
    public bool TakesOver => true;

    /// <inheritdoc />
    public async Task<Answer> AskAsync(ProbeSite site, CancellationToken cancellation)
    {
        byte[] zip = await ExportAsync(site, cancellation);
        XElement[] steps = Steps(zip);
        if (steps is not [var step])
        {
            return new Answer(Verdict.NotTold, $"the exported solution holds {steps.Length} steps, not one");
        }

        bool hasId = step.Element("SdkMessageId") != null;
        if (step.Element("SdkMessageName")?.Value is not { Length: > 0 } || hasId)
        {
            return hasId && step.Element("SdkMessageName") == null
                ? new Answer(Verdict.No, "the exported step has the id of its message, which differs elsewhere")
                : new Answer(Verdict.NotTold, "the exported step does not name its message, or not by name alone");
        }

        await site.Rows.TidyAsync(cancellation);
        if (!await ImportsAsync(site, zip, withStep: true))
        {
            return await ImportsAsync(site, zip, withStep: false)
                ? new Answer(Verdict.No, "the solution is imported without the step only")
                : new Answer(Verdict.NotTold, "the solution is not imported without the step either");
        }

        JsonObject? row = await site.Dataverse.FindAsync(
            $"{StepRow.Set}?$select=_sdkmessageid_value"
                + $"&$filter=sdkmessageprocessingstepid eq {ProbeRows.PublishKeys.Id:D}",
            cancellation);
        return row == null ? new Answer(Verdict.No, "the solution was imported and the step was left out")
            : row.Column<Guid?>("_sdkmessageid_value")
                == await StepRow.MessageIdAsync(site.Dataverse, ProbeRows.PublishKeys, cancellation)
                ? new Answer(Verdict.Yes, "it was exported with the message's name, deleted, imported, and is bound")
                : new Answer(Verdict.No, "the step was imported and is not bound to the message");
    }

    private static async Task<byte[]> ExportAsync(ProbeSite site, CancellationToken cancellation)
    {
        JsonObject solution = (
            await site.Dataverse.FindAsync(
                $"solutions?$select=_publisherid_value&$filter=uniquename eq '{SolutionZip.UniqueName}'",
                cancellation))!;
        await site.Rows.CreateStepAsync(ProbeRows.PublishKeys, enabled: false, null, null, cancellation);
        await site.Rows.CreateSolutionAsync(
            ProbeRows.PublishKeys, solution.Required<Guid>("_publisherid_value"), cancellation);
        JsonObject? export = await site.Dataverse.PostAsync(
            "ExportSolution",
            new JsonObject { ["SolutionName"] = ProbeRows.SolutionName, ["Managed"] = false },
            cancellation);
        return export?.Bytes("ExportSolutionFile") ?? [];
    }

    // Not ended early: what an import brings after its end would be left behind.
    private static async Task<bool> ImportsAsync(ProbeSite site, byte[] zip, bool withStep)
    {
        site.Rows.ExpectImport();
        try
        {
            await SolutionImport.RunAsync(
                site.Dataverse, Renamed(zip, withStep), site.Clock, site.Waiting, TimeSpan.Zero,
                CancellationToken.None);
            return true;
        }
        catch (CommandException exception) when (exception.Errors[0].Code == Errors.ImportFailedCode)
        {
            return false;
        }
    }

    private static XElement[] Steps(byte[] zip)
    {
        using ZipArchive archive = new(new MemoryStream(zip));
        return [.. Read(archive, "customizations.xml").Descendants(Step)];
    }

    private static byte[] Renamed(byte[] zip, bool withStep)
    {
        using MemoryStream memory = new();
        memory.Write(zip);
        using (ZipArchive archive = new(memory, ZipArchiveMode.Update, leaveOpen: true))
        {
            XDocument manifest = Read(archive, "solution.xml");
            XElement solution = manifest.Root!.Element("SolutionManifest")!;
            solution.Element("UniqueName")!.Value = ProbeRows.ImportedName;
            XDocument customizations = Read(archive, "customizations.xml");
            if (!withStep)
            {
                solution.Element("RootComponents")!.RemoveNodes();
                customizations.Descendants(Step).Remove();
            }

            Write(archive, "solution.xml", manifest);
            Write(archive, "customizations.xml", customizations);
        }

        return memory.ToArray();
    }

    private static XDocument Read(ZipArchive archive, string name)
    {
        using Stream part = archive.GetEntry(name)!.Open();
        return XDocument.Load(part);
    }

    private static void Write(ZipArchive archive, string name, XDocument document)
    {
        archive.GetEntry(name)!.Delete();
        using Stream part = archive.CreateEntry(name).Open();
        document.Save(part);
    }
}
