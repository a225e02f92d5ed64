// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using CsCheck;

namespace Tutti.Testing;

/// <summary>
/// Property tests that try the same values in every run, so that a commit is not refused for a value that the commit before never met.
/// <c>./test --long</c> tries ten times as many, others in every run; <c>TUTTI_SEED</c> repeats the value that a failure names.
/// </summary>
public static class Repeatable
{
    private const int Usual = 200;

    public static void SampleRepeatably<T>(this Gen<T> values, Action<T> assert, int iter = Usual)
    {
        foreach (var seed in Seeds(iter))
        {
            var value = Value(values, seed);
            try
            {
                assert(value);
            }
            catch (Exception exception)
            {
                throw Failure(seed, value, exception);
            }
        }
    }

    public static async Task SampleRepeatably<T>(this Gen<T> values, Func<T, Task> assert, int iter = Usual)
    {
        foreach (var seed in Seeds(iter))
        {
            var value = Value(values, seed);
            try
            {
                await assert(value);
            }
            catch (Exception exception)
            {
                throw Failure(seed, value, exception);
            }
        }
    }

    public static void SampleRepeatably<T1, T2>(this Gen<(T1, T2)> values, Action<T1, T2> assert, int iter = Usual)
        => values.SampleRepeatably(value => assert(value.Item1, value.Item2), iter);

    public static void SampleRepeatably<T1, T2, T3>(this Gen<(T1, T2, T3)> values, Action<T1, T2, T3> assert, int iter = Usual)
        => values.SampleRepeatably(value => assert(value.Item1, value.Item2, value.Item3), iter);

    private static IEnumerable<ulong> Seeds(int iter)
    {
        if (Environment.GetEnvironmentVariable("TUTTI_SEED") is { } seed)
        {
            yield return ulong.Parse(seed, CultureInfo.InvariantCulture);
            yield break;
        }

        var isLong = Environment.GetEnvironmentVariable("TUTTI_LONG") == "1";
        var first = isLong ? (ulong)Random.Shared.NextInt64() : 1;
        for (var number = 0; number < (isLong ? iter * 10 : iter); number++)
        {
            yield return first + (ulong)number;
        }
    }

    // Neighbouring seeds give neighbouring first numbers; the golden ratio spreads them.
    private static T Value<T>(Gen<T> values, ulong seed) => values.Generate(new PCG(1, seed * 0x9E3779B97F4A7C15), null, out _);

    private static InvalidOperationException Failure<T>(ulong seed, T value, Exception exception)
        => new($"Does not hold for this value (TUTTI_SEED={seed}): {Check.Print(value)}\n{exception.Message}", exception);
}
