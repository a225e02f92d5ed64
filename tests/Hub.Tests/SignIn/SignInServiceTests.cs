// SPDX-License-Identifier: Apache-2.0
using Tutti.Contracts.Hub.V1;

namespace Tutti.Hub.Tests.SignIn;

public sealed class SignInServiceTests(RunningHub hub)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_right_password_tells_who_it_is()
    {
        var reply = await Check(RunningHub.Account.ToUpperInvariant(), RunningHub.Password);

        Assert.Equal(SignInVerdict.Accepted, reply.Verdict);
        Assert.Equal((RunningHub.Account, true), (reply.Account.Name, reply.Account.Administrator));
        Assert.NotEqual(0UL, reply.Account.Id);
    }

    [Fact]
    public async Task A_wrong_password_and_a_name_that_nobody_bears_get_the_same_answer()
    {
        var wrong = await Check(RunningHub.Account, "wrong horse");
        var nobody = await Check("nobody", "wrong horse");
        await Check(RunningHub.Account, RunningHub.Password);

        Assert.Equal(SignInVerdict.Refused, wrong.Verdict);
        Assert.Equal(wrong, nobody);
    }

    [Fact]
    public async Task After_too_many_wrong_passwords_the_answer_says_until_when_the_name_is_locked()
    {
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < RunningHub.Failures; i++)
        {
            await Check("mallory", "wrong horse");
        }

        var reply = await Check("mallory", "wrong horse");

        Assert.Equal(SignInVerdict.Locked, reply.Verdict);
        Assert.Null(reply.Account);
        Assert.True(reply.LockedUntilMs > before);
    }

    private async Task<CheckReply> Check(string account, string password) => await new Contracts.Hub.V1.SignIn.SignInClient(hub.Channel).CheckAsync(
        new CheckRequest { Account = account, Password = password, ClientAddress = "192.0.2.9" }, cancellationToken: Stop);
}
