import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { PERMISSIONS_OF } from "@/lib/access/roles/permissions";
import { ROLES, type Role } from "@/lib/access/roles/schema";
import {
  type Actor,
  ALL_PERMISSIONS,
  type Permission,
  requirePermission,
  requirePermissionOnAccounts,
  requirePermissionToSee,
  requireRecentProof,
} from "@/lib/kernel/actor";
import { mintActor } from "@/lib/kernel/mint-actor";
import { withDatabase } from "@/lib/testing/database";

withDatabase();

/**
 * What takes an actor, found in the sources, with the permission that it needs. One that is not listed
 * fails; so does one that lets an actor through who has everything but that.
 */
const NEEDS: Readonly<Record<string, Permission>> = {
  inviteAdministrator: "administrators:write",
  setAdministratorActive: "administrators:write",
  setAdministratorRole: "administrators:write",
  revokeInvitation: "administrators:write",
  renewInvitation: "administrators:write",
  listInvitations: "administrators:read",
  findMadeBy: "administrators:write",
  listAdministrators: "administrators:read",
  findAdministrator: "administrators:read",
  createPasswordLink: "administrators:write",
  removeFactorsOf: "administrators:write",
  setSecondFactorRoles: "administrators:write",
  findFactorsOf: "administrators:read",
  findSecondFactorRoles: "administrators:read",
  endSessionsOf: "administrators:write",
  listSessionsOf: "administrators:read",
  countAdministratorViews: "administrators:read",
  createCompanySignIn: "administrators:write",
  updateCompanySignIn: "administrators:write",
  switchCompanySignIn: "administrators:write",
  deleteCompanySignIn: "administrators:write",
  setCompanyOnly: "administrators:write",
  keepTest: "administrators:write",
  keepFailedTest: "administrators:write",
  findRoleDeciders: "administrators:read",
  listCompanySignIns: "administrators:write",
  findCompanySignIn: "administrators:write",
  findRedirectUris: "administrators:write",
  findCompanyPolicy: "administrators:write",
  listIdentitiesOf: "administrators:read",
  createAlertChannel: "alerts:write",
  updateAlertChannel: "alerts:write",
  renewSigningSecret: "alerts:write",
  deleteAlertChannel: "alerts:write",
  sendTestAlert: "alerts:write",
  beginTestDelivery: "alerts:write",
  listAlertChannels: "alerts:read",
  countAlertChannelViews: "alerts:read",
  findAlertChannel: "alerts:read",
  findEditedAlertChannel: "alerts:write",
  listDeliveries: "alerts:read",
  createDevice: "devices:write",
  updateDevice: "devices:write",
  importDevices: "devices:write",
  rotateDevice: "devices:write",
  pauseDevice: "devices:write",
  revokeDevice: "devices:write",
  listDevices: "devices:read",
  listDevicesOfAccount: "devices:read",
  countDeviceViews: "devices:read",
  findDevices: "devices:read",
  findDevice: "devices:read",
  findRevokedDevice: "devices:read",
  findEditedDevice: "devices:write",
  describeGateway: "devices:read",
  listGateways: "devices:read",
  listAttempts: "devices:read",
  listUnknownAttempts: "devices:read",
  findDeviceAuthority: "devices:read",
  createApiKey: "keys:write",
  revokeApiKey: "keys:write",
  listApiKeys: "keys:write",
  countApiKeyViews: "keys:write",
  exportAudit: "audit:read",
  listAuditEvents: "audit:read",
  readAuditEvents: "audit:read",
  findAuditChoices: "audit:read",
  searchAuditActors: "audit:read",
  findAuditActor: "audit:read",
  beginAuthorization: "authorizations:write",
  createSignInLinks: "authorizations:write",
  createSignInLinksAt: "authorizations:write",
  sendLapsedLinks: "authorizations:write",
  replaceSignInLinks: "authorizations:write",
  createLinksForSelected: "authorizations:write",
  revokeSignInLinks: "authorizations:write",
  mailSignInLinks: "authorizations:write",
  sendSignInLinkAgain: "authorizations:write",
  remindOfSignInLink: "authorizations:write",
  saveLinkSettings: "providers:write",
  findLinkMail: "providers:read",
  mailInvitation: "administrators:write",
  mailPasswordLink: "administrators:write",
  listSignInLinks: "providers:read",
  findSelectedLinks: "providers:read",
  findLinkPeople: "providers:read",
  findLinksOfSelected: "providers:read",
  countSignInLinkViews: "providers:read",
  beginDeviceCode: "authorizations:write",
  pollDeviceCodes: "authorizations:write",
  beginAdminConsent: "providers:write",
  cancelDeviceCode: "authorizations:write",
  connectApplication: "providers:write",
  connectMailboxes: "authorizations:write",
  saveApplication: "providers:write",
  confirmAuthorization: "authorizations:write",
  discardAuthorization: "authorizations:write",
  removeAuthorization: "authorizations:write",
  listAuthorizations: "providers:read",
  listSignInFailures: "providers:read",
  findUnreturned: "providers:read",
  readTokenStates: "providers:read",
  takeStreamPlace: "events:read",
  renewCalendarAddress: "alerts:write",
  findCalendarAddress: "alerts:write",
  hasCalendarAddress: "alerts:write",
  createCloudProvider: "providers:write",
  updateCloudProvider: "providers:write",
  saveEdit: "providers:write",
  deleteCloudProvider: "providers:write",
  changeCredential: "providers:write",
  proveCredentialInUse: "authorizations:write",
  generateProviderCertificate: "providers:write",
  proveAndUseCertificate: "providers:write",
  savePendingCertificate: "providers:write",
  saveRefusal: "authorizations:write",
  saveRedirectFinding: "authorizations:write",
  discardPendingCertificate: "providers:write",
  findCertificate: "providers:read",
  restoreClientSecret: "providers:write",
  updateClientSecret: "providers:write",
  setAutoRotate: "providers:write",
  saveAutoRotate: "providers:write",
  recordRemoval: "providers:write",
  rotateNow: "providers:write",
  rotateDue: "providers:write",
  renewNow: "authorizations:write",
  listCloudProviders: "providers:read",
  countProviderViews: "providers:read",
  findCloudProvider: "providers:read",
  findEditedProvider: "providers:write",
  findTenantId: "providers:read",
  searchCloudProviders: "providers:read",
  getProviderUse: "providers:read",
  listProviderMailboxes: "providers:read",
  listClouds: "providers:read",
  preflight: "authorizations:write",
  listPasswordAccounts: "accounts:read",
  countMigrationViews: "accounts:read",
  findMovable: "accounts:read",
  searchMoveTargets: "accounts:read",
  findMoveTarget: "accounts:read",
  isUnconnected: "accounts:write",
  listMoved: "accounts:read",
  moveAccount: "accounts:write",
  saveMove: "accounts:write",
  undoMove: "accounts:write",
  findCapture: "accounts:read",
  follow: "accounts:test",
  getMigrationProgress: "accounts:read",
  readPasswordAccounts: "accounts:read",
  exportMigration: "accounts:read",
  listProviderHistory: "providers:read",
  listConnectionTests: "accounts:read",
  findConnectionTest: "accounts:read",
  findComparison: "accounts:read",
  readTestDay: "accounts:read",
  startTestRun: "accounts:test",
  cancelTestRun: "accounts:test",
  listTestRuns: "accounts:read",
  countTestRunViews: "accounts:read",
  findTestRun: "accounts:read",
  foreseeTestRun: "accounts:test",
  findMailboxAccount: "accounts:test",
  findCandidate: "accounts:test",
  getCandidateToken: "accounts:test",
  dropExpired: "accounts:test",
  keepSmtpUser: "mail:send",
  createContactList: "contacts:write",
  renameContactList: "contacts:write",
  deleteContactList: "contacts:write",
  createContact: "contacts:write",
  updateContact: "contacts:write",
  moveContacts: "contacts:write",
  mergeContacts: "contacts:write",
  deleteContacts: "contacts:write",
  searchContactLists: "contacts:read",
  listContactLists: "contacts:read",
  countContactListViews: "contacts:read",
  findContactList: "contacts:read",
  findContactListUse: "contacts:read",
  listContacts: "contacts:read",
  countContactViews: "contacts:read",
  findContact: "contacts:read",
  findEditedContact: "contacts:write",
  findEditedList: "contacts:write",
  readContacts: "contacts:read",
  exportContacts: "contacts:read",
  importContacts: "contacts:write",
  findPersonalData: "contacts:write",
  countKeptOut: "contacts:read",
  erasePerson: "contacts:write",
  letInAgain: "contacts:write",
  createEmailAccount: "accounts:write",
  importAccounts: "accounts:write",
  changeAccounts: "accounts:write",
  deleteAccounts: "accounts:write",
  countViews: "accounts:read",
  searchDelegates: "accounts:read",
  searchListsOfAccounts: "accounts:read",
  searchProvidersOfAccounts: "accounts:read",
  searchSchedulesOfAccounts: "accounts:read",
  searchServicesOfAccounts: "accounts:read",
  listSignIns: "accounts:read",
  countSelected: "accounts:read",
  findAccountUse: "accounts:write",
  findSelected: "accounts:read",
  updateEmailAccount: "accounts:write",
  setEmailAccountActive: "accounts:write",
  deleteEmailAccount: "accounts:write",
  listEmailAccounts: "accounts:read",
  findEmailAccount: "accounts:read",
  findEditedAccount: "accounts:write",
  searchEmailAccounts: "accounts:read",
  searchSenders: "accounts:read",
  findLastConnectionTest: "accounts:read",
  proposeKey: "accounts:write",
  searchSignedIn: "providers:read",
  findSignIn: "providers:read",
  changeSecretExpiry: "providers:write",
  countStates: "accounts:read",
  listByCause: "accounts:read",
  getSetUpProgress: "accounts:read",
  listAccountHistory: "accounts:read",
  listExpiries: "providers:read",
  listExpiryLines: "providers:read",
  listOpenIncidents: "incidents:read",
  listIncidents: "incidents:read",
  listWorstIncidents: "incidents:read",
  countIncidents: "incidents:read",
  findStoppedIds: "incidents:read",
  remedyOfIncident: "incidents:read",
  findIncidentCommand: "incidents:read",
  testIncident: "accounts:test",
  readEmailAccounts: "accounts:read",
  readWarnings: "incidents:read",
  findIncident: "incidents:read",
  getAccessToken: "tokens:read",
  sendMessage: "mail:send",
  sendTestMessage: "mail:send",
  readNewestMessages: "mail:read",
  roundTrip: "mail:send",
  readHistory: "metrics:read",
  readMetrics: "metrics:read",
};

