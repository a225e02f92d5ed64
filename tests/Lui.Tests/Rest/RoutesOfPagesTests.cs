// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;

namespace Tutti.Lui.Tests.Rest;

/// <summary>What people do on pages programs can do over REST: each use case and store that a page works with is reached by a route too.</summary>
public sealed class RoutesOfPagesTests : IAsyncLifetime
{
    // What only people have a use for, or what REST reaches by another way; each with its reason.
    private static readonly Dictionary<string, string> _onlyPages = new(StringComparer.Ordinal)
    {
        ["AskHub"] = "signs people in; programs have tokens",
        ["TokenHolders"] = "a token that could make tokens would have no limits",
        ["TokenCommands"] = "a token that could make tokens would have no limits",
        ["FindEntries"] = "leads people to pages",
        ["NoticeStore"] = "what one person is told on the screen and by mail; programs are told by webhooks",
        ["PreviewShelf"] = "keeps what is shown in a frame of the page",
        ["ShowImages"] = "puts files into the page instead of their names",
        ["BrowserCopies"] = "keeps in the browser what somebody types while the connection is lost",
        ["DraftStore"] = "keeps what somebody types until it is saved; a program's save is whole",
        ["PreviewRecipients"] = "an upload with preview answers with the first rows, however it is read",
        ["FourEyes"] = "says why somebody may not authorise; AuthorizeJob refuses for the same reason",
        ["FitForListserv"] = "says what does not go through LISTSERV; NameSender and the preflight say it",
        ["JobDropIns"] = "what the preflight finds about drop-ins",
        ["AddressIndexStore"] = "finds the number that belongs to an address; ListWaterfallStep searches among the remaining and tells it",
        ["LateSenders"] = "the page says the group's or the installation's rule about late changes; the seal tells whether a job still holds",
        ["ReadGround"] = "leaves out types that a job cannot have; ChooseTracking refuses them",
        ["ReactionSetStore"] = "remembers for the page what was chosen the last time",
        ["PeopleStore"] = "names for choosing; GetTeam tells a job's",
        ["RecipientFateStore"] = "read by ListFates and ListTests",
        ["ReadProgress"] = "read by GetProgress, which adds the receipt",
        ["RecipientStore"] = "samples for choosing; PreviewContent takes the number of a recipient",
        ["TriggerStore"] = "says whether there is an address; its token is told once, when it is made",
        ["AttachmentSettings"] = "limits that the page shows; AddFile refuses by them",
        ["MediaSettings"] = "limits that the page shows; AddMedia refuses by them",
    };

    private RestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RestServer.Start(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public void Whatever_a_page_works_with_is_reached_by_a_route()
    {
        var onPages = typeof(UserInterface).Assembly.GetTypes()
            .Where(type => typeof(ComponentBase).IsAssignableFrom(type))
            .SelectMany(page => page.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Where(property => property.GetCustomAttribute<InjectAttribute>() is not null)
                .Select(property => (Type: property.PropertyType, Page: page.Name)))
            .Where(one => one.Type.Assembly == typeof(UserInterface).Assembly)
            .ToLookup(one => one.Type, one => one.Page);
        var onRoutes = _server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal))
            .SelectMany(route => route.Metadata.OfType<MethodInfo>())
            .SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.ParameterType)
            .ToHashSet();
        Assert.True(onPages.Count > 40 && onRoutes.Count > 40);

        Assert.Equal([], onPages.Where(one => !onRoutes.Contains(one.Key) && !_onlyPages.ContainsKey(one.Key.Name)).Select(one => $"{one.Key.Name}, on {string.Join(", ", one.Distinct())}").Order(StringComparer.Ordinal));

        // A reason that is no longer needed goes.
        Assert.Equal([], _onlyPages.Keys.Where(name => !onPages.Any(one => one.Key.Name == name && !onRoutes.Contains(one.Key))).Order(StringComparer.Ordinal));
    }
}
