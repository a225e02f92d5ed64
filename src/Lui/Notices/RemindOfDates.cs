// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tutti.Frame.Words;
using Tutti.Lui.Jobs;
using Tutti.Wiring.Storage;

namespace Tutti.Lui.Notices;

/// <summary>Reminds of dates until which somebody has to have authorised a job: the day before, and as an alert when it is over. Each once for each date.</summary>
internal sealed class RemindOfDates(Database database, NoticeStore store, TimeProvider clock)
{
    private static readonly TimeSpan _before = TimeSpan.FromDays(1);

    public async Task Handle(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var job in await store.DueBefore(now + _before, cancellationToken))
        {
            var by = job.DecideBy!.Value;
            var isOver = by <= now;
            var moment = by.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            var words = SharedWords.Fill(isOver ? NoticesWords.DateIsOver : NoticesWords.DateIsNear, moment);
            var what = string.Create(CultureInfo.InvariantCulture, $"{(isOver ? "date-over" : "date-near")} {by.ToUnixTimeMilliseconds()}");
            await database.Write(
                transaction => NoticeStore.Tell(transaction, job, what, new JournalEntry(now, Actor.Tutti, what, words), isOver, cancellationToken), cancellationToken);
        }
    }
}