/** What asks for no permission itself, and why that is right. */
const ASKED_ELSEWHERE: Readonly<Record<string, string>> = {
  requireOneself: "It is the question.",
  requireOneselfSettingUp: "It is the question.",
  requireProof: "It is the question.",
  requireOwnProof: "It is the question.",
  decideAsAdministrator: "It is the question, with the transaction of what is decided.",
  findFactors: "Every person may see their own second factors.",
  findProofMethods: "Every person may see what they can prove themselves with.",
  proveOneself: "Every person may prove who they are.",
  beginPasskeyProof: "Every person may prove who they are.",
  proveWithPasskey: "Every person may prove who they are.",
  beginAuthenticator: "Every person may add a second factor of their own.",
  confirmAuthenticator: "Every person may add a second factor of their own.",
  removeAuthenticator: "Every person may, once they proved who they are.",
  renewRecoveryCodes: "Every person may, once they proved who they are.",
  listOwnPasskeys: "Every person may see their own passkeys.",
  beginAddingPasskey: "Every person may add a passkey of their own.",
  addPasskey: "Every person may add a passkey of their own.",
  removePasskey: "Every person may, once they proved who they are.",
  findOneself: "Every person may see themselves, and a program is nobody.",
  listOwnSessions: "Every person may see where they are signed in themselves.",
  endOwnSession: "Every person may sign themselves out.",
  endOtherSessions: "Every person may sign themselves out.",
  changePassword: "Every person may, with their old password.",
  unlinkOwnIdentity: "Every person may, of their own company accounts.",
  listOwnIdentities: "Every person may see how they are known at a company themselves.",
  proveAtCompany: "The second half of openRound, for the session that asks alone.",
  linkAtCompany: "The second half of openRound, for oneself alone.",
  linkIdentity: "The second half of linkAtCompany.",
  renameOneself: "Every person may choose what they are called.",
  can: "It is the question.",
  lacksOf: "It is the question.",
  requirePermission: "It is the question.",
  requirePermissionToSee: "It is the question.",
  requirePermissionOnAccounts: "It is the question.",
  reaches: "It is the question.",
  readReachedAccount: "What may be done with it was asked before.",
  completeAuthorization:
    "Bound to the session that began the sign-in, which needed the permission.",
  findOutcome: "Shows a sign-in to the session that began it, and to nobody else.",
  keepOrAsk: "The second half of completeAuthorization, and of the keeper's question about a code.",
  findDeviceSignIn: "Shows a sign-in to the session that began it, and to nobody else.",
  recordQuestion: "A part of keepOrAsk.",
  recordOutcome: "The second half of completeAuthorization and discardAuthorization.",
  saveConsent: "The second half of completeAuthorization.",
  saveAuthorization: "The second half of completeAuthorization and confirmAuthorization.",
  saveProof: "The second half of proveCredentialInUse, and of proveAndSave.",
  proveAndSave: "The second half of changeCredential and updateClientSecret.",
  removeReplaced: "A part of rotateNow and of the keeper's turns.",
  openCredentials: "Asks getAccessToken, after findMailboxAccount.",
  openSession: "Asks getAccessToken, or findMailboxAccount.",
  dropCredentials: "Asks dropExpired.",
  openSubmission: "A part of openCredentials.",
  openReading: "A part of openCredentials.",
  recordSent: "The second half of sendMessage.",
  recordUse: "Writes down what a program did, whatever it may.",
  createOnce: "Around an operation, which asks itself.",
  testAlone: "testConnection, while nobody else tests the mailbox.",
  testConnection: "Takes the account that findMailboxAccount let through.",
  saveConnectionTest: "The second half of testConnection.",
  insertContacts: "The second half of importContacts.",
  insertDevices: "The second half of importDevices.",
  insertAccounts: "The second half of importAccounts.",
  connectionTestStream: "testConnection as a stream.",
  hasLinkChannel: "For everybody who was authenticated.",
  mailThrough: "A part of deliver; the account asks for mail:send.",
  openServer: "A part of mailThrough and of sendDueLetter; the account asks for mail:send.",
  sendDueLetter: "Of the keeper's job, whose actor may send mail and nothing else.",
  deliver: "Of the keeper's job, whose actor may test accounts and nothing else.",
  readHealth: "For everybody who was authenticated.",
  readGatewayHealth: "For everybody who was authenticated.",
};

