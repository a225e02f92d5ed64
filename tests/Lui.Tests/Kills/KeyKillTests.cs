// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Json;
using Dapper;
using Tutti.Lui.Rest;

namespace Tutti.Lui.Tests.Kills;

/// <summary>kill -9 while programs make jobs with keys and notes are written: each request took effect once, whether it was answered or not, when it is sent again until it is answered.</summary>
public sealed class KeyKillTests
{
    private const int Requests = 60;
    private static readonly int _kills = Environment.GetEnvironmentVariable("TUTTI_LONG") == "1" ? 6 : 1;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_with_a_key_takes_effect_once_though_the_process_dies_before_or_behind_its_commit()
    {
        await using var server = await LuiServer.SetUp(null, "ApiRequestsPerMinute=100000");
        var random = new Random(5);
        await server.Start();
        for (var kill = 0; kill < _kills; kill++)
        {
            var first = kill * Requests;
            var (answered, enough) = (0, new TaskCompletionSource());
            var killAt = random.Next(5, 40);
            var sending = Task.WhenAll(Enumerable.Range(first, Requests).Select(async number =>
            {
                try
                {
                    using var answer = await Send(server, number);
                    if (Interlocked.Increment(ref answered) == killAt)
                    {
                        enough.TrySetResult();
                    }
                }
                catch (HttpRequestException)
                {
                    // Killed before it was answered.
                }
            }));
            await Task.WhenAny(enough.Task, sending);
            await server.Kill();
            await sending;

            await server.Start();
            foreach (var number in Enumerable.Range(first, Requests))
            {
                using var answer = await Send(server, number);
                Assert.True(answer.StatusCode is HttpStatusCode.Created || await IsLost(answer), $"{number}: {answer.StatusCode}");
            }
        }

        await using var connection = await server.Database.Open(Stop);
        var titles = (await connection.QueryAsync<string>("SELECT title FROM job ORDER BY id")).ToList();
        Assert.Equal(Enumerable.Range(0, Requests * _kills).Select(number => $"Job {number}").Order(StringComparer.Ordinal), titles.Order(StringComparer.Ordinal));
        Assert.Equal(titles.Count, await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM job_journal"));
    }

    // It took effect, and its answer died with the process: said, not repeated.
    private static async Task<bool> IsLost(HttpResponseMessage answer) =>
        answer.StatusCode == HttpStatusCode.Conflict && (await answer.Content.ReadAsStringAsync(Stop)).Contains("idempotency.answer-lost", StringComparison.Ordinal);

    private static async Task<HttpResponseMessage> Send(LuiServer server, int number)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "jobs") { Content = JsonContent.Create(new { title = $"Job {number}" }) };
        request.Headers.Add(OnlyOnce.Header, $"key-{number}");
        return await server.Client.SendAsync(request, Stop);
    }
}
