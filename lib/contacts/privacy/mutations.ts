import { recordAudit } from "@/lib/audit/mutations";
import { command } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import { emailKey } from "@/lib/kernel/text/normalize";
import { eraseLettersTo } from "@/lib/letters/mutations";
import { contactObject } from "../mutations";
import { erasePersonSchema, personSchema } from "./schema";
import { findHash, holdSaving, makeHash } from "./store";

/** GDPR, Art. 17. With `keepOut`, a keyed hash stays so that nothing saves the address again. */
export const erasePerson = command({
  input: erasePersonSchema,
  permission: "contacts:write",
  proof: true,
  async run({ tx, actor }, { email, keepOut }): Promise<void> {
    const key = emailKey(email);
    await holdSaving(tx);
    const contact = await tx.contact.findUnique({
      where: { emailKey: key },
      select: { id: true, contactListId: true },
    });
    const letters = await eraseLettersTo(tx, key);
    if (!contact && letters === 0 && !keepOut)
      throw new AppError("not_found", "No contact has this address.");
    if (contact) await tx.contact.delete({ where: { id: contact.id }, select: { id: true } });
    if (keepOut) {
      const hash = await makeHash(tx, key);
      await tx.suppressedContact.upsert({ where: { hash }, create: { hash }, update: {} });
    }
    const object = contact ? contactObject(contact.id) : NOBODY;
    await recordAudit(tx, actor, { action: "contact.erase", object, detail: { keptOut: keepOut } });
    await publish(tx, { type: "contact", id: contact?.contactListId ?? "" });
  },
});

export const letInAgain = command({
  input: personSchema,
  permission: "contacts:write",
  async run({ tx, actor }, { email }): Promise<void> {
    const hash = await findHash(tx, emailKey(email));
    const { count } = await tx.suppressedContact.deleteMany({ where: { hash: hash ?? "" } });
    if (count === 0) throw new AppError("not_found", "This address is not blocked.");
    await recordAudit(tx, actor, { action: "contact.let_in_again", object: NOBODY });
    await publish(tx, { type: "contact", id: "" });
  },
});

/** The trail does not name the address. */
const NOBODY = { kind: "contact", id: "", name: "An address that is not a contact" } as const;
