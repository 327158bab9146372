using System.CommandLine;
using System.Security.Cryptography;
using ChatAuth.Pack;

namespace ChatAuth.Commands;

/// <summary><c>chatauth pack</c>: the solution zips.</summary>
internal static class PackCommand
{
    /// <summary>The command.</summary>
    /// <param name="host">Where it writes.</param>
    public static Command Create(CommandHost host)
    {
        Option<string> output = new("--out")
        {
            Description = "Folder for the zips, made when it is missing.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "artifacts",
        };
        ExampleCommand command = new(
            "pack",
            "Checks the solution and writes ChatAuth_managed.zip and ChatAuth.zip, the same bytes on every machine; "
                + "for a site ChatAuthPortal too.",
            "chatauth pack",
            "chatauth pack --out drop",
            "chatauth pack --site-id 20f5d326-50b3-492b-aa2f-b29c913c932a --portal-url https://contosohelp.com --url "
                + "https://yourorg.crm.dynamics.com")
        {
            output,
        };
        PackSiteOptions site = new();
        site.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            SolutionPackage package = SolutionPackage.Product();
            string folder = parsed.GetRequiredValue(output);
            foreach (bool managed in (bool[])[true, false])
            {
                Write(Path.Combine(folder, package.FileName(managed)), package.Pack(managed), host);
            }

            await site.PackAsync(
                parsed, host, (name, zip) => Write(Path.Combine(folder, name), zip, host), cancellation);
        });
        return command;
    }

    private static void Write(string path, byte[] zip, CommandHost host)
    {
        DiskFile.Write(path, zip);
        host.WriteLine($"{Convert.ToHexStringLower(SHA256.HashData(zip))}  {path}");
    }
}
