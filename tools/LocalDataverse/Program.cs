using System.Globalization;
using System.Text.Json.Nodes;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Security;

if (args is not ["--port", var text]
    || !ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
{
    await Console.Error.WriteLineAsync("Usage: LocalDataverse --port N");
    return 2;
}

#pragma warning disable RS0030 // the entry point is where the system's clock is named
var organization = new LocalOrganization(TimeProvider.System);
#pragma warning restore RS0030
string[] reads = ["prvReadContact", "prvReadAccount", "prvReadadx_externalidentity"];
var portal = organization.AddApplicationUser("portal", Guid.NewGuid(), reads);
var stranger = organization.AddApplicationUser("stranger", Guid.NewGuid(), reads);
await using var server = await LocalDataverseServer.StartAsync(organization, port, logToStandardError: true);

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
