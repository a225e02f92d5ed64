// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tutti.System.Tests.Campaigns;
using Tutti.System.Tests.Receiving;
using Tutti.System.Tests.Running;
using Tutti.Testing;
using Tutti.Testing.Node;

namespace Tutti.System.Tests.Clients;

/// <summary>A client in TypeScript is made from the OpenAPI document of a running server and walks through a whole campaign with it.</summary>
public sealed class ClientTests : SystemTest
{
    private static readonly string[] _written = ["campaign.mts", "tsconfig.json"];

    private static string Here => Path.Combine(Executable.Checkout, "tests", "System.Tests", "Clients");

    [Fact]
    public async Task A_client_that_was_generated_from_the_description_runs_a_campaign()
    {
        var outside = Own(new RecordingSmtpServer((address, _) => address.StartsWith("ben", StringComparison.Ordinal) ? Behaviour.RefuseAddress : Behaviour.Accept));
        var installation = Own(await Installation.SetUp(separate: false, CampaignRun.Settings(outside, connections: 2)));
        await installation.Start();
        await installation.CreateToken();
        using var folder = new TemporaryFolder();
        await MakeClient(folder.Path, installation.Web);

        var said = await Tool.Run(
            "node", Path.Combine(folder.Path, "campaign.mjs"), installation.Web.GetLeftPart(UriPartial.Authority), (await File.ReadAllTextAsync(installation.TokenFile, Cancelled)).Trim());

        var result = JsonDocument.Parse(said.Trim().Split('\n')[^1]).RootElement;
        Assert.Matches("^DOE-[0-9]{6}A$", result.GetProperty("job").GetString()!);
        Assert.Equal("job.title", result.GetProperty("refusedBy").GetString());
        Assert.Equal("For Ben", result.GetProperty("preview").GetString());
        Assert.Equal(["4"], result.GetProperty("invalidLines").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal(1, result.GetProperty("tested").GetInt32());
        Assert.Equal((2, 1, 1), (result.GetProperty("planned").GetInt32(), result.GetProperty("accepted").GetInt32(), result.GetProperty("refused").GetInt32()));
        Assert.Equal(["anna@guests.example accepted", "ben@guests.example refused"], result.GetProperty("fates").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal(["colleague@society.example", "anna@guests.example"], outside.Messages.Where(message => message.Kept).Select(message => message.Recipient));
    }

    private static async Task MakeClient(string folder, Uri server)
    {
        var document = Path.Combine(folder, "openapi.json");
        using var http = new HttpClient { BaseAddress = server };
        await File.WriteAllTextAsync(document, await http.GetStringAsync("/api/v1/openapi.json", Cancelled), Cancelled);
        foreach (var file in _written)
        {
            File.Copy(Path.Combine(Here, file), Path.Combine(folder, file));
        }

        NodeTools.LendTo(folder);
        await NodeTools.MakeTypes(document, Path.Combine(folder, "api.d.ts"));
        await NodeTools.Compile(folder);
    }
}
