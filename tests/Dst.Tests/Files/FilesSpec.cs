// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tutti.Contracts.Dst.V1;
using Tutti.Dst.Deliveries;
using Tutti.Dst.Files;
using Tutti.Dst.Queue;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Files;

public abstract class FilesSpec : StoreSpec
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-11-24T10:00:00Z", null));
    private readonly Receiver _receiver = new();
    private readonly byte[] _file = [.. Enumerable.Range(0, 2_500_000).Select(number => (byte)(number * 31 >> 3))];

    public override async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_file_that_was_handed_over_once_is_in_the_message_of_everybody_also_after_a_restart()
    {
        await using (var first = await Start())
        {
            Assert.Single(await Missing(first, _file));
            await Take(first, _file);
            await Take(first, _file);
            Assert.Empty(await Missing(first, _file));
            await Open(first, 7, _file);
            await Open(first, 8, _file);
        }

        await using var second = await Start();
        await second.Submit(Make.WireBatch(7, 1, 1, 3));
        await second.Submit(Make.WireBatch(8, 1, 1, 1));
        Assert.Equal(3ul, (await second.Finish(7)).Accepted);
        Assert.Equal(1ul, (await second.Finish(8)).Accepted);
        var encoded = Convert.ToBase64String(_file, Base64FormattingOptions.InsertLineBreaks);
        Assert.Equal(4, _receiver.Count);
        Assert.All(_receiver.Taken.SelectMany(taken => taken.Value), message => Assert.Contains(encoded, message, StringComparison.Ordinal));
        Assert.Equal((1L, 3L), (await Count("file"), await Count("file_piece")));
    }

    [Fact]
    public async Task A_delivery_is_not_opened_before_its_files_are_here()
    {
        await using var distributor = await Start();

        Assert.Equal(StatusCode.FailedPrecondition, (await Assert.ThrowsAsync<RpcException>(() => Open(distributor, 7, _file))).StatusCode);
        Assert.Equal(StatusCode.FailedPrecondition, (await Assert.ThrowsAsync<RpcException>(() => distributor.Submit(Make.WireBatch(7, 1, 1, 3)))).StatusCode);
        await Take(distributor, _file);
        await Open(distributor, 7, _file);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 3));
        Assert.Equal(3ul, (await distributor.Finish(7)).Accepted);
    }

    [Fact]
    public async Task Bytes_that_were_cut_off_or_mixed_up_leave_nothing()
    {
        await using var distributor = await Start();

        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => Take(distributor, _file, _file[..^1]))).StatusCode);
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => Take(distributor, _file, []))).StatusCode);
        Assert.Single(await Missing(distributor, _file));
        Assert.Equal((0L, 0L), (await Count("file"), await Count("file_piece")));
    }

    [Fact]
    public async Task A_file_goes_when_nobody_has_waited_for_it_in_two_weeks_and_a_later_batch_asks_for_it_again()
    {
        await using var distributor = await Start();
        using var clear = new ClearWorker(distributor.Journal, _clock, NullLogger<ClearWorker>.Instance);
        await Take(distributor, _file);
        await Take(distributor, [1, 2, 3]);
        await Open(distributor, 7, _file);
        _clock.Advance(TimeSpan.FromDays(20));
        await clear.Clear(CancellationToken.None);
        Assert.Equal(0L, await Count("delivery WHERE cleared_at IS NULL"));
        Assert.Equal((0L, 0L), (await Count("file"), await Count("file_piece")));

        Assert.Equal(StatusCode.FailedPrecondition, (await Assert.ThrowsAsync<RpcException>(() => distributor.Submit(Make.WireBatch(7, 1, 1, 1)))).StatusCode);
        await Take(distributor, _file);
        await Open(distributor, 7, _file);
        await distributor.Submit(Make.WireBatch(7, 1, 1, 1));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1L, await Count("file"));
    }

    private Task<TestDistributor> Start() => TestDistributor.Start(Database, _clock, _receiver.Port);

    private Task<OpenReply> Open(TestDistributor distributor, ulong job, byte[] file)
    {
        var delivery = Make.WireDelivery(job, _clock.GetUtcNow());
        delivery.Content.Pieces.Add(new Piece { Fixed = ByteString.CopyFrom("File:\r\n", Encoding.ASCII) });
        delivery.Content.Pieces.Add(new Piece { File = new CarriedFile { Digest = ByteString.CopyFrom(SHA256.HashData(file)), Size = (ulong)file.Length } });
        return distributor.Get<DeliveriesService>().Open(delivery, new TestCall());
    }

    private static async Task<IReadOnlyList<ByteString>> Missing(TestDistributor distributor, byte[] file) =>
        (await distributor.Get<FilesService>().GetMissing(new FileList { Digests = { ByteString.CopyFrom(SHA256.HashData(file)) } }, new TestCall())).Digests;

    private static Task<TakeFileReply> Take(TestDistributor distributor, byte[] file, byte[]? sent = null) =>
        distributor.Get<FilesService>().Take(new Chunks(SHA256.HashData(file), sent ?? file), new TestCall());

    private async Task<long> Count(string from)
    {
        await using var connection = await Database.Open(CancellationToken.None);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
        command.CommandText = "SELECT COUNT(*) FROM " + from;
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private sealed class Chunks(byte[] digest, byte[] content) : IAsyncStreamReader<FileChunk>
    {
        private const int Size = 400_000;
        private int _next;

        public FileChunk Current { get; private set; } = new();

        public Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (_next >= content.Length)
            {
                return Task.FromResult(false);
            }

            Current = new FileChunk
            {
                Digest = _next == 0 ? ByteString.CopyFrom(digest) : ByteString.Empty,
                Content = ByteString.CopyFrom(content.AsSpan(_next, Math.Min(Size, content.Length - _next))),
            };
            _next += Size;
            return Task.FromResult(true);
        }
    }
}

public sealed class FilesOnSqlite : FilesSpec
{
    private protected override Task<Store> MakeStore() => Task.FromResult(Store.OnSqlite());
}

public sealed class FilesOnPostgres(PostgresServer server) : FilesSpec
{
    private protected override Task<Store> MakeStore() => Store.OnPostgres(server);
}
