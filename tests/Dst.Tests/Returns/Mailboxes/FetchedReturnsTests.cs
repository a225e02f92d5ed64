// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tutti.Dst.Returns;
using Tutti.Dst.Returns.Mailboxes;
using Tutti.Dst.Smtp.Encryption;
using Tutti.Testing;
using Tutti.Wiring.Configuration;

namespace Tutti.Dst.Tests.Returns.Mailboxes;

/// <summary>Bounces out of a mailbox that another mail server fills: each is told once, whatever is killed when.</summary>
public sealed class FetchedReturnsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly ReturnSettings _settings = new() { ReturnDomain = Returning.Domain, ReturnKeep = TimeSpan.FromDays(3) };
    private readonly Store _store = Store.OnSqlite();
    private readonly TemporaryFolder _folder = new();
    private OpenStore _open = null!;
    private Returning _returning = null!;
    private FetchedReturns _returns = null!;

    public async ValueTask InitializeAsync()
    {
        _open = await OpenStore.Start(_store.Database, _clock);
        await _open.Open(7);
        _returning = await Returning.Of(_open, _store.Database, _settings);
        _returns = new FetchedReturns(_settings, _open.Journal, _returning.Signal, _store.Database, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        _returning.Dispose();
        await _open.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_file_of_a_Maildir_is_told_once_moves_to_cur_and_goes_in_time()
    {
        using var worker = Maildir();
        Deliver("1", Bounce(1));
        Deliver("2", Bounce(2));
        Assert.Equal(2, await worker.Fetch(CancellationToken.None));
        Assert.Equal(["1:2,S", "2:2,S"], Names("cur"));
        Assert.Empty(Names("new"));
        Assert.Equal([1L, 2L], await Told());

        // Killed between our disk and the move the file is still there.
        File.Move(_folder.File("cur/2:2,S"), _folder.File("new/2"));
        Deliver("3", Bounce(3));
        Assert.Equal(1, await worker.Fetch(CancellationToken.None));
        Assert.Equal([1L, 2L, 3L], await Told());

        worker.DropOld();
        Assert.Equal(3, Names("cur").Count);
        _clock.Advance(TimeSpan.FromDays(4));
        worker.DropOld();
        Assert.Empty(Names("cur"));
    }

    [Fact]
    public async Task A_file_stays_where_it_is_if_our_disk_refuses()
    {
        using var worker = Maildir();
        Deliver("1", Bounce(1));
        await _open.Journal.StopAsync(CancellationToken.None);
        await Assert.ThrowsAnyAsync<Exception>(() => worker.Fetch(CancellationToken.None));
        Assert.Equal(["1"], Names("new"));
    }

    [Fact]
    public async Task A_complaint_to_a_mailbox_and_mail_that_says_nothing_are_taken_too()
    {
        using var worker = Maildir();
        Deliver("1", "Return-Path: <fbl@elsewhere.example>\nDelivered-To: fbl@" + Returning.Domain + "\nSubject: Hello\n\nWhat a nice list.\n");
        Deliver("2", "no header at all");
        Assert.Equal(2, await worker.Fetch(CancellationToken.None));
        Assert.Empty(await Told());
    }

    [Theory]
    [InlineData("implicit")]
    [InlineData("starttls")]
    [InlineData("none")]
    public async Task Each_message_of_a_mailbox_of_Dovecot_is_told_once_and_marked(string encryption)
    {
        await using var dovecot = await DovecotServer.Start();
        using var worker = Imap(dovecot, Enum.Parse<ImapTls>(encryption, ignoreCase: true));
        dovecot.Deliver(Bounce(1));
        dovecot.Deliver(Bounce(2));
        Assert.Equal(2, await worker.Fetch(CancellationToken.None));
        Assert.Equal(0, await worker.Fetch(CancellationToken.None));
        Assert.Equal(["S", "S"], dovecot.Flags());
        dovecot.Deliver(Bounce(3));
        Assert.Equal(1, await worker.Fetch(CancellationToken.None));
        Assert.Equal([1L, 2L, 3L], await Told());
    }

    [Fact]
    public async Task A_mailbox_that_is_numbered_anew_is_read_from_its_start_and_nothing_is_told_twice()
    {
        await using var dovecot = await DovecotServer.Start();
        using var worker = Imap(dovecot, ImapTls.Implicit);
        dovecot.Deliver(Bounce(1));
        Assert.Equal(1, await worker.Fetch(CancellationToken.None));
        dovecot.NumberAnew();
        dovecot.Deliver(Bounce(2));
        Assert.Equal(1, await worker.Fetch(CancellationToken.None));
        Assert.Equal([1L, 2L], await Told());
    }

    [Fact]
    public async Task What_was_read_is_removed_when_it_is_old()
    {
        await using var dovecot = await DovecotServer.Start();
        using var worker = Imap(dovecot, ImapTls.Implicit);
        dovecot.Deliver(Bounce(1));
        await worker.Fetch(CancellationToken.None);
        Assert.Single(dovecot.Flags());
        _clock.Advance(TimeSpan.FromDays(5));
        dovecot.Deliver(Bounce(2));
        Assert.Equal(1, await worker.Fetch(CancellationToken.None));
        Assert.Empty(dovecot.Flags());
        Assert.Equal([1L, 2L], await Told());
    }

    [Fact]
    public async Task A_server_whose_certificate_nobody_vouches_for_gets_no_password()
    {
        await using var dovecot = await DovecotServer.Start();
        using var worker = Imap(dovecot, ImapTls.Implicit, TlsRoots.OfSystem);
        dovecot.Deliver(Bounce(1));
        await Assert.ThrowsAsync<MailKit.Security.SslHandshakeException>(() => worker.Fetch(CancellationToken.None));
        Assert.Equal([""], dovecot.Flags());
    }

    private static string Bounce(long recipient) =>
        $"Return-Path: <>\nX-Original-To: {Returning.AddressOf(7, recipient)}\nDelivered-To: returns@host.example\n{Returning.Notification("5.1.1", "550 5.1.1 Nobody")}";

    private async Task<IReadOnlyList<long>> Told()
    {
        await _returning.Reader.ReadAll(CancellationToken.None);
        return [.. (await _open.Events()).Select(told => told.Recipient).Order()];
    }

    private FetchMaildirWorker Maildir()
    {
        foreach (var name in new[] { "new", "cur", "tmp" })
        {
            Directory.CreateDirectory(_folder.File(name));
        }

        return new(new MailboxSettings { ReturnMaildir = _folder.Path }, _returns, _clock, NullLogger<FetchMaildirWorker>.Instance);
    }

    private FetchImapWorker Imap(DovecotServer dovecot, ImapTls encryption, TlsRoots? roots = null) => new(
        new MailboxSettings
        {
            ReturnImapHost = $"localhost:{(encryption == ImapTls.Implicit ? dovecot.TlsPort : dovecot.PlainPort)}",
            ReturnImapTls = encryption,
            ReturnImapUser = "returns",
            ReturnImapPassword = new Secret(DovecotServer.Password),
        },
        _returns,
        roots ?? TlsRoots.Read(dovecot.Roots),
        _clock,
        NullLogger<FetchImapWorker>.Instance);

    private void Deliver(string name, string message)
    {
        File.WriteAllText(_folder.File("tmp/" + name), message.ReplaceLineEndings("\n"));
        File.Move(_folder.File("tmp/" + name), _folder.File("new/" + name));
    }

    private List<string> Names(string folder) => [.. Directory.EnumerateFiles(_folder.File(folder)).Select(file => Path.GetFileName(file)!).Order()];
}
