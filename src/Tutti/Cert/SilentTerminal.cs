// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Tutti.Commands.Cert;

/// <summary>
/// A terminal that does not show what is typed, from before the question until its end. Reading key by key would show
/// what is typed or pasted between the question and the first key (termios(3)).
/// </summary>
internal sealed class SilentTerminal : IDisposable
{
    private const int StandardInput = 0;
    private const int AfterOutput = 1;

    // struct termios of Linux: four words of flags, the local ones last; the longest one known has 60 bytes.
    private const int LocalFlags = 12;
    private const int Echo = 0x8;
    private const int EchoNewline = 0x40;

    private readonly byte[] _before = new byte[256];
    private readonly List<PosixSignalRegistration> _signals = [];

    public SilentTerminal()
    {
        // Whoever gives up in the middle gets the terminal back as it was.
        _signals.AddRange(from signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT]
                          select PosixSignalRegistration.Create(signal, _ => Restore()));
        Check(tcgetattr(StandardInput, _before));
        var silent = _before.ToArray();
        var flags = MemoryMarshal.AsRef<int>(silent.AsSpan(LocalFlags));
        MemoryMarshal.Write(silent.AsSpan(LocalFlags), (flags & ~Echo) | EchoNewline);
        Check(tcsetattr(StandardInput, AfterOutput, silent));
    }

    /// <summary>The line typed, without its end. The terminal itself minds the backspace.</summary>
    public static string ReadLine()
    {
        // Not through Console, whose reader shows by itself what is typed.
        using var handle = new SafeFileHandle(StandardInput, ownsHandle: false);
        using var input = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        var line = new List<byte>();
        var one = new byte[1];
        while (input.Read(one) == 1 && one[0] != '\n')
        {
            line.Add(one[0]);
        }

        return Encoding.UTF8.GetString([.. line]);
    }

    public void Dispose()
    {
        Restore();
        _signals.ForEach(one => one.Dispose());
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new Complaint(ExitCode.Usage, $"The terminal cannot be made silent ({Marshal.GetLastPInvokeErrorMessage()}). Give --password-file FILE.");
        }
    }

    private void Restore() => _ = tcsetattr(StandardInput, AfterOutput, _before);

#pragma warning disable IDE1006 // The names are those of the C library.
    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int tcgetattr(int file, byte[] settings);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int tcsetattr(int file, int when, byte[] settings);
#pragma warning restore IDE1006
}
