using ChatAuth.LocalDataverse.Rows;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.LocalDataverse.Solutions;

/// <summary>
/// Solution imports under way: each is an asyncoperation row that takes its time by the organization's clock.
/// </summary>
/// <remarks>
/// No timer: what is due is done before the next request is answered, so nobody can see the difference and tests need
/// not wait.
/// </remarks>
internal sealed class ImportJobs(LocalOrganization organization)
{
    // asyncoperation.statuscode (Microsoft Learn: asyncoperation table): 20 In Progress, 30 Succeeded, 31 Failed.
    private const int InProgress = 20;
    private const int Succeeded = 30;
    private const int Failed = 31;

    private readonly Lock guard = new();
    private readonly List<(Guid Id, Guid Job, byte[] Zip, DateTimeOffset Start, DateTimeOffset End)> jobs = [];

    /// <summary>Starts an import; returns the id of its asyncoperation row.</summary>
    /// <param name="zip">The packed solution.</param>
    /// <param name="job">Id of its importjob row, whose progress goes from 0 to 100 (Microsoft Learn: importjob
    /// table).</param>
    public Guid Start(byte[] zip, Guid? job = null)
    {
        var importJob = job ?? Guid.NewGuid();
        var id = Guid.NewGuid();
        var now = organization.Clock.GetUtcNow();
        organization.Rows.Change(draft => draft.Put(
            "asyncoperation", id, ("name", "Import Solution"), ("operationtype", new OptionSetValue(203)), ("statecode",
                new OptionSetValue(0)), ("statuscode", new OptionSetValue(0)), ("createdon", now.UtcDateTime)));
        organization.Rows.Change(
            draft => draft.Put(
                "importjob", importJob, ("name", "Import Solution"), ("progress", 0d), ("startedon", now.UtcDateTime)));
        lock (guard)
        {
            jobs.Add((id, importJob, zip, now + (organization.ImportDuration / 10), now + organization.ImportDuration));
        }

        return id;
    }

    /// <summary>Does what is due.</summary>
    public void Settle()
    {
        lock (guard)
        {
            var now = organization.Clock.GetUtcNow();
            foreach (var job in jobs.Where(j => j.End <= now).ToList())
            {
                Finish(job.Id, job.Zip);
                SetProgress(job.Job, 100);
                jobs.Remove(job);
            }

            foreach (var job in jobs.Where(j => j.Start <= now && organization.Rows.Now.Get("asyncoperation", j.Id).Number("statuscode") == 0).ToList())
            {
                organization.Rows.Change(draft => Mark(draft, job.Id, 2, InProgress, null));
            }

            foreach (var job in jobs)
            {
                var whole = job.End - job.Start;
                SetProgress(job.Job, now < job.Start || whole <= TimeSpan.Zero ? 0 : 100 * ((now - job.Start) / whole));
            }
        }
    }

    private void SetProgress(Guid job, double progress) => organization.Rows.Change(draft => draft.Put(
        "importjob", job, draft.Rows.Get("importjob", job).Values.SetItem("progress", progress)));

    private void Finish(Guid id, byte[] zip)
    {
        try
        {
            var file = SolutionFile.Parse(zip, organization.Unknowns.RefusesStoredEntries);
            organization.Rows.Change(draft =>
            {
                new SolutionImport(organization, draft, file).Run();
                return Mark(draft, id, 3, Succeeded, null);
            });
        }
        catch (DataverseException e)
        {
            organization.Rows.Change(draft => Mark(draft, id, 3, Failed, e));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // An assembly can break its reader in more ways than are listed; whatever it is, the import failed and the
            // organization lives on.
            var unexpected =
                new DataverseException(0x80040216, 500, $"An unexpected error occurred: {e.GetType().FullName}");
            organization.Rows.Change(draft => Mark(draft, id, 3, Failed, unexpected));
        }
    }

    private Row Mark(RowDraft draft, Guid id, int state, int status, DataverseException? error)
    {
        var now = organization.Clock.GetUtcNow().UtcDateTime;
        var values = draft.Rows.Get("asyncoperation", id).Values
            .SetItem("statecode", new OptionSetValue(state)).SetItem("statuscode", new OptionSetValue(status))
                .SetItem("modifiedon", now);
        values = state == 3 ? values.SetItem("completedon", now) : values;
        return draft.Put("asyncoperation", id, error == null
            ? values
            : values.SetItem("message", error.Message).SetItem("friendlymessage", error.Message).SetItem(
                "errorcode", error.Code));
    }
}
