import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { claimInboxes } from "@/lib/contacts/capture/leases/store";
import { saveProgress } from "@/lib/contacts/capture/store";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db, pool } from "@/lib/kernel/db";
import { createSession } from "@/lib/people/administrators/store";
import { administrator } from "@/lib/testing/actors";
import { empty, withDatabase } from "@/lib/testing/database";
import { everyTable } from "@/lib/testing/dump";
import { accountForm } from "@/lib/testing/sign-in";
import { importContacts } from "../import/run";
import { createContact, deleteContacts, mergeContacts, updateContact } from "../mutations";
import { erasePerson, letInAgain } from "./mutations";
import { countKeptOut, findPersonalData } from "./queries";

withDatabase();
const ada = administrator();
const JO = "jo.canary@fabrikam.example";
let customers: string;

beforeEach(async () => {
  await empty("EmailAccount", "ContactList", "SuppressedContact");
  customers = (await createContactList(ada, { name: "Customers" })).id;
});

const add = (email = JO, name = "Jo Canary") =>
  createContact(ada, { contactListId: customers, name, email });

const keptOut = (refused: object) => ({
  fields: { email: [expect.stringContaining("is blocked")] },
  ...refused,
});

/** An account of the list, and its inbox as a keeper has read so far. */
async function captured(email: string, name = "") {
  const form = { modernAuthentication: false, password: "secret", contactListId: customers };
  const { id } = await createEmailAccount(ada, accountForm(form));
  await claimInboxes("keeper", 100);
  const { fence } = await db().captureState.findUniqueOrThrow({ where: { emailAccountId: id } });
  const claim = { emailAccountId: id, fence, accountVersion: 1, failures: 0 };
  const receivedAt = new Date();
  await saveProgress("keeper", claim, {
    position: { uidValidity: 1n, lastUid: 1, deltaLink: null, readUntil: receivedAt },
    messages: 1,
    skipped: {},
    senders: [{ email, name, receivedAt }],
  });
  return db().captureState.findUniqueOrThrow({ where: { emailAccountId: id } });
}

const HERE = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";

/** An administrator with everything that one can have, and links on the way to them; all ids are one. */
const SOMEBODY_WHO_WORKS_HERE = [
  `INSERT INTO "Administrator" (id, email, name) VALUES ('${HERE}', '${JO}', 'Jo')`,
  `INSERT INTO "CompanySignIn" (id, slug, preset, name, issuer, "clientId", "clientSecretSealed", "roleClaim",
     "roleValues", "createsPeople", "sessionHours", rechecks, "endsAtCompany")
   VALUES ('${HERE}', 'other', 'other', 'Contoso', 'https://id.test', '1', '-', '', '{}', FALSE, 1, FALSE, FALSE)`,
  `INSERT INTO "AdministratorIdentity" (id, "administratorId", "companySignInId", issuer, subject, username)
   VALUES ('${HERE}', '${HERE}', '${HERE}', 'https://id.test', '1', '${JO}')`,
  `INSERT INTO "Authenticator" ("administratorId", "secretSealed") VALUES ('${HERE}', '-')`,
  `INSERT INTO "Passkey" (id, "administratorId", name, "credentialId", "publicKey", counter, transports, "deviceType",
     "isBackedUp", aaguid, "rpId")
   VALUES ('${HERE}', '${HERE}', 'Laptop', '1', '-', 0, '{}', 'singleDevice', FALSE, '', 'localhost')`,
  `INSERT INTO "CloudProvider" (id, name, "nameKey", "clientId", "tenantId", "redirectUri")
   VALUES ('${HERE}', 'Sandbox', 'sandbox', '1', '1', 'http://localhost')`,
  `INSERT INTO "SetupLink" ("tokenHash", email, name, "invitedByName", "expiresAt")
   VALUES ('1', '${JO}', 'Jo', 'Ada', now() + interval '1 hour')`,
  `INSERT INTO "SignInLink" (id, "cloudProviderId", username, "usernameKey", "tokenHash", "createdByName", "expiresAt")
   VALUES ('${HERE}', '${HERE}', '${JO}', '${JO}', '2', 'Ada', now() + interval '1 hour')`,
];

async function letterTo(recipient: string, state: string): Promise<void> {
  const now = new Date();
  const times = { dueAt: now, expiresAt: now };
  const of = { recipient, recipientKey: recipient, subject: `Sign in ${recipient}` };
  const kind = { kind: "sign_in_link", tokenHash: "2", state, textSealed: "-" };
  const result = `250 2.1.5 ${recipient} OK`;
  await db().letter.create({ data: { id: randomUUID(), ...kind, ...of, ...times, result } });
}

/** Every table that has the text in any of its columns. */
const tablesWith = async (searched: string) =>
  (await everyTable()).flatMap(({ name, text }) =>
    text.toLowerCase().includes(searched) ? [name] : [],
  );

