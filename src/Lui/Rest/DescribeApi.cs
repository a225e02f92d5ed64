// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;

namespace Tutti.Lui.Rest;

/// <summary>What the OpenAPI document says beyond what the routes themselves say: what each call is for, examples, keys, limits, scopes, and how a "no" looks.</summary>
internal static class DescribeApi
{
    private const string Bearer = "token";
    private const string AnyProblem = "401";

    private static readonly JsonObject _calls = ReadCalls();

    /// <summary>Adds it to the document.</summary>
    public static void Describe(this OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Tutti";
            document.Info.Description =
                "Mail jobs from recipients to report. Every call needs a token, Authorization: Bearer tutti_…, whose scopes open it. A POST may carry an Idempotency-Key, so that it takes effect "
                + "once however often it is sent. What is refused comes as a problem (RFC 9457) with a stable code, and the field it is about. The headers RateLimit and RateLimit-Policy tell how many requests are left.";

            // Where it was fetched from says nothing about where it is reached by others.
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
            document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "Made on the page API tokens, or by tutti token create.",
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var method = context.Description.HttpMethod ?? "";
            var scope = context.Description.ActionDescriptor.EndpointMetadata.OfType<NeededScope>().LastOrDefault()?.Scope ?? TokenScope.All;
            Describe(operation, method, method == "GET" ? TokenScope.Read : scope);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(ProblemDetails))
            {
                schema.Properties ??= new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
                schema.Properties["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Says what was refused; stable.", Examples = ["job.not-found"] };
                schema.Properties["field"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The field or query parameter that it is about." };
            }

            return Task.CompletedTask;
        });
    }

    private static void Describe(OpenApiOperation operation, string method, TokenScope scope)
    {
        var call = _calls[operation.OperationId ?? ""]?.AsObject();
        operation.Summary = Text(call, "summary") ?? operation.Summary;
        operation.Description = string.Join(' ', ((string?[])[operation.Description, Text(call, "description"), $"Scope: {Words.Of(scope)}."]).OfType<string>());
        operation.Parameters ??= [];
        foreach (var (place, location) in ((string, ParameterLocation)[])[("path", ParameterLocation.Path), ("query", ParameterLocation.Query)])
        {
            foreach (var (name, example) in call?[place]?.AsObject() ?? [])
            {
                Exemplify(operation.Parameters, name, location, example);
            }
        }

        Exemplify(operation.Parameters, "job", ParameterLocation.Path, "261124A");
        if (method == "POST")
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = OnlyOnce.Header,
                In = ParameterLocation.Header,
                Description = "At most 200 visible ASCII characters, best a random UUID. The same request with the same key within 24 hours gets the same answer and takes effect once.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 },
                Example = "0198c0de-5f3a-7b21-9a44-6f0f1c2d3e4f",
            });
        }

        Ask(operation, call);
        Answer(operation, call, method);
    }

    private static void Exemplify(IList<IOpenApiParameter> parameters, string name, ParameterLocation location, JsonNode? example)
    {
        var parameter = parameters.OfType<OpenApiParameter>().FirstOrDefault(one => one.Name == name && one.In == location);
        if (parameter is null && location == ParameterLocation.Query)
        {
            parameter = new OpenApiParameter { Name = name, In = location, Schema = new OpenApiSchema { Type = TypeOf(example) } };
            parameters.Add(parameter);
        }

        if (parameter is not null)
        {
            parameter.Example = example?.DeepClone();
        }
    }

    private static void Ask(OpenApiOperation operation, JsonObject? call)
    {
        if (call?["request"] is not { } example)
        {
            return;
        }

        var type = Text(call, "requestType") ?? "application/json";
        if (operation.RequestBody is not OpenApiRequestBody body)
        {
            operation.RequestBody = body = new OpenApiRequestBody { Required = true };
        }

        body.Content ??= new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal);
        if (!body.Content.TryGetValue(type, out var content))
        {
            body.Content[type] = content = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        }

        content.Example = example.DeepClone();
    }

    private static void Answer(OpenApiOperation operation, JsonObject? call, string method)
    {
        var responses = operation.Responses ??= [];
        if (responses.TryGetValue(AnyProblem, out var problem))
        {
            responses.TryAdd("429", Like(problem, "The token has made its requests of this minute; Retry-After says when to come again."));
            responses.TryAdd("403", Like(problem, "The token does not open this."));
            responses.TryAdd("503", Like(problem, "The database or a component that is needed does not answer."));
            if (operation.RequestBody is not null || operation.Parameters!.Any(one => one.In != ParameterLocation.Header))
            {
                responses.TryAdd("400", Like(problem, "Something in the request is wrong; code and field say what."));
            }

            if (method == "POST")
            {
                responses.TryAdd("409", Like(problem, "Not in this state, or the request with this Idempotency-Key is still being carried out."));
                responses.TryAdd("422", Like(problem, "The Idempotency-Key belongs to another request."));
            }
        }

        if (call?["response"] is { } example && responses.FirstOrDefault(one => one.Key.StartsWith('2')).Value?.Content is { } contents)
        {
            foreach (var (_, content) in contents.Where(one => one.Key == "application/json"))
            {
                content.Example = example.DeepClone();
            }
        }
    }

    private static OpenApiResponse Like(IOpenApiResponse problem, string description) => new() { Description = description, Content = problem.Content };

    private static JsonSchemaType TypeOf(JsonNode? example) => example?.GetValueKind() switch
    {
        JsonValueKind.True or JsonValueKind.False => JsonSchemaType.Boolean,
        JsonValueKind.Number => JsonSchemaType.Integer,
        _ => JsonSchemaType.String,
    };

    private static string? Text(JsonObject? call, string name) => call?[name]?.GetValue<string>();

    private static JsonObject ReadCalls()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Tutti.Lui.Rest.operations.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
