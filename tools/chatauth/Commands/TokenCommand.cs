using System.CommandLine;
using System.Text.RegularExpressions;
using ChatAuth.Tokens;

namespace ChatAuth.Commands;

/// <summary><c>chatauth token</c>: reads and verifies tokens.</summary>
internal static partial class TokenCommand
{
    // More than any token, with blanks around it: who pipes a wrong file in is told, and no memory is filled.
    private const int MostTyped = 128 * 1024;

    /// <summary>The command and what is below it.</summary>
    /// <param name="host">Where they read and write.</param>
    public static Command Create(CommandHost host) => new ExampleCommand("token", "Reads and verifies chat tokens.")
    {
        Inspect(host), Verify(host),
    };

    private static ExampleCommand Inspect(CommandHost host)
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
        command.SetAction(async (parsed, cancellation) =>
        {
            Token inspected = await ReadAsync(parsed.GetRequiredValue(token), host, cancellation);
            foreach (string line in TokenReport.Lines(inspected, host.Clock.GetUtcNow()))
            {
                host.WriteLine(line);
            }
        });
        return command;
    }

    private static ExampleCommand Verify(CommandHost host)
    {
        Argument<string> token = TokenArgument();
        Option<string> key = new("--key")
        {
            Description = "PEM, its one-line form, a key set, a JWK set or a JWK; a file, or a public key URL.",
            HelpName = "FILE|URL",
            Required = true,
        };
        Option<string?> issuer = new("--issuer") { Description = "What iss must be, letter by letter." };
        Option<string?> audience = new("--audience") { Description = "What aud must be, or hold, letter by letter." };
        Option<string?> profile = new("--profile")
        {
            Description = "Names each rule of that chat service that the token breaks.",
        };
        profile.AcceptOnlyFromAmong([.. ChatServiceProfile.All.Select(each => each.Name)]);
        ExampleCommand command = new(
            "verify",
            "Verifies signature and times of a token as a chat service does; exit code 0 yes, 1 no.",
            "chatauth token verify - --key publickey.json",
            "chatauth token verify - --key https://contosohelp.com/auth/publickey --issuer contosohelp.com",
            "chatauth token verify - --key line.txt --issuer contosohelp.com --profile liveassist")
        {
            token, key, issuer, audience, profile,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            ChatServiceProfile? service =
                ChatServiceProfile.All.SingleOrDefault(each => each.Name == parsed.GetValue(profile));
            Token verified = await ReadAsync(
                parsed.GetRequiredValue(token), host, cancellation, service);
            IReadOnlyList<VerificationKey> keys =
                await PublicKeys.ReadAsync(parsed.GetRequiredValue(key), host.Network, cancellation);
            DateTimeOffset now = host.Clock.GetUtcNow();
            (string? iss, string? aud) = (parsed.GetValue(issuer), parsed.GetValue(audience));
            VerificationKey signer = service?.Verify(verified, keys, now, iss, aud)
                ?? TokenVerification.Verify(verified, keys, now, iss, aud);
            host.WriteLine($"Verified with {(signer.KeyId is { } keyId ? "key " + keyId : "the key")}.");
            host.WriteLine(TokenReport.Sentence(verified, now));
            if (service != null)
            {
                host.WriteLine($"{service.Label} takes it by its rules {string.Join(", ", service.Rules)}.");
            }
        });
        return command;
    }

    private static Argument<string> TokenArgument() => new("TOKEN")
    {
        Description = "The token, a file with it, or - to read it from stdin; those two keep it out of the shell's "
            + "history.",
    };

    private static async Task<Token> ReadAsync(
        string text, CommandHost host, CancellationToken cancellation, ChatServiceProfile? service = null)
    {
        string read = text == "-" ? (await host.ReadAsync(Typed, cancellation))!
            : !Path.Exists(text) && !IsPath(text) ? text
            : UnicodeText.Decode(DiskFile.Read(text))
                ?? throw new CommandException(Errors.TokenMalformed("its file is neither UTF-8 nor UTF-16"));
        read = Wrapping().Replace(read, string.Empty);
        return service?.Parse(read) ?? Token.Parse(read);
    }

    private static string Typed(TextReader reader)
    {
        char[] text = new char[MostTyped];
        return new string(text, 0, reader.ReadBlock(text));
    }

    // No base64url has a slash, and no token ends in a file's extension; one in plain base64 is told as one.
    private static bool IsPath(string text) => !text.Contains("eyJ", StringComparison.Ordinal)
        && (text.AsSpan().ContainsAny('/', '\\') || Extension().IsMatch(text));

    [GeneratedRegex(@"^[\w .()-]{0,200}\.(?:[a-z]{2,8}|b64)$")]
    private static partial Regex Extension();

    // As headers, JSON and mails carry tokens; none of it is the token's.
    [GeneratedRegex(@"^[\s\uFEFF\u200B""'`]*(?:(?:authorization:\s*)?bearer\s+)?[""'`]?"
            + @"|(?<![\s\u200B""'`])[\s\u200B""'`]+$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Wrapping();
}
