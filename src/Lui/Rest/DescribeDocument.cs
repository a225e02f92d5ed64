// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Tutti.Lui.Rest;

/// <summary>What the OpenAPI document says about the interface as a whole, and how its schemas are called and read.</summary>
internal static class DescribeDocument
{
    private const string Bearer = "token";

    private static readonly Dictionary<string, string> _tags = new(StringComparer.Ordinal)
    {
        ["Jobs"] = "Mail jobs and their life: made, scheduled, authorised, stopped, closed.",
        ["Team"] = "Who may do what with a job.",
        ["Folders"] = "The tree in which jobs lie.",
        ["Archives"] = "Jobs that are over, in files; brought back and taken in.",
        ["Journal"] = "Who did what and when, notes, and dates of decision.",
        ["Dashboard"] = "What is going on and what needs somebody.",
        ["Recipients"] = "Who gets a message: from files, databases, lists and other jobs; who falls away, and why.",
        ["Databases"] = "The organisation's own databases, which are only read.",
        ["LISTSERV"] = "LISTSERV servers that distributors work with.",
        ["Copies"] = "Jobs and parts of jobs made out of others.",
        ["Approval"] = "The seal over what was approved.",
        ["Triggers"] = "Jobs that leave when somebody says so.",
        ["Content"] = "What a message says, its files, and how a recipient sees it.",
        ["Media"] = "Images that messages show.",
        ["Drop-ins"] = "Texts that messages share.",
        ["Tracking"] = "What is learnt about readers, and the trackers that learn it.",
        ["Sender"] = "Who a message is from, and what receivers think of that domain.",
        ["Sender profiles"] = "Senders under a name, from which several jobs come.",
        ["Test"] = "Messages to a few people before the delivery.",
        ["Preflight"] = "What would go wrong.",
        ["Rehearsal"] = "The whole delivery into played receivers.",
        ["Reports"] = "What became of a job: receipt, fates, opens and clicks.",
        ["In doubt"] = "Recipients of whom nobody knows whether the message arrived.",
        ["Suppression"] = "Addresses that get nothing.",
        ["Webhooks"] = "Addresses that are told what happens.",
        ["On demand"] = "Single messages through a job that is authorised.",
    };

    private static readonly ConcurrentDictionary<string, Type> _schemas = new(StringComparer.Ordinal);

    /// <summary>Adds it.</summary>
    public static void DescribeWhole(this OpenApiOptions options)
    {
        options.CreateSchemaReferenceId = shape =>
        {
            var (name, type) = (OpenApiOptions.CreateDefaultSchemaReferenceId(shape), Nullable.GetUnderlyingType(shape.Type) ?? shape.Type);

            // The document would describe one of the two as the other.
            return name is null || _schemas.GetOrAdd(name, type) == type
                ? name
                : throw new InvalidOperationException($"{type} and {_schemas[name]} have one name in the OpenAPI document. Rename one of them.");
        };
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Tutti";
            document.Info.License = new OpenApiLicense { Name = "Apache License 2.0", Identifier = "Apache-2.0" };
            document.Info.Description =
                "Mail jobs from recipients to report. Every call needs a token, Authorization: Bearer tutti_…, whose scopes open it. A POST may carry an Idempotency-Key, so that it takes effect "
                + "once however often it is sent. What is refused comes as a problem (RFC 9457) with a stable code, and the field it is about. The headers RateLimit and RateLimit-Policy tell how many requests are left. "
                + "Long lists come in pages. Where a page has next, give that as after (or before, in lists with the newest first) to get the following one; null means that there is none. Where it has total, skip says how many to leave out. "
                + "take and limit say how many there are on a page.";

            // Where it was fetched from says nothing about where it is reached by others.
            document.Servers = [new OpenApiServer { Url = "/", Description = "The server that this document came from." }];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
            document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "Made on the page API tokens, or by tutti token create.",
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
            foreach (var tag in document.Tags ?? Enumerable.Empty<OpenApiTag>())
            {
                tag.Description = _tags.GetValueOrDefault(tag.Name ?? "");
            }

            LoosenRequests(document);
            return Task.CompletedTask;
        });
    }

    // What may be null in a request may as well be left out; only of answers is it true that it is always there.
    private static void LoosenRequests(OpenApiDocument document)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var bodies = document.Paths.Values.SelectMany(path => path.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>())
            .SelectMany(operation => operation.RequestBody?.Content?.Values ?? Enumerable.Empty<OpenApiMediaType>());
        foreach (var body in bodies)
        {
            Loosen(body.Schema);
        }

        void Loosen(IOpenApiSchema? schema)
        {
            if (schema is OpenApiSchemaReference { Reference.Id: { } name })
            {
                if (seen.Add(name) && document.Components?.Schemas?.TryGetValue(name, out schema) == true)
                {
                    Loosen(schema);
                }

                return;
            }

            if (schema is not OpenApiSchema shape)
            {
                return;
            }

            foreach (var (property, inner) in shape.Properties ?? new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal))
            {
                if (MayBeNull(inner))
                {
                    shape.Required?.Remove(property);
                }

                Loosen(inner);
            }

            Loosen(shape.Items);
            foreach (var choice in (shape.OneOf ?? []).Concat(shape.AnyOf ?? []).Concat(shape.AllOf ?? []))
            {
                Loosen(choice);
            }
        }
    }

    private static bool MayBeNull(IOpenApiSchema schema) =>
        schema.Type?.HasFlag(JsonSchemaType.Null) == true || schema.OneOf?.Any(choice => choice.Type == JsonSchemaType.Null) == true;
}
