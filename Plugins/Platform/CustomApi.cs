using System;
using System.Collections.Generic;

namespace ChatAuth.Plugins.Platform;

/// <summary>The contract of a custom API: what its plug-in reads and writes, and nothing else.</summary>
/// <remarks>The plug-ins reach parameters through it only, and <c>chatauth pack</c> holds the solution's XML against it.</remarks>
internal sealed class CustomApi
{
    internal CustomApi(string uniqueName, IReadOnlyDictionary<string, Type> requestParameters, IReadOnlyDictionary<string, Type> responseProperties)
    {
        UniqueName = uniqueName;
        RequestParameters = requestParameters;
        ResponseProperties = responseProperties;
    }

    /// <summary>Unique name, which is also the name of its message.</summary>
    internal readonly string UniqueName;

    /// <summary>Request parameters, all optional, by unique name.</summary>
    internal readonly IReadOnlyDictionary<string, Type> RequestParameters;

    /// <summary>Response properties by unique name.</summary>
    internal readonly IReadOnlyDictionary<string, Type> ResponseProperties;
}