describe("what is stored about a person", () => {
  test("is told whole: the contact, what was done with it, and where else the address stands", async () => {
    const { id } = await add();
    const edit = { id, version: 1, email: JO, name: "Jo C.", contactListId: customers };
    await updateContact(ada, edit);
    const form = { modernAuthentication: false, password: "secret", emailAddress: JO };
    await createEmailAccount(ada, accountForm({ ...form, name: "Jo's mailbox" }));
    expect(await findPersonalData(ada, { email: "JO.Canary@Fabrikam.example" })).toMatchObject({
      contact: { id, address: JO, name: "Jo C.", list: "Customers", source: null },
      keptOutSince: null,
      auditEvents: [
        { action: "contact.create", actorName: "Ada" },
        { action: "contact.update", actorName: "Ada" },
      ],
      elsewhere: [{ kind: "email_account", name: "Jo's mailbox" }],
    });
  });

  test("is told of somebody who works here, or was sent a link, without what opens anything", async () => {
    for (const statement of SOMEBODY_WHO_WORKS_HERE) await pool().query(statement);
    await createSession(HERE, { browser: "Firefox on Linux" });
    await letterTo(JO, "sent");
    const { elsewhere } = await findPersonalData(ada, { email: JO });
    expect(elsewhere.map(({ kind, name }) => `${kind}: ${name}`)).toEqual([
      "administrator: Jo",
      "authenticator: Jo",
      "company_account: Contoso",
      "invitation: Jo",
      "letter: Sign in jo.canary@fabrikam.example",
      "passkey: Laptop",
      "session: Firefox on Linux",
      "sign_in_link: Sandbox",
    ]);
    await db().administrator.delete({ where: { id: HERE } });
    await db().cloudProvider.delete({ where: { id: HERE } });
    await empty("CompanySignIn", "SetupLink", "Letter");
  });
});

describe("a person who is erased", () => {
  test("is in no row of any table, also of what was done before", async () => {
    const { id } = await add();
    await add("jo.other@fabrikam.example", "Jo Canary");
    const rows = await db().contact.findMany();
    const contacts = rows.map((row) => ({ id: row.id, version: row.version }));
    await mergeContacts(ada, { contacts, keepId: id, name: "Jo Canary" });
    await captured(JO, "Jo Canary");
    expect(await tablesWith("canary")).toEqual(['public."Contact"']);
    await erasePerson(ada, { email: JO, keepOut: true });
    expect(await tablesWith("canary")).toEqual([]);
    const event = await db().auditEvent.findFirst({ orderBy: { id: "desc" } });
    const detail = { keptOut: true };
    expect(event).toMatchObject({ action: "contact.erase", objectId: id, detail });
  });

  test("is in no letter any more, whether it was sent or waits, also where they are no contact", async () => {
    await letterTo(JO, "sent");
    await letterTo(JO, "waiting");
    await letterTo("someone.else@fabrikam.example", "sent");
    await erasePerson(ada, { email: "JO.Canary@Fabrikam.example", keepOut: false });
    expect(await tablesWith("canary")).toEqual([]);
    const letters = await db().letter.findMany({
      orderBy: [{ state: "asc" }, { recipient: "asc" }],
    });
    expect(letters).toMatchObject([
      { state: "sent", recipient: "" },
      { state: "sent", recipient: "someone.else@fabrikam.example" },
      { state: "void", recipient: "", textSealed: null },
    ]);
    await db().letter.deleteMany();
  });

  test("is not saved again: not by capture, not by hand, not from a file", async () => {
    await add();
    await erasePerson(ada, { email: JO, keepOut: true });
    const state = await captured("JO.Canary@FABRIKAM.example");
    expect(state).toMatchObject({ messages: 1n, captured: 0n, skipped: { erased: 1 } });
    await expect(add()).rejects.toMatchObject(keptOut({ code: "conflict" }));
    const { id } = await add("jo@new.example");
    const edit = { id, version: 1, email: JO, name: "", contactListId: customers };
    await expect(updateContact(ada, edit)).rejects.toMatchObject(keptOut({ code: "conflict" }));
    for (const isDryRun of [true, false]) {
      const file = Buffer.from(`email\n${JO}\n`);
      const report = await importContacts(ada, { contactListId: customers, isDryRun, file });
      const reason = "This address was erased and is blocked.";
      expect(report.rows).toMatchObject([{ outcome: "refused", reason }]);
    }
    expect(await db().contact.count()).toBe(1);
    expect((await findPersonalData(ada, { email: JO })).keptOutSince).toBeInstanceOf(Date);
  });

  test("may be let in again", async () => {
    await erasePerson(ada, { email: JO, keepOut: true });
    expect(await countKeptOut(ada)).toBe(1);
    await letInAgain(ada, { email: JO });
    await add();
    await expect(letInAgain(ada, { email: JO })).rejects.toMatchObject({ code: "not_found" });
  });

  test("without being kept out comes back with the next message", async () => {
    await add();
    await erasePerson(ada, { email: JO, keepOut: false });
    expect(await db().contact.count()).toBe(0);
    await captured(JO);
    expect(await db().contact.count()).toBe(1);
    const nobody = erasePerson(ada, { email: "nobody@x.example", keepOut: false });
    await expect(nobody).rejects.toMatchObject({ code: "not_found" });
  });

  test("while his messages arrive is gone when both are done", async () => {
    for (let round = 0; round < 3; round += 1) {
      await db().emailAccount.deleteMany();
      const email = `jo${round}@fabrikam.example`;
      await Promise.all([captured(email), erasePerson(ada, { email, keepOut: true })]);
    }
    expect(await db().contact.count()).toBe(0);
  });
});

test("a contact that is only deleted is saved again, and is nobody who was erased", async () => {
  const { id } = await add();
  await deleteContacts(ada, { contacts: [{ id, version: 1 }] });
  expect(await countKeptOut(ada)).toBe(0);
  await captured(JO);
  expect(await db().contact.count()).toBe(1);
});