const TAKES_ACTOR = /export (?:async )?function(\*?) (\w+)(?:<[^(]*>)?\(\s*_?actor: Actor\b/g;

type Guarded = { name: string; path: string; isGenerator: boolean };

function findGuarded(): Guarded[] {
  const paths = readdirSync("lib", { recursive: true, encoding: "utf8" })
    .map((path) => join("lib", path))
    .filter((path) => /(?<!\.test)\.ts$/.test(path) && !path.includes("/testing/"));
  return paths.flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(TAKES_ACTOR)].map(([, star, name = ""]) => ({
      name,
      path,
      isGenerator: star === "*",
    })),
  );
}

const guarded = findGuarded();

const actorWith = (permissions: readonly Permission[], lockedBecause?: string): Actor =>
  mintActor({
    kind: "user",
    id: "a0c8f3a2-5a0f-4b38-9a51-2f5f8a3b1c11",
    name: "Eve",
    permissions: new Set(permissions),
    ...(lockedBecause !== undefined && { lockedBecause }),
  });
const without = (permission: Permission) => ALL_PERMISSIONS.filter((each) => each !== permission);

const OBJECTS = [
  "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10",
  { id: "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10" },
];

/** What decides which permission is needed. */
const THIRD: Readonly<Record<string, unknown>> = {
  getAccessToken: "hand_out",
  findMailboxAccount: "accounts:test",
};

