using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.Pipeline;

/// <summary>
/// The plug-in trace: rows of the table plugintracelog, as far as the organization's trace level says.
/// </summary>
/// <remarks>
/// Sources: Microsoft Learn, logging and tracing (levels), plugintracelog table reference (columns; all are the
/// platform's own, rows can be read and deleted only). A row outlives the refusal it tells of.
/// </remarks>
internal sealed class PluginTrace(OrganizationState organization)
{
    // organization.plugintracelogsetting: 0 Off, 1 Exception, 2 All.
    private const int Exceptions = 1;
    private const int All = 2;

    // plugintracelog.operationtype: 1 Plug-in.
    private const int Plugin = 1;

    /// <summary>
    /// Whether a row holds the secure configuration in clear: the other answer to what is unknown (facts 1).
    /// </summary>
    public bool HoldsSecureConfiguration { get; set; }

    /// <summary>Runs a step and writes its row, if the level asks for one.</summary>
    /// <param name="rows">The rows as the message found them, the level too.</param>
    /// <param name="step">The step.</param>
    /// <param name="services">What its plug-in is given.</param>
    /// <param name="run">Runs it; what it throws leaves as it is.</param>
    public void Run(RowSnapshot rows, Row step, PluginServices services, Action run)
    {
        var level = organization.Settings(rows).Number("plugintracelogsetting");
        var start = organization.Clock.GetUtcNow();
        try
        {
            run();
        }
        catch (Exception e) when (level >= Exceptions)
        {
            Write(rows, step, services, start, $"{e.GetType().FullName}: {e.Message}");
            throw;
        }

        if (level == All)
        {
            Write(rows, step, services, start, null);
        }
    }

    private void Write(RowSnapshot rows, Row step, PluginServices services, DateTimeOffset start, string? exception)
    {
        var now = organization.Clock.GetUtcNow();
        var secure = HoldsSecureConfiguration
            ? rows.Find(
                "sdkmessageprocessingstepsecureconfig", step.Reference("sdkmessageprocessingstepsecureconfigid"))
            : null;
        organization.Rows.Change(draft => draft.Put(
            "plugintracelog",
            Guid.NewGuid(),
            ("typename", rows.Get("plugintype", step.Reference("eventhandler")).Text("typename")),
            ("messagename", services.Context.MessageName),
            ("primaryentity", services.Context.PrimaryEntityName),
            ("messageblock", services.Traced),
            ("exceptiondetails", exception),
            ("configuration", step.Text("configuration")),
            ("secureconfiguration", secure?.Text("secureconfig")),
            ("operationtype", new OptionSetValue(Plugin)),
            ("mode", new OptionSetValue(services.Context.Mode)),
            ("depth", services.Context.Depth),
            ("issystemcreated", false),
            ("pluginstepid", step.Id),
            ("correlationid", services.Context.CorrelationId),
            ("requestid", services.Context.RequestId),
            ("organizationid", organization.Id),
            ("performanceexecutionstarttime", start.UtcDateTime),
            ("performanceexecutionduration", (int)(now - start).TotalMilliseconds),
            ("createdon", now.UtcDateTime)));
    }
}
