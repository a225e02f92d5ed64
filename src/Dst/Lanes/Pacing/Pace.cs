// SPDX-License-Identifier: Apache-2.0
using Tutti.Dst.Lanes.Policies;
using Tutti.Dst.Queue;
using Tutti.Dst.Smtp;

namespace Tutti.Dst.Lanes.Pacing;

/// <summary>
/// How fast a lane goes: how many connections it may have now, its rate, and its circuit breaker. Connections grow with messages that are
/// taken, halve when the receiver puts much off, and the lane pauses, longer each time, when even one connection is too many or none comes about.
/// </summary>
internal sealed class Pace
{
    private const int StormAtLeast = 5;
    private const int CalmAfter = 200;
    private const int SteadyAfter = 50;
    private const int BeyondCalm = 500;

    private readonly Lock _gate = new();
    private readonly QueueSettings _settings;
    private readonly TimeProvider _clock;
    private volatile LanePolicy _policy;
    private volatile PaceState _state;
    private volatile int _limit;
    private volatile bool _watches;
    private volatile bool _rests;
    private volatile LaneHold? _held;
    private int _calm = int.MaxValue;
    private int _good;
    private int _bad;
    private int _grown;
    private int _failures;
    private int _pauses;
    private long _until;
    private long _opened;
    private int _connections;
    private long _accepted;
    private long _deferred;
    private long _refused;

    public Pace(LanePolicy policy, QueueSettings settings, TimeProvider clock)
    {
        (_policy, _settings, _clock) = (policy, settings, clock);
        _limit = policy.Start;
        Rate = new RateLimit(policy.PerSecond, clock);
        Watch();
    }

    /// <summary>How the lane is treated.</summary>
    public LanePolicy Policy => _policy;

    /// <summary>The lane's own rate.</summary>
    public RateLimit Rate { get; }

    /// <summary>Connections it may have now; at least 1.</summary>
    public int Limit => _state == PaceState.HalfOpen ? 1 : _limit;

    /// <summary>The breaker.</summary>
    public PaceState State => _state;

    /// <summary>Who holds it; null: nobody.</summary>
    public LaneHold? Held
    {
        get => _held;
        set => _held = value;
    }

    /// <summary>Whether nothing new may be begun.</summary>
    public bool IsPaused => _held is not null || _state == PaceState.Open;

    /// <summary>Whether it pauses through no fault of the receiver's.</summary>
    public bool Rests => _state == PaceState.Open && _rests;

    /// <summary>When a pause ends that the lane took by itself, Unix milliseconds; 0 if there is none.</summary>
    public long Until => _state == PaceState.Open ? Volatile.Read(ref _until) : 0;

    /// <summary>What a restart must not forget; null if there is nothing.</summary>
    public LanePause? Pause
    {
        get
        {
            lock (_gate)
            {
                return _pauses == 0 || _rests ? null : new LanePause(_until, Reason, _pauses, _limit);
            }
        }
    }

    /// <summary>What the receiver said when it refused or put off a message last; empty if it never did.</summary>
    public (string Words, long At) LastNo { get; private set; } = ("", 0);

    /// <summary>Pauses one after the other.</summary>
    public int Pauses => Volatile.Read(ref _pauses);

    /// <summary>Why it paused last, in the receiver's words where it had any.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>What became of all attempts so far.</summary>
    public PaceCounts Counts => new(Volatile.Read(ref _accepted), Volatile.Read(ref _deferred), Volatile.Read(ref _refused));

    /// <summary>An attempt ended.</summary>
    public void Count(Result result)
    {
        switch (result)
        {
            case Result.Accepted:
                Interlocked.Increment(ref _accepted);
                break;
            case Result.Refused:
                Interlocked.Increment(ref _refused);
                break;
            case Result.Deferred or Result.Broken:
                Interlocked.Increment(ref _deferred);
                break;
        }
    }

    /// <summary>Another policy counts from now on.</summary>
    public void Follow(LanePolicy policy)
    {
        lock (_gate)
        {
            _policy = policy;
            _limit = Math.Min(_limit, policy.Connections);
            Rate.PerSecond = policy.PerSecond;
            Watch();
        }
    }

    /// <summary>If a pause is over, one connection may try.</summary>
    /// <returns>False while the lane pauses.</returns>
    public bool Resume()
    {
        if (_state == PaceState.Open)
        {
            lock (_gate)
            {
                if (_state == PaceState.Open && _clock.GetUtcNow().ToUnixTimeMilliseconds() >= _until)
                {
                    // After a rest there is nothing to find out about the receiver.
                    _state = _rests ? PaceState.Closed : PaceState.HalfOpen;
                    (_rests, _watches) = (false, true);
                }
            }
        }

        return !IsPaused;
    }

    /// <summary>It pauses again as before a restart, or goes on as carefully.</summary>
    public void Restore(LanePause pause)
    {
        lock (_gate)
        {
            (Reason, _pauses) = (pause.Reason, pause.Pauses);
            Volatile.Write(ref _until, pause.Until);
            Shrink(Math.Min(pause.Connections, _policy.Connections));
            _watches = true;
            _state = PaceState.Open;
        }
    }

    /// <summary>If it pauses by itself, one connection tries now.</summary>
    public void TryAgain()
    {
        lock (_gate)
        {
            _state = _state != PaceState.Open ? _state : _rests ? PaceState.Closed : PaceState.HalfOpen;
            (_rests, _watches) = (false, true);
        }
    }

