namespace ChatAuth.LocalPortal;

/// <summary>The errors of LocalPortal itself, 60xx; those of the commands it runs are theirs.</summary>
internal static class Errors
{
    /// <summary>Another program has the port.</summary>
    public static CodedError PortTaken(int port) => CodedError.Of(
        "CHATAUTH6001",
        $"Port {port} of 127.0.0.1 is taken.",
        $"Give another one with --port, or 0 for any.");
}
