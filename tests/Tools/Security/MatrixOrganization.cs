using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using ChatAuth.Plugins;
using ChatAuth.Plugins.Tests.Platform;
using ChatAuth.Settings;
using ChatAuth.Tools.Tests.LocalDataverse;
using Microsoft.Xrm.Sdk;

namespace ChatAuth.Tools.Tests.Security;

/// <summary>
/// The organization in which the cells of SECURITY.md run: one step after the other is enabled, everybody asks by every
/// route.
/// </summary>
internal sealed class MatrixOrganization : IDisposable
{
    // A copy of our API's parameters without its privilege, for the step of another message.
    private const string Imitation = "test_Imitation";

    private const string AsynchronousStep = "asynchronous step";

    // The member "contact" of an entry by its kind.
    private static readonly Dictionary<string, string> Contacts = new(StringComparer.Ordinal)
    {
        ["context"] = "\"context\"",
        ["parameter"] = "\"parameter\"",
        ["externalIdentity"] = $$"""{"externalIdentity":"{{Claim.Provider}}"}""",
        ["column"] = $$"""{"column":"{{Claim.Column}}"}""",
    };

    // Steps beside the right one; one of all is enabled at a time.
    private static readonly Dictionary<string, (Guid Step, string Message, int Stage)> WrongSteps =
        new(StringComparer.Ordinal)
        {
            ["step on stage 10"] = (Guid.NewGuid(), IssuingOrganization.Message, 10),
            ["step on stage 20"] = (Guid.NewGuid(), IssuingOrganization.Message, 20),
            ["step of another message"] = (Guid.NewGuid(), Imitation, 40),
        };

    private readonly IssuingOrganization organization = new(Asker.Settings(Contacts["context"]));
    private readonly IReadOnlyList<Entity> rows;
    private IssueChatToken plugin = null!;

    /// <summary>An organization with the test plug-ins, the contacts and everybody who asks.</summary>
    public MatrixOrganization()
    {
        TestSolution solution = new();
        solution.Api(Imitation, 2, string.Empty);
        solution.Parameter(Imitation, "ContactId", 12, 1);
        solution.Parameter(Imitation, "UserName", 10, 1);
        solution.Property(Imitation, "Token", 10);
        organization.Import(solution.Zip());
        organization.Register(Guid.NewGuid(), "test_Probe", 40, null, type: "ChatAuth.TestPlugins.Probe");
        foreach (var (step, message, stage) in WrongSteps.Values)
        {
            organization.Register(step, message, stage, null);
        }

        Callers = Asker.AddTo(organization.Local);
        Claim.AddTo(organization.Local);
        rows = [.. Entities("contact"), .. Entities("adx_externalidentity")];
    }

    /// <summary>The kinds of entries.</summary>
    public static IEnumerable<string> Kinds => Contacts.Keys;

    /// <summary>The ways a call comes in.</summary>
    public static IEnumerable<string> Routes =>
    [
        "by itself", "nested, as itself", "nested, as SYSTEM", "nested, as the portal", "step on stage 10",
        "step on stage 20", AsynchronousStep, "step of another message",
    ];

    /// <summary>Everybody who asks.</summary>
    public IReadOnlyDictionary<string, Asker> Callers { get; }

    /// <summary>Gives every portal an entry of that kind.</summary>
    public void Configure(string kind) => Put(Asker.Settings(Contacts[kind]));

    /// <summary>Gives every portal an entry of the kind "parameter", and a user an entry for a moment.</summary>
    /// <param name="user">The system user.</param>
    /// <param name="contact">The letter of the contact.</param>
    /// <param name="seconds">From now to its end.</param>
    public void ConfigureMoment(Guid user, string contact, long seconds)
    {
        Put(MomentaryCaller.With(
            Asker.Settings(Contacts["parameter"]), user, Claim.IdOf(contact), organization.Now + seconds));
        Enable("by itself");
    }

