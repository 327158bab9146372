using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using ChatAuth.Dataverse;

namespace ChatAuth.Probing.Questions;

/// <summary>Whether an exported step names its message by an id that resolves (facts 1).</summary>
/// <remarks>
/// One environment can show its own id only. Whether another one gives the message the same id is told by two tables:
/// the evidence holds a fingerprint of the id, which is equal where the ids are.
/// </remarks>
internal sealed class MessageIdExport : IQuestion
{
    private const int FingerprintBytes = 4;

    /// <inheritdoc />
    public string Text => "Does the id by which an exported step names the message of our custom API resolve?";

    /// <inheritdoc />
    public bool TakesOver => false;

    /// <inheritdoc />
    public async Task<Answer> AskAsync(ProbeSite site, CancellationToken cancellation)
    {
        JsonObject solution = (
            await site.Dataverse.FindAsync(
                $"solutions?$select=_publisherid_value&$filter=uniquename eq '{SolutionZip.UniqueName}'",
                cancellation))!;
        await site.Rows.CreateStepAsync(ProbeRows.PublishKeys, enabled: false, null, null, cancellation);
        await site.Rows.CreateSolutionAsync(
            ProbeRows.PublishKeys, solution["_publisherid_value"]!.GetValue<Guid>(), cancellation);
        JsonObject? export = await site.Dataverse.PostAsync(
            "ExportSolution",
            new JsonObject { ["SolutionName"] = ProbeRows.SolutionName, ["Managed"] = false },
            cancellation);
        Guid message = await StepRow.MessageIdAsync(site.Dataverse, ProbeRows.PublishKeys, cancellation);
        return ExportedId(
            Convert.FromBase64String(
                export?["ExportSolutionFile"]?.GetValue<string>() ?? string.Empty)) is not { } exported
            ? new Answer(Verdict.No, "the exported step names its message by no id")
            : exported == message
                ? new Answer(
                    Verdict.Yes, $"in this environment; the id's fingerprint is {Fingerprint(message)}: equal in the "
                        + "table of another environment, it resolves there too")
                : new Answer(
                    Verdict.No, "the exported step names its message by another id than this environment has for it");
    }

    private static Guid? ExportedId(byte[] zip)
    {
        using ZipArchive archive = new(new MemoryStream(zip));
        using Stream customizations = archive.GetEntry("customizations.xml")!.Open();
        return Guid.TryParse(XDocument.Load(customizations).Descendants("SdkMessageId").FirstOrDefault()?.Value,
            out Guid id) ? id : null;
    }

    private static string Fingerprint(Guid id) =>
        Convert.ToHexStringLower(SHA256.HashData(id.ToByteArray()).AsSpan(0, FingerprintBytes));
}
