using System;
using System.Collections.Generic;

namespace ChatAuth.Plugins.Platform;

/// <summary>The contract of a custom API: what its plug-in reads and writes, and nothing else.</summary>
/// <remarks>
/// <c>chatauth pack</c> holds the solution's XML against it, tests what the plug-ins read and write. Both stand here,
/// since whoever loads a plug-in's type must have Dataverse's SDK.
/// </remarks>
internal sealed class CustomApi
{
    /// <summary>
    /// Request parameter of <see cref="IssueChatToken"/>, String: a JSON object of request variables.
    /// </summary>
    internal const string ContextVariables = "ContextVariables";

    /// <summary>Issues tokens.</summary>
    internal static readonly CustomApi IssueChatToken = new CustomApi(
        "chatauth_IssueChatToken",
        new Dictionary<string, Type>
        {
            [Visitor.ContactId] = typeof(Guid),
            [Visitor.UserName] = typeof(string),
            [ContextVariables] = typeof(string),
        },
        new Dictionary<string, Type>
        {
            ["Token"] = typeof(string),
            ["ExpiresAt"] = typeof(DateTime),
            ["KeyId"] = typeof(string),
            ["ContactId"] = typeof(Guid),
        });

    /// <summary>Publishes the public keys.</summary>
    internal static readonly CustomApi GetPublicKeys = new CustomApi(
        "chatauth_GetPublicKeys",
        new Dictionary<string, Type>(),
        new Dictionary<string, Type>
        {
            ["KeySet"] = typeof(string),
            ["Jwks"] = typeof(string),
            ["Pem"] = typeof(string),
            ["SigningKeyId"] = typeof(string),
        });

    private CustomApi(
        string uniqueName, Dictionary<string, Type> requestParameters, Dictionary<string, Type> responseProperties)
    {
        UniqueName = uniqueName;
        RequestParameters = requestParameters;
        ResponseProperties = responseProperties;
    }

    /// <summary>Unique name, which is also the name of its message.</summary>
    internal readonly string UniqueName;

    /// <summary>Request parameters, all optional, by unique name.</summary>
    internal readonly Dictionary<string, Type> RequestParameters;

    /// <summary>Response properties by unique name.</summary>
    internal readonly Dictionary<string, Type> ResponseProperties;
}