    private void Put(string settings)
    {
        foreach (var step in WrongSteps.Values.Select(wrong => wrong.Step).Append(IssuingOrganization.Step))
        {
            organization.Change(step, ("configuration", settings));
        }

        plugin = new IssueChatToken(settings, organization.Keys(IssuingOrganization.Key("first")),
            () => organization.Clock.GetUtcNow().UtcDateTime);
    }

    /// <summary>Enables the step that a route meets, and no other.</summary>
    public void Enable(string route)
    {
        organization.Change(IssuingOrganization.Step, ("statecode", WrongSteps.ContainsKey(route) ? 1 : 0));
        foreach (var (name, (step, _, _)) in WrongSteps)
        {
            organization.Change(step, ("statecode", name == route ? 0 : 1));
        }
    }

    /// <summary>Asks by a route.</summary>
    /// <returns>The letter of the contact that a verified token is for, or the code of the refusal.</returns>
    public async Task<string> AskAsync(string route, Asker caller, Claim claim)
    {
        if (!route.StartsWith("nested", StringComparison.Ordinal))
        {
            var message = WrongSteps.TryGetValue(route, out var wrong) ? wrong.Message : IssuingOrganization.Message;
            return Told(await organization.AskAsync(caller.User, claim.Parameters, message, headers: caller.Headers));
        }

        var service = route == "nested, as itself" ? "self"
            : route == "nested, as SYSTEM" ? "system"
            : Callers["portal"].User.Id.ToString("D");
        Dictionary<string, object> relay = new(StringComparer.Ordinal)
        {
            ["Mode"] = "relay:" + service,
            ["Texts"] = claim.Parameters.Select(parameter => parameter.Key + "=" + parameter.Value).ToArray(),
        };
        var answer = await organization.AskAsync(caller.User, relay, "test_Probe", "Report", caller.Headers);

        // InvalidArgument is what the platform says of a parameter of the wrong type; ISV errors carry what the plug-in
        // said.
        return answer.Text.StartsWith("refused 80040203 ", StringComparison.Ordinal) ? "400"
            : answer.Text.StartsWith("refused 80040265 ", StringComparison.Ordinal)
            ? Told(new Reply(500, answer.Text["refused 80040265 ".Length..]))
            : Told(answer);
    }

    /// <summary>Asks the plug-in through the platform double.</summary>
    /// <returns>As <see cref="AskAsync"/>.</returns>
    public string AskDouble(string route, Asker caller, Claim claim)
    {
        var (_, message, stage) = WrongSteps.GetValueOrDefault(route, (Guid.Empty, IssuingOrganization.Message, 40));
        PlatformDouble platform = new()
        {
            OrganizationId = organization.Local.Id,
            InitiatingUserApplicationId = caller.Initiating.ApplicationId ?? Guid.Empty,
            InitiatingUserId = caller.Initiating.Id,
            AuthenticatedUserId = caller.User.Id,
            IsPortalsClientCall = caller.User.IsPortalsClient,
            PortalsContactId = caller.SignedIn,
            Mode = route == AsynchronousStep ? 1 : 0,
            Stage = stage,
            MessageName = message,
        };
        foreach (var (name, value) in claim.Parameters)
        {
            platform.InputParameters[name] =
                name == "ContactId" && Guid.TryParse((string)value, out var id) ? id : value;
        }

        platform.Rows.AddRange(rows);
        try
        {
            plugin.Execute(platform);
        }
        catch (InvalidPluginExecutionException refusal)
        {
            return Told(new Reply((int)refusal.HttpStatus, refusal.Message));
        }

        return Told(new Reply(200, (string)platform.OutputParameters["Token"]));
    }

    /// <inheritdoc />
    public void Dispose() => organization.Dispose();

    private string Told(Reply reply) => reply.Code ?? Claim.LetterOf(organization.Subject(reply.Text));

    private IEnumerable<Entity> Entities(string table) => organization.Local.Rows.Now.All(table).Select(row =>
    {
        Entity entity = new(table, row.Id);
        foreach (var (column, value) in row.Values)
        {
            entity[column] = value;
        }

        return entity;
    });
}
