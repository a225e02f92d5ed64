// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;

namespace Tutti.Dst.Queue;

/// <summary>The courses that hold, in memory, so that a lane can look before every message.</summary>
internal sealed class Courses
{
    private readonly ConcurrentDictionary<long, Course> _others = new();

    /// <summary>The course of a delivery.</summary>
    public Course Of(long job) => _others.TryGetValue(job, out var course) ? course : Course.Run;

    /// <summary>This course holds now.</summary>
    public void Set(long job, Course course)
    {
        if (course == Course.Run)
        {
            _others.TryRemove(job, out _);
        }
        else
        {
            _others[job] = course;
        }
    }
}
/// <summary>What shall happen to the recipients of a delivery that wait. The numbers are in the database.</summary>
internal enum Course
{
    /// <summary>Deliver them. What holds until somebody says something else.</summary>
    Run = 1,

    /// <summary>Keep them.</summary>
    Hold = 2,

    /// <summary>Never deliver them, nor those that are still to come.</summary>
    Withdraw = 3,
}
