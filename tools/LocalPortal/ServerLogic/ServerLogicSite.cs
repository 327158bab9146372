using System;
using System.Net.Http;

namespace ChatAuth.LocalPortal.ServerLogic;

/// <summary>What a server logic reaches of its site.</summary>
/// <param name="Dataverse">Calls the environment as the site's application user; the address of the client is the
/// environment's.</param>
/// <param name="Setting">A site setting by name; null when there is none.</param>
/// <param name="Log">Takes level and text of what the file logs.</param>
internal sealed record ServerLogicSite(HttpClient Dataverse, Func<string, string?> Setting, Action<string, string> Log);
