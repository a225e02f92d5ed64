// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tutti.EngineLoad;

/// <summary>What the benches of the delivery engine need around it: mail in its queue, a receiver that takes its time, a DNS of its own.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["queue", var server, var job, var count, .. var domains]:
                await new Deliveries(server).Queue(Number(job), Number(count), domains is [var many] ? Number(many) : 0);
                return 0;
            case ["deliver", var server, var job, var accepted]:
                var seconds = await new Deliveries(server).Deliver(Number(job), Number(accepted));
                Console.WriteLine(seconds.ToString("0.000", CultureInfo.InvariantCulture));
                return 0;
            case ["message", var length]:
                // One of the messages, as a file for those that relay the same.
                Console.Write(Letter.Sample(Number(length)));
                return 0;
            case ["receive", var port, var milliseconds]:
                await new SlowReceiver(Number(port), TimeSpan.FromMilliseconds(Number(milliseconds))).Run();
                return 0;
            case ["dns", var port, var domains, var first]:
                await new SmallDns(Number(port), Number(domains), first == "dead").Run();
                return 0;
            default:
                await Console.Error.WriteLineAsync("usage: EngineLoad queue SERVER JOB COUNT [DOMAINS] | deliver SERVER JOB ACCEPTED | message LENGTH | receive PORT MILLISECONDS | dns PORT DOMAINS alive|dead");
                return 64;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
