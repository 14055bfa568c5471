import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";
import { productSources, type Source } from "@/lib/testing/sources";

const product = productSources();
const lib = product.filter(({ file }) => file.startsWith("lib/"));
const screens = product.filter(({ file }) => /^(?:app|components)\//.test(file));
const shown = screens.map(({ file, text }) => ({
  file,
  text: text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ""),
}));

/** A rule that stands somewhere, and how it looks where it is written again. */
type Rule = {
  says: RegExp;
  /** Where it stands. */
  except?: RegExp;
  /** Where it is looked for; everywhere, unless something else is said. */
  among?: readonly Source[];
  /** What it has to find. */
  plants?: readonly string[];
};

/** Where a rule is written again: file and what it says. */
function found({ says, except = /^$/, among = product }: Rule): string[] {
  return among
    .filter(({ file }) => !except.test(file))
    .flatMap(({ file, text }) =>
      [...text.matchAll(says)].map(([said]) => `${file}: ${said.trim()}`),
    );
}

const IDS = "(?:microsoft_azure|google|outlook365|outlook_com|gmail)";
/** A service's id as a text, as a key of a table, or as what is read from one; not as part of an address. */
const SERVICE = new RegExp(`["'\`]${IDS}["'\`]|[{,\\s]${IDS}\\??: |\\.${IDS}\\b(?![./])`, "g");
const BRAND = /\b(?:Microsoft|Google)\b.{0,20}/g;

/** Of one service by their nature: variants of the form with their parts, and guides. */
const PROVIDERS = String.raw`^app/\(console\)/settings/cloud-providers/`;
const OF_A_SERVICE = [
  String.raw`^app/\(console\)/help/setup/`,
  `${PROVIDERS}(form-variants|service-fields|domain-wide-delegation|credential-choices)`,
  // Secrets that Microsoft Graph renews, applications without a person, kinds of credentials, and hosts of other clouds.
  String.raw`${PROVIDERS}(\[cloudProviderId\]/(renewal-switch|automatic-renewal|app-only-access|closed-mailbox)|credential-fields|provider-host-fields)`,
].join("|");
/** Other products of theirs: a calendar, where a company signs people in, a report, a shell. */
const OTHER_PRODUCTS = String.raw`^app/\(console\)/(overview/calendar-address-dialog|settings/sign-in/page|email/migration/report/[\w-]+)\.tsx$|^components/who-does-it\.ts$`;

