// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;
using Tutti.Lui.Jobs;
using Tutti.Lui.Jobs.Codes;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Notices;

/// <summary>What people are told, and how they want it.</summary>
internal sealed class NoticeStore(Database database)
{
    /// <summary>
    /// Tells owner, watchers and whoever authorised the job, as each wants it, but not whoever did it. In the transaction in which it
    /// happens, so that it is told if and only if it happened; told a second time under the same key it changes nothing.
    /// </summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="job">The job.</param>
    /// <param name="what">The key of what happened, once for each job.</param>
    /// <param name="entry">When, who and the words.</param>
    /// <param name="alert">Whether it needs somebody.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task Tell(DbTransaction transaction, Job job, string what, JournalEntry entry, bool alert, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var people = await connection.QueryAsync<(string Id, string Mail, string? ByMail, string? OnScreen)>(new CommandDefinition(
            """
            SELECT p.id, p.mail, c.by_mail, c.on_screen FROM person p LEFT JOIN notice_choice c ON c.person_id = p.id
            WHERE p.disabled = 0 AND p.id <> @doer AND (p.id = @owner OR p.id = @authorised OR EXISTS (SELECT 1 FROM job_watcher w WHERE w.job_id = @job AND w.person_id = p.id))
            """,
            new { doer = entry.Who.Id, owner = job.Owner.Id, authorised = job.AuthorizedBy?.Id ?? "", job = job.Id },
            transaction,
            cancellationToken: cancellationToken));
        foreach (var person in people)
        {
            var choice = ChoiceOf(person.ByMail, person.OnScreen);
            var (mail, screen) = (NoticeChoice.Asks(choice.ByMail, alert) && person.Mail.Length > 0, NoticeChoice.Asks(choice.OnScreen, alert));
            if (mail || screen)
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    """
                    INSERT INTO notice (id, person_id, job_id, what, at, alert, words, on_screen, mail)
                    VALUES (@number, @Id, @job, @what, @at, @alert, @words, @screen, @mail)
                    ON CONFLICT (person_id, job_id, what) DO NOTHING
                    """,
                    new
                    {
                        number = await NumberSequence.Next(transaction, NumberSequence.Notice, cancellationToken),
                        person.Id,
                        job = job.Id,
                        what,
                        at = entry.At.ToUnixTimeMilliseconds(),
                        alert = alert ? 1 : 0,
                        words = entry.Words,
                        screen = screen ? 1 : 0,
                        mail = mail ? "waiting" : "none",
                    },
                    transaction,
                    cancellationToken: cancellationToken));
            }
        }
    }

    /// <summary>What somebody is told on the screen, the newest first.</summary>
    public async Task<IReadOnlyList<Notice>> Of(string person, int take, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<(long Id, string Code, string Title, long At, long Alert, string Words, long? SeenAt)>(new CommandDefinition(
            """
            SELECT n.id, j.code, j.title, n.at, n.alert, n.words, n.seen_at FROM notice n JOIN job j ON j.id = n.job_id
            WHERE n.person_id = @person AND n.on_screen = 1 ORDER BY n.id DESC LIMIT @take
            """,
            new { person, take },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new Notice(
            row.Id, row.Code, row.Title, Moment(row.At), row.Alert != 0, row.Words, row.SeenAt is { } seen ? Moment(seen) : null))];
    }

    /// <summary>How many somebody has not seen on the screen yet.</summary>
    public async Task<long> Unseen(string person, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM notice WHERE person_id = @person AND on_screen = 1 AND seen_at IS NULL", new { person }, cancellationToken: cancellationToken));
    }

    /// <summary>Notes that somebody has seen all up to a number.</summary>
    public Task See(string person, long upTo, DateTimeOffset now, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE notice SET seen_at = @at WHERE person_id = @person AND id <= @upTo AND seen_at IS NULL",
            new { person, upTo, at = now.ToUnixTimeMilliseconds() },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>How somebody wants to be told.</summary>
    public async Task<NoticeChoice> Choice(string person, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<(string? ByMail, string? OnScreen)>(new CommandDefinition(
            "SELECT by_mail, on_screen FROM notice_choice WHERE person_id = @person", new { person }, cancellationToken: cancellationToken));
        return ChoiceOf(row.ByMail, row.OnScreen);
    }

    /// <summary>Keeps how somebody wants to be told.</summary>
    public Task Choose(string person, NoticeChoice choice, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO notice_choice (person_id, by_mail, on_screen) VALUES (@person, @byMail, @onScreen)
            ON CONFLICT (person_id) DO UPDATE SET by_mail = excluded.by_mail, on_screen = excluded.on_screen
            """,
            new { person, byMail = Words.Of(choice.ByMail), onScreen = Words.Of(choice.OnScreen) },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Whether somebody watches a job.</summary>
    public async Task<bool> Watches(string person, long job, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM job_watcher WHERE job_id = @job AND person_id = @person", new { job, person }, cancellationToken: cancellationToken)) > 0;
    }

    /// <summary>Lets somebody watch a job, or not any more.</summary>
    public Task Watch(string person, long job, bool on, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            on
                ? "INSERT INTO job_watcher (job_id, person_id) VALUES (@job, @person) ON CONFLICT (job_id, person_id) DO NOTHING"
                : "DELETE FROM job_watcher WHERE job_id = @job AND person_id = @person",
            new { job, person },
            transaction,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>The oldest mails that wait, with where they go to.</summary>
    public async Task<IReadOnlyList<WaitingMail>> ToMail(int take, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        return [.. await connection.QueryAsync<WaitingMail>(new CommandDefinition(
            """
            SELECT n.id AS Id, p.mail AS Mail, p.display_name AS Name, j.code AS Code, j.title AS Title, n.alert AS Alert, n.words AS Words, n.at AS At
            FROM notice n JOIN person p ON p.id = n.person_id JOIN job j ON j.id = n.job_id
            WHERE n.mail = 'waiting' AND p.mail <> '' AND p.disabled = 0 ORDER BY n.id LIMIT @take
            """,
            new { take },
            cancellationToken: cancellationToken))];
    }

    /// <summary>Notes what became of a mail.</summary>
    public Task Mailed(long id, bool sent, CancellationToken cancellationToken) => database.Write(
        transaction => transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE notice SET mail = @became WHERE id = @id", new { id, became = sent ? "sent" : "given-up" }, transaction, cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Open jobs whose date of decision lies before a moment.</summary>
    public async Task<IReadOnlyList<Job>> DueBefore(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        await using var connection = await database.Open(cancellationToken);
        var rows = await connection.QueryAsync<JobRow>(new CommandDefinition(
            $"SELECT {JobRow.Columns} FROM job WHERE state = 'open' AND decide_by IS NOT NULL AND decide_by < @moment",
            new { moment = moment.ToUnixTimeMilliseconds() },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToJob())];
    }

    private static NoticeChoice ChoiceOf(string? byMail, string? onScreen) =>
        byMail is null || onScreen is null ? NoticeChoice.Usual : new NoticeChoice(Words.To<NoticeLevel>(byMail), Words.To<NoticeLevel>(onScreen));

    private static DateTimeOffset Moment(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at);
}

/// <summary>A notice that is to be sent by mail.</summary>
internal sealed record WaitingMail(long Id, string Mail, string Name, string Code, string Title, long Alert, string Words, long At);
