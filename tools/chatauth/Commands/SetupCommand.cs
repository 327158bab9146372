using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using ChatAuth.Dataverse;
using ChatAuth.Deployment;
using ChatAuth.Pack;
using ChatAuth.Settings;
using ChatAuth.SignIn;
using ChatAuth.Sites;
using Spectre.Console;

namespace ChatAuth.Commands;

/// <summary>
/// <c>chatauth setup</c>: asks a person what the settings file needs, shows the plan, deploys, and leaves the file.
/// </summary>
internal static class SetupCommand
{
    private const string OwnPortal = "A portal of your own: ASP.NET Core, Node, .NET Framework, anything else";
    private const string NoUser = "none: an older Power Pages site that connects as SYSTEM";

    /// <summary>The command.</summary>
    /// <param name="host">Where it reads and writes.</param>
    public static Command Create(CommandHost host)
    {
        Option<string> settings = new("--settings")
        {
            Description = "The new settings file; never overwritten.",
            HelpName = "FILE",
            DefaultValueFactory = _ => "chatauth.json",
        };
        ConnectionOptions connection = new();
        ExampleCommand command = new(
            "setup",
            "Signs you in, asks which portal, application user and chat widgets, shows what would be done, deploys, "
                + "and leaves the settings file behind.",
            "chatauth setup --url https://yourorg.crm.dynamics.com",
            "chatauth setup --auth device-code --url https://yourorg.crm.dynamics.com")
        {
            settings,
        };
        connection.All.ToList().ForEach(command.Options.Add);
        command.SetAction(async (parsed, cancellation) =>
        {
            IAnsiConsole console = host.Terminal ?? throw new CommandException(Errors.NobodyAnswers());
            string file = parsed.GetRequiredValue(settings);
            if (Path.Exists(file))
            {
                throw new CommandException(Errors.FileExists(file));
            }

            using WebApi dataverse = connection.Open(
                parsed, host, HasBrowser(host) ? SignInWay.Interactive : SignInWay.DeviceCode);
            string text = await AskAsync(console, dataverse, cancellation);
            SettingsFile read = SettingsFile.Parse(text, file, host.Fill);
            InitCommand.Write(file, text, host);
            host.WriteLine("It holds your answers: whatever happens, chatauth deploy goes on with them.");
            await DeployAsync(console, read, dataverse, host, cancellation);
        });
        return command;
    }

    private static async Task<string> AskAsync(
        IAnsiConsole console, WebApi dataverse, CancellationToken cancellation)
    {
        IReadOnlyList<(string Name, LiveSite Site)> sites = await SiteLookup.AllAsync(dataverse, cancellation);
        IReadOnlyList<JsonObject> users = await dataverse.ListAsync(
            "systemusers?$select=fullname,applicationid&$filter=applicationid ne null and isdisabled eq false",
            cancellation);
        IReadOnlyList<string> widgets = await ChatWidget.NamesAsync(dataverse, cancellation);

        int portal = await ChooseAsync(
            console,
            "Which portal opens the chat?",
            [.. sites.Select(site => $"{site.Name} ({site.Site.Domain ?? "Power Pages"})"), OwnPortal],
            cancellation);
        LiveSite? site = portal < sites.Count ? sites[portal].Site : null;
        Uri address = await AddressAsync(console, site, cancellation);
        int user = await ChooseAsync(
            console,
            "With which application user does it connect to Dataverse?",
            [
                .. users.Select(user => $"{user.Column<string>("fullname")} ({user["applicationid"]})"),
                .. site == null ? Array.Empty<string>() : [NoUser],
            ],
            cancellation);
        IReadOnlyList<string> chosen = widgets.Count == 0 ? [] : await console.PromptAsync(
            new MultiSelectionPrompt<string>().Title("In which chat widgets?").NotRequired()
                .InstructionsText("(blank to choose, Enter to go on)")
                .UseConverter(name => Markup.Escape(SafeText.Of(name))).AddChoices(widgets),
            cancellation);

        string starter = StarterFile.Of(
            Encoding.UTF8.GetString(EmbeddedFile.Read("chatauth.starter.json")),
            site == null ? null : "page",
            address,
            issuer: null);
        Uri keys = address.AbsolutePath == "/" ? new Uri(address, "/auth/publickey") : address;
        string caller = user < users.Count ? users[user].Required<string>("applicationid") : "powerpages";
        string? named = site == null ? null : NameOf(sites[portal].Name, site, sites.Select(each => each.Name));
        return StarterFile.Filled(starter, caller, named, keys, chosen);
    }

    // People read the name; what it alone does not say for certain, or settings refuse in a text, is told by the id.
    private static string NameOf(string name, LiveSite site, IEnumerable<string> all) =>
        name.Trim() == name && !Guid.TryParse(name, out _)
            && name.Length > 0 && name.All(unit => char.IsAsciiLetterOrDigit(unit) || " -_.".Contains(unit))
            && all.Count(each => each.Equals(name, StringComparison.OrdinalIgnoreCase)) == 1
            ? name : site.Id.ToString("D");

    private static async Task<Uri> AddressAsync(
        IAnsiConsole console, LiveSite? site, CancellationToken cancellation)
    {
        TextPrompt<string> prompt = new("What is its address?");
        if (site?.Domain is { } domain)
        {
            prompt.DefaultValue("https://" + domain);
        }

        prompt.Validate(text => SecureAddress.Parse(text.Trim()) != null
            ? ValidationResult.Success() : ValidationResult.Error($"Give {SecureAddress.Rule}."));
        return SecureAddress.Parse((await console.PromptAsync(prompt, cancellation)).Trim())!;
    }

    private static async Task<int> ChooseAsync(
        IAnsiConsole console, string question, IReadOnlyList<string> choices, CancellationToken cancellation) =>
        await console.PromptAsync(
            new SelectionPrompt<int>().Title(question).UseConverter(index => Markup.Escape(SafeText.Of(choices[index])))
                .AddChoices(Enumerable.Range(0, choices.Count)),
            cancellation);

    private static async Task DeployAsync(
        IAnsiConsole console,
        SettingsFile settings,
        WebApi dataverse,
        CommandHost host,
        CancellationToken cancellation)
    {
        // The portal that serves the keys is not there yet: its keys are written, it is started, then deploy goes on.
        bool isOwn = settings.Publish.Any(target => target.Kind == TargetKind.Portal);
        async Task RunAsync(bool isDry)
        {
            ChangeRunner runner = new(
                isDry, host.WriteLine, host.WriteError, host.Waiting, progress: host.WriteProgress);
            DeploymentContext context =
                DeploymentContext.Of(settings, dataverse, runner, host, DeploymentContext.UsualPatience);
            await new Deploy(context, cancellation, untilPublished: isOwn, prove: false).RunAsync();
        }

        await RunAsync(isDry: true);
        if (!await console.ConfirmAsync("Deploy this?", defaultValue: true, cancellationToken: cancellation))
        {
            host.WriteLine("Nothing was changed.");
            return;
        }

        await RunAsync(isDry: false);
        host.WriteLine(isOwn
            ? "The keys are in place. Start the portal (docs/portal.md), then run chatauth deploy."
            : "Deployed. chatauth doctor says what else stands between the visitor and the agent.");
    }

    // Where Linux has no display, no browser opens.
    private static bool HasBrowser(CommandHost host) => OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
        || host.Environment("DISPLAY") != null || host.Environment("WAYLAND_DISPLAY") != null;
}