const NAMES: Readonly<Record<string, Rule>> = {
  "no service is named outside of lib/oauth, but for the variants of the form": {
    says: SERVICE,
    except:
      /^lib\/oauth\/|^lib\/registrations\/registration\/(google\/)?schema\.ts$|^lib\/remedies\/services\.ts$/,
    among: lib,
    plants: [
      'service === "google"',
      "const HINTS = { google: 1 };",
      "\n  microsoft_azure: Fields,",
      "PLATFORMS.google",
      "CASE WHEN service = 'outlook365' THEN email END",
    ],
  },
  "no screen names a service, but for the variants of the form and the guides": {
    says: SERVICE,
    except: new RegExp(OF_A_SERVICE),
    among: screens,
  },
  "no screen says the name of one platform where a person may be at another": {
    says: BRAND,
    except: new RegExp(`${OF_A_SERVICE}|${OTHER_PRODUCTS}`),
    among: shown,
    plants: ["<Text>Microsoft did not grant it.</Text>"],
  },
  // But for the codes of zod's own issues and nodemailer's own sign-ins.
  "no mail service without a platform is named outside of its row": {
    says: /(?<!\b(?:code|type): )["'`](?:custom|yahoo)["'`]|[{,\s](?:custom|yahoo)\??: |\.(?:custom|yahoo)\b(?![.(/])/g,
    except: /^lib\/mail\/services\/schema\.ts$|^lib\/http\/api\/fields\/complete\.ts$/,
    among: [...lib, ...screens],
    plants: [
      'service === "custom"',
      "CASE service WHEN 'custom' THEN hosts END",
      "SERVICE_LABELS.custom",
      "const PORTS = { yahoo: 993 };",
    ],
  },
  "what a platform refuses is named by itself and by the error catalogue alone": {
    says: /["'`](?:AADSTS\d+|google\.[a-z_]+)["'`]/g,
    except: /^lib\/(?:oauth|remedies)\/|^lib\/http\/api\/fields\/examples\.ts$/,
    among: [...lib, ...screens],
    plants: ['remedyId === "AADSTS65004"'],
  },
  "no kind of company sign-in is named outside of lib/oauth": {
    says: /["'`](entra|workspace|okta|keycloak)["'`]/g,
    except: /^lib\/oauth\//,
    among: [...lib, ...screens],
    plants: ['preset === "okta"'],
  },
  "nothing outside of lib/oauth goes past the interface of a service": {
    says: /@\/lib\/oauth\/(google|microsoft)\//g,
    except: /^lib\/oauth\//,
  },
};

const STANDS_ONCE: Readonly<Record<string, Rule>> = {
  "statements stand in the files for them": {
    says: /(?:\btx|\bdb\(\))\.(?:\$(?:queryRaw|executeRaw)|[a-z]\w+\.(?:find|count|create|update|delete|upsert|aggregate|groupBy)\w*\()/g,
    except: /^lib\/kernel\/|\/(?:[\w-]+-)?(?:queries|mutations|store)\.ts$/,
    plants: ["await tx.authorization.count({ where })", "await db().$executeRaw`SELECT 1`"],
  },
  "a lease is made by leaseFor": {
    says: /"leaseUntil" = now\(\)|postkey_holds\([^)]*"leaseUntil"|leaseUntil: (?!null)/g,
    except: /^lib\/kernel\/leases\.ts$/,
    plants: ['SET "leaseUntil" = now() + $1'],
  },
  // The cost of a hash is no wait.
  "a wait that doubles is that of backoff.ts": {
    says: /\b2 \*\* (?!LOG2_N\b).{0,30}|\bpower\(2\b|\bMath\.pow\(2\b/g,
    except: /^lib\/kernel\/backoff\.ts$/,
    plants: ["FIRST_MS * 2 ** (over - 1)", "power(2, t.failures) * interval '1 s'"],
  },
  "a wait that grows is no statement's own either": {
    says: /least\(greatest\(interval/g,
    except: /^lib\/kernel\/backoff\.ts$/,
    plants: ["now() + least(greatest(interval '5 minutes', late), '1 hour')"],
  },
  "whether a key or a device is valid is asked of isValid": {
    says: /"revokedAt" IS (?:NOT )?NULL[^`]*"expiresAt"|"expiresAt" IS NULL OR|coalesce\((?:\w+\.)?"expiresAt" [<>]/g,
    except: /^lib\/people\/validity\.ts$/,
    plants: [
      'WHERE "revokedAt" IS NULL AND ("expiresAt" > now())',
      'coalesce(d."expiresAt" > now(), TRUE)',
    ],
  },
  "how long a one-time link is good stands once": {
    says: /\bLINK_LIFE_MS = |"expiresAt", interval '1 day'|interval '72 hours'/g,
    except: /^lib\/people\/links\/store\.ts$/,
    plants: [`postkey_holds(l."expiresAt", interval '1 day')`],
  },
  // What it hangs on a signal is never taken off: 65 bytes each, of one that lives as long as its process.
  "signals are joined only where all of them end with one request": {
    says: /AbortSignal\.any\(/g,
    except: /^lib\/(?:http\/event-stream|messages\/round-trip)\.ts$/,
  },
  // A claim: a due time that is put off by so much, by the row's next process.
  "a row that is claimed by its due time is put off by a lease": {
    says: /SET "\w+At" = now\(\) \+[^`]*FOR UPDATE[^`]*SKIP LOCKED/g,
    plants: ['SET "dueAt" = now() + $1 WHERE id = (… FOR UPDATE SKIP LOCKED)'],
  },
  "who lives is asked of isAlive": {
    says: /"beatAt"? [<>] now\(\)|"beatAt" (?:NOT )?BETWEEN/g,
    except: /^lib\/kernel\/heartbeat\.ts$/,
  },
  "no statement goes into the tables of the job library": {
    says: /(?:FROM|UPDATE|INTO|JOIN) pgboss\./g,
  },
  "no number of an advisory lock stands elsewhere": {
    says: /const \w*LOCK = \d[\d_]+;|advisory_(?:xact_)?lock(?:_shared)?\(\d+/g,
  },
  "what is sealed is opened by stores alone": {
    says: /\b(?:unseal|openOrLock|isOpenable)\(/g,
    except: /\/store\.ts$|^lib\/kernel\/(crypto|open-sealed)\.ts$/,
    among: [...lib, ...screens],
    plants: ["unseal(row.secretSealed, key)"],
  },
  "under which name an account finds its sign-in is nameUnlessApp": {
    says: /"grant" = 'app_only' THEN ''/g,
    except: /^lib\/sign-ins\/identities\.ts$/,
    plants: [`CASE WHEN p."grant" = 'app_only' THEN '' ELSE $2 END`],
  },
  // The type takes both: a cast of anything, and an actor whose permissions are replaced.
  "an actor is made by mintActor alone": {
    says: /\bas (?:unknown as |never as )?Actor\b|\{ \.\.\.\w*(?:actor|POSTKEY)\b[^}]*\bpermissions\b/g,
    except: /^lib\/kernel\/mint-actor\.ts$/,
    plants: [
      'const ada = { id: "1" } as unknown as Actor;',
      "const more = { ...actor, permissions: ALL };",
    ],
  },
  // Their pieces are ours and their text is short; the others are analysed (regular-expressions.long.test.ts).
  "regular expressions are literals": {
    says: /\bRegExp\(/g,
    except:
      /^lib\/(?:people\/company\/slugs|mail\/transcript|oauth\/failure-details|remedies\/fill-command)\.ts$/,
    plants: ["new RegExp(`^$" + "{name}`)", "RegExp(text)"],
  },
};

const SCREENS: Readonly<Record<string, Rule>> = {
  // The page would wait for another page for ever, and show nothing new meanwhile.
  "no link of Next.js leads to a file": {
    says: /pageAt\(["'`]\/api\/|<(?:Link|InlineLink|LinkButton)[^>]*href=\{?["'`]\/api\//g,
    among: screens,
    plants: ['<Link href="/api/export">'],
  },
  // On the server it is undefined: the page fails where it is shown, and nowhere before.
  "no part of a client component is named by its dot where pages are made": {
    says: /<[A-Z]\w+\.[A-Z]\w+/g,
    among: screens.filter(({ text }) => !text.includes('"use client"')),
    plants: ["<Table.Row>"],
  },
};

const NETWORK: Readonly<Record<string, Rule>> = {
  "nothing listens but the web server and the gateway": {
    says: /\bcreateServer\(|\.listen\(/g,
    except: /^lib\/(http\/web|gateway)\//,
    plants: ["createServer(answer)", "server.listen(8080)"],
  },
  "nothing opens a socket but egress": {
    says: /\b(?:net|tls|http2)\.(?:connect|createConnection)\(|\bhttps?\.(?:request|get)\(|\bdgram\.createSocket\(|\bnew (?:net\.)?Socket\(|import \{[^}]*\b(?:connect|createConnection|request|get|createSocket)\b[^}]*\} from "(?:node:)?(?:net|tls|https?|http2|dgram)"/g,
    except: /^lib\/egress\//,
    plants: [
      "net.connect({ host, port })",
      "tls.connect({ host, port })",
      'import { connect, isIP } from "node:net"',
      'import { request } from "node:https"',
      'import { get } from "https"',
      "https.request(url, { agent })",
      'dgram.createSocket("udp4")',
    ],
  },
  // Modules of Node that could open a socket, taken for more than their types.
  "mail has no more than the type of a socket": {
    says: /^import (?!type )[^;]*? from "(?:node:)?(?:net|tls|https?|http2|dns(?:\/promises)?|dgram)"/gm,
    among: lib.filter(({ file }) => file.startsWith("lib/mail/")),
    plants: ['import { isIP, type Socket } from "node:net"'],
  },
  // Past the linter's rule, which knows the globals by their bare names.
  "no fetch is called under another name": {
    says: /\b(?:globalThis|window|self|global)(?:\.|\?\.|\[["'`])(?:fetch|WebSocket|XMLHttpRequest)\b|\{[^{}]*\b(?:fetch|WebSocket|XMLHttpRequest)\b[^{}]*\} = (?:globalThis|window|self|global)\b|\bnew XMLHttpRequest\b/g,
    plants: [
      'globalThis.fetch("https://example.test")',
      "const { fetch } = globalThis",
      "const { crypto, fetch: get } = globalThis",
    ],
  },
};

const RULES = Object.entries({ ...NAMES, ...STANDS_ONCE, ...SCREENS, ...NETWORK });

test.each(RULES)("%s", (_name, rule) => expect(found(rule)).toEqual([]));

test.each(
  RULES.flatMap(([name, rule]) => (rule.plants ?? []).map((text) => [text, name, rule] as const)),
)("%j breaks “%s”", (text, _name, rule) => {
  expect(found({ ...rule, among: [{ file: "lib/planted.ts", text }] })).toHaveLength(1);
});

test.each(["https://mail.google.com/", "apps/gmail/enduseraccess", "<GoogleFields />"])(
  "%s names no service",
  (text) => expect([text.match(SERVICE), text.match(BRAND)]).toEqual([null, null]),
);

test("the type of a socket is no socket", () => {
  const text = 'import type { Socket } from "node:net";';
  expect(
    Object.values(NETWORK).flatMap((rule) => found({ ...rule, among: [{ file: "x.ts", text }] })),
  ).toEqual([]);
});

test("no migration after the first names a service", () => {
  const migrations = readdirSync("prisma/migrations", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".sql"))
    .map((file) => ({ file, text: readFileSync(`prisma/migrations/${file}`, "utf8") }));
  const rule = { says: SERVICE, among: migrations };
  expect(found({ ...rule, except: /_init\// })).toEqual([]);
  expect(found(rule)).not.toEqual([]);
});

test("each advisory lock has a number of its own", () => {
  const numbers = Object.values(ADVISORY_LOCKS);
  expect(new Set<number>(numbers).size).toBe(numbers.length);
});
