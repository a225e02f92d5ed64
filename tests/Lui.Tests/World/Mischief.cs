// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;

namespace Tutti.Lui.Tests.World;

/// <summary>What a peer does with the next calls: nothing out of the ordinary, or one of the ways in which networks and processes fail.</summary>
public enum Trick
{
    /// <summary>Does its work and answers.</summary>
    None,

    /// <summary>Fails before it has done anything.</summary>
    FailBefore,

    /// <summary>Does its work, but the answer is lost.</summary>
    LoseAnswer,
}

/// <summary>A script of tricks, one per call; none when it is at its end.</summary>
public sealed class Mischief
{
    private readonly Queue<Trick> _script = new();
    private readonly Lock _lock = new();

    /// <summary>While true nothing is answered at all.</summary>
    public bool Away { get; set; }

    /// <summary>Told of every call before anything else happens.</summary>
    public Action? OnCall { get; set; }

    public void Plan(params ReadOnlySpan<Trick> tricks)
    {
        lock (_lock)
        {
            foreach (var trick in tricks)
            {
                _script.Enqueue(trick);
            }
        }
    }

    public T Play<T>(Func<T> work)
    {
        OnCall?.Invoke();
        if (Away)
        {
            throw Gone();
        }

        Trick trick;
        lock (_lock)
        {
            trick = _script.TryDequeue(out var next) ? next : Trick.None;
        }

        if (trick == Trick.FailBefore)
        {
            throw Gone();
        }

        var result = work();
        return trick == Trick.LoseAnswer ? throw Gone() : result;
    }

    private static RpcException Gone() => new(new Status(StatusCode.Unavailable, "scripted"));
}
