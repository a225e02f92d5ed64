// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Dapper;
using Npgsql;
using Tutti.Testing;
using Tutti.Wiring.Storage;

namespace Tutti.Wiring.Tests.Storage;

/// <summary>The connection to the database is not the corridor: its own parameters decide about TLS and about whom it trusts.</summary>
public sealed class DatabaseTlsTests : IAsyncLifetime
{
    private readonly PostgresServer _server = new();
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _own = new("Database CA");
    private string _url = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = new NpgsqlConnectionStringBuilder(await _server.CreateDatabase());
        _url = $"postgresql://postgres@localhost:{builder.Port}/{builder.Database}";
        await using var connection = new NpgsqlConnection(builder.ToString());
        await connection.OpenAsync(Stop);
        var data = (await connection.ExecuteScalarAsync<string>("SHOW data_directory"))!;
        var issued = _own.Issue(new TestCertificate("localhost"));
        await File.WriteAllTextAsync(Path.Combine(data, "server.crt"), issued.Certificate.ExportCertificatePem(), Stop);
        using var key = issued.Certificate.GetECDsaPrivateKey()!;
        await File.WriteAllTextAsync(Path.Combine(data, "server.key"), key.ExportPkcs8PrivateKeyPem(), Stop);
        File.SetUnixFileMode(Path.Combine(data, "server.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await Tool.Run("chown", $"--reference={data}", Path.Combine(data, "server.crt"), Path.Combine(data, "server.key"));
        await connection.ExecuteAsync("ALTER SYSTEM SET ssl = on");
        await connection.ExecuteAsync("SELECT pg_reload_conf()");
        NpgsqlConnection.ClearAllPools();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    [Trait("Row", "C-2.1.9")]
    public async Task Its_own_authority_counts_for_it_and_the_trusted_roots_of_the_servers_do_not()
    {
        Assert.Equal("ssl", await Spoken($"?sslmode=verify-full&sslrootcert={Root("own", _own)}"));
        Assert.Equal("plain", await Spoken("?sslmode=disable"));

        // An authority that every server of the installation trusts, and the database's own one nowhere but there.
        var home = Path.Combine(_folder.Path, "conf");
        Directory.CreateDirectory(home);
        await File.WriteAllBytesAsync(Path.Combine(home, "trusted-roots.p12"), IssuedCertificate.TrustedRoots("changeit", _own.Certificate), Stop);
        await Assert.ThrowsAsync<NpgsqlException>(() => Spoken("?sslmode=verify-full"));
        await Assert.ThrowsAsync<NpgsqlException>(() => Spoken($"?sslmode=verify-full&sslrootcert={Root("other", new TestAuthority("CA A"))}"));
    }

    private async Task<string> Spoken(string parameters)
    {
        await using var database = Database.OnPostgres(_url + parameters, "lui");
        await using var connection = await database.Open(Stop);
        return await connection.ExecuteScalarAsync<bool>("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") ? "ssl" : "plain";
    }

    private string Root(string name, TestAuthority authority)
    {
        var path = _folder.File(name + ".pem");
        File.WriteAllText(path, authority.Certificate.ExportCertificatePem());
        return path;
    }
}