    /// <summary>The receiver refused or put off a message.</summary>
    public void Heard(string words) => LastNo = (words, _clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Connections opened so far.</summary>
    public long Opened => Volatile.Read(ref _opened);

    /// <summary>Connections that are open now.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Destinations that are served now; told by the lane.</summary>
    public int Destinations { get; set; }

    /// <summary>How many messages were accepted lately.</summary>
    public RecentCount Recent { get; } = new();

    /// <summary>A connection is open.</summary>
    public void Connected()
    {
        Interlocked.Increment(ref _opened);
        Interlocked.Increment(ref _connections);
        Volatile.Write(ref _failures, 0);
    }

    /// <summary>A connection is closed.</summary>
    public void Disconnected() => Interlocked.Decrement(ref _connections);

    /// <summary>The receiver took or refused a message, or put one recipient off: it works. Cheap once the lane has all its connections and no trouble.</summary>
    public void Worked()
    {
        if (!_watches)
        {
            return;
        }

        lock (_gate)
        {
            _good++;
            if (_state == PaceState.HalfOpen)
            {
                _state = PaceState.Closed;
                (_good, _bad, _grown) = (0, 0, 0);
            }

            if (_pauses > 0 && _good >= SteadyAfter)
            {
                _pauses = 0;
            }

            if (_bad > 0 && _good >= CalmAfter)
            {
                (_good, _bad) = (0, 0);
            }

            if (_limit < _policy.Connections && ++_grown >= (_limit < _calm ? _limit : BeyondCalm))
            {
                _grown = 0;
                _limit++;
            }

            Watch();
        }
    }

    /// <summary>The receiver put something off.</summary>
    /// <returns>True if that was about the sender or the receiver as a whole, not about one recipient.</returns>
    public bool PutOff(Answer answer)
    {
        var policy = _policy;
        if (policy.PauseOn.Any(words => answer.Text.Contains(words, StringComparison.OrdinalIgnoreCase)))
        {
            PauseFor(answer.Text, policy.PauseFor);
            return true;
        }

        if (!IsAboutAll(answer))
        {
            Worked();
            return false;
        }

        var hint = answer.IsShutdown ? RetryHint.In(answer.Text) : null;
        lock (_gate)
        {
            _bad++;
            _watches = true;
            if (hint is { } wait)
            {
                PauseNow(answer.Text, wait);
            }
            else if (_state == PaceState.HalfOpen)
            {
                PauseNow(answer.Text, TimeSpan.Zero);
            }
            else if (_bad >= StormAtLeast && _bad * 4 >= _good)
            {
                if (_limit == 1)
                {
                    PauseNow(answer.Text, TimeSpan.Zero);
                }
                else
                {
                    Shrink(_limit / 2);
                }
            }
        }

        return true;
    }

    /// <summary>A connection did not come about.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="others">Connections that the same host keeps open: it wants no more than these.</param>
    public void Failed(string reason, int others)
    {
        lock (_gate)
        {
            _watches = true;
            if (others > 0)
            {
                Shrink(Math.Min(others, _limit));
            }
            else if (++_failures >= _policy.BreakAfter || _state == PaceState.HalfOpen)
            {
                PauseNow(reason, TimeSpan.Zero);
            }
        }
    }

    /// <summary>Nothing more may go before then, through no fault of the receiver's.</summary>
    public void Rest(string reason, DateTimeOffset until)
    {
        lock (_gate)
        {
            Volatile.Write(ref _until, until.ToUnixTimeMilliseconds());
            Reason = reason;
            (_rests, _watches) = (true, true);
            _state = PaceState.Open;
        }
    }

    /// <summary>If it rests, it goes on.</summary>
    public void EndRest()
    {
        lock (_gate)
        {
            _state = _rests && _state == PaceState.Open ? PaceState.Closed : _state;
            _rests = false;
        }
    }

    private static bool IsAboutAll(Answer answer)
    {
        if (answer.IsShutdown)
        {
            return true;
        }

        // RFC 3463: x.7 is policy, x.3 and x.4 the system and its network; x.1 and x.2 are about an address or a mailbox.
        if (answer.EnhancedCode.StartsWith("4.7.", StringComparison.Ordinal))
        {
            return !answer.Text.Contains("reylist", StringComparison.OrdinalIgnoreCase) && !answer.Text.Contains("raylist", StringComparison.OrdinalIgnoreCase);
        }

        return answer.EnhancedCode.StartsWith("4.3.", StringComparison.Ordinal)
            || answer.EnhancedCode.StartsWith("4.4.", StringComparison.Ordinal)
            || (answer.EnhancedCode.Length == 0 && answer.Stage is Stage.Mail or Stage.Data);
    }

    private void PauseFor(string reason, TimeSpan atLeast)
    {
        lock (_gate)
        {
            PauseNow(reason, atLeast);
        }
    }

    private void PauseNow(string reason, TimeSpan atLeast)
    {
        if (_state != PaceState.Open)
        {
            _pauses++;
            Shrink(_limit / 2);
        }

        var rest = _settings.RestAfter(_pauses);
        var until = (_clock.GetUtcNow() + (atLeast > rest ? atLeast : rest)).ToUnixTimeMilliseconds();
        Volatile.Write(ref _until, _state == PaceState.Open ? Math.Max(_until, until) : until);
        Reason = reason;
        _failures = 0;
        (_rests, _watches) = (false, true);
        _state = PaceState.Open;
    }

    private void Shrink(int to)
    {
        _limit = Math.Max(1, to);
        _calm = _limit;
        (_good, _bad, _grown) = (0, 0, 0);
    }

    private void Watch() => _watches = _limit < _policy.Connections || _bad > 0 || _pauses > 0 || _state != PaceState.Closed;
}

/// <summary>How many attempts of a lane ended how since it was first used.</summary>
/// <param name="Accepted">Taken.</param>
/// <param name="Deferred">Put off, or broken off.</param>
/// <param name="Refused">Refused for good.</param>
internal readonly record struct PaceCounts(long Accepted, long Deferred, long Refused);
