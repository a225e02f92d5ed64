// SPDX-License-Identifier: Apache-2.0
using System.Data.Common;
using Dapper;

namespace Tutti.Lui.Delivery;

/// <summary>Removes the test deliveries of a job that is deleted, with all that came of them: nobody could look at it any more. The first statement waits for readers that are writing events of theirs.</summary>
internal static class ForgetTests
{
    /// <summary>Does it, in the transaction that deletes the job.</summary>
    public static Task Of(DbTransaction transaction, long jobId, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(new CommandDefinition(
        """
        UPDATE delivery SET state = 'closed' WHERE job_id = @jobId AND kind = 'test';
        DELETE FROM delivery_distributor WHERE delivery_id IN (SELECT id FROM delivery WHERE job_id = @jobId AND kind = 'test');
        DELETE FROM delivery_batch WHERE delivery_id IN (SELECT id FROM delivery WHERE job_id = @jobId AND kind = 'test');
        DELETE FROM delivery_wait WHERE delivery_id IN (SELECT id FROM delivery WHERE job_id = @jobId AND kind = 'test');
        DELETE FROM delivery_link WHERE delivery_id IN (SELECT id FROM delivery WHERE job_id = @jobId AND kind = 'test');
        DELETE FROM test_recipient WHERE delivery_id IN (SELECT id FROM delivery WHERE job_id = @jobId AND kind = 'test');
        DELETE FROM publication WHERE delivery_id IN (SELECT id FROM delivery WHERE job_id = @jobId AND kind = 'test');
        DELETE FROM tracker_event WHERE job_id IN (SELECT id FROM delivery WHERE job_id = @jobId AND kind = 'test');
        DELETE FROM tracking_profile WHERE delivery_id IN (SELECT id FROM delivery WHERE job_id = @jobId AND kind = 'test');
        DELETE FROM came_back WHERE job_id IN (SELECT id FROM delivery WHERE job_id = @jobId AND kind = 'test');
        DELETE FROM outcome WHERE job_id IN (SELECT id FROM delivery WHERE job_id = @jobId AND kind = 'test');
        DELETE FROM outcome_count WHERE job_id IN (SELECT id FROM delivery WHERE job_id = @jobId AND kind = 'test');
        DELETE FROM delivery WHERE job_id = @jobId AND kind = 'test';
        """,
        new { jobId },
        transaction,
        cancellationToken: cancellationToken));
}