/** Its result, or its refusal, with arguments that no caller should send. */
async function call({ name, path }: Guarded, actor: Actor, object: unknown): Promise<unknown> {
  const module: Record<string, (...args: unknown[]) => unknown> = await import(resolve(path));
  const result = await module[name]?.(actor, object, THIRD[name] ?? object);
  const iterator = (result as AsyncIterable<unknown> | undefined)?.[Symbol.asyncIterator]?.();
  return iterator ? iterator.next() : result;
}

test("everything that takes an actor is listed, and nothing else is", () => {
  const found = guarded.map(({ name }) => name);
  const listed = [...Object.keys(NEEDS), ...Object.keys(ASKED_ELSEWHERE)];
  expect(found.sort()).toEqual(listed.sort());
});

describe.each(guarded.filter(({ name }) => name in NEEDS))("$name", (each) => {
  const permission = NEEDS[each.name] ?? "providers:read";

  test.each(OBJECTS)(
    `is refused to whoever has everything but ${permission}: %j`,
    async (object) => {
      await expect(call(each, actorWith(without(permission)), object)).rejects.toMatchObject({
        code: "access_denied",
      });
    },
  );
});

/** The permission is the only thing that decides: so each role is refused all that its own does not have. */
describe.each(ROLES)("%s", (role) => {
  const may = PERMISSIONS_OF[role];
  const refused = guarded.filter(({ name }) => {
    const needed = NEEDS[name];
    return needed !== undefined && !may.has(needed);
  });

  test("is refused every function that the role is not for", async () => {
    const actor = actorWith([...may]);
    const letThrough: string[] = [];
    for (const each of refused)
      for (const object of OBJECTS) {
        const code = await call(each, actor, object).then(
          () => "done",
          (error: { code?: string }) => error.code ?? "broken",
        );
        if (code !== "access_denied") letThrough.push(`${each.name}: ${code}`);
      }
    expect(letThrough).toEqual([]);
  });
});

