// SPDX-License-Identifier: Apache-2.0
using Tutti.Lui.Jobs;

namespace Tutti.Lui.Approval;

/// <summary>What an authorisation covers.</summary>
internal enum SealedPart
{
    /// <summary>The message, with everything that goes into it.</summary>
    Content,

    /// <summary>Who gets it: the set of recipients, or the rule that finds them.</summary>
    Audience,

    /// <summary>Who it comes from and the way it leaves.</summary>
    Sender,

    /// <summary>What is learnt of recipients, and where links lead.</summary>
    Links,

    /// <summary>When it leaves.</summary>
    Schedule,
}

/// <summary>A slice that keeps something an authorisation covers. Several may answer for one part.</summary>
internal interface ISealedPart
{
    /// <summary>The part it belongs to.</summary>
    SealedPart Part { get; }

    /// <summary>Adds what the job has of it now. The same values always give the same form, on every database and in every version.</summary>
    Task Write(CanonicalForm form, Job job, CancellationToken cancellationToken);
}

/// <summary>What was approved, by whom and when.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Parts">SHA-256 of every part, in hexadecimal digits.</param>
/// <param name="Who">Who approved it.</param>
/// <param name="At">When, to the millisecond.</param>
/// <param name="Hash">SHA-256 over all of that.</param>
internal sealed record Seal(long JobId, IReadOnlyDictionary<SealedPart, string> Parts, Actor Who, DateTimeOffset At, string Hash)
{
    /// <summary>Seals parts.</summary>
    public static Seal Of(long jobId, IReadOnlyDictionary<SealedPart, string> parts, Actor who, DateTimeOffset at) => new(jobId, parts, who, at, HashOf(jobId, parts, who, at));

    /// <summary>Compares with what the job is now.</summary>
    /// <param name="job">The job.</param>
    /// <param name="now">The hashes of its parts.</param>
    public SealVerdict Compare(Job job, IReadOnlyDictionary<SealedPart, string> now)
    {
        var whole = Hash == HashOf(JobId, Parts, Who, At) && JobId == job.Id && job.AuthorizedBy == Who && job.AuthorizedAt?.ToUnixTimeMilliseconds() == At.ToUnixTimeMilliseconds();
        return new SealVerdict(this, whole, [.. Enum.GetValues<SealedPart>().Where(part => Parts.GetValueOrDefault(part) != now.GetValueOrDefault(part))]);
    }

    private static string HashOf(long jobId, IReadOnlyDictionary<SealedPart, string> parts, Actor who, DateTimeOffset at)
    {
        var form = new CanonicalForm().Add("tutti-seal", 1).Add("job", jobId).Add("who", who.Id).Add("name", who.Name).Add("at", at.ToUnixTimeMilliseconds());
        foreach (var part in Enum.GetValues<SealedPart>())
        {
            form.Add(Words.Of(part), parts.GetValueOrDefault(part));
        }

        return form.Hash();
    }
}

/// <summary>What became of an approval.</summary>
/// <param name="Seal">What was approved; null if there is no record of it.</param>
/// <param name="IsWhole">The record itself is as it was written.</param>
/// <param name="Differing">The parts that are not as approved, in their order.</param>
internal sealed record SealVerdict(Seal? Seal, bool IsWhole, IReadOnlyList<SealedPart> Differing)
{
    /// <summary>No record of an approval.</summary>
    public static SealVerdict None { get; } = new(null, IsWhole: false, []);

    /// <summary>What the job is now is what was approved.</summary>
    public bool Holds => Seal is not null && IsWhole && Differing.Count == 0;
}
