using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using ChatAuth.Tools.Tests.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests;

/// <summary>Whatever is named where a file is asked for: a command ends, and says what it is.</summary>
[TestClass]
public sealed class A_file_is_read
{
    [TestMethod]
    [DataRow("builtin check --portal-url https://contoso.example --certificate {}")]
    [DataRow("key import {} --out key.json")]
    [DataRow("key public {}")]
    [DataRow("token inspect {}")]
    [DataRow("token verify TOKEN --key {}")]
    [DataRow("deploy --settings {} --url https://contoso.crm.dynamics.com")]
    [DataRow("deploy --settings SETTINGS --key {} --url https://contoso.crm.dynamics.com")]
    [DataRow("keys --settings SETTINGS --connection-file {}")]
    public async Task A_folder_a_device_and_a_huge_file_are_told(string line)
    {
        using TemporaryFolder folder = new();
        string huge = folder.File("huge.bin");
        using (FileStream file = File.Create(huge))
        {
            file.SetLength(5_000_000_000);
        }

        string settings = folder.File("chatauth.json");
        await File.WriteAllTextAsync(
            settings, """{"issuer":"contosohelp.com","callers":{"powerpages":{"contact":"context"}},"publish":[]}""");
        string[] named = OperatingSystem.IsWindows() ? [folder.Path, huge] : [folder.Path, huge, "/dev/zero"];
        foreach (string path in named)
        {
            CommandRun run = await CommandRun.OfAsync(
                [
                    .. line.Split(' ').Select(word => word switch
                    {
                        "{}" => path, "SETTINGS" => settings, "TOKEN" => SampleToken.Of(), _ => word,
                    }),
                ],
                environment: name => name == "CHATAUTH_ACCESS_TOKEN" ? "token" : null);
            Console.WriteLine(line + " " + path + ": " + run.Error);
            StringAssert.StartsWith(run.Error, "CHATAUTH4001: " + path);
            StringAssert.Contains(run.Error, path == folder.Path ? "is a folder, not a file" : "has more than 16 MB");
        }
    }

    [TestMethod]
    [DataRow("{}", true, null)]
    [DataRow("{}", false, " has not come to its end. ")]
    [DataRow(null, false, " has not come to its end. ")]
    public async Task A_pipe_is_waited_for_as_long_as_a_person_types(string? text, bool isClosed, string? fault)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("mkfifo is of Unix shells.");
        }

        using TemporaryFolder folder = new();
        string pipe = folder.File("pipe");
        using (Process made = Process.Start("mkfifo", [pipe]))
        {
            await made.WaitForExitAsync();
        }

        using TaskHolder writer = new(
            text == null ? null : Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write)));
        Task<byte[]> reading = Task.Run(() => DiskFile.Read(pipe, TimeSpan.FromSeconds(fault == null ? 60 : 0.5)));
        if (text != null)
        {
            FileStream stream = await writer.Stream!;
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
            await stream.FlushAsync();
            if (isClosed)
            {
                await stream.DisposeAsync();
            }
        }

        if (fault == null)
        {
            CollectionAssert.AreEqual(Encoding.UTF8.GetBytes(text!), await reading);
            return;
        }

        CommandException refusal = await Assert.ThrowsExactlyAsync<CommandException>(() => reading);
        Assert.StartsWith("CHATAUTH4001: " + pipe + fault, refusal.Message);
    }

    private sealed class TaskHolder(Task<FileStream>? stream) : IDisposable
    {
        public Task<FileStream>? Stream => stream;

        public void Dispose() => stream?.Result.Dispose();
    }
}
