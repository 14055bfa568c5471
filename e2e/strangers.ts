import { readdirSync, readFileSync } from "node:fs";
import { expect } from "@playwright/test";
import { z } from "zod";
import { installation } from "./installation";

/** What is stored, and shown only to those who are signed in. */
export type Canaries = { texts: string[]; cloudProviderId: string; emailAccountId: string };
/** Who asks, and by which headers. */
export type Stranger = readonly [who: string, headers: Readonly<Record<string, string>>];

/** What exists, as the build says it: a page, route or action that is new is asked as well. */
const paths = Object.keys(manifest("app-paths-manifest.json", z.record(z.string(), z.string())));
const { node: actions } = manifest(
  "server-reference-manifest.json",
  z.object({
    node: z.record(
      z.string(),
      z.object({ exportedName: z.string(), workers: z.record(z.string(), z.unknown()) }),
    ),
  }),
);

function manifest<S extends z.ZodType>(name: string, schema: S): z.output<S> {
  return schema.parse(JSON.parse(readFileSync(`.next/server/${name}`, "utf8")));
}

/** For people who are not signed in: they show nothing of the installation. */
const PUBLIC_PAGES = [
  ...["/sign-in", "/setup", "/reset", "/connect", "/connect/done"],
  ...["/_not-found", "/_global-error"],
];
const PUBLIC_ROUTES: Record<string, number[]> = {
  "/api/auth/[...nextauth]": [200, 302, 400, 404],
  "/api/calendar/[token]": [404],
  // Only a token that the company signed ends anything.
  "/api/company/[slug]/logout": [400, 405],
  "/api/health": [200, 401],
  // Of no operation.
  "/api/[...path]": [404],
  // Shows the person a page that says that he is not signed in.
  "/api/cloudProviders/oauth2/[service]/callback": [400, 401, 403],
};
/** signOutAction ends the caller's session; the others come before the sign-in. */
const PUBLIC_ACTIONS = [
  ...["signOutAction", "setUpAction", "findInvitationAction", "signInAction"],
  ...["findPasswordLinkAction", "choosePasswordAction", "beginPasskeySignInAction"],
  ...["showLinkAction", "beginByLinkAction", "beginAgainAction"],
];

/** Of pages and routes. */
export const allPaths = paths.filter((path) => !path.startsWith("/_")).map(toUrlPath);
const allPages = paths.filter((path) => path.endsWith("/page")).map(toUrlPath);
export const guardedPages = allPages.filter((path) => !PUBLIC_PAGES.includes(path));
const routes = [
  ...paths.filter((path) => path.endsWith("/route")).map(toUrlPath),
  ...addressesOfApi(),
];
const guardedActions = Object.entries(actions).filter(
  ([, { exportedName }]) => !PUBLIC_ACTIONS.includes(exportedName),
);
export const [[ACTION_ID] = [""]] = guardedActions;

/** One route of the build answers for all of them: the addresses are in the operations. */
function addressesOfApi(): string[] {
  const folder = "lib/http/api/operations";
  const found = readdirSync(folder).flatMap((file) =>
    [...readFileSync(`${folder}/${file}`, "utf8").matchAll(/"\w+: [A-Z]+ (\/api\/[^"]+)"/g)].map(
      ([, path = ""]) => path.replaceAll(/\{(\w+)\}/g, "[$1]"),
    ),
  );
  expect(found.length).toBeGreaterThan(30);
  return [...new Set(found), "/api/openapi.json"];
}

function toUrlPath(path: string): string {
  return path.replace(/\/(page|route)$/, "").replaceAll(/\/\([^)]+\)/g, "") || "/";
}

/** The address of an object that exists, or of none where there is none of its kind. */
export function withIds(path: string, ids: Canaries): string {
  const known: Record<string, unknown> = { ...ids, remedyId: "AADSTS7000222", service: "google" };
  return path.replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, (_, name) => `${known[name] ?? name.repeat(4)}`);
}

