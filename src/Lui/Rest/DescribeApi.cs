// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Tutti.Lui.Jobs;
using Tutti.Lui.Tokens;

namespace Tutti.Lui.Rest;

/// <summary>What the OpenAPI document says about each call beyond what the routes themselves say: what it is for, examples, keys, limits, scopes, and how a "no" looks.</summary>
internal static class DescribeApi
{
    private const string AnyProblem = "401";

    // What queries of several calls have in common; what is particular to one stands with it.
    private static readonly Dictionary<string, string> _queries = new(StringComparer.Ordinal)
    {
        ["skip"] = "How many to leave out from the beginning of the list.",
        ["take"] = "How many at most.",
        ["limit"] = "How many at most.",
        ["after"] = "The next of the page before; left out for the first page.",
        ["before"] = "The next of the page before; left out for the first page.",
        ["search"] = "Only what contains this.",
        ["fileName"] = "What the file is called.",
    };

    private static readonly JsonObject _calls = ReadCalls();

    /// <summary>Adds it to the document.</summary>
    public static void Describe(this OpenApiOptions options)
    {
        options.AddOperationTransformer((operation, context, _) =>
        {
            var method = context.Description.HttpMethod ?? "";
            var scope = context.Description.ActionDescriptor.EndpointMetadata.OfType<NeededScope>().LastOrDefault()?.Scope ?? TokenScope.All;
            Describe(operation, method, method == "GET" ? TokenScope.Read : scope);
            foreach (var download in context.Description.ActionDescriptor.EndpointMetadata.OfType<IProducesResponseTypeMetadata>().Where(one => one.StatusCode == StatusCodes.Status200OK && (one.Type is null || one.Type == typeof(void))))
            {
                AnswerByFile(operation, download);
            }

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
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>().Where(one => one.In == ParameterLocation.Query))
        {
            parameter.Description ??= Text(call?["queries"]?.AsObject(), parameter.Name ?? "") ?? _queries.GetValueOrDefault(parameter.Name ?? "");
        }

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

        // Calls that answer with the same document share an example.
        var shown = _calls[Text(call, "answersLike") ?? ""] ?? call;
        foreach (var (status, response) in responses.Where(one => one.Key.StartsWith('2')))
        {
            if ((shown?["responses"]?[status] ?? shown?["response"]) is { } example && response.Content?.TryGetValue("application/json", out var content) == true)
            {
                content.Example = example.DeepClone();
            }
        }
    }

    private static void AnswerByFile(OpenApiOperation operation, IProducesResponseTypeMetadata download)
    {
        if (operation.Responses?.GetValueOrDefault("200") is OpenApiResponse response)
        {
            response.Content ??= new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal);
            foreach (var type in download.ContentTypes)
            {
                response.Content[type] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = _calls[operation.OperationId ?? ""]?["response"]?.DeepClone() };
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
