using System;
using System.CommandLine;
using System.IO;
using System.Security.Cryptography;
using ChatAuth.Pack;

namespace ChatAuth.Commands;

/// <summary><c>chatauth pack</c>: the solution zips.</summary>
internal static class PackCommand
{
    /// <summary>The command.</summary>
    /// <param name="terminal">Where it writes.</param>
    public static Command Create(Terminal terminal)
    {
        Option<string> output = new("--out") { Description = "Folder for the zips, made when it is missing.", HelpName = "DIR", DefaultValueFactory = _ => "artifacts" };
        Option<string?> solution = new("--solution") { Description = "Packs this unpacked solution instead of the one the command carries.", HelpName = "DIR" };
        Option<string?> assembly = new("--assembly") { Description = "Packs this plug-in dll instead of the one the command carries.", HelpName = "DLL" };
        ExampleCommand command = new(
            "pack",
            "Checks the solution and writes ChatAuth_managed.zip and ChatAuth.zip, the same bytes on every machine.",
            "chatauth pack",
            "chatauth pack --out drop",
            "chatauth pack --solution Solution/src --assembly bin/ChatAuth.Plugins.dll")
        {
            output, solution, assembly,
        };
        command.SetAction(parsed =>
        {
            SolutionPackage package = SolutionPackage.Check(
                parsed.GetValue(solution) is { } folder ? UnpackedSolution.ReadFolder(folder) : null,
                parsed.GetValue(assembly) is { } dll ? DiskFile.Read(dll) : null);
            Write(package, parsed.GetRequiredValue(output), terminal);
        });
        return command;
    }

    private static void Write(SolutionPackage package, string folder, Terminal terminal)
    {
        foreach (bool managed in (bool[])[true, false])
        {
            byte[] zip = package.Pack(managed);
            string path = Path.Combine(folder, package.FileName(managed));
            DiskFile.Write(path, zip);
            terminal.WriteLine($"{Convert.ToHexStringLower(SHA256.HashData(zip))}  {path}");
        }
    }
}
