/**
 * Who may import whom. This list is the house, top to bottom: a room of lib imports from those below it and
 * from nothing else of ours, types included, so that no circle of rooms can be.
 */
const FLOORS = [
  ["gateway", "what a program or a device sets off: the API on a port of its own, mail protocols"],
  ["keeper", "what the clock sets off"],
  ["http", "what a request sets off; http/web is the server in front of Next.js and the gateway"],
  ["watch", "incidents, alerts, calendar, changes, history, health, warnings, metrics, letters"],
  ["migration", "moving from passwords"],
  ["messages", "sending, and looking inside"],
  ["checks", "connection tests, one and many"],
  ["contacts", "contacts, their lists, import, privacy, capture"],
  ["email-accounts", "accounts, and the one way to their credentials"],
  ["devices", "printers and other software with a password: places, pace, attempts"],
  ["programs", "API keys"],
  ["people", "administrators, how they sign in, and what they may do"],
  ["sign-ins", "authorizations, their requests, and their tokens"],
  ["registrations", "cloud providers: hosts, credentials, rotation, pauses"],
  ["letters", "one-time links that go to people by mail: the outbox"],
  ["installation", "key file and its rotation, backup, living keepers"],
  ["audit", "the trail"],
  ["mail", "IMAP, SMTP, POP3"],
  ["oauth", "identity platforms; certificates"],
  ["remedies", "the error catalogue, as data"],
  ["egress", "the only door to the network"],
  ["kernel", "imports no domain; its tables name them"],
].map(([room]) => room);

const TEST = "\\.test\\.tsx?$|^lib/testing/|^e2e/|^scripts/|^bench/";
/** Next.js runs these two before its pages and at its start. */
const ROOT = "^(proxy|instrumentation)\\.ts$";
const PRODUCT = `^(app|components|lib)/|${ROOT}`;
/** What the browser may know of the kinds of company sign-in; what each is stands in a file of its own. */
const PRESETS = "^lib/oauth/openid/presets/";
const TABLES = "^lib/.+/(queries|mutations|store)\\.ts$";

/** A store is its room's own; these are read from elsewhere, by whom stands beside them. */
const OPEN_STORES = {
  "people/administrators/store": ["http/(auth|api/operations/events)", "keeper/tidy-up"],
  "people/links/store": ["keeper/tidy-up"],
  "people/factors/store": ["http/auth/own-cookies", "keeper/tidy-up"],
  "devices/((authority|pace|places)/)?store": ["gateway/devices/", "watch/metrics/gauges"],
  "programs/store": ["http/(auth|api/operations/events)"],
  "people/standing/store": ["devices/import/store", "watch/alerts/mutations"],
  "checks/(runs/)?store": ["keeper/"],
  "checks/runs/scheduled/store": ["keeper/", "watch/incidents/store"],
  "contacts/capture/leases/store": ["keeper/capture", "watch/metrics/gauges"],
  "email-accounts/test-schedule/store": [
    "checks/(runs/scheduled/)?store",
    "keeper/main",
    "migration/mutations",
    "watch/incidents/store",
  ],
  "installation/keepers/store": ["keeper/"],
  "installation/keys/store": [
    ...["keeper/", "watch/health/queries", "http/auth/client-address"],
    "people/(administrators/(sessions|set-up)|company/(round|sign-in)|passwords/mutations)",
    "sign-ins/links/owner",
  ],
  // Pieces of statements, for the rooms' own.
  "kernel/paging/store": [".+/queries\\.ts$"],
  "kernel/metrics/store": ["keeper/loops", "watch/history/mutations"],
  "letters/outbox/store": ["watch/letters/"],
  "registrations/credentials/store": ["keeper/tidy-up"],
  "registrations/held-sign-ins/store": ["sign-ins/tokens/mutations"],
  "registrations/pauses/store": ["keeper/tidy-up", "sign-ins/tokens/", "watch/"],
  "registrations/store": ["sign-ins/"],
  "sign-ins/(links/)?store": ["keeper/tidy-up"],
  "sign-ins/tokens/((graph|leases)/)?store": [
    "email-accounts/(access-token|drop-expired|graph-token)",
    "keeper/(main|refresher)",
  ],
  "sign-ins/tokens/of-account/store": ["email-accounts/(access-token|drop-expired|graph-token)"],
  "watch/(alerts|incidents)/store": ["keeper/"],
  "watch/calendar/store": ["http/auth/api-key"],
};

/** Besides the files that hold the statements: who opens a transaction over several of them. */
const OPENS_TRANSACTIONS = [
  "^lib/kernel/",
  "^lib/people/administrators/sessions\\.ts$",
  "^lib/keeper/(deliveries|main)\\.ts$",
  "^lib/migration/move\\.ts$",
  "^lib/watch/incidents/watch\\.ts$",
];

