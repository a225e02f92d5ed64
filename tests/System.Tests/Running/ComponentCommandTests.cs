// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.Json;

namespace Tutti.System.Tests.Running;

/// <summary>One component of a running server stops and starts by itself; the others go on.</summary>
public sealed class ComponentCommandTests : SystemTest
{
    [Fact]
    public async Task A_stopped_component_says_so_while_the_others_go_on()
    {
        var installation = Own(await Installation.SetUp(separate: false));
        await installation.Start();
        using var http = new HttpClient();

        (await installation.Command("component", "stop", "trk", "--yes")).Expect(0);

        Assert.Equal("stopped", await State(installation, "trk"));
        Assert.Equal("running", await State(installation, "lui"));
        using (var answer = await http.GetAsync(new Uri(installation.TrackerWeb, "/c/whatever"), Cancelled))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        (await installation.Command("component", "start", "trk")).Expect(0);

        Assert.Equal("running", await State(installation, "trk"));
        using (var answer = await http.GetAsync(new Uri(installation.TrackerWeb, "/c/whatever"), Cancelled))
        {
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        Assert.Equal(0, await installation.Stop("all"));
    }

    [Fact]
    public async Task A_server_in_several_processes_has_one_status()
    {
        var installation = Own(await Installation.SetUp(separate: true));
        await installation.Start();

        using var status = JsonDocument.Parse((await installation.Command("status", "--json")).Expect(0).Output);

        var components = status.RootElement.GetProperty("components").EnumerateArray().ToList();
        Assert.All(components, component => Assert.Equal("running", component.GetProperty("state").GetString()));
        Assert.Equal(4, components.Select(component => component.GetProperty("processId").GetInt64()).Distinct().Count());
    }

    private static async Task<string?> State(Installation installation, string component)
    {
        using var status = JsonDocument.Parse((await installation.Command("status", "--json")).Expect(0).Output);
        return status.RootElement.GetProperty("components").EnumerateArray()
            .Single(line => line.GetProperty("name").GetString() == component).GetProperty("state").GetString();
    }
}
