// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using Tutti.Testing;

namespace Tutti.Wiring.Tests.Corridor;

/// <summary>The corridor in figures, per peer and port.</summary>
public sealed class CorridorMeterTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    [Trait("Row", "B-41")]
    public async Task Connections_handshakes_bytes_refusals_and_the_last_success_are_counted_and_no_certificate_is_told()
    {
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        await using var server = await _world.Secure().Start();
        using (var stranger = World.Caller(new TestAuthority("CA B").Issue(new TestCertificate(World.Other)), server.InternalPort))
        {
            await World.AssertRefused(stranger);
        }

        using var caller = World.Caller(_world.Good(), server.InternalPort);
        await World.AssertServed(caller);
        await using var own = await server.Process.Corridor.SecuredCalls.Open(new DnsEndPoint(World.Own, server.InternalPort), TestContext.Current.CancellationToken);
        await own.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.True(await own.ReadAsync(new byte[1000], TestContext.Current.CancellationToken) > 0);

        var measured = Measure(server.InternalPort);

        Assert.Equal(1, measured[$"tutti.corridor.connections caller {World.Other}"]);
        Assert.Equal(1, measured[$"tutti.corridor.connections called {World.Own}"]);
        Assert.Equal(1, measured[$"tutti.corridor.handshakes caller {World.Other}"]);
        Assert.True(measured[$"tutti.corridor.last caller {World.Other}"] >= before);
        Assert.True(measured[$"tutti.corridor.sent called {World.Own}"] > 20);
        Assert.True(measured[$"tutti.corridor.received called {World.Own}"] > 8);
        Assert.DoesNotContain($"tutti.corridor.sent caller {World.Other}", measured.Keys);
        Assert.True(measured["tutti.corridor.refusals tls.untrusted"] >= 1, string.Join('\n', measured));
        var said = string.Join('\n', _world.LogLines());
        Assert.DoesNotContain("BEGIN CERTIFICATE", said, StringComparison.Ordinal);
        Assert.DoesNotContain(World.Password, said, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexString(_world.Good().Certificate.RawData)[..40], said, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Other tests of this process have servers too: those of one port count, and refusals of all.</summary>
    private static Dictionary<string, long> Measure(int port)
    {
        Dictionary<string, long> measured = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Name.StartsWith("tutti.corridor.", StringComparison.Ordinal))
                {
                    all.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var all = tags.ToArray().ToDictionary(tag => tag.Key, tag => Convert.ToString(tag.Value, CultureInfo.InvariantCulture));
            if (all.TryGetValue("code", out var code))
            {
                measured[$"{instrument.Name} {code}"] = Math.Max(value, measured.GetValueOrDefault($"{instrument.Name} {code}"));
            }
            else if (all["port"] == port.ToString(CultureInfo.InvariantCulture))
            {
                measured[$"{instrument.Name} {all["role"]} {all["peer"]}"] = value;
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }
}
