using System.CommandLine;
using ChatAuth.Pack;

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
        ExampleCommand command = new(
            "init",
            "Writes a commented settings file, and beside it the JSON schema by which editors complete and check it.",
            "chatauth init",
            "chatauth init --settings conf/chatauth.json",
            "chatauth init --schema-only")
        {
            settings, schemaOnly,
        };
        command.SetAction(parsed =>
        {
            string file = parsed.GetRequiredValue(settings);
            string schema = Path.Combine(Path.GetDirectoryName(file) ?? string.Empty, SchemaFile);
            (string Path, string Content)[] wanted =
                [.. parsed.GetValue(schemaOnly) ? [] : new[] { (file, "chatauth.starter.json") }, (schema, SchemaFile)];

            // Ensure all or nothing is written
            CodedError[] existing =
                [.. wanted.Where(each => Path.Exists(each.Path)).Select(each => Errors.FileExists(each.Path))];
            if (existing.Length > 0)
            {
                throw new CommandException(existing);
            }

            foreach ((string path, string content) in wanted)
            {
                DiskFile.WriteNew(path, EmbeddedFile.Read(content));
                host.WriteLine($"Wrote {path}.");
            }
        });
        return command;
    }
}
