// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Tutti.TrackerLoad;

/// <summary>
/// Many sockets on one thread. The framework's own way costs the generator half as much processor time as the tracker spends on
/// its answer, on the same cores: it would be measuring itself.
/// </summary>
internal sealed partial class Epoll : IDisposable
{
    private const int AddSocket = 1;
    private const uint Readable = 1;
    private const uint EdgeTriggered = 1u << 31;
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int TryAgain = 11;

    private readonly int _handle = Checked(Create(0));
    private readonly Event[] _events = new Event[256];

    /// <summary>Tells of whatever arrives on a socket, by a number of the caller's.</summary>
    public void Watch(Socket socket, int number)
    {
        var wanted = new Event { Events = Readable | EdgeTriggered, Number = number };
        _ = Checked(Control(_handle, AddSocket, (int)socket.Handle, ref wanted));
    }

    /// <summary>Numbers of the sockets on which something arrived.</summary>
    public IEnumerable<int> Wait(TimeSpan atMost)
    {
        var count = Checked(Wait(_handle, _events, _events.Length, (int)atMost.TotalMilliseconds));
        for (var i = 0; i < count; i++)
        {
            yield return (int)_events[i].Number;
        }
    }

    public static void Send(nint socket, ReadOnlySpan<byte> bytes)
    {
        if (Checked((int)Send(socket.ToInt32(), in MemoryMarshal.GetReference(bytes), bytes.Length, NoSignal)) != bytes.Length)
        {
            throw new IOException("A request did not fit into the socket's buffer.");
        }
    }

    /// <summary>Bytes received; -1 if none are there yet.</summary>
    public static int Receive(nint socket, Span<byte> buffer)
    {
        var length = (int)Receive(socket.ToInt32(), ref MemoryMarshal.GetReference(buffer), buffer.Length, DontWait);
        return length < 0 && Marshal.GetLastPInvokeError() == TryAgain ? -1 : Checked(length);
    }

    public void Dispose() => _ = Close(_handle);

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int handle, int operation, int socket, ref Event wanted);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int handle, [Out] Event[] events, int count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int socket, in byte bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(int socket, ref byte bytes, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);

    // The kernel's struct epoll_event on x86-64 is packed.
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Event
    {
        public uint Events;
        public long Number;
    }
}
