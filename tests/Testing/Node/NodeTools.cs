// SPDX-License-Identifier: Apache-2.0
namespace Tutti.Testing.Node;

/// <summary>Programs of Node.js that tests use: their packages are laid by <c>./test</c> beside what is built, so that no test needs the registry.</summary>
public static class NodeTools
{
    /// <summary>The folder with <c>node_modules</c>.</summary>
    public static string Folder { get; } = Find();

    /// <summary>Makes TypeScript types of an OpenAPI document.</summary>
    /// <param name="document">The document's file.</param>
    /// <param name="types">The file to write.</param>
    public static Task<string> MakeTypes(string document, string types) => Run("openapi-typescript/bin/cli.js", document, "--default-non-nullable=false", "--output", types);

    /// <summary>Checks the types of a TypeScript project and, if they hold, makes JavaScript of it; throws with every complaint otherwise.</summary>
    /// <param name="folder">Has tsconfig.json.</param>
    public static Task<string> Compile(string folder) => Run("typescript/bin/tsc", "--project", folder);

    /// <summary>What a validator has to say about an OpenAPI document, a line each; empty if nothing.</summary>
    /// <param name="document">The document's file.</param>
    public static Task<string> Lint(string document) => Tool.Run("node", Path.Combine(Folder, "lint.mjs"), document);

    private static Task<string> Run(string program, params string[] arguments) => Tool.Run("node", [Path.Combine(Folder, "node_modules", program), .. arguments]);

    /// <summary>Lets the programs of a folder find the packages.</summary>
    public static void LendTo(string folder) => Directory.CreateSymbolicLink(Path.Combine(folder, "node_modules"), Path.Combine(Folder, "node_modules"));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (folder.Name == "artifacts")
            {
                var packages = Path.Combine(folder.FullName, "node");
                return Directory.Exists(Path.Combine(packages, "node_modules"))
                    ? packages
                    : throw new DirectoryNotFoundException($"{packages} has no packages. ./test lays them there; or copy tests/Testing/Node/*.json and *.mjs there and run npm ci in it.");
            }
        }

        throw new DirectoryNotFoundException($"{AppContext.BaseDirectory} does not lie in artifacts.");
    }
}
