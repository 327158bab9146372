using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using ChatAuth.Keys;
using ChatAuth.Plugins.Jose;
using ChatAuth.Tokens;

namespace ChatAuth.Commands;

/// <summary><c>chatauth key</c>: key files.</summary>
/// <remarks>
/// Nothing secret reaches the screen or the command line: private keys go to files, passphrases come from the
/// environment.
/// </remarks>
internal static class KeyCommand
{
    /// <summary>The environment variable that opens encrypted key files.</summary>
    public const string Passphrase = "CHATAUTH_PEM_PASSPHRASE";

    /// <summary>The command and what is below it.</summary>
    /// <param name="host">Where they read and write.</param>
    public static Command Create(CommandHost host) =>
        new ExampleCommand("key", "Makes, imports and shows signing keys.")
    {
        New(host), Import(host), Public(host),
    };

    private static ExampleCommand New(CommandHost host)
    {
        Option<int> bits = new("--bits") { Description = "Size of the RSA key.", DefaultValueFactory = _ => 2048 };
        bits.AcceptOnlyFromAmong("2048", "3072", "4096");
        Option<string> lifetime = ExpiresIn();
        Option<string> output = Out();
        ExampleCommand command = new(
            "new",
            "Makes a key and writes it to a new file that only its owner can read; the public key goes to stderr.",
            "chatauth key new --out key.json",
            "chatauth key new --bits 3072 --expires-in 26w --out key.json")
        {
            bits, lifetime, output,
        };
        command.SetAction(parsed =>
        {
            long now = host.Clock.GetUtcNow().ToUnixTimeSeconds();
            KeyFile key = KeyFile.From(
                host.NewKey(parsed.GetValue(bits)),
                now,
                now + EnvironmentOptions.SecondsOf(parsed.GetValue(lifetime))!.Value);
            Save(key, parsed.GetRequiredValue(output), now, host);
        });
        return command;
    }

    private static ExampleCommand Import(CommandHost host)
    {
        Argument<string> pem = new("FILE")
        {
            Description = "File with one private RSA key: PEM, DER, PFX, JWK or XML, also in base64. The passphrase of "
                + $"an encrypted one is read from {Passphrase}.",
        };
        Option<string> lifetime = ExpiresIn();
        Option<string> output = Out();
        ExampleCommand command = new(
            "import",
            "Turns another program's private key into a key file; the public key goes to stderr.",
            "chatauth key import private_key.pem --out key.json",
            "chatauth key import certificate.pfx --out key.json",
            "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out private_key.pem && chatauth key import "
                + "private_key.pem --out key.json")
        {
            pem, lifetime, output,
        };
        command.SetAction(parsed =>
        {
            long now = host.Clock.GetUtcNow().ToUnixTimeSeconds();
            string path = parsed.GetRequiredValue(pem);
            RSAParameters parts = ImportedKey.Read(DiskFile.Read(path), path, host.Environment(Passphrase));
            KeyQuality.Ensure(parts, path);
            KeyFile key = KeyFile.From(
                parts,
                now,
                now + EnvironmentOptions.SecondsOf(parsed.GetValue(lifetime))!.Value);
            Save(key, parsed.GetRequiredValue(output), now, host);
        });
        return command;
    }

    private static ExampleCommand Public(CommandHost host)
    {
        Argument<string> place = new("FILE|URL")
        {
            Description = "A key file; or public keys as PEM, its one-line form, a key set, a JWK set or a JWK, in a "
                + "file or at a public key URL.",
        };
        Option<string> format = new("--format")
        {
            Description = "keyset and jwks hold every key, pem and line the one that signs.",
            DefaultValueFactory = _ => "keyset",
        };
        format.AcceptOnlyFromAmong([.. PublicKeyFormat.All.Select(each => each.Name)]);
        Option<string?> output = new("--out")
        {
            Description = "Write them to this file as UTF-8, which Windows PowerShell's > is not; stdout if left out. "
                + "Only public keys are overwritten.",
            HelpName = "FILE",
        };
        ExampleCommand command = new(
            "public",
            "Writes public keys, of a key file or as somebody else has published them, in another format.",
            "chatauth key public key.json --out publickey.json",
            "chatauth key public public_key.pem --format line",
            "chatauth key public https://contosohelp.com/auth/publickey --format jwks")
        {
            place, format, output,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            PublicKeyFormat wanted = PublicKeyFormat.All.Single(each => each.Name == parsed.GetValue(format));
            string text = await TextAsync(
                parsed.GetRequiredValue(place), host.Clock.GetUtcNow().ToUnixTimeSeconds(), wanted, host.Network,
                cancellation);
            if (parsed.GetValue(output) is { } path)
            {
                DiskFile.Write(path, Encoding.UTF8.GetBytes(text), () => EnsureMayWrite(path));
            }
            else
            {
                await host.Out.WriteAsync(text);
            }
        });
        return command;
    }

    // A private key that was written over cannot be had again.
    private static void EnsureMayWrite(string path)
    {
        if (File.Exists(path) && PublicKeys.Parse(DiskFile.Read(path)) is not { Fault: null, Exposed.Count: 0 })
        {
            throw new CommandException(Errors.FileExists(path));
        }
    }

    private static void Save(KeyFile key, string path, long now, CommandHost host)
    {
        key.Save(path);
        if (GitRepository.WouldTake(path))
        {
            host.WriteError(
                $"warning: git would take {path}, a private key. Name it in .gitignore, or move it out of the folder.");
        }

        host.WriteError($"Wrote key {key.KeyId} to {path}. Its public key:");
        host.Error.Write(Text(key, now, PublicKeyFormat.Pem));
    }

    private static Option<string> Out() =>
        new("--out") { Description = "The new key file; never overwritten.", HelpName = "FILE", Required = true };

    private static Option<string> ExpiresIn()
    {
        Option<string> option = EnvironmentOptions.Span("--expires-in", "How long the key may be used.", "365d");
        option.Validators.Add(result =>
        {
            if (EnvironmentOptions.SecondsOf(result.GetValueOrDefault<string>()) == 0)
            {
                result.AddError("--expires-in is no time at all. Give for example 365d.");
            }
        });
        return option;
    }

    private static async Task<string> TextAsync(
        string place, long now, PublicKeyFormat format, HttpMessageHandler network, CancellationToken cancellation)
    {
        if (File.Exists(place) && PublicKeys.Parse(DiskFile.Read(place)) is { IsJson: true, Exposed.Count: > 0 })
        {
            return Text(KeyFile.Read(place), now, format);
        }

        IReadOnlyList<VerificationKey> keys = await PublicKeys.ReadAsync(place, network, cancellation);
        return Text([.. keys.Select(key => key.Written).Where(key => key.ExpiresAt > now)], null, format);
    }

    private static string Text(KeyFile keys, long now, PublicKeyFormat format) =>
        Text(keys.PublishedAt(now), keys.SigningKeyAt(now), format);

    // Of several keys of which none signs, none is shown where one is wanted.
    private static string Text(IReadOnlyList<Jwk> published, Jwk? signing, PublicKeyFormat format) =>
        published.Count == 0 ? throw new CommandException(Errors.KeysExpired())
            : format.Write(
                published, signing ?? (
                    published is [var only] ? only
                        : format.HoldsOneKey ? throw new CommandException(Errors.NoKeySignsNow())
                        : null));
}
