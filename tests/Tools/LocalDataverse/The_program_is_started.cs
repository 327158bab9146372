using System;
using System.Diagnostics;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Tasks;
using ChatAuth.LocalDataverse;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace ChatAuth.Tools.Tests.LocalDataverse;

[TestClass]
public sealed class The_program_is_started
{
    [TestMethod]
    public async Task One_JSON_line_on_stdout_says_where_and_who()
    {
        using var process = Start("--port", "0");
        try
        {
            var line = await process.StandardOutput.ReadLineAsync();
            using var json = JsonDocument.Parse(line!);
            var users = json.RootElement.GetProperty("users");
            Assert.AreEqual(
                "administrator(token) portal(token,applicationId) stranger(token,applicationId)",
                string.Join(
                    ' ', users.EnumerateObject()
                        .Select(u => $"{u.Name}({string.Join(',', u.Value.EnumerateObject().Select(m => m.Name))})")));
            using var http = new HttpClient();
            http.DefaultRequestHeaders.Authorization =
                new AuthenticationHeaderValue("Bearer", users.GetProperty("portal").GetProperty("token").GetString());
            using var contacts = await http.GetAsync(
                new Uri(json.RootElement.GetProperty("url").GetString() + "/api/data/v9.2/contacts"));
            using var steps = await http.GetAsync(
                new Uri(json.RootElement.GetProperty("url").GetString() + "/api/data/v9.2/sdkmessageprocessingsteps"));
            Assert.AreEqual((200, 403), ((int)contacts.StatusCode, (int)steps.StatusCode));
        }
        finally
        {
            process.Kill();
        }
    }

    [TestMethod]
    public async Task Web_servers_are_asked_for()
    {
        using var process = Start("--port", "0", "--web-servers", "4");
        try
        {
            using var json = JsonDocument.Parse((await process.StandardOutput.ReadLineAsync())!);
            using var http = new HttpClient();
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Bearer",
                json.RootElement.GetProperty("users").GetProperty("portal").GetProperty("token").GetString());
            using var answer =
                await http.GetAsync(new Uri(json.RootElement.GetProperty("url").GetString() + "/api/data/v9.2/WhoAmI"));
            StringAssert.StartsWith(answer.Headers.GetValues("Set-Cookie").Single(), "ARRAffinity=");
        }
        finally
        {
            process.Kill();
        }
    }

    [TestMethod]
    [DataRow]
    [DataRow("--port")]
    [DataRow("--port", "x")]
    [DataRow("--port", "1", "--more")]
    [DataRow("--port", "1", "--web-servers")]
    [DataRow("--port", "1", "--web-servers", "0")]
    [DataRow("--port", "1", "--web-servers", "x")]
    [DataRow("--sample", "1")]
    [DataRow("--web-servers", "1")]
    public async Task Bad_use_ends_with_2(params string[] arguments)
    {
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.AreEqual(
            (2, "Usage: LocalDataverse --port N (0 takes any free one) [--web-servers N] [--sample]"),
            (process.ExitCode, (await error).Trim()));
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        [typeof(LocalOrganization).Assembly.Location, .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
