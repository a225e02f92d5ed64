// SPDX-License-Identifier: Apache-2.0
using System.Text;
using CsCheck;
using Tutti.Mail.Listserv;
using Tutti.Testing;

namespace Tutti.Mail.Tests.Listserv;

public sealed class DistributeJobTests
{
    private static readonly DistributeJob _job = new()
    {
        Name = "T7B",
        Account = "tutti@example.com",
        Password = "SECRET",
        To = "LISTSERV@lists.example.com",
        EnvelopeSender = "owner-bounces@lists.example.com",
        Recipients = ["joan@example.org", "o'neil+x@example.org"],
        Date = new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.FromHours(2)),
        MessageId = "<7-11@example.com>",
    };

    [Fact]
    public void A_job_is_a_mail_of_cards_recipients_and_the_message_as_it_is()
    {
        var text = Write(_job with { Dkim = true }, "From: a@b.c\r\n\r\n// EOJ\r\n/*\r\n&x;\r\n");
        Assert.Equal(
            """
            From: <tutti@example.com>
            To: <LISTSERV@lists.example.com>
            Subject: T7B
            Date: Sun, 01 Mar 2026 08:00:00 +0000
            Message-ID: <7-11@example.com>
            MIME-Version: 1.0
            Content-Type: text/plain; charset=us-ascii
            Content-Transfer-Encoding: 7bit

            //T7B JOB ECHO=NO
            // DISTRIBUTE MAIL ACK=NONE DKIM=YES ,
            // FROM=owner-bounces@lists.example.com ,
            // PW=SECRET
            //TO DD *
            joan@example.org BSMTP
            o'neil+x@example.org BSMTP
            /*
            //DATA DD *,EOF
            From: a@b.c

            // EOJ
            /*
            &x;

            """.ReplaceLineEndings("\r\n"),
            text);
    }

    [Fact]
    public void The_cards_join_to_one_command_with_its_keywords_apart()
    {
        // Blanks at the start of a continuation are dropped, nothing is put in their place.
        var lines = Write(_job, "A: b\r\n\r\n").Split("\r\n");
        var first = Array.FindIndex(lines, line => line.StartsWith("// DISTRIBUTE", StringComparison.Ordinal));
        var command = string.Concat(lines.Skip(first).Take(3).Select(line => line[3..].TrimEnd(',')));
        Assert.Equal("DISTRIBUTE MAIL ACK=NONE FROM=owner-bounces@lists.example.com PW=SECRET", command);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, DistributeJob.LongestLine));
    }

    [Theory]
    [InlineData("\"joan doe\"@example.org")]
    [InlineData("*@example.org")]
    [InlineData("jöan@example.org")]
    [InlineData("joan@example.org\r\n/*")]
    [InlineData("joan doe@example.org")]
    [InlineData("joan")]
    public void A_recipient_that_LISTSERV_could_read_otherwise_does_not_go(string address) => AssertRefused(_job with { Recipients = ["a@b.cc", address] }, "A: b\r\n\r\n");

    [Fact]
    public void A_message_that_LISTSERV_might_cut_does_not_go()
    {
        Assert.EndsWith(new string('x', 255) + "\r\n", Write(_job, $"A: b\r\n\r\n{new string('x', 255)}\r\n"), StringComparison.Ordinal);
        AssertRefused(_job, $"A: b\r\n\r\n{new string('x', 256)}\r\n");
        AssertRefused(_job, "A: b\r\n\r\nü");
        AssertRefused(_job with { Recipients = [] }, "A: b\r\n\r\n");
        AssertRefused(_job with { Name = "TOO-LONG-1" }, "A: b\r\n\r\n");
        AssertRefused(_job with { Password = "a b" }, "A: b\r\n\r\n");
        AssertRefused(_job with { EnvelopeSender = "a@b.cc ,\r\n// PW=x" }, "A: b\r\n\r\n");
    }

    [Fact]
    public void Nothing_in_an_address_ever_makes_another_line() =>
        Gen.String[1, 40].SampleRepeatably(address =>
        {
            if ((_job with { Recipients = [address] }).TryStart("A: b\r\n\r\n"u8, out var start, out _))
            {
                Assert.Equal(18, Encoding.ASCII.GetString(start).Split('\n').Length);
            }
        });

    private static string Write(DistributeJob job, string message)
    {
        Assert.True(job.TryStart(Encoding.UTF8.GetBytes(message), out var start, out var problem), problem);
        return Encoding.ASCII.GetString(start) + message;
    }

    private static void AssertRefused(DistributeJob job, string message)
    {
        Assert.False(job.TryStart(Encoding.UTF8.GetBytes(message), out var start, out var problem));
        Assert.Null(start);
        Assert.DoesNotContain("SECRET", problem, StringComparison.Ordinal);
    }
}
