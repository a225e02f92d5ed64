// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Microsoft.AspNetCore.Http;
using Tutti.Lui.Files;

namespace Tutti.Lui.Tests.Files;

public sealed class UploadBodyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("C:\\Users\\Ada\\spring.csv", "spring.csv")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("a\r\nb.csv", "ab.csv")]
    [InlineData("", "none.csv")]
    [InlineData("folder/", "none.csv")]
    public void A_file_name_is_only_a_name(string given, string expected) => Assert.Equal(expected, UploadBody.CleanName(given, "none.csv"));

    [Fact]
    public async Task The_body_is_the_file()
    {
        var request = Request("text/csv", "email\n");
        var (name, content) = (await UploadBody.Open(request, "none.csv", Stop)).Value;
        Assert.Equal("none.csv", name);
        Assert.Equal("email\n", await Read(content));
    }

    [Fact]
    public async Task The_first_file_of_a_form_is_the_file()
    {
        const string Form = "--x\r\nContent-Disposition: form-data; name=\"job\"\r\n\r\n1\r\n"
            + "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"spring.csv\"\r\nContent-Type: text/csv\r\n\r\nemail\na@b.example\n\r\n--x--\r\n";
        var (name, content) = (await UploadBody.Open(Request("multipart/form-data; boundary=x", Form), "none.csv", Stop)).Value;
        Assert.Equal("spring.csv", name);
        Assert.Equal("email\na@b.example\n", await Read(content));
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"job\"\r\n\r\n1\r\n--x--\r\n")]
    [InlineData("multipart/form-data", "")]
    public async Task A_form_without_a_file_is_refused(string type, string body) =>
        Assert.Equal("upload.no-file", (await UploadBody.Open(Request(type, body), "none.csv", Stop)).Refusal.Code);

    private static HttpRequest Request(string type, string body)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = type;
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return context.Request;
    }

    private static async Task<string> Read(Stream stream)
    {
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Stop);
    }
}
