using System;
using System.Collections.Generic;

namespace ChatAuth.Plugins.Platform;

/// <summary>The contract of a custom API: what its plug-in reads and writes, and nothing else.</summary>
/// <remarks><c>chatauth pack</c> holds the solution's XML against it, tests what the plug-ins read and write.</remarks>
internal sealed class CustomApi
{
    internal CustomApi(string uniqueName, Dictionary<string, Type> requestParameters, Dictionary<string, Type> responseProperties)
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
