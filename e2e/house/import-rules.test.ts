import { execFile } from "node:child_process";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { words } from "@/lib/kernel/words";
import { folderOfFile } from "@/lib/testing/folder";
import { isNode, productSources } from "@/lib/testing/sources";
import config from "../../.dependency-cruiser.mjs";

/*
 * Each rule that keeps the house (.dependency-cruiser.mjs, biome.json) is broken in a house of empty rooms and
 * has to notice: a rule that nothing breaks may have a hole. `npm run arch` reads the real one.
 */
const CONFIGS = words(".gitignore .dependency-cruiser.mjs biome.json tsconfig.json package.json");

type Plant = { rule: string; file: string; imports: string };
const plant = (rule: string, file: string, imports: string): Plant => ({ rule, file, imports });

const RULES = config.forbidden ?? [];
const FLOOR = /^(.+)-stands-on-its-floor$/;
const floors = RULES.flatMap(({ name = "" }) => FLOOR.exec(name)?.[1] ?? []);
const stores = productSources().flatMap(({ file }) => (/\/store\.ts$/.test(file) ? [file] : []));

/** A store that a rule lets some read, and no page. */
function storeOf(rule: object): string | undefined {
  const to = "to" in rule && isNode(rule.to) ? rule.to : {};
  const path = typeof to.path === "string" ? new RegExp(to.path) : null;
  return stores.find((file) => path?.test(file))?.replace(/\.ts$/, "");
}

const PLANTS: readonly Plant[] = [
  ...floors.map((room, floor) => {
    const above = floors[floor - 1] ?? "unlisted";
    return plant(
      `${room}-stands-on-its-floor`,
      `lib/${room}/planted.ts`,
      `@/lib/${above}/planted-above`,
    );
  }),
  ...RULES.filter(({ name }) => name?.startsWith("readers-of-")).map((rule) =>
    plant(rule.name ?? "", `app/planted/${rule.name}.ts`, `@/${storeOf(rule)}`),
  ),
  plant("no-cycles", "lib/kernel/planted-circle.ts", "./planted-way-back"),
  plant("every-room-is-listed", "app/planted/unlisted.ts", "@/lib/unlisted/planted"),
  plant("lib-not-app", "lib/http/planted-page.ts", "@/app/layout"),
  plant("components-not-app", "components/planted-page.ts", "@/app/layout"),
  plant("app-not-other-processes", "app/planted/keeper.ts", "@/lib/keeper/loop"),
  plant("app-not-other-processes", "app/planted/gateway.ts", "@/lib/gateway/server"),
  plant("gateway-not-keeper", "lib/gateway/planted-keeper.ts", "@/lib/keeper/loop"),
  plant("gateway-needs-no-next", "lib/gateway/planted-next.ts", "@/lib/http/auth/session"),
  plant("keeper-answers-nobody", "lib/keeper/planted-answer.ts", "@/lib/http/problem"),
  plant("product-needs-no-tests-and-scripts", "lib/oauth/planted-e2e.ts", "@/e2e/sandbox/clouds"),
  plant("product-needs-no-tests-and-scripts", "app/planted/script.ts", "@/scripts/ports.mjs"),
  plant("product-needs-no-tests-and-scripts", "app/planted/testing.ts", "@/lib/testing/actors"),
  plant("domains-know-no-request", "lib/contacts/planted-request.ts", "next/headers"),
  plant("statements-in-few-files", "app/planted/prisma.ts", "@/prisma/generated/client"),
  plant("statements-in-few-files", "lib/keeper/planted-sql.ts", "@/prisma/generated/client"),
  plant("statements-in-few-files", "lib/contacts/planted-pg.ts", "pg"),
  plant("database-in-few-files", "app/planted/db.ts", "@/lib/kernel/db"),
  plant("database-in-few-files", "lib/contacts/planted-db.ts", "@/lib/kernel/db"),
  plant("database-in-few-files", "app/planted/queries.ts", "@/lib/kernel/db"),
  plant("database-in-few-files", "proxy.ts", "@/lib/kernel/db"),
  plant("app-not-other-processes", "instrumentation.ts", "@/lib/keeper/loop"),
  plant(
    "stores-are-their-rooms-own",
    "app/planted/store.ts",
    "@/lib/watch/incidents/announcements/store",
  ),
  plant("readers-of-kernel-paging-store", "lib/watch/page.ts", "@/lib/kernel/paging/store"),
  plant("stores-are-their-rooms-own", "lib/watch/planted-store.ts", "@/lib/contacts/privacy/store"),
  plant("actors-are-minted-at-the-borders", "app/planted/actor.ts", "@/lib/kernel/mint-actor"),
  plant("actors-are-minted-at-the-borders", "lib/kernel/events/planted.ts", "../mint-actor"),
  plant("actors-are-minted-at-the-borders", "lib/kernel/postkey.ts", "./mint-actor"),
  plant("actors-are-minted-at-the-borders", "lib/http/api/planted.ts", "@/lib/kernel/mint-actor"),
  ...words("lib/registrations/by.ts lib/keeper/by.ts app/planted/by.ts").map((file) =>
    plant("postkey-is-named-where-it-acts-by-itself", file, "@/lib/audit/postkey"),
  ),
  plant("schemas-are-isomorphic", "lib/contacts/planted/schema.ts", "@/lib/kernel/env"),
  plant("schemas-are-isomorphic", "lib/oauth/openid/presets/planted.ts", "@/lib/kernel/env"),
  plant("components-know-schemas-only", "components/planted.ts", "@/lib/contacts/queries"),
  plant("sockets-in-egress-alone", "lib/oauth/planted-socket.ts", "node:net"),
  plant("sockets-in-egress-alone", "app/planted/https.ts", "node:https"),
  plant("mail-clients-in-mail-alone", "lib/checks/planted-mail.ts", "imapflow"),
  plant("sandbox-stands-beside-the-product", "e2e/sandbox/planted.ts", "zod"),
];

