using System;
using System.Collections.Generic;
using Jurassic;
using Jurassic.Library;

namespace ChatAuth.LocalPortal.ServerLogic;

/// <summary>The global <c>Server</c> of a server logic.</summary>
/// <remarks>
/// Source: MicrosoftDocs/power-pages-docs, configure/server-objects.md. What this product does not use (HttpClient, EnvironmentVariable, Website, rows)
/// is not there. User holds the contact's id under the name of its column; the page says no more than that it is the contact.
/// </remarks>
internal static class ServerObject
{
    /// <summary>Makes it for one call.</summary>
    public static ObjectInstance Of(ScriptEngine engine, ServerLogicSite site, ServerLogicRequest request, ServerLogicFile file) => Object(
        engine,
        ("Connector", Object(engine, ("Dataverse", new DataverseConnector(engine, site.Dataverse, request.ContactId)))),
        ("Context", Object(
            engine,
            ("ActivityId", request.Id.ToString("D")),
            ("Body", request.Body),
            ("FunctionName", request.Function),
            ("Headers", Texts(engine, request.Headers)),
            ("HttpMethod", request.Method),
            ("QueryParameters", Texts(engine, request.Query)),
            ("ServerLogicName", file.Name),
            ("Url", request.Url.AbsoluteUri))),
        ("Logger", new Logger(engine, site.Log)),
        ("SiteSetting", new SiteSetting(engine, site.Setting)),
        ("User", request.ContactId is { } contact ? Object(engine, ("contactid", contact.ToString("D"))) : Null.Value));

    private static ObjectInstance Object(ScriptEngine engine, params IEnumerable<(string Name, object Value)> members)
    {
        var made = engine.Object.Construct();
        foreach (var (name, value) in members)
        {
            made[name] = value;
        }

        return made;
    }

    private static ObjectInstance Texts(ScriptEngine engine, IReadOnlyDictionary<string, string> texts)
    {
        var made = engine.Object.Construct();
        foreach (var (name, value) in texts)
        {
            made[name] = value;
        }

        return made;
    }

    private sealed class Logger : ObjectInstance
    {
        private readonly Action<string, string> log;

        public Logger(ScriptEngine engine, Action<string, string> log)
            : base(engine)
        {
            this.log = log;
            PopulateFunctions();
        }

        [JSFunction(Name = "Log")]
        public void Inform(string text) => log("Log", text);

        [JSFunction(Name = "Warn")]
        public void Warn(string text) => log("Warn", text);

        [JSFunction(Name = "Error")]
        public void Fail(string text) => log("Error", text);
    }

    private sealed class SiteSetting : ObjectInstance
    {
        private readonly Func<string, string?> setting;

        public SiteSetting(ScriptEngine engine, Func<string, string?> setting)
            : base(engine)
        {
            this.setting = setting;
            PopulateFunctions();
        }

        [JSFunction(Name = "Get")]
        public object Get(string name) => setting(name) is { } value ? value : Null.Value;
    }
}
