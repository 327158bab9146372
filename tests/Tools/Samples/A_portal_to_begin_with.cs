using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse;
using ChatAuth.Tokens;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.Samples;

/// <summary>
/// The programs of samples/ as a newcomer runs them: LocalDataverse --sample says what to set, chatauth deploys to it.
/// </summary>
[TestClass]
public sealed partial class A_portal_to_begin_with
{
    private const string Bert = "87b4d06c-abc2-e811-a9b0-000d3a10e09e";
    private const string Keys = "/auth/publickey";

    private static readonly List<Process> Started = [];
    private static string shell = string.Empty;
    private static Uri? aspnetcore;
    private static Uri? node;

    [ClassInitialize]
    public static async Task Begin(TestContext context)
    {
        Process dataverse = Start([], DotNet, typeof(LocalOrganization).Assembly.Location, "--port", "0", "--sample");
        shell = await ReadAsync(dataverse.StandardError, "chatauth deploy");
        Dictionary<string, string> variables = Lines(BashLine());

        // Both beside one another, so that one deploy serves them: each where a port is free.
        string configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string program = RepositoryRoot.File($"artifacts/build/bin/SamplePortal/{configuration}/SamplePortal.dll");
        variables["PORT"] = "0";
        aspnetcore = await AddressAsync(Start(variables, DotNet, program));
        try
        {
            node = await AddressAsync(Start(variables, "node", RepositoryRoot.File("samples/node/portal.mjs")));
        }
        catch (Win32Exception)
        {
            node = null;
        }

        using TemporaryFolder folder = new();
        string settings = folder.File("chatauth.json");
        string? Environment(string name) => variables.GetValueOrDefault(name);
        CommandRun init = await CommandRun.OfAsync(["init", "--settings", settings], environment: Environment);
        Assert.AreEqual(0, init.ExitCode, init.Error);
        variables["PUBLIC_KEY_URL"] = new Uri(aspnetcore, Keys).AbsoluteUri;
        if (node != null)
        {
            string text = await File.ReadAllTextAsync(settings);
            const string Target = "{ \"portal\": \"${PUBLIC_KEY_URL}\" }\n";
            StringAssert.Contains(text, Target);
            await File.WriteAllTextAsync(settings, text.Replace(
                Target, $"{Target.Trim()}, {{ \"portal\": \"{new Uri(node, Keys)}\" }}\n", StringComparison.Ordinal));
        }

#pragma warning disable RS0030 // other programs take part
        CommandRun deploy = await CommandRun.OfAsync(
            ["deploy", "--settings", settings], clock: TimeProvider.System, environment: Environment);
#pragma warning restore RS0030
        Assert.AreEqual(0, deploy.ExitCode, deploy.Error);
    }

    [ClassCleanup]
    public static void End()
    {
        foreach (Process process in Started)
        {
            if (!process.HasExited)
            {
                process.Kill();
            }

            process.Dispose();
        }
    }

    [TestMethod]
    public Task Gives_a_token_on_ASP_NET_Core() => GivesATokenAsync(aspnetcore!);

    [TestMethod]
    public async Task Gives_a_token_on_Node()
    {
        if (node == null)
        {
            Assert.Inconclusive("Node is not on the path of this machine.");
        }

        await GivesATokenAsync(node);
    }

    [TestMethod]
    [DataRow("CHATAUTH_URL", null)]
    [DataRow("CHATAUTH_URL", "contoso")]
    [DataRow("CHATAUTH_URL", "http://contoso.crm.dynamics.com")]
    [DataRow("CHATAUTH_URL", "https://user:secret@contoso.crm.dynamics.com")]
    [DataRow("PORTAL_ACCESS_TOKEN", null)]
    [DataRow("PORTAL_ACCESS_TOKEN", "a\nb")]
    [DataRow("PORT", "abc")]
    [DataRow("PORT", "65536")]
    [DataRow("PORT", "-1")]
    public async Task Says_which_variable_is_missing_or_wrong_and_ends(string name, string? value)
    {
        Dictionary<string, string> variables = new()
        {
            ["CHATAUTH_URL"] = "http://127.0.0.1:9",
            ["PORTAL_ACCESS_TOKEN"] = "x",
            ["PORT"] = "0",
        };
        variables[name] = value ?? string.Empty;
        string configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string program = RepositoryRoot.File($"artifacts/build/bin/SamplePortal/{configuration}/SamplePortal.dll");
        string[][] commands = node == null ? [[DotNet, program]]
            : [[DotNet, program], ["node", RepositoryRoot.File("samples/node/portal.mjs")]];
        foreach (string[] command in commands)
        {
            Process portal = Start(variables, command);
            string said = await portal.StandardError.ReadToEndAsync();
            await portal.WaitForExitAsync();
            Assert.AreEqual(1, portal.ExitCode, said);
            StringAssert.StartsWith(said, name + " ");
            Assert.HasCount(1, said.TrimEnd().Split('\n'));
            Assert.DoesNotContain("secret", said);
        }
    }

