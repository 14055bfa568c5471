import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";

type Source = { path: string; text: string };

/** Of the product, without its tests and what they share. */
const sourcesOf = (folder: string): Source[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.ts$|^(testing|house)\//.test(path))
    .map((path) => ({
      path: `${folder}/${path}`,
      text: readFileSync(`${folder}/${path}`, "utf8"),
    }));
const lib = sourcesOf("lib");
const screens = [...sourcesOf("app"), ...sourcesOf("components")];
const product = [
  ...lib,
  ...screens,
  ...["proxy.ts", "instrumentation.ts"].map((path) => ({ path, text: readFileSync(path, "utf8") })),
];

/** Where a rule is written anew that stands somewhere: file and what it says. */
function found(pattern: RegExp, except: RegExp, sources: readonly Source[] = lib): string[] {
  return sources
    .filter(({ path }) => !except.test(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(pattern)].map(([said]) => `${path}: ${said.trim()}`),
    );
}

/** A service's id as a text, as a key of a table, or as what is read from one; not as part of an address. */
const SERVICE =
  /["'`](?:microsoft_azure|google|outlook365|outlook_com|gmail)["'`]|[{,\s](?:microsoft_azure|google|outlook365|outlook_com|gmail)\??: |\.(?:microsoft_azure|google|outlook365|outlook_com|gmail)\b(?![./])/g;

test("no service is named outside of lib/oauth, but for the variants of the form", () => {
  const except = /^lib\/oauth\/|^lib\/registrations\/registration\/(google\/)?schema\.ts$/;
  expect(found(SERVICE, except)).toEqual([]);
});

/** A mail service without a platform, but for the codes of zod's own issues and nodemailer's own sign-ins. */
const PLAIN_HOUSE =
  /(?<!\b(?:code|type): )["'`](?:custom|yahoo)["'`]|[{,\s](?:custom|yahoo)\??: |\.(?:custom|yahoo)\b(?![.(/])/g;

test("no mail service is named outside of its row", () => {
  const except = /^lib\/mail\/houses\/schema\.ts$|^lib\/http\/api\/fields\/texts\.ts$/;
  expect(found(PLAIN_HOUSE, except, [...lib, ...screens])).toEqual([]);
});

/** The id of what a platform refuses, in the error catalogue; examples of the API's description have one. */
const REFUSAL = /["'`](?:AADSTS\d+|google\.[a-z_]+)["'`]/g;

test("what a platform refuses is named by itself and by the error catalogue alone", () => {
  const except = /^lib\/(?:oauth|remedies)\/|^lib\/http\/api\/fields\/examples\.ts$/;
  expect(found(REFUSAL, except, [...lib, ...screens])).toEqual([]);
});

/** They landed: of columns' first values, and of the house whose mailboxes several people open (a test compares). */
const LANDED = /_(?:init|places_by_mailbox)\//;

test("no migration names a service any more", () => {
  const migrations = readdirSync("prisma/migrations", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".sql"))
    .map((path) => ({ path, text: readFileSync(`prisma/migrations/${path}`, "utf8") }));
  expect(found(SERVICE, LANDED, migrations)).toEqual([]);
  expect(found(SERVICE, /^$/, migrations)).not.toEqual([]);
});

test("no kind of company sign-in is named outside of lib/oauth", () => {
  const named = /["'`](entra|workspace|okta|keycloak)["'`]/g;
  expect(found(named, /^lib\/oauth\//, [...lib, ...screens])).toEqual([]);
});

/** Of one service by their nature: variants of the form with their parts, and guides. */
const PROVIDERS = String.raw`^app/\(console\)/settings/cloud-providers/`;
const inScreensOfAService = new RegExp(
  [
    String.raw`^app/\(console\)/help/setup/`,
    `${PROVIDERS}(form-variants|(microsoft|google)-fields|domain-wide-delegation|key-file-input|grant-hints)`,
    String.raw`${PROVIDERS}\[cloudProviderId\]/edit/edited-values`,
    // Secrets that Microsoft Graph renews, kinds of credentials, and hosts of other clouds.
    String.raw`${PROVIDERS}(\[cloudProviderId\]/(renewal-switch|automatic-renewal)|credential-fields|provider-host-fields)`,
  ].join("|"),
);

test("no screen names a service, but for the variants of the form and the guides", () => {
  expect(found(SERVICE, inScreensOfAService, screens)).toEqual([]);
});

/** What is shown: comments may say which platform does what. */
const shown = screens.map(({ path, text }) => ({
  path,
  text: text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ""),
}));
const BRAND = /\b(?:Microsoft|Google)\b.{0,20}/g;
/** Other products of theirs: a calendar, where a company signs people in, a shell. */
const OTHER_PRODUCTS =
  /^app\/\(console\)\/(overview\/calendar-address-dialog|settings\/sign-in\/page)\.tsx$|^components\/who-does-it\.ts$/;

test("no screen says the name of one platform where a person may be at another", () => {
  const elsewhere = shown.filter(({ path }) => !inScreensOfAService.test(path));
  expect(found(BRAND, OTHER_PRODUCTS, elsewhere)).toEqual([]);
});

test.each([
  ["a text", SERVICE, 'service === "google"'],
  ["a key", SERVICE, "const HINTS = { google: 1 };"],
  ["a key on a line of its own", SERVICE, "\n  microsoft_azure: Fields,"],
  ["what a table has for it", SERVICE, "PLATFORMS.google"],
  ["a value in SQL", SERVICE, "CASE WHEN service = 'outlook365' THEN email END"],
  ["a platform's name on a screen", BRAND, "<Text>Microsoft did not grant it.</Text>"],
])("a service as %s is found", (_as, pattern, text) => {
  const planted = [{ path: "app/planted.tsx", text }];
  expect(found(pattern, inScreensOfAService, planted)).toHaveLength(1);
});

test.each(["https://mail.google.com/", "apps/gmail/enduseraccess", "<GoogleFields />"])(
  "%s names no service",
  (text) => {
    const planted = [{ path: "app/planted.tsx", text }];
    expect([SERVICE, BRAND].flatMap((named) => found(named, /^$/, planted))).toEqual([]);
  },
);

test("nothing outside of lib/oauth goes past the interface of a service", () => {
  expect(found(/@\/lib\/oauth\/(google|microsoft)\//g, /^lib\/oauth\//)).toEqual([]);
});

const STATEMENT =
  /(?:\btx|\bdb\(\))\.(?:\$(?:queryRaw|executeRaw)|[a-z]\w+\.(?:find|count|create|update|delete|upsert|aggregate|groupBy)\w*\()/g;

test("statements stand in the files for them", () => {
  const files = /^lib\/kernel\/|\/(?:[\w-]+-)?(?:queries|mutations|store)\.ts$/;
  expect(found(STATEMENT, files, product)).toEqual([]);
});

test("a lease is made by leaseFor", () => {
  const taken = /"leaseUntil" = now\(\)|postkey_holds\([^)]*"leaseUntil"|leaseUntil: (?!null)/g;
  expect(found(taken, /^lib\/kernel\/lease\.ts$/)).toEqual([]);
});

/** The cost of a hash is no wait. */
const DOUBLES = /\b2 \*\* (?!LOG2_N\b).{0,30}|\bpower\(2\b|\bMath\.pow\(2\b/g;

test("a wait that doubles is that of backoff.ts", () => {
  expect(found(DOUBLES, /^lib\/kernel\/backoff\.ts$/)).toEqual([]);
});

/** Of keys and devices: whether they are good for anything, or whether their end has come. */
const OWN_VALIDITY =
  /"revokedAt" IS (?:NOT )?NULL[^`]*"expiresAt"|"expiresAt" IS NULL OR|coalesce\((?:\w+\.)?"expiresAt" [<>]/g;

test("whether a key or a device is valid is asked of isValid", () => {
  expect(found(OWN_VALIDITY, /^lib\/access\/validity\.ts$/)).toEqual([]);
});

const OWN_SOON = /\b\w*(?:EXPIRING|SOON|CERTIFICATE)_DAYS = \d+/g;

test("how soon is soon stands once", () => {
  expect(found(OWN_SOON, /^lib\/kernel\/clock\.ts$/, product)).toEqual([]);
});

const LINKS_DAY = /\bLINK_LIFE_MS = |"expiresAt", interval '1 day'|interval '72 hours'/g;

test("how long a one-time link is good stands once", () => {
  expect(found(LINKS_DAY, /^lib\/access\/link-life\.ts$/)).toEqual([]);
});

/** The letters after the digits: Crockford's leave i, l, o and u out. */
const ALPHABET = /abcdefghjkmnpqrstvwxyz/gi;

test("the alphabet of what people type stands once", () => {
  expect(found(ALPHABET, /^lib\/access\/crockford\.ts$/, product)).toEqual([]);
});

const OWN_RENEWAL = /\b(?:RENEW_EVERY|DEAD_AFTER)_MS = \d/g;

test("how often a lease is renewed, and who is dead, follows from what is said of leases and beats", () => {
  expect(found(OWN_RENEWAL, /^lib\/kernel\/heartbeat\.ts$/)).toEqual([]);
});

const OWN_DISUSE = /\b\w*(?:DISUSE|REFRESH_TOKEN)_DAYS = \d/g;

test("after how long a sign-in is over without use stands once", () => {
  expect(found(OWN_DISUSE, /^lib\/oauth\//, product)).toEqual([]);
});

/** What it hangs on a signal is never taken off: 65 bytes for each, of one that lives as long as its process. */
test("signals are joined only where all of them end with one request", () => {
  const ofARequest = /^lib\/(?:http\/line-stream|messages\/round-trip)\.ts$/;
  expect(found(/AbortSignal\.any\(/g, ofARequest, product)).toEqual([]);
});

const WAIT_IN_SQL = /least\(greatest\(interval/g;

test("a wait that grows is no statement's own either", () => {
  expect(found(WAIT_IN_SQL, /^lib\/kernel\/backoff\.ts$/)).toEqual([]);
});

/** A claim: a due time that is put off by so much, by the row's next process. */
const OWN_CLAIM = /SET "\w+At" = now\(\) \+[^`]*FOR UPDATE[^`]*SKIP LOCKED/g;

test("a row that is claimed by its due time is put off by a lease", () => {
  expect(found(OWN_CLAIM, /^$/)).toEqual([]);
});

test("who lives is asked of isAlive", () => {
  expect(
    found(/"beatAt"? [<>] now\(\)|"beatAt" (?:NOT )?BETWEEN/g, /^lib\/kernel\/heartbeat\.ts$/),
  ).toEqual([]);
});

test("no statement goes into the tables of the job library", () => {
  expect(found(/(?:FROM|UPDATE|INTO|JOIN) pgboss\./g, /^$/)).toEqual([]);
});

test("each advisory lock has a number of its own, and none stands elsewhere", () => {
  const numbers = Object.values(ADVISORY_LOCKS);
  expect(new Set<number>(numbers).size).toBe(numbers.length);
  const written = /const \w*LOCK = \d[\d_]+;|advisory_(?:xact_)?lock(?:_shared)?\(\d+/g;
  expect(found(written, /^$/)).toEqual([]);
});

test("what is sealed is opened by stores alone", () => {
  const opened = /\b(?:unseal|openOrLock|isOpenable)\(/g;
  const everywhere = [...lib, ...screens];
  const except = /\/store\.ts$|^lib\/kernel\/(crypto|open-sealed)\.ts$/;
  expect(found(opened, except, everywhere)).toEqual([]);
});

test("no link of Next.js leads to a file", () => {
  // The page would wait for another page for ever, and show nothing new meanwhile.
  const led = /pageAt\(["'`]\/api\/|<(?:Link|InlineLink|LinkButton)[^>]*href=\{?["'`]\/api\//g;
  expect(found(led, /^$/, screens)).toEqual([]);
});

test("no part of a client component is named by its dot where pages are made", () => {
  // On the server it is undefined: the page fails where it is shown, and nowhere before.
  const ofServer = screens.filter(({ text }) => !text.includes('"use client"'));
  expect(found(/<[A-Z]\w+\.[A-Z]\w+/g, /^$/, ofServer)).toEqual([]);
});

const APP_NAME = /"grant" = 'app_only' THEN ''/g;

test("under which name an account finds its sign-in is nameUnlessApp", () => {
  expect(found(APP_NAME, /^lib\/sign-ins\/identities\.ts$/)).toEqual([]);
});

/** The type takes both: a cast of anything, and an actor whose permissions are replaced. */
const FORGED_ACTOR =
  /\bas (?:unknown as |never as )?Actor\b|\{ \.\.\.\w*(?:actor|POSTKEY)\b[^}]*\bpermissions\b/g;

test("an actor is made by mintActor alone", () => {
  expect(found(FORGED_ACTOR, /^lib\/kernel\/mint-actor\.ts$/, product)).toEqual([]);
});

const HIGHEST_FIRST = /\["administrator", "operator"/g;

test("which role is the highest stands once", () => {
  expect(found(HIGHEST_FIRST, /^lib\/access\/roles\/schema\.ts$/, product)).toEqual([]);
});

const INSIDE = /is an address inside the network\./g;

test("an address inside the network is refused with one sentence", () => {
  expect(found(INSIDE, /^lib\/(egress\/allowed-hosts\.ts$|remedies\/)/, product)).toEqual([]);
});

const SAID_MANY = /\b(?:1,000|10,000)\b/g;

test("how many the API takes at once is said by its constant", () => {
  const api = lib.filter(({ path }) => path.startsWith("lib/http/api/"));
  expect(found(SAID_MANY, /^$/, api)).toEqual([]);
});

const ROWS_MAX = /\b(?:LIMIT|TURN|ROWS|PAGE)_MAX = \d+/g;

test("how many rows a page may have stands once", () => {
  expect(found(ROWS_MAX, /^lib\/kernel\/paging\/schema\.ts$/)).toEqual([]);
});

const NAMED = /\b\w*NAMED\w* = 1_?000\b/g;

test("how many a script names stands once", () => {
  expect(found(NAMED, /^lib\/remedies\/fill-command\.ts$/)).toEqual([]);
});

const LISTENS = /\bcreateServer\(|\.listen\(/g;
const LISTENERS = /^lib\/(http\/web|gateway)\//;

test("nothing listens but the web server and the gateway", () => {
  expect(found(LISTENS, LISTENERS, product)).toEqual([]);
});

const DIALS =
  /\b(?:net|tls|http2)\.(?:connect|createConnection)\(|\bhttps?\.(?:request|get)\(|\bdgram\.createSocket\(|\bnew (?:net\.)?Socket\(|import \{[^}]*\b(?:connect|createConnection|request|get|createSocket)\b[^}]*\} from "(?:node:)?(?:net|tls|https?|http2|dgram)"/g;

test("nothing opens a socket but egress", () => {
  expect(found(DIALS, /^lib\/egress\//, product)).toEqual([]);
});

/** Modules of Node that could open a socket, taken for more than their types. */
const SOCKET_MODULE =
  /^import (?!type )[^;]*? from "(?:node:)?(?:net|tls|https?|http2|dns(?:\/promises)?|dgram)"/gm;

test("mail has no more than the type of a socket", () => {
  const mail = lib.filter(({ path }) => path.startsWith("lib/mail/"));
  expect(found(SOCKET_MODULE, /^$/, mail)).toEqual([]);
});

/** Past the linter's rule, which knows the globals by their bare names. */
const HIDDEN_FETCH =
  /\b(?:globalThis|window|self|global)(?:\.|\?\.|\[["'`])(?:fetch|WebSocket|XMLHttpRequest)\b|\{[^{}]*\b(?:fetch|WebSocket|XMLHttpRequest)\b[^{}]*\} = (?:globalThis|window|self|global)\b|\bnew XMLHttpRequest\b/g;

test("no fetch is called under another name", () => {
  expect(found(HIDDEN_FETCH, /^$/, product)).toEqual([]);
});

const PLANTS: readonly [what: string, pattern: RegExp, text: string][] = [
  ["a server", LISTENS, "createServer(answer)"],
  ["a listener", LISTENS, "server.listen(8080)"],
  ["a statement", STATEMENT, "await tx.authorization.count({ where })"],
  ["a statement in SQL", STATEMENT, "await db().$executeRaw`SELECT 1`"],
  ["a socket", DIALS, "net.connect({ host, port })"],
  ["a TLS socket", DIALS, "tls.connect({ host, port })"],
  ["a socket by its name", DIALS, 'import { connect, isIP } from "node:net"'],
  ["a request by its name", DIALS, 'import { request } from "node:https"'],
  ["a request by the older name", DIALS, 'import { get } from "https"'],
  ["a request of a module", DIALS, "https.request(url, { agent })"],
  ["a datagram", DIALS, 'dgram.createSocket("udp4")'],
  ["a module of sockets", SOCKET_MODULE, 'import { isIP, type Socket } from "node:net"'],
  ["the global fetch", HIDDEN_FETCH, 'globalThis.fetch("https://example.test")'],
  ["a fetch that is taken out", HIDDEN_FETCH, "const { fetch } = globalThis"],
  ["a fetch under another name", HIDDEN_FETCH, "const { crypto, fetch: get } = globalThis"],
  ["a name", APP_NAME, `CASE WHEN p."grant" = 'app_only' THEN '' ELSE $2 END`],
  ["a refusal of a platform", REFUSAL, 'remedyId === "AADSTS65004"'],
  ["a mail service", PLAIN_HOUSE, 'service === "custom"'],
  ["a mail service in SQL", PLAIN_HOUSE, "CASE service WHEN 'custom' THEN hosts END"],
  ["what a table has for a mail service", PLAIN_HOUSE, "SERVICE_LABELS.custom"],
  ["a mail service as a key", PLAIN_HOUSE, "const PORTS = { yahoo: 993 };"],
  ["an actor by a cast", FORGED_ACTOR, 'const ada = { id: "1" } as unknown as Actor;'],
  ["an actor that may more", FORGED_ACTOR, "const more = { ...actor, permissions: ALL };"],
  ["a bound of a script", NAMED, "const MAX_NAMED = 1_000;"],
  ["a doubling", DOUBLES, "FIRST_MS * 2 ** (over - 1)"],
  ["a doubling in SQL", DOUBLES, "power(2, t.failures) * interval '1 s'"],
  ["a link's day", LINKS_DAY, `postkey_holds(l."expiresAt", interval '1 day')`],
  ["an alphabet", ALPHABET, '"0123456789ABCDEFGHJKMNPQRSTVWXYZ"'],
  ["a third of a lease", OWN_RENEWAL, "const RENEW_EVERY_MS = 3 * SECOND_MS;"],
  ["days of disuse", OWN_DISUSE, "const REFRESH_TOKEN_DAYS = 90;"],
  ["a validity", OWN_VALIDITY, 'WHERE "revokedAt" IS NULL AND ("expiresAt" > now())'],
  ["an end that has not come", OWN_VALIDITY, 'coalesce(d."expiresAt" > now(), TRUE)'],
  ["a month", OWN_SOON, "const KEY_EXPIRING_DAYS = 30;"],
  ["an order of roles", HIGHEST_FIRST, 'for (const role of ["administrator", "operator"])'],
  ["a refusal of an address", INSIDE, '"This is an address inside the network. Ask."'],
  ["a number in a description", SAID_MANY, "`Deletes up to 10,000 accounts.`"],
  ["a size of a page", ROWS_MAX, "const TURN_MAX = 200;"],
  ["a wait", WAIT_IN_SQL, "now() + least(greatest(interval '5 minutes', late), '1 hour')"],
  ["a claim", OWN_CLAIM, 'SET "dueAt" = now() + $1 WHERE id = (… FOR UPDATE SKIP LOCKED)'],
];

test.each(PLANTS)("%s that is planted is found", (_what, pattern, text) => {
  expect(found(pattern, /^$/, [{ path: "lib/mail/planted.ts", text }])).toHaveLength(1);
});

test("the type of a socket is no socket", () => {
  const text = 'import type { Socket } from "node:net";';
  expect(found(SOCKET_MODULE, /^$/, [{ path: "lib/mail/planted.ts", text }])).toEqual([]);
});
