using System.Text.Json;
using ChatAuth.LocalDataverse.Metadata;
using ChatAuth.LocalDataverse.Pipeline;
using ChatAuth.LocalDataverse.Rows;
using ChatAuth.LocalDataverse.Security;
using ChatAuth.LocalDataverse.Solutions;
using ChatAuth.LocalDataverse.State;

namespace ChatAuth.LocalDataverse.WebApi;

/// <summary>Requests for messages: functions, ImportSolutionAsync and custom APIs.</summary>
internal sealed class MessageRequests(
    OrganizationState organization, MessagePipeline pipeline, ImportJobs imports)
{
    // Microsoft Learn: ImportSolutionAsync; parameters; those that nothing here depends on are taken, others refused.
    private static readonly Dictionary<string, Type> ImportParameters = new()
    {
        ["OverwriteUnmanagedCustomizations"] = typeof(bool),
        ["PublishWorkflows"] = typeof(bool),
        ["CustomizationFile"] = typeof(string),
        ["ImportJobId"] = typeof(Guid),
        ["ConvertToManaged"] = typeof(bool),
        ["SkipProductUpdateDependencies"] = typeof(bool),
        ["HoldingSolution"] = typeof(bool),
        ["AsyncRibbonProcessing"] = typeof(bool),
    };

    private static readonly string[] Functions = ["WhoAmI", "RetrieveVersion", "RetrieveProvisionedLanguages"];

    private static readonly string[] RequiredOfImports =
        ["OverwriteUnmanagedCustomizations", "PublishWorkflows", "CustomizationFile"];
    private static readonly string[] SpecialImports = ["HoldingSolution", "ConvertToManaged", "AsyncRibbonProcessing"];

    /// <summary>Answers a request whose path is the name of a message; null when it is none.</summary>
    public WebAnswer? Answer(WebRequest request, Caller caller)
    {
        var api = pipeline.CustomApi(request.Path);
        Func<WebAnswer>? answer = request.Path switch
        {
            "WhoAmI" or "WhoAmI()" => () => WhoAmI(request, caller),
            "RetrieveVersion" or "RetrieveVersion()" => () => Version(request),
            "RetrieveProvisionedLanguages" or "RetrieveProvisionedLanguages()" => () => Languages(request),
            "ImportSolutionAsync" => () => Import(request, caller),
            _ when api?.Row.Text("uniquename") == request.Path => () => CustomApi(request, caller, api),
            _ => null,
        };
        if (answer == null)
        {
            return null;
        }

        request.AllowOptions();
        if ((request.Header("Prefer") ?? request.Header("If-Match") ?? request.Header("If-None-Match")) != null)
        {
            throw Refusal.NotKnown("conditions or preferences on messages");
        }

        return request.Method == (Functions.Contains(request.Path.Split('(')[0]) ? "GET" : "POST")
            ? answer()
            : throw Refusal.Method(request.Method);
    }

    private WebAnswer WhoAmI(WebRequest request, Caller caller) => Response(request, "WhoAmIResponse", json =>
    {
        json.WriteString("BusinessUnitId", organization.BusinessUnitId);
        json.WriteString("UserId", caller.Initiating.Id);
        json.WriteString("OrganizationId", organization.Id);
    });

    // What it says is this stand-in's own: nobody shall take it for Dataverse.
    private static WebAnswer Version(WebRequest request) =>
        Response(request, "RetrieveVersionResponse", json => json.WriteString("Version", "9.2 (LocalDataverse)"));

    private WebAnswer Languages(WebRequest request) => Response(
        request, "RetrieveProvisionedLanguagesResponse", json =>
        {
            json.WriteStartArray("RetrieveProvisionedLanguages");
            foreach (var language in organization.Languages)
            {
                json.WriteNumberValue(language);
            }

            json.WriteEndArray();
        });

    private WebAnswer Import(WebRequest request, Caller caller)
    {
        caller.Initiating.Require("prvImportCustomization");
        using var document = RowBody.Json(request);
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            var type = ImportParameters.GetValueOrDefault(property.Name)
                ?? throw Refusal.NotKnown($"the parameter {property.Name} of ImportSolutionAsync");
            values[property.Name] = WireValue.Read(property.Value, type, property.Name);
        }

        if (RequiredOfImports.FirstOrDefault(p => !values.ContainsKey(p)) is { } missing)
        {
            throw Refusal.Invalid($"Required field '{missing}' is missing");
        }

        if (SpecialImports.FirstOrDefault(p => values.GetValueOrDefault(p) is true) is { } special)
        {
            throw Refusal.NotKnown($"ImportSolutionAsync with {special}");
        }

        if (values["OverwriteUnmanagedCustomizations"] is true
            && organization.Rows.Now.Tables.Values.SelectMany(rows => rows.Values).Any(UnmanagedLayer.LiesOn))
        {
            throw Refusal.NotKnown("ImportSolutionAsync with OverwriteUnmanagedCustomizations over unmanaged layers");
        }

        var zip = new byte[((string)values["CustomizationFile"]).Length];
        if (!Convert.TryFromBase64String((string)values["CustomizationFile"], zip, out var length))
        {
            throw Refusal.Payload("CustomizationFile is not base64.");
        }

        var job = values.GetValueOrDefault("ImportJobId") as Guid? ?? Guid.NewGuid();
        var id = imports.Start(zip[..length], job, values["PublishWorkflows"] is true);
        return Response(request, "ImportSolutionAsyncResponse", json =>
        {
            json.WriteString("AsyncOperationId", id);
            json.WriteString("ImportJobKey", job);
        });
    }

    private WebAnswer CustomApi(WebRequest request, Caller caller, CustomApiDefinition api)
    {
        caller.Call.Message = request.Path;
        var input = new ParameterCollection();
        using (var document = RowBody.Json(request))
        {
            foreach (var property in document.RootElement.EnumerateObject())
            {
                var parameter = api.Parameters.GetValueOrDefault(property.Name)
                    ?? throw Refusal.Payload(
                        $"The parameter '{property.Name}' in the request payload is not a valid parameter for the "
                            + $"operation '{request.Path}'.");
                input[property.Name] = property.Value.ValueKind == JsonValueKind.Null ? null
                    : WireValue.Read(property.Value, parameter.ClrType, property.Name);
            }
        }

        var acting = organization.Unknowns.EnhancedAuthorizationSparesCustomApis && caller.Authenticated.SiteId != null
            ? caller with { Initiating = caller.Authenticated }
            : caller;
        var output = pipeline.Run(acting, request.Path, input, null);
        return output.Count == 0 ? new WebAnswer(204) : Response(request, request.Path + "Response", json =>
        {
            foreach (var (name, value) in output)
            {
                json.WritePropertyName(name);
                WireValue.Write(json, value);
            }
        });
    }

    private static WebAnswer Response(WebRequest request, string type, Action<Utf8JsonWriter> members) =>
        RowJson.Answer(request, $"{EdmModelOf.Namespace}.{type}", members);
}