    [TestMethod]
    public void Is_set_up_in_PowerShell_as_in_bash()
    {
        CollectionAssert.AreEqual(Lines(BashLine()), Lines(PowerShellLine()));
        Assert.HasCount(5, Lines(BashLine()));
    }

    private static async Task GivesATokenAsync(Uri portal)
    {
        using HttpClient visitor = new() { BaseAddress = portal };
        using HttpResponseMessage anonymous = await AskAsync(visitor, await GetAsync(visitor, "/"));
        Assert.AreEqual(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        using FormUrlEncodedContent form = new([KeyValuePair.Create("contact", Bert)]);
        using HttpResponseMessage page = await visitor.PostAsync(new Uri("/sign-in", UriKind.Relative), form);
        using HttpResponseMessage forged = await AskAsync(visitor, string.Empty);
        Assert.AreEqual(HttpStatusCode.BadRequest, forged.StatusCode);
        using HttpResponseMessage issued = await AskAsync(visitor, await page.Content.ReadAsStringAsync());
        Token token = Token.Parse(await issued.Content.ReadAsStringAsync());
        Assert.AreEqual(Bert, token.Payload["sub"]!.Text);
        string keys = await GetAsync(visitor, "/auth/jwks");
#pragma warning disable RS0030 // other programs take part
        TokenVerification.Verify(token, PublicKeys.Parse(keys).Keys, TimeProvider.System.GetUtcNow());
#pragma warning restore RS0030
        StringAssert.Contains(await GetAsync(visitor, "/chatauth.js"), "getAuthenticationToken");
    }

    // As chatauth.js asks, with what the page holds.
    private static async Task<HttpResponseMessage> AskAsync(HttpClient visitor, string page)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/auth/token");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("__RequestVerificationToken", HiddenField().Match(page).Groups[1].Value);
        return await visitor.SendAsync(request);
    }

    private static Task<string> GetAsync(HttpClient visitor, string path) =>
        visitor.GetStringAsync(new Uri(path, UriKind.Relative));

    private static async Task<Uri> AddressAsync(Process portal) =>
        new(Address().Match(await ReadAsync(portal.StandardOutput, "http://")).Value);

    // All lines up to the one that holds a text.
    private static async Task<string> ReadAsync(StreamReader said, string last)
    {
        string read = string.Empty;
        while (!read.Contains(last, StringComparison.Ordinal) && await said.ReadLineAsync() is { } line)
        {
            read += line + "\n";
        }

        StringAssert.Contains(read, last);
        return read;
    }

    private static Process Start(Dictionary<string, string> variables, params string[] command)
    {
        ProcessStartInfo start = new(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(command[1]),
        };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        Started.Add(process);
        return process;
    }

    private static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static Dictionary<string, string> Lines(Regex form) => form.Matches(shell)
        .ToDictionary(line => line.Groups[1].Value, line => line.Groups[2].Value);

    [GeneratedRegex(@"^export (\w+)=(\S+)$", RegexOptions.Multiline)]
    private static partial Regex BashLine();

    [GeneratedRegex(@"^\$env:(\w+) = '([^']+)'$", RegexOptions.Multiline)]
    private static partial Regex PowerShellLine();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenField();

    [GeneratedRegex(@"http://[\d.]+:\d+")]
    private static partial Regex Address();
}
