import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll } from "vitest";

const runFile = promisify(execFile);
const PROGRAMS = ["buildah", "podman", "runc", "mmdebstrap", "flock", "dash"];
const MINUTES = 60_000;

/** Why images cannot be built and run here, in words; nothing where they can. */
export function whyNoImages(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "(needs root on Linux)";
  const missing = PROGRAMS.filter((name) => !existsSync(`/usr/bin/${name}`));
  return missing.length > 0 ? `(missing: ${missing.join(", ")})` : undefined;
}

/** The image of deploy/Containerfile, for the test file; what runs of it is ended behind each. */
export function withImage(name: string) {
  let folder: string;
  const tool = (program: string, ...args: string[]) => {
    // Apart from the machine's own images; what a machine in a container can do.
    const store = ["--root", join(folder, "storage"), "--runroot", join(folder, "run")];
    const runtime = program === "podman" ? ["--runtime=runc", "--cgroup-manager=cgroupfs"] : [];
    const words = [...store, "--storage-driver=vfs", ...runtime, ...args];
    return runFile(program, words, { maxBuffer: 1 << 26 });
  };
  const podman = async (...args: string[]) => (await tool("podman", ...args)).stdout.trim();
  const logs = async (id: string) => {
    const { stdout, stderr } = await tool("podman", "logs", id);
    return stdout + stderr;
  };
  const build = (image: string, file: string, args: string[]) =>
    tool("buildah", "bud", "-q", "--isolation=chroot", "-t", image, "-f", file, ...args);
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "postkey-image-"));
    const release = join(folder, "release");
    await runFile(process.execPath, ["scripts/release.mjs", release]);
    for (const [image, make] of [["base", makeBase] as const, ["node", makeNode] as const])
      await build(`localhost/${image}`, await make(join(folder, image)), [join(folder, image)]);
    const bases = ["base", "node"].map(
      (image) => `--build-arg=${image.toUpperCase()}_IMAGE=localhost/${image}`,
    );
    // HEALTHCHECK is none of the other format's.
    await build(name, "deploy/Containerfile", ["--format=docker", ...bases, release]);
  }, 15 * MINUTES);
  afterAll(async () => {
    await podman("rm", "--all", "--force", "--volumes", "--time=0").catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  }, MINUTES);
  return { podman, logs, folder: () => folder, release: () => join(folder, "release") };
}

/** Of all processes of a container, in MB: what several of them share counts once. */
export function memoryOf(pid: string): number {
  const spaceOf = (each: string) => readlinkSync(`/proc/${each}/ns/pid`);
  const own = spaceOf(pid);
  const sizes = readdirSync("/proc").map((each) => {
    try {
      if (spaceOf(each) !== own) return 0;
      return Number(
        /^Pss: +(\d+) kB/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, "utf8"))?.[1],
      );
    } catch {
      return 0; // no process, or gone
    }
  });
  return sizes.reduce((sum, size) => sum + size, 0) / 1_024;
}

/** What the image of the default base has, from Debian: `gcr.io/distroless/cc` cannot be fetched everywhere. */
async function makeBase(folder: string): Promise<string> {
  const besides = join(folder, "besides");
  mkdirSync(join(besides, "etc"), { recursive: true });
  const include = "--include=libc6,libgcc-s1,libstdc++6";
  await runFile("mmdebstrap", ["--variant=extract", include, "trixie", join(folder, "base.tar")]);
  for (const name of ["bin", "lib", "lib64"]) symlinkSync(`usr/${name}`, join(besides, name));
  writeFileSync(join(besides, "etc/passwd"), "nonroot:x:65532:65532:nonroot:/:/sbin/nologin\n");
  writeFileSync(join(besides, "etc/group"), "nonroot:x:65532:\n");
  return containerfile(folder, "ADD base.tar /", "COPY besides /");
}

/** Node 24 of npm's package, and the two programs of this machine. */
async function makeNode(folder: string): Promise<string> {
  mkdirSync(join(folder, "usr/bin"), { recursive: true });
  const args = [
    "pack",
    "--silent",
    `--pack-destination=${folder}`,
    `node-linux-${process.arch}@24`,
  ];
  const { stdout } = await runFile("npm", args);
  await runFile("tar", ["xzf", join(folder, stdout.trim().split("\n").at(-1) ?? ""), "-C", folder]);
  for (const name of ["flock", "dash"]) cpSync(`/usr/bin/${name}`, join(folder, "usr/bin", name));
  return containerfile(folder, "COPY package/bin /usr/local/bin", "COPY usr /usr");
}

function containerfile(folder: string, ...lines: string[]): string {
  const file = join(folder, "Containerfile");
  writeFileSync(file, ["FROM scratch", ...lines, ""].join("\n"));
  return file;
}
