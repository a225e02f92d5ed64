// SPDX-License-Identifier: Apache-2.0
using Tutti.Commands.Jobs;
namespace Tutti.Commands.Tests.Jobs;

public sealed class MailAddressTextTests
{
    [Theory]
    [InlineData("news@society.example", "", "news@society.example")]
    [InlineData(" The Society <news@society.example> ", "The Society", "news@society.example")]
    [InlineData("\"Society, The\" <news@society.example>", "Society, The", "news@society.example")]
    [InlineData("<news@society.example>", "", "news@society.example")]
    [InlineData("nobody", "", "nobody")]
    public void Name_and_address_are_taken_apart(string text, string name, string address) =>
        Assert.Equal(new MailAddressText(name, address), MailAddressText.Read(text));
}
