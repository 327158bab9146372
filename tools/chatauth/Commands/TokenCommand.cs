using System.CommandLine;
using ChatAuth.Tokens;

namespace ChatAuth.Commands;

/// <summary><c>chatauth token</c>: reads and verifies tokens.</summary>
internal static class TokenCommand
{
    /// <summary>The command and what is below it.</summary>
    /// <param name="terminal">Where they read and write.</param>
    public static Command Create(Terminal terminal) => new ExampleCommand("token", "Reads and verifies chat tokens.")
    {
        Inspect(terminal), Verify(terminal),
    };

    private static ExampleCommand Inspect(Terminal terminal)
    {
        Argument<string> token = TokenArgument();
        ExampleCommand command = new(
            "inspect",
            "Says in words what a token holds, and what a chat service would refuse in it; does not verify its "
                + "signature.",
            "chatauth token inspect -",
            "chatauth token inspect eyJhbGciOiJSUzI1NiIs...")
        {
            token,
        };
        command.SetAction(async parsed =>
        {
            Token inspected = await ReadAsync(parsed.GetRequiredValue(token), terminal);
            foreach (string line in TokenReport.Lines(inspected, terminal.Clock.GetUtcNow()))
            {
                terminal.WriteLine(line);
            }
        });
        return command;
    }

    private static ExampleCommand Verify(Terminal terminal)
    {
        Argument<string> token = TokenArgument();
        Option<string> key = new("--key")
        {
            Description = "PEM, its one-line form, a key set, a JWK set or a JWK; a file, or a public key URL.",
            HelpName = "FILE|URL",
            Required = true,
        };
        ExampleCommand command = new(
            "verify",
            "Verifies signature and times of a token as a chat service does; exit code 0 yes, 1 no.",
            "chatauth token verify - --key publickey.json",
            "chatauth token verify - --key https://contosohelp.com/auth/publickey")
        {
            token, key,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            Token verified = await ReadAsync(parsed.GetRequiredValue(token), terminal);
            IReadOnlyList<VerificationKey> keys =
                await KeySource.ReadAsync(parsed.GetRequiredValue(key), terminal.Network, cancellation);
            DateTimeOffset now = terminal.Clock.GetUtcNow();
            VerificationKey signer = TokenVerification.Verify(verified, keys, now);
            terminal.WriteLine($"Verified with {(signer.KeyId is { } keyId ? "key " + keyId : "the key")}.");
            terminal.WriteLine(TokenReport.Sentence(verified, now));
        });
        return command;
    }

    private static Argument<string> TokenArgument() => new("TOKEN")
    {
        Description = "The token, or - to read it from stdin, which keeps it out of the shell's history.",
    };

    private static async Task<Token> ReadAsync(string text, Terminal terminal) =>
        Token.Parse(text == "-" ? await terminal.In.ReadToEndAsync() : text);
}
