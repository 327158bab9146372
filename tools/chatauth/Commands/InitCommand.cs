using System.CommandLine;
using System.Text;
using ChatAuth.Pack;
using ChatAuth.Settings;

namespace ChatAuth.Commands;

/// <summary><c>chatauth init</c>: a settings file to begin with.</summary>
internal static class InitCommand
{
    private const string SchemaFile = "chatauth.schema.json";

    /// <summary>The command.</summary>
    /// <param name="host">Where it reads and writes.</param>
    public static Command Create(CommandHost host)
    {
        Option<string> settings = new("--settings")
        {
            Description = "The new settings file; never overwritten.",
            HelpName = "FILE",
            DefaultValueFactory = _ => "chatauth.json",
        };
        Option<bool> schemaOnly = new("--schema-only")
        {
            Description = "Writes the schema alone, beside a settings file that is there already.",
        };
        Option<string?> portal = new("--portal")
        {
            Description = "What serves the visitors: a Power Pages site with Liquid (page) or without (webfile), a "
                + "back end of your own (aspnetcore, node, netframework), or one whose keys lie on a static host "
                + "(static).",
            HelpName = "KIND",
        };
        portal.AcceptOnlyFromAmong([.. StarterFile.Portals]);
        Option<string?> url = new("--url")
        {
            Description = "The portal's address, or that of the public keys; without it PUBLIC_KEY_URL says it.",
            HelpName = "URL",
        };
        url.Validators.Add(result =>
        {
            if (SecureAddress.Parse(result.GetValueOrDefault<string>() ?? string.Empty) == null)
            {
                result.AddError($"--url is not {SecureAddress.Rule}.");
            }
        });
        Option<string?> issuer = new("--issuer")
        {
            Description = "The claim iss; without it the host of --url.",
            HelpName = "TEXT",
        };
        ExampleCommand command = new(
            "init",
            "Writes a commented settings file, and beside it the JSON schema by which editors complete and check it.",
            "chatauth init",
            "chatauth init --portal aspnetcore --url https://contosohelp.com",
            "chatauth init --settings conf/chatauth.json",
            "chatauth init --schema-only")
        {
            settings, schemaOnly, portal, url, issuer,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(portal) == "webfile" && result.GetValue(url) is { } address
                && SecureAddress.Parse(address) is { Segments.Length: > 2 })
            {
                result.AddError("--url is not the site's address or a file directly below it.");
            }
        });
        command.SetAction(parsed =>
        {
            string? starter = parsed.GetValue(schemaOnly) ? null : StarterFile.Of(
                Encoding.UTF8.GetString(EmbeddedFile.Read("chatauth.starter.json")),
                parsed.GetValue(portal),
                parsed.GetValue(url) is { } address ? SecureAddress.Parse(address) : null,
                parsed.GetValue(issuer));
            Write(parsed.GetRequiredValue(settings), starter, host);
        });
        return command;
    }

    /// <summary>Writes a new settings file and the schema beside it; all or nothing.</summary>
    /// <param name="file">The settings file.</param>
    /// <param name="text">What it holds; null for the schema alone.</param>
    /// <param name="host">Told what was written.</param>
    /// <exception cref="CommandException">4003 a file is there; 4002.</exception>
    public static void Write(string file, string? text, CommandHost host)
    {
        string schema = Path.Combine(Path.GetDirectoryName(file) ?? string.Empty, SchemaFile);
        (string Path, byte[] Content)[] wanted =
        [
            .. text == null ? [] : new[] { (file, Encoding.UTF8.GetBytes(text)) },
            (schema, EmbeddedFile.Read(SchemaFile)),
        ];

        // A second settings file beside the same schema
        wanted = [.. wanted.Where(each => each.Path != schema || !IsThere(each.Path, each.Content))];

        // Ensure all or nothing is written
        CodedError[] existing =
            [.. wanted.Where(each => Path.Exists(each.Path)).Select(each => Errors.FileExists(each.Path))];
        if (existing.Length > 0)
        {
            throw new CommandException(existing);
        }

        foreach ((string path, byte[] content) in wanted)
        {
            DiskFile.WriteNew(path, content);
            host.WriteLine($"Wrote {path}.");
        }
    }

    private static bool IsThere(string path, byte[] content) =>
        File.Exists(path) && DiskFile.Read(path).AsSpan().SequenceEqual(content);
}
