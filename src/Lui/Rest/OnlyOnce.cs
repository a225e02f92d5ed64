// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Rest;

/// <summary>
/// Carries a POST with an Idempotency-Key out once, however often it comes (draft-ietf-httpapi-idempotency-key-header-07): the same request gets the
/// same answer for 24 hours, another one with the same key is refused. The key is noted in the transaction of the first change that the request makes, so that
/// after a crash it is known whether it took effect.
/// </summary>
internal sealed class OnlyOnce(RequestDelegate next, KeyedRequestStore store, Database database, TimeProvider clock)
{
    /// <summary>Name of the header field.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>Tells that an answer was given before.</summary>
    public const string Replayed = "Idempotency-Replayed";

    private const int LongestKey = 200;
    private const long LongestBody = 16 * 1024 * 1024;
    private const string TokenPrefix = "token:";

    public async Task Invoke(HttpContext context)
    {
        var key = context.Request.Headers[Header].ToString();
        if (key.Length == 0 || !HttpMethods.IsPost(context.Request.Method) || TokenOf(context.User) is not { } token)
        {
            await next(context);
            return;
        }

        if (key.Length > LongestKey || key.Any(one => one is < '!' or > '~'))
        {
            await Refuse(context, StatusCodes.Status400BadRequest, "idempotency.key", RestWords.BadKey);
            return;
        }

        if (await Fingerprint(context.Request) is not { } fingerprint)
        {
            await Refuse(context, StatusCodes.Status413PayloadTooLarge, "idempotency.body", RestWords.BodyTooLong);
            return;
        }

        // From here on nothing is broken off because the caller goes away: the answer is kept for its next attempt.
        context.RequestAborted = CancellationToken.None;
        if (await store.Begin(token, key, fingerprint, CancellationToken.None) is { } before)
        {
            await Answer(context, before, fingerprint);
            return;
        }

        await Carry(context, token, key);
    }

    private async Task Carry(HttpContext context, long token, string key)
    {
        var (body, captured) = (context.Response.Body, new MemoryStream());
        context.Response.Body = captured;
        try
        {
            using (database.Alongside(transaction => store.Applied(transaction, token, key, CancellationToken.None)))
            {
                await next(context);
            }
        }
        catch
        {
            await store.Abandon(token, key, CancellationToken.None);
            throw;
        }
        finally
        {
            context.Response.Body = body;
        }

        var response = context.Response;
        if (response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            await store.Abandon(token, key, CancellationToken.None);
        }
        else
        {
            await store.Done(token, key, new KeptAnswer(response.StatusCode, response.ContentType, Filled(response.Headers.Location.ToString()), captured.ToArray()), CancellationToken.None);
        }

        await body.WriteAsync(captured.GetBuffer().AsMemory(0, (int)captured.Length), CancellationToken.None);
    }

    private async Task Answer(HttpContext context, KeyedRequest before, string fingerprint)
    {
        if (before.Fingerprint != fingerprint)
        {
            await Refuse(context, StatusCodes.Status422UnprocessableEntity, "idempotency.other-request", RestWords.OtherRequest);
            return;
        }

        if (before.Answer is not { } answer)
        {
            var isLost = before.State == KeyedState.Applied && store.IsLeft(before, clock.GetUtcNow());
            if (!isLost)
            {
                context.Response.Headers.RetryAfter = "1";
            }

            await (isLost
                ? Refuse(context, StatusCodes.Status409Conflict, "idempotency.answer-lost", RestWords.AnswerLost)
                : Refuse(context, StatusCodes.Status409Conflict, "idempotency.in-progress", RestWords.InProgress));
            return;
        }

        var response = context.Response;
        (response.StatusCode, response.ContentType, response.ContentLength) = (answer.Status, answer.ContentType, answer.Body.Length > 0 ? answer.Body.Length : null);
        response.Headers[Replayed] = "true";
        if (answer.Location is not null)
        {
            response.Headers.Location = answer.Location;
        }

        await response.Body.WriteAsync(answer.Body);
    }

    private static Task Refuse(HttpContext context, int status, string code, string message) => RefusalResult.Of(status, code, message).ExecuteAsync(context);

    private static string? Filled(string text) => text.Length > 0 ? text : null;

    private static long? TokenOf(ClaimsPrincipal program) =>
        program.FindFirstValue(ClaimTypes.NameIdentifier) is { } id && id.StartsWith(TokenPrefix, StringComparison.Ordinal)
            ? long.Parse(id.AsSpan(TokenPrefix.Length), CultureInfo.InvariantCulture)
            : null;

    /// <summary>What makes a request this one and no other; null if its body is too long to be read twice.</summary>
    private static async Task<string?> Fingerprint(HttpRequest request)
    {
        if (request.ContentLength > LongestBody)
        {
            return null;
        }

        request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            long length = 0;
            for (int read; (read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0;)
            {
                if ((length += read) > LongestBody)
                {
                    return null;
                }

                hash.AppendData(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        request.Body.Position = 0;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
