using System;
using System.Globalization;
using System.Linq;
using Microsoft.Xrm.Sdk;
using Microsoft.Xrm.Sdk.Query;

namespace ChatAuth.TestPlugins;

/// <summary>A plug-in that does, well or badly, what the request parameter Mode says.</summary>
public sealed class Probe : IPlugin
{
    private readonly string? unsecure;
    private readonly string? secure;
    private readonly Guid instance = Guid.NewGuid();

    public Probe(string? unsecure, string? secure)
    {
        this.unsecure = unsecure;
        this.secure = secure;
    }

    public void Execute(IServiceProvider serviceProvider)
    {
        if (serviceProvider == null)
        {
            throw new ArgumentNullException(nameof(serviceProvider));
        }

        var context = (IPluginExecutionContext7)serviceProvider.GetService(typeof(IPluginExecutionContext7));
        var factory = (IOrganizationServiceFactory)serviceProvider.GetService(typeof(IOrganizationServiceFactory));
        var mode = (string?)(context.InputParameters.TryGetValue("Mode", out var given) ? given : null) ?? "none";
        var argument = mode.Substring(mode.IndexOf(':') + 1);
        var service = factory.CreateOrganizationService(context.UserId);
        switch (mode.Split(':')[0])
        {
            case "context": Report(context, Describe(context)); break;
            case "configuration": Report(context, $"{unsecure}|{secure}|{instance}"); break;
            case "order": Order(context); break;
            case "invalid":
                throw new InvalidPluginExecutionException(
                "refused by the plug-in", (PluginHttpStatusCode)int.Parse(argument, CultureInfo.InvariantCulture));
            case "crash": throw new InvalidOperationException("inner text");
            case "echo": Echo(context); break;
            case "wrongtype": context.OutputParameters["Number"] = "text"; break;
            case "unknownoutput": context.OutputParameters["Unknown"] = 1; break;
            case "trace": Trace((ITracingService)serviceProvider.GetService(typeof(ITracingService))); break;
            case "services":
                Report(context, serviceProvider.GetService(typeof(string)) == null ? "null" : "something");
                break;
            case "column":
                Report(context, Fault(() => service.RetrieveMultiple(
                    new QueryExpression("contact") { ColumnSet = new ColumnSet("nosuch") })));
                break;
            case "table": Report(context, Fault(() => service.RetrieveMultiple(new QueryExpression("nosuch")))); break;
            case "read": Report(context, Fault(() => Read(service))); break;
            case "readassystem": Report(context, Fault(() => Read(factory.CreateOrganizationService(null)))); break;
            case "readas":
                Report(context, Fault(() => Read(factory.CreateOrganizationService(Guid.Parse(argument)))));
                break;
            case "retrieve":
                var row = service.Retrieve("contact", Guid.Parse(argument), new ColumnSet("lastname"));
                Report(context, (string)row["lastname"]);
                break;
            case "write": Report(context, Fault(() => service.Delete("contact", Guid.Empty))); break;
            case "nested": Nested(context, service, "context"); break;
            case "nestedwith":
                Report(context, Fault(() =>
                    service.Execute(new OrganizationRequest(context.MessageName) { [argument] = 5 })));
                break;
            case "relay":
                var user = argument == "system" || argument == "self" ? (Guid?)null : Guid.Parse(argument);
                Report(context, Relay(context, argument == "self" ? service : factory.CreateOrganizationService(user)));
                break;
            case "loop": Nested(context, service, "loop"); break;
            case "assembly": Report(context, Fault(() => System.Reflection.Assembly.Load(argument))); break;
            default: break;
        }
    }

    private static void Report(IPluginExecutionContext context, string text) =>
        context.OutputParameters["Report"] = text;

    private static void Order(IPluginExecutionContext context)
    {
        var before = context.SharedVariables.TryGetValue("order", out var text) ? (string)text + "," : string.Empty;
        context.SharedVariables["order"] = before + context.Stage.ToString(
            CultureInfo.InvariantCulture) + ((IExecutionContext)context).OwningExtension.Name;
        Report(context, (string)context.SharedVariables["order"]);
    }

    private static void Echo(IPluginExecutionContext context)
    {
        foreach (var name in new[] { "Flag", "Time", "Amount", "Ratio", "Number", "Choice", "Id", "Texts" })
        {
            if (context.InputParameters.TryGetValue(name, out var value))
            {
                context.OutputParameters[name] = value;
            }
        }
    }

    private static void Trace(ITracingService tracing)
    {
#pragma warning disable RS0030 // the tracing service itself is what is tested here
        tracing.Trace("{verbatim}");
        tracing.Trace("{0} formatted", 5);
#pragma warning restore RS0030
    }

    private static void Nested(IPluginExecutionContext context, IOrganizationService service, string mode)
    {
        var response = service.Execute(new OrganizationRequest(context.MessageName) { ["Mode"] = mode });
        Report(context, (string)response["Report"]);
    }

    // Asks for a chat token with the parameters in Texts, such as UserName=bert; a ContactId that is no GUID goes as it
    // is.
    private static string Relay(IPluginExecutionContext context, IOrganizationService service)
    {
        var request = new OrganizationRequest("chatauth_IssueChatToken");
        var texts = (string[])context.InputParameters["Texts"];
        foreach (var parameter in texts.Select(text => text.Split(new[] { '=' }, 2)))
        {
            request[parameter[0]] =
                parameter[0] == "ContactId" && Guid.TryParse(parameter[1], out var id) ? id : (object)parameter[1];
        }

        try
        {
            return (string)service.Execute(request)["Token"];
        }
#pragma warning disable CA1031 // what the caller is told is what is looked at
        catch (Exception e)
#pragma warning restore CA1031
        {
            return "refused " + (
                e.GetType().GetProperty("Detail")?.GetValue(e) as OrganizationServiceFault)?.ErrorCode.ToString(
                    "x8", CultureInfo.InvariantCulture) + " " + e.Message;
        }
    }

    private static EntityCollection Read(IOrganizationService service) =>
        service.RetrieveMultiple(new QueryExpression("contact") { ColumnSet = new ColumnSet("lastname") });

    private static string Fault(Func<object> act)
    {
        try
        {
            return act() is EntityCollection found ? "rows:"
                + found.Entities.Count.ToString(CultureInfo.InvariantCulture) : "done";
        }
#pragma warning disable CA1031 // a fault's type is told by its name: .NET 10 has no System.ServiceModel
        catch (Exception e)
#pragma warning restore CA1031
        {
            var detail = e.GetType().GetProperty("Detail")?.GetValue(e) as OrganizationServiceFault;
            return e.GetType().FullName!.Split('[')[0] + "|" + detail?.ErrorCode.ToString(
                "x8", CultureInfo.InvariantCulture);
        }
    }

    private static string Fault(Action act) => Fault(() =>
    {
        act();
        return new object();
    });

    private static string Describe(IPluginExecutionContext7 context) =>
        string.Join("\n", typeof(IPluginExecutionContext7).GetInterfaces()
        .Concat(new[] { typeof(IPluginExecutionContext7) })
        .SelectMany(t => t.GetProperties())
        .Where(p => p.PropertyType.IsValueType || p.PropertyType == typeof(string) || p.Name == "ParentContext")
        .Select(
            p => p.Name + "=" + (
                p.GetValue(context) is IPluginExecutionContext parent ? parent.MessageName
                    : Convert.ToString(p.GetValue(context), CultureInfo.InvariantCulture))));
}
