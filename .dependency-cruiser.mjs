/**
 * Who may import whom: app → components, lib/http, lib/auth → lib/<domain> → lib/oauth, lib/mail,
 * lib/remedies, lib/db → kernel. Tests may reach everything.
 */
const KERNEL =
  "^lib/(actor|breathe|clock|comparable-text|content-lines|crypto|csv|encryption-key|env|errors|foreign-text|log|networks|normalize|singleton)\\.ts$";
const PROTOCOLS = "^lib/(oauth|mail|remedies)/";
const BORDERS = "^lib/(http|auth)/";
const TEST = "\\.test\\.ts$|^lib/testing/|^e2e/|^scripts/|^bench/";

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    rule(
      "no-cycles",
      { path: ".*" },
      { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    ),
    rule(
      "kernel-knows-nobody",
      { path: KERNEL },
      { path: "^(app|components|lib)/", pathNot: KERNEL },
    ),
    rule("lib-not-app", { path: "^lib/" }, { path: "^(app|components)/" }),
    rule(
      "protocols-know-no-domain",
      { path: PROTOCOLS, pathNot: TEST },
      { path: "^(lib/|prisma/)", pathNot: [KERNEL, PROTOCOLS] },
    ),
    rule(
      "domains-know-no-request",
      // The keeper's own listener is a border too.
      { path: "^lib/", pathNot: [BORDERS, TEST, "^lib/keeper/token-listener\\.ts$"] },
      { path: [BORDERS, "node_modules/next/", "node_modules/next-auth/"] },
    ),
    rule(
      "prisma-in-few-files",
      {
        path: "^(app|components|lib)/",
        pathNot: [
          "^lib/(db\\.ts|database-client\\.mjs)$",
          "/(queries|mutations|store)\\.ts$",
          TEST,
        ],
      },
      { path: ["^prisma/generated", "node_modules/@prisma/", "node_modules/pg/"] },
    ),
    rule(
      "schemas-are-isomorphic",
      { path: "/schema\\.ts$" },
      {
        path: "^(app|components|lib|prisma)/",
        pathNot: [
          "/schema\\.ts$",
          "^lib/(normalize|errors|clock)\\.ts$",
          "^lib/remedies/remedy\\.ts$",
        ],
      },
    ),
    rule(
      "components-know-schemas-only",
      { path: "^components/" },
      {
        path: "^lib/",
        pathNot: ["/schema\\.ts$", "^lib/clock\\.ts$", "^lib/remedies/remedy\\.ts$"],
      },
    ),
    rule(
      "secret-stores-have-few-readers",
      {
        path: "^(app|components|lib)/",
        pathNot: ["^lib/(cloud-providers|authorizations|tokens|keeper|testing)/", TEST],
      },
      {
        path: "^lib/(cloud-providers/((rotations|credentials)/)?|authorizations/|tokens/)store\\.ts$",
      },
    ),
    rule(
      "sockets-in-few-places",
      {
        path: "^(app|components|lib)/",
        pathNot: [
          "^lib/mail/",
          "^lib/oauth/(https|microsoft/managed-identity)\\.ts$",
          "^lib/alerts/(post-webhook|webhook-target)\\.ts$",
          "^lib/email-accounts/allowed-hosts\\.ts$",
          "^lib/keeper/token-listener\\.ts$",
          "^lib/http/web/",
          // Whether an address lies in a network; nothing is opened.
          "^lib/networks\\.ts$",
          TEST,
        ],
      },
      { path: ["^(node:)?(net|tls|https?|dns)$", "node_modules/(imapflow|nodemailer)/"] },
    ),
    rule(
      "sandbox-needs-nothing-but-node",
      { path: "^e2e/sandbox/", pathNot: "\\.test\\.ts$|/testing\\.ts$" },
      { path: "node_modules" },
    ),
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.next|\\.build|var|prisma/generated/)" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "default"] },
  },
};

function rule(name, from, to) {
  return { name, severity: "error", from, to };
}
