using System.Globalization;
using System.Text.Json.Nodes;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Sample;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.State;
using Microsoft.AspNetCore.Connections;

const string Usage = "Usage: LocalDataverse --port N (0 takes any free one) [--web-servers N] [--sample]";
const ushort UsualPort = 5460;
const int MostWebServers = 100;
if (args is ["--help"] or ["-h"] or ["-?"])
{
    await Console.Out.WriteLineAsync(
        $"{Usage}\n--sample has contacts, a site, a chat widget and a portal's user, says what a shell needs to use "
            + $"them, and takes port {UsualPort} unless told otherwise.");
    return 0;
}

if (Read(args, (null, 0, false)) is not { Port: { } port } wanted)
{
    await Console.Error.WriteLineAsync(Usage);
    return 2;
}

#pragma warning disable RS0030 // the entry point is where the system's clock is named
var organization = new LocalOrganization(TimeProvider.System);
#pragma warning restore RS0030
organization.Protection =
    wanted.WebServers == 0 ? null : new ServiceProtection(organization.Clock, wanted.WebServers);
string[] reads = ["prvReadContact", "prvReadAccount", "prvReadadx_externalidentity"];
var portal = organization.AddApplicationUser("portal", Guid.NewGuid(), reads);
var stranger = organization.AddApplicationUser("stranger", Guid.NewGuid(), reads);
JsonObject users = new()
{
    ["administrator"] = User(organization.Administrator),
    ["portal"] = User(portal),
    ["stranger"] = User(stranger),
};
if (wanted.IsSample)
{
    SampleData.AddTo(organization);
    var site = EmptySite.AddTo(organization, SampleData.Site, SampleData.SiteHost);
    users["site"] = User(organization.AddSiteUser(SampleData.Site, site, reads));
}

await using var server = await OpenAsync(organization, port, isLogging: !wanted.IsSample);
if (server == null)
{
    await Console.Error.WriteLineAsync($"Port {port} of 127.0.0.1 is taken. Give another one, or 0 for any.");
    return 1;
}

// The one line of stdout (design: settings file of the command line).
var url = server.Url.AbsoluteUri.TrimEnd('/');
await Console.Out.WriteLineAsync(new JsonObject { ["url"] = url, ["users"] = users }.ToJsonString());
if (wanted.IsSample)
{
    await Console.Error.WriteLineAsync(SampleShell.Text(url, organization.Administrator, portal));
}

await server.Stopped;
return 0;

// Null where the words are no use.
static (ushort? Port, int WebServers, bool IsSample)? Read(
    string[] words, (ushort? Port, int WebServers, bool IsSample) found)
{
    const NumberStyles Digits = NumberStyles.None;
    var numbers = CultureInfo.InvariantCulture;
    return words switch
    {
        [] => found.Port == null ? null : found,
        ["--sample", .. var rest] => Read(rest, (found.Port ?? UsualPort, found.WebServers, true)),
        ["--port", var word, .. var rest] when ushort.TryParse(word, Digits, numbers, out var number) =>
            Read(rest, found with { Port = number }),
        ["--web-servers", var word, .. var rest]
            when int.TryParse(word, Digits, numbers, out var number) && number is > 0 and <= MostWebServers =>
            Read(rest, found with { WebServers = number }),
        _ => null,
    };
}

static async Task<LocalDataverseServer?> OpenAsync(LocalOrganization organization, int port, bool isLogging)
{
    try
    {
        return await LocalDataverseServer.StartAsync(organization, port, isLogging);
    }
    catch (IOException taken) when (taken.InnerException is AddressInUseException)
    {
        return null;
    }
}

static JsonObject User(LocalUser user) => user.ApplicationId is { } id
    ? new() { ["token"] = user.Token, ["applicationId"] = id }
    : new() { ["token"] = user.Token };
