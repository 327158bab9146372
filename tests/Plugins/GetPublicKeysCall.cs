using System;
using System.Collections.Generic;
using System.Linq;
using ChatAuth.Plugins.Tests.Platform;

namespace ChatAuth.Plugins.Tests;

/// <summary>One call of chatauth_GetPublicKeys.</summary>
internal sealed class GetPublicKeysCall
{
    internal PlatformDouble Platform { get; } = new();

    internal string Keys { get; set; } = TestKeys.Set(TestKeys.Jwk(TestKeys.Rfc7515));

    internal string Configuration { get; set; } = string.Empty;

    internal DateTime Time { get; set; } = Call.Now;

    /// <summary>The response properties by name.</summary>
    internal Dictionary<string, string> Execute(bool onItsMessage = true)
    {
        if (onItsMessage)
        {
            Platform.MessageName = "chatauth_GetPublicKeys";
        }

        new GetPublicKeys(Configuration, Keys, () => Time).Execute(Platform);
        return Platform.OutputParameters.ToDictionary(property => property.Key, property => (string)property.Value);
    }
}