/** Where something other than egress needs a module of Node's that could open a socket. */
const NETWORK_MODULES = [
  "^lib/egress/",
  // Listeners: Postkey answers there, and asks no one.
  "^lib/http/web/",
  "^lib/gateway/devices/",
  // Whether an address lies in a network; nothing is opened.
  "^lib/kernel/networks\\.ts$",
  // The type of a socket that egress opened: e2e/house/one-rule.test.ts sees that it is no more than the type.
  "^lib/mail/(channel|probe-run|send)\\.ts$",
  TEST,
];

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    rule("no-cycles", { path: ".*" }, { circular: true }),
    ...FLOORS.map((room, floor) =>
      rule(
        `${room}-stands-on-its-floor`,
        { path: `^lib/${room}/`, pathNot: TEST },
        { path: "^lib/", pathNot: `^lib/(${FLOORS.slice(floor).join("|")})/` },
      ),
    ),
    rule(
      "every-room-is-listed",
      { path: PRODUCT, pathNot: TEST },
      { path: "^lib/", pathNot: `^lib/(${FLOORS.join("|")})/` },
    ),
    rule("lib-not-app", { path: "^lib/", pathNot: TEST }, { path: "^(app|components)/" }),
    rule("components-not-app", { path: "^components/" }, { path: "^app/" }),
    rule(
      "app-not-other-processes",
      { path: ["^(app|components)/", ROOT] },
      { path: "^lib/(gateway|keeper)/" },
    ),
    rule("gateway-not-keeper", { path: "^lib/gateway/" }, { path: "^lib/keeper/" }),
    rule("keeper-answers-nobody", { path: "^lib/keeper/", pathNot: TEST }, { path: "^lib/http/" }),
    // Of its memory half would be Next.js, and everything that it does at its start.
    rule(
      "gateway-needs-no-next",
      { path: "^lib/gateway/", pathNot: TEST },
      { path: "node_modules/(next|next-auth|react|react-dom)/", reachable: true },
    ),
    rule(
      "product-needs-no-tests-and-scripts",
      { path: PRODUCT, pathNot: TEST },
      { path: "^(e2e|scripts|bench|lib/testing)/" },
    ),
    rule(
      "domains-know-no-request",
      { path: "^lib/", pathNot: ["^lib/http/", TEST] },
      { path: ["node_modules/next/", "node_modules/next-auth/"] },
    ),
    rule(
      "statements-in-few-files",
      {
        path: PRODUCT,
        pathNot: [
          TABLES,
          "^lib/kernel/(db\\.ts|database-errors\\.ts|transaction\\.ts|database-(client|hosts)\\.mjs)$",
          TEST,
        ],
      },
      { path: ["^prisma/generated", "node_modules/@prisma/", "node_modules/pg/"] },
    ),
    rule(
      "database-in-few-files",
      { path: PRODUCT, pathNot: [TABLES, ...OPENS_TRANSACTIONS, TEST] },
      { path: "^lib/kernel/db\\.ts$" },
    ),
    rule(
      "stores-are-their-rooms-own",
      { path: ["^(?:app|components|lib)/([^/]+)", ROOT], pathNot: TEST },
      {
        path: "^lib/.+/store\\.ts$",
        pathNot: ["^lib/$1/", ...Object.keys(OPEN_STORES).map((store) => `^lib/${store}\\.ts$`)],
      },
    ),
    ...Object.entries(OPEN_STORES).map(([store, readers]) =>
      rule(
        `readers-of-${store.replaceAll(/[^a-z]+/g, "-")}`,
        {
          path: PRODUCT,
          pathNot: [`^lib/${store.split("/")[0]}/`, ...readers.map((from) => `^lib/${from}`), TEST],
        },
        { path: `^lib/${store}\\.ts$` },
      ),
    ),
    rule(
      "actors-are-minted-at-the-borders",
      {
        path: PRODUCT,
        pathNot: [
          "^lib/http/auth/",
          "^lib/keeper/",
          "^lib/gateway/devices/upstream/open\\.ts$",
          TEST,
        ],
      },
      { path: "^lib/kernel/mint-actor\\.ts$" },
    ),
    // What a person sets off has that person in the trail: as Postkey no one would answer for it.
    rule(
      "postkey-is-named-where-it-acts-by-itself",
      {
        path: PRODUCT,
        pathNot: [
          "^lib/keeper/postkey\\.ts$",
          "^lib/registrations/fall-back\\.ts$",
          "^lib/installation/keys/bind/",
          TEST,
        ],
      },
      { path: "^lib/audit/postkey\\.ts$" },
    ),
    rule(
      "schemas-are-isomorphic",
      { path: ["/schema\\.ts$", PRESETS] },
      {
        path: "^(app|components|lib|prisma)/",
        pathNot: [
          "/schema\\.ts$",
          PRESETS,
          "^lib/kernel/(text/normalize|words|errors|clock)\\.ts$",
          "^lib/remedies/remedy\\.ts$",
        ],
      },
    ),
    rule(
      "components-know-schemas-only",
      { path: "^components/" },
      {
        path: "^lib/",
        pathNot: ["/schema\\.ts$", "^lib/kernel/clock\\.ts$", "^lib/remedies/remedy\\.ts$"],
      },
    ),
    rule(
      "sockets-in-egress-alone",
      { path: PRODUCT, pathNot: NETWORK_MODULES },
      { path: "^(node:)?(net|tls|https?|http2|dns(/promises)?|dgram)$" },
    ),
    rule(
      "mail-clients-in-mail-alone",
      { path: PRODUCT, pathNot: ["^lib/mail/", TEST] },
      { path: "node_modules/(imapflow|nodemailer)/" },
    ),
    rule(
      "sandbox-stands-beside-the-product",
      { path: "^e2e/sandbox/", pathNot: "\\.test\\.ts$|/testing\\.ts$" },
      { path: "node_modules", pathNot: "node_modules/(node-forge|nodemailer)/" },
    ),
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: ["node_modules", "^prisma/generated/"] },
    exclude: { path: "^(\\.next|\\.build|var)" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "default"] },
  },
};

function rule(name, from, to) {
  return { name, severity: "error", from, to };
}
