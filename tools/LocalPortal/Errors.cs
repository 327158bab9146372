using System;
using System.Globalization;

namespace ChatAuth.LocalPortal;

/// <summary>The errors of LocalPortal itself, 60xx; those of the commands it runs are theirs.</summary>
internal static class Errors
{
    /// <summary>Another program has the port.</summary>
    public static CodedError PortTaken(int port) =>
        Of(6001, $"Port {port} of 127.0.0.1 is taken. Give another one with --port, or 0 for any.");

    private static CodedError Of(int code, FormattableString text) =>
        new("CHATAUTH" + code.ToString("D4", CultureInfo.InvariantCulture),
            text.ToString(CultureInfo.InvariantCulture));
}
