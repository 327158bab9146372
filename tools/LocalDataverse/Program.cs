using System.Globalization;
using System.Text.Json.Nodes;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;
using Microsoft.AspNetCore.Connections;

const string Usage = "Usage: LocalDataverse --port N (0 takes any free one) [--web-servers N]";
const int MostWebServers = 100;
if (args is ["--help"] or ["-h"] or ["-?"])
{
    await Console.Out.WriteLineAsync(Usage);
    return 0;
}

var webServers = 0;
if (args is not (["--port", _] or ["--port", _, "--web-servers", _])
    || !ushort.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
    || (args.Length > 2
        && !(int.TryParse(args[3], NumberStyles.None, CultureInfo.InvariantCulture, out webServers)
            && webServers is > 0 and <= MostWebServers)))
{
    await Console.Error.WriteLineAsync(Usage);
    return 2;
}

#pragma warning disable RS0030 // the entry point is where the system's clock is named
var organization = new LocalOrganization(TimeProvider.System);
#pragma warning restore RS0030
organization.Protection = webServers == 0 ? null : new ServiceProtection(organization.Clock, webServers);
string[] reads = ["prvReadContact", "prvReadAccount", "prvReadadx_externalidentity"];
var portal = organization.AddApplicationUser("portal", Guid.NewGuid(), reads);
var stranger = organization.AddApplicationUser("stranger", Guid.NewGuid(), reads);
await using var server = await OpenAsync(organization, port);
if (server == null)
{
    await Console.Error.WriteLineAsync($"Port {args[1]} of 127.0.0.1 is taken. Give another one, or 0 for any.");
    return 1;
}

static async Task<LocalDataverseServer?> OpenAsync(LocalOrganization organization, int port)
{
    try
    {
        return await LocalDataverseServer.StartAsync(organization, port, logToStandardError: true);
    }
    catch (IOException taken) when (taken.InnerException is AddressInUseException)
    {
        return null;
    }
}

// The one line of stdout (design: settings file of the command line).
static JsonObject User(LocalUser user) => user.ApplicationId is { } id
    ? new() { ["token"] = user.Token, ["applicationId"] = id }
    : new() { ["token"] = user.Token };
var line = new JsonObject
{
    ["url"] = server.Url.AbsoluteUri.TrimEnd('/'),
    ["users"] = new JsonObject
    {
        ["administrator"] = User(organization.Administrator),
        ["portal"] = User(portal),
        ["stranger"] = User(stranger),
    },
};
await Console.Out.WriteLineAsync(line.ToJsonString());
await server.Stopped;
return 0;
