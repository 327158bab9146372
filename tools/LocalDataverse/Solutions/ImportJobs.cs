using ChatAuth.LocalDataverse.Rows;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Solutions;

/// <summary>
/// Solution imports under way: each is an asyncoperation row that takes its time by the organization's clock.
/// </summary>
/// <remarks>
/// No timer: what is due is done before the next request is answered, so nobody can see the difference and tests need
/// not wait.
/// </remarks>
internal sealed class ImportJobs(OrganizationState organization, TableRules rules)
{
    // asyncoperation.statuscode (Microsoft Learn: asyncoperation table): 0 Waiting For Resources, 20 In Progress,
    // 30 Succeeded, 31 Failed.
    private const int Waiting = 0;
    private const int InProgress = 20;
    private const int Succeeded = 30;
    private const int Failed = 31;

    private readonly Lock guard = new();
    private readonly List<ImportJob> jobs = [];

    /// <summary>Starts an import; returns the id of its asyncoperation row.</summary>
    /// <param name="zip">The packed solution.</param>
    /// <param name="job">
    /// Id of its importjob row, whose progress goes from 0 to 100 (Microsoft Learn: importjob table).
    /// </param>
    /// <param name="activates">Whether the steps it brings are enabled.</param>
    public Guid Start(byte[] zip, Guid? job = null, bool activates = false)
    {
        // facts, section 1. The status is not known; the code is Learn's CustomizationLockException.
        lock (guard)
        {
            if (jobs.Count > 0)
            {
                throw new DataverseException(0x80071151, 400,
                    "Cannot start another [Import] because there is a previous [Import] running.");
            }
        }

        var importJob = job ?? Guid.NewGuid();
        var id = Guid.NewGuid();
        var now = organization.Clock.GetUtcNow();
        organization.Rows.Change(draft => draft.Put(
            "asyncoperation", id, ("name", "Import Solution"), ("operationtype", new OptionSetValue(203)),
            ("statecode", new OptionSetValue(0)), ("statuscode", new OptionSetValue(Waiting)),
            ("createdon", now.UtcDateTime)));
        organization.Rows.Change(draft => draft.Put(
            "importjob", importJob, ("name", "Import Solution"), ("progress", 0d), ("startedon", now.UtcDateTime)));
        lock (guard)
        {
            var duration = organization.ImportDuration;
            jobs.Add(new ImportJob(id, importJob, zip, activates, now + (duration / 10), now + duration));
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
                Finish(job);
                SetProgress(job.Job, 100);
                jobs.Remove(job);
            }

            foreach (var job in jobs)
            {
                if (job.Start <= now
                    && organization.Rows.Now.Get("asyncoperation", job.Id).Number("statuscode") == Waiting)
                {
                    organization.Rows.Change(draft => Mark(draft, job.Id, 2, InProgress, null));
                }

                var whole = job.End - job.Start;
                SetProgress(job.Job, now < job.Start || whole <= TimeSpan.Zero ? 0 : 100 * ((now - job.Start) / whole));
            }
        }
    }

    private void SetProgress(Guid job, double progress) => organization.Rows.Change(draft =>
        draft.Put(draft.Rows.Get("importjob", job), ("progress", progress)));

    private void Finish(ImportJob job)
    {
        var id = job.Id;
        try
        {
            var file = SolutionFile.Parse(job.Zip);
            organization.Rows.Change(draft =>
            {
                new SolutionImport(organization, rules, draft, file, job.Activates).Run();
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
        var operation = draft.Rows.Get("asyncoperation", id);
        return draft.Put(
            operation,
            ("statecode", new OptionSetValue(state)),
            ("statuscode", new OptionSetValue(status)),
            ("modifiedon", organization.UtcNow),
            ("completedon", state == 3 ? organization.UtcNow : null),
            ("message", error?.Message),
            ("friendlymessage", error?.Message),
            ("errorcode", error?.Code));
    }

    private sealed record ImportJob(
        Guid Id, Guid Job, byte[] Zip, bool Activates, DateTimeOffset Start, DateTimeOffset End);
}
