using System;
using System.Collections.Generic;

namespace ChatAuth.Plugins.Platform;

/// <summary>The contract of a custom API: what its plug-in reads and writes, and nothing else.</summary>
/// <remarks>
/// Tests hold the solution's XML and what the plug-ins read and write against it. Both contracts stand here, since
/// whoever loads a plug-in's type must have Dataverse's SDK.
/// </remarks>
internal sealed class CustomApi
{
    /// <summary>Request parameter, Guid: the visitor's contact.</summary>
    internal const string ContactId = "ContactId";

    /// <summary>Request parameter, String: how the portal knows the visitor.</summary>
    internal const string UserName = "UserName";

    /// <summary>
    /// Request parameter of <see cref="IssueChatToken"/>, String: a JSON object of request variables.
    /// </summary>
    internal const string ContextVariables = "ContextVariables";

    /// <summary>Issues tokens.</summary>
    internal static readonly CustomApi IssueChatToken = new CustomApi(
        "chatauth_IssueChatToken",
        new Dictionary<string, Type>
        {
            [ContactId] = typeof(Guid),
            [UserName] = typeof(string),
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
    internal string UniqueName { get; }

    /// <summary>Request parameters, all optional, by unique name.</summary>
    internal Dictionary<string, Type> RequestParameters { get; }

    /// <summary>Response properties by unique name.</summary>
    internal Dictionary<string, Type> ResponseProperties { get; }
}
