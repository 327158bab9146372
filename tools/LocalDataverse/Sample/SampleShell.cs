using ChatAuth.LocalDataverse.Security;

namespace ChatAuth.LocalDataverse.Sample;

/// <summary>What a shell needs to use an organization with the sample data.</summary>
internal static class SampleShell
{
    // Where the portals of samples/ listen.
    private const string PublicKeys = "http://127.0.0.1:5081/auth/publickey";

    /// <summary>What people are told, with lines to paste for bash, zsh and PowerShell.</summary>
    /// <param name="url">Address of the organization.</param>
    /// <param name="administrator">As whom the command signs in.</param>
    /// <param name="portal">As whom a portal does.</param>
    public static string Text(string url, LocalUser administrator, LocalUser portal)
    {
        (string Name, string Value)[] variables =
        [
            ("CHATAUTH_URL", url),
            ("CHATAUTH_ACCESS_TOKEN", administrator.Token),
            ("PORTAL_APPLICATION_ID", portal.ApplicationId!.Value.ToString("D")),
            ("PORTAL_ACCESS_TOKEN", portal.Token),
            ("PUBLIC_KEY_URL", PublicKeys),
        ];
        return $"""
            {SampleData.Contacts.Count} contacts, the site {SampleData.Site}, a chat widget, a portal's user.
            Nothing is deployed yet, and nothing outlives this process. Ctrl+C ends it.

            In each other terminal, bash or zsh:
            {string.Join('\n', variables.Select(variable => $"export {variable.Name}={variable.Value}"))}
            or PowerShell:
            {string.Join('\n', variables.Select(variable => $"$env:{variable.Name} = '{variable.Value}'"))}

            Then a portal in one, dotnet run --project samples/aspnetcore or node samples/node/portal.mjs,
            and its keys in another, chatauth init and chatauth deploy.
            """;
    }
}
