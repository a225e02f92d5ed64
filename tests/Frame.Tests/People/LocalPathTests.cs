// SPDX-License-Identifier: Apache-2.0
using Tutti.Frame.People;

namespace Tutti.Frame.Tests.People;

public sealed class LocalPathTests
{
    [Theory]
    [InlineData("/jobs/261124A?x=1", "/jobs/261124A?x=1")]
    [InlineData("/", "/")]
    [InlineData("//evil.example", "/hub")]
    [InlineData("/\\evil.example", "/hub")]
    [InlineData("https://evil.example", "/hub")]
    [InlineData("/\tjobs", "/hub")]
    [InlineData("", "/hub")]
    [InlineData(null, "/hub")]
    public void The_way_back_after_sign_in_never_leads_to_another_site(string? asked, string taken) =>
        Assert.Equal(taken, PeopleFeature.LocalPath(asked, "/hub"));
}
