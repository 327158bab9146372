using System.Globalization;
using ChatAuth.LocalDataverse;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.WebApi;

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
var line = RowJson.Write(json =>
{
    void User(string name, LocalUser user)
    {
        json.WriteStartObject(name);
        json.WriteString("token", user.Token);
        if (user.ApplicationId is { } id)
        {
            json.WriteString("applicationId", id);
        }

        json.WriteEndObject();
    }

    json.WriteString("url", server.Url.AbsoluteUri.TrimEnd('/'));
    json.WriteStartObject("users");
    User("administrator", organization.Administrator);
    User("portal", portal);
    User("stranger", stranger);
    json.WriteEndObject();
});
await Console.Out.WriteLineAsync(System.Text.Encoding.UTF8.GetString(line));
await server.Stopped;
return 0;
