// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Tutti.Testing;

namespace Tutti.Dst.Tests.Faults;

/// <summary>
/// A mail server that writes down what it took, and plays each of its faults once, when the conversation comes to that point. Written for these tests
/// alone: it shares no line with the engine or with its own receiver.
/// </summary>
internal sealed class FaultyReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentBag<Task> _conversations = [];
    private readonly List<Fault> _faults;
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;
    private int _stuck;

    public FaultyReceiver(Offer offer, IEnumerable<Fault> faults, IssuedCertificate? certificate = null, IPEndPoint? endpoint = null)
    {
        (Offer, _faults) = (offer, [.. faults]);
        _certificate = certificate is null ? null : X509CertificateLoader.LoadPkcs12(certificate.Certificate.Export(X509ContentType.Pfx), null);
        _listener = new TcpListener(endpoint ?? new IPEndPoint(IPAddress.Loopback, 0));

        // Small, so that a sender soon notices who does not read.
        _listener.Server.ReceiveBufferSize = 8 * 1024;
        _listener.Start(64);
        _accepting = Accept();
    }

    public Offer Offer { get; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Its mailboxes: how often each recipient has a message, by local part.</summary>
    public ConcurrentDictionary<string, int> Taken { get; } = new();

    /// <summary>How many of them came over an unencrypted connection.</summary>
    public int TakenPlain;

    /// <summary>Connections that were opened.</summary>
    public int Connections { get; private set; }

    /// <summary>Whether the newest connection is left without an answer, or is read too slowly.</summary>
    public bool IsStuck => Volatile.Read(ref _stuck) != 0;

    /// <summary>Called for every byte of a slow reply.</summary>
    public Action OnSlowByte { get; set; } = static () => { };

    /// <summary>The certificate of its TLS; null: it does not offer any.</summary>
    public X509Certificate2? Certificate => _certificate;

    /// <summary>The faults that did not happen.</summary>
    public IReadOnlyList<Fault> Left
    {
        get
        {
            lock (_faults)
            {
                return [.. _faults];
            }
        }
    }

    /// <summary>Ends every wait.</summary>
    public void Release() => _released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await Task.WhenAll([_accepting, .. _conversations]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _certificate?.Dispose();
        _end.Dispose();
    }

    /// <summary>The fault that happens here and now, or null; it does not happen again.</summary>
    internal Fault? Take(string at, string? recipient)
    {
        lock (_faults)
        {
            var found = _faults.Find(fault => fault.At == at && (fault.Recipient is null || fault.Recipient == recipient));
            if (found is not null)
            {
                _faults.Remove(found);
            }

            return found;
        }
    }

    internal void Stick() => Interlocked.Exchange(ref _stuck, 1);

    internal Task Released => _released.Task;

    internal void Keep(string recipient, bool encrypted)
    {
        Taken.AddOrUpdate(recipient, 1, static (_, count) => count + 1);
        Interlocked.Add(ref TakenPlain, encrypted ? 0 : 1);
    }

    private async Task Accept()
    {
        while (!_end.IsCancellationRequested)
        {
            var socket = await _listener.AcceptSocketAsync(_end.Token);
            Interlocked.Exchange(ref _stuck, 0);
            Connections++;
            _conversations.Add(Task.Run(() => Converse(socket)));
        }
    }

    private async Task Converse(Socket socket)
    {
        using (socket)
        {
            socket.NoDelay = true;
            try
            {
                await using var conversation = new FaultyConversation(this, socket);
                await conversation.Run(_end.Token);
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
            {
                // The sender went away, or did not want this certificate.
            }
        }
    }
}