/** What a function calls with its actor would refuse whoever the function itself let in. */
test("a function calls nothing with its actor that some role lacks who may call it", () => {
  const lacking = guarded.flatMap(({ name, path }) =>
    calledWithActor(name, path).flatMap((called) =>
      ROLES.filter((role) => hasOf(role, name) && !hasOf(role, called)).map(
        (role) => `${role}: ${name} → ${called}`,
      ),
    ),
  );
  expect(lacking).toEqual([]);
});

function hasOf(role: Role, name: string): boolean {
  const needed = NEEDS[name];
  return needed === undefined || PERMISSIONS_OF[role].has(needed);
}

/** The functions of the list that another one of them calls with the same actor. */
function calledWithActor(name: string, path: string): string[] {
  if (!(name in NEEDS)) return [];
  const source = readFileSync(path, "utf8");
  const begin = source.search(new RegExp(`function\\*? ${name}\\b`));
  const end = source.indexOf("\n}\n", begin);
  const calls = source.slice(begin, end).matchAll(/\b(\w+)\(actor\b/g);
  return [...calls].flatMap(([, called = ""]) => (called in NEEDS ? [called] : []));
}

/** Who manages keys, administrators or alerts may look at them while nothing may be changed. */
const changing = guarded.filter(
  ({ name }) =>
    name in NEEDS && !NEEDS[name]?.endsWith(":read") && !/^(list|find|count)/.test(name),
);

test.each([...changing, ...guarded.filter(({ name }) => name === "getAccessToken")])(
  "$name is refused to everybody while Postkey is locked",
  async (each) => {
    const actor = actorWith(ALL_PERMISSIONS, "The key is another one.");
    await expect(call(each, actor, OBJECTS[1])).rejects.toMatchObject({ code: "locked" });
  },
);

const ASKS_FOR_PROOF = ["requireRecentProof", "requireOwnProof", "decideAsAdministrator"];

/** What is dangerous: who found an open browser must not be able to do it. */
const NEEDS_PROOF = [
  ...["inviteAdministrator", "renewInvitation", "setAdministratorActive", "setAdministratorRole"],
  ...["mailInvitation", "mailPasswordLink"],
  ...["createPasswordLink", "createCompanySignIn", "updateCompanySignIn", "switchCompanySignIn"],
  ...["deleteCompanySignIn", "setCompanyOnly", "unlinkOwnIdentity"],
  ...["removeFactorsOf", "setSecondFactorRoles"],
  ...["beginAuthenticator", "confirmAuthenticator", "removeAuthenticator", "renewRecoveryCodes"],
  ...["beginAddingPasskey", "addPasskey", "removePasskey"],
  ...["createApiKey", "createDevice", "rotateDevice", "importDevices"],
  ...["renewSigningSecret", "renewCalendarAddress", "findCalendarAddress"],
  ...["deleteCloudProvider", "restoreClientSecret", "changeCredential", "updateClientSecret"],
  ...["deleteEmailAccount", "deleteAccounts", "erasePerson", "exportAudit"],
  // Asks for a file that has an address of its own.
  "requireProof",
];

describe("what is dangerous", () => {
  const sources = new Map(guarded.map(({ name, path }) => [name, bodyOf(name, path)]));

  test("is listed, and nothing else asks for proof", () => {
    const asking = guarded.filter(
      ({ name }) =>
        !ASKS_FOR_PROOF.includes(name) &&
        ASKS_FOR_PROOF.some((way) => sources.get(name)?.includes(`${way}(`)),
    );
    expect(asking.map(({ name }) => name).sort()).toEqual(NEEDS_PROOF.toSorted());
  });

  test.each(guarded.filter(({ name }) => NEEDS_PROOF.includes(name)))(
    "$name is refused to a person who proved who they are too long ago",
    async (each) => {
      const refused = call(each, { ...actorWith(ALL_PERMISSIONS) }, OBJECTS[1]);
      await expect(refused).rejects.toMatchObject({ code: "proof_required" });
    },
  );

  test("is not asked of programs, who have nobody that could answer", () => {
    const { kind: _, ...rest } = actorWith(ALL_PERMISSIONS);
    expect(() => requireRecentProof(mintActor({ ...rest, kind: "api_key" }))).not.toThrow();
  });
});

test("a person who has to set up a second factor first may do nothing, whatever the role", () => {
  const restrictedBecause = "Your role needs a second factor.";
  const restricted = mintActor({ ...actorWith(ALL_PERMISSIONS), restrictedBecause });
  for (const permission of ALL_PERMISSIONS)
    for (const ask of [requirePermission, requirePermissionToSee, requirePermissionOnAccounts])
      expect(() => ask(restricted, permission)).toThrow(restrictedBecause);
});

/** Of an exported function, up to the next export or function at the edge. */
function bodyOf(name: string, path: string): string {
  const text = readFileSync(path, "utf8");
  const from = text.search(new RegExp(`export (?:async )?function\\*? ${name}\\b`));
  return text.slice(from).split(/\n\}\n/)[0] ?? "";
}