type Asked = { origin: string; canaries: Canaries; strangers: readonly Stranger[] };

/** @param ways to ask for the same page, by a suffix of its address and headers */
export async function expectNoPage(asked: Asked, ways: readonly Stranger[]): Promise<void> {
  await all(guardedPages, async (path) => {
    for (const [who, identity] of asked.strangers)
      for (const [suffix, headers] of ways) {
        const address = `${withIds(path, asked.canaries)}${suffix}`.replace(
          /^\/\.rsc/,
          "/index.rsc",
        );
        const what = `${address} ${Object.keys(headers)} for ${who}`;
        const init = { headers: { ...headers, ...identity } };
        const { response, text } = await askUntilThere(asked, address, { init, what });
        // By a redirect before anything was sent, or by one inside the answer of React's router.
        if (response.status !== 404)
          expect(`${location(response)} ${text}`, what).toContain("/sign-in");
      }
  });
}

/** React's router is sent to the same page once more, without the number of its request. */
async function askUntilThere(asked: Asked, address: string, question: Question) {
  const answer = await expectNothing(asked, address, question);
  const leads = location(answer.response);
  if (!leads || leads.includes("/sign-in")) return answer;
  return expectNothing(asked, leads, question);
}

const location = (response: Response) => response.headers.get("location");

/** What a link's prefetch brings: the frame of a page, which is the same for everyone. */
export async function expectBarePrefetches(asked: Asked): Promise<void> {
  const pages = allPages.filter((path) => !path.startsWith("/_"));
  await all(pages, async (path) => {
    for (const prefetch of [
      { rsc: "1", "next-router-prefetch": "1" },
      { rsc: "1", "next-router-segment-prefetch": "/_tree" },
    ])
      await expectNothing(asked, withIds(path, asked.canaries), {
        init: { headers: prefetch },
        what: `prefetch of ${path}`,
      });
  });
}

export async function expectNoRoute(asked: Asked): Promise<void> {
  await all(routes, async (path) => {
    for (const [who, headers] of asked.strangers)
      for (const method of ["GET", "POST", "PUT", "DELETE"]) {
        const what = `${method} ${path} for ${who}`;
        const address = withIds(path, asked.canaries);
        const { response } = await expectNothing(asked, address, {
          init: { method, headers },
          what,
        });
        expect([...(PUBLIC_ROUTES[path] ?? [401, 403]), 405], what).toContain(response.status);
      }
  });
}

export async function expectNoAction(asked: Asked, inputs: readonly unknown[]): Promise<void> {
  await all(guardedActions, async ([id, { exportedName, workers }]) => {
    const page = toUrlPath(Object.keys(workers)[0]?.replace(/^app/, "") ?? "/");
    for (const [who, identity] of asked.strangers)
      for (const input of inputs) {
        const what = `${exportedName} for ${who}`;
        const headers = { ...identity, "next-action": id, "content-type": "text/plain" };
        const init = { method: "POST", headers, body: JSON.stringify([input]) };
        const address = withIds(page, asked.canaries);
        const { response } = await expectNothing(asked, address, { init, what });
        const leads = response.headers.get("x-action-redirect") ?? response.headers.get("location");
        expect(leads, what).toContain("/sign-in");
      }
  });
}

type Question = { init: RequestInit; what: string };

async function expectNothing({ origin, canaries }: Asked, path: string, { init, what }: Question) {
  const response = await fetch(new URL(path, origin), { redirect: "manual", ...init });
  const text = await response.text();
  for (const canary of [...canaries.texts, installation.registration.clientId])
    expect(text.includes(canary), `${what} shows ${canary}`).toBe(false);
  expect(response.status, what).toBeLessThan(500);
  return { response, text };
}

/** Some at a time. */
async function all<T>(each: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  expect(each.length).toBeGreaterThan(20);
  const left = [...each];
  const worker = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
}
