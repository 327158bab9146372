using System.Text.Json;
using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.Solutions;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.WebApi;

/// <summary>
/// Requests for the messages AddSolutionComponent and ExportSolution (Microsoft Learn, Web API reference), for steps in
/// unmanaged solutions.
/// </summary>
internal sealed class SolutionRequests(OrganizationState organization)
{
    /// <summary>Answers a request whose path is one of the messages; null when it is none.</summary>
    public WebAnswer? Answer(WebRequest request, Caller caller)
    {
        Func<JsonElement, WebAnswer>? answer = request.Path switch
        {
            "AddSolutionComponent" => body => Add(body, caller),
            "ExportSolution" => body => Export(body, caller),
            _ => null,
        };
        if (answer == null)
        {
            return null;
        }

        request.AllowOptions();
        if (request.Method != "POST")
        {
            throw Refusal.Method(request.Method);
        }

        using var document = RowBody.Json(request);
        return answer(document.RootElement);
    }

    private WebAnswer Add(JsonElement body, Caller caller)
    {
        caller.Initiating.RequireOn(Schema.Known.Table("solution"), "Write");
        Ensure(body, "ComponentId", "ComponentType", "SolutionUniqueName", "AddRequiredComponents");
        var solution = Unmanaged(Parameter<string>(body, "SolutionUniqueName"));
        if (Parameter<int>(body, "ComponentType") != SolutionStep.ComponentType
            || Parameter<bool>(body, "AddRequiredComponents"))
        {
            throw Refusal.NotKnown("AddSolutionComponent but for a step by itself");
        }

        var step = organization.Rows.Now.Get("sdkmessageprocessingstep", Parameter<Guid>(body, "ComponentId"));
        var row = organization.Rows.Change(draft => draft.Put(
            "solutioncomponent",
            Guid.NewGuid(),
            ("objectid", step.Id),
            ("componenttype", SolutionStep.ComponentType),
            ("solutionid", new EntityReference("solution", solution.Id))));
        return new WebAnswer(200, RowJson.Write(json => json.WriteString("id", row.Id)));
    }

    private WebAnswer Export(JsonElement body, Caller caller)
    {
        caller.Initiating.Require("prvExportCustomization");
        Ensure(body, "SolutionName", "Managed");
        if (Parameter<bool>(body, "Managed"))
        {
            throw Refusal.NotKnown("ExportSolution with Managed");
        }

        var zip = SolutionExport.Zip(organization, Unmanaged(Parameter<string>(body, "SolutionName")));
        return new WebAnswer(200, RowJson.Write(json => json.WriteBase64String("ExportSolutionFile", zip)));
    }

    private static void Ensure(JsonElement body, params string[] known)
    {
        foreach (var property in body.EnumerateObject())
        {
            if (Array.IndexOf(known, property.Name) < 0)
            {
                throw Refusal.NotKnown($"the parameter {property.Name} here");
            }
        }
    }

    private static T Parameter<T>(JsonElement body, string name) => body.TryGetProperty(name, out var value)
        ? (T)WireValue.Read(value, typeof(T), name)
        : throw Refusal.Invalid($"Required field '{name}' is missing");

    private Row Unmanaged(string uniqueName) =>
        organization.Rows.Now.Named("solution", "uniquename", uniqueName) is not { } solution
            ? throw Refusal.Invalid($"There is no solution {uniqueName}.")
        : solution.Flag("ismanaged") ? throw Refusal.Invalid("A managed solution cannot be changed or exported.")
        : solution;
}
