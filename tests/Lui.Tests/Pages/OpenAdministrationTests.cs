// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text.RegularExpressions;

namespace Tutti.Lui.Tests.Pages;

public sealed partial class OpenAdministrationTests(StaffedServer staffed) : IClassFixture<StaffedServer>
{
    [Fact]
    public async Task An_administrator_comes_to_the_hub_by_a_ticket_that_is_good_once()
    {
        using var staff = await staffed.Staff();
        using var outside = await staff.Get("/hub/");
        using var opened = await staff.Post("/administration", ("__RequestVerificationToken", await staff.FormToken("/sign-in")));
        var page = await opened.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var ticket = Ticket().Match(page).Groups[1].Value;

        using var entered = await staff.Post("/hub/sign-in/ticket", ("ticket", ticket));
        using var inside = await staff.Get("/hub/");
        using var second = staffed.Stranger();
        using var again = await second.Post("/hub/sign-in/ticket", ("ticket", ticket));
        using var stranger = await second.Get("/hub/");

        Assert.Equal(HttpStatusCode.Redirect, outside.StatusCode);
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        Assert.Contains("action=\"/hub/sign-in/ticket\"", page, StringComparison.Ordinal);
        Assert.Contains("form-action 'self'", opened.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("/hub/", entered.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.OK, inside.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, stranger.StatusCode);
    }

    [Fact]
    public async Task Neither_a_link_nor_a_form_of_another_site_nor_a_stranger_gets_a_ticket()
    {
        using var staff = await staffed.Staff();
        using var stranger = staffed.Stranger();

        using var link = await staff.Get("/administration");
        using var forged = await staff.Post("/administration");
        using var turnedAway = await stranger.Post("/administration", ("__RequestVerificationToken", await stranger.FormToken("/sign-in")));

        Assert.NotEqual(HttpStatusCode.OK, link.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, turnedAway.StatusCode);
    }

    [GeneratedRegex("name=\"ticket\" value=\"([A-Za-z0-9_-]{43})\"")]
    private static partial Regex Ticket();
}
