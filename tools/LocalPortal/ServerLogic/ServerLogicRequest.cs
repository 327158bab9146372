using System;
using System.Collections.Generic;

namespace ChatAuth.LocalPortal.ServerLogic;

/// <summary>A request to a server logic.</summary>
/// <param name="Id">Identifies the call in logs.</param>
/// <param name="Method">HTTP method, upper case.</param>
/// <param name="Url">The full URL.</param>
/// <param name="Body">The raw body.</param>
/// <param name="Headers">The headers; of one that came several times, the first.</param>
/// <param name="Query">The query parameters; of one that came several times, the first.</param>
/// <param name="ContactId">Contact of the signed-in visitor; null for an anonymous one.</param>
internal sealed record ServerLogicRequest(
    Guid Id,
    string Method,
    Uri Url,
    string Body,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyDictionary<string, string> Query,
    Guid? ContactId)
{
    /// <summary>The function that serves the method: <c>delete</c> is a reserved word of JavaScript.</summary>
#pragma warning disable CA1308 // the functions are in lower case
    public string Function => Method == "DELETE" ? "del" : Method.ToLowerInvariant();
#pragma warning restore CA1308 // the functions are in lower case
}