const FETCHING = ["lib/contacts/planted-fetch.ts", "app/planted/fetch.ts"];

/** What the plants need beside them, with something to import. */
const OTHERS: Readonly<Record<string, string>> = {
  "lib/kernel/planted-way-back.ts": 'import "./planted-circle";\n',
  "lib/http/auth/session.ts": 'import "next/headers";\n',
  ...Object.fromEntries(
    FETCHING.map((file) => [file, 'export const planted = () => fetch("https://x.test");\n']),
  ),
};

const run = promisify(execFile);
const bin = (name: string) => resolve("node_modules/.bin", name);
const house = folderOfFile();
let refused: string[];

beforeAll(async () => {
  await Promise.all(CONFIGS.map((file) => cp(file, join(house, file))));
  await symlink(resolve("node_modules"), join(house, "node_modules"));
  for (const { file, imports } of PLANTS.filter((each) => /^[@.]/.test(each.imports)))
    await write(importedFrom(file, imports), "export {};\n");
  for (const [file, text] of Object.entries(OTHERS)) await write(file, text);
  for (const { file, imports } of PLANTS) await write(file, `import "${imports}";\n`);
  const roots = ["app", "components", "lib", "proxy.ts", "instrumentation.ts", "e2e"];
  const args = [...roots, "--config", ".dependency-cruiser.mjs", "--output-type", "err"];
  const said = await failing(bin("depcruise"), args);
  refused = [...said.matchAll(/^\s*error ([\w-]+): (\S+)/gm)].map(
    ([, rule, file]) => `${rule}: ${file}`,
  );
}, 60_000);

/** The file of ours that an import means. */
function importedFrom(file: string, imports: string): string {
  const path = imports.startsWith("@/") ? imports.slice(2) : join(dirname(file), imports);
  return path.endsWith(".mjs") ? path : `${path}.ts`;
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(house, file)), { recursive: true });
  await writeFile(join(house, file), text);
}

/** What a tool says that has to find something. */
async function failing(file: string, args: string[]): Promise<string> {
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" };
  const result = await run(file, args, { cwd: house, env, maxBuffer: 64 * 1024 * 1024 }).then(
    () => null,
    (error: { stdout: string; stderr: string }) => `${error.stdout}${error.stderr}`,
  );
  if (result === null) throw new Error("It found nothing.");
  return result;
}

test.each(PLANTS)("$rule: $file may not import $imports", ({ rule, file }) => {
  expect(refused).toContain(`${rule}: ${file}`);
});

test("every rule has something planted that breaks it", () => {
  expect(floors.length).toBeGreaterThan(15);
  const broken = new Set(PLANTS.map(({ rule }) => rule));
  expect(RULES.filter(({ name }) => name === undefined || !broken.has(name))).toEqual([]);
});

test("nothing but egress calls fetch", async () => {
  const said = await failing(bin("biome"), ["lint", ...FETCHING]);
  for (const file of FETCHING)
    expect(said).toMatch(new RegExp(`${file}\\S* lint/style/noRestrictedGlobals`));
});
