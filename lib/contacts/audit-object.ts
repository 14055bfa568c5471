/**
 * A contact as the audit trail names it: by its id alone. Nothing can be taken out of the trail
 * (docs/decisions/020), so a person's address and name must not get into it.
 */
export function contactObject(id: string) {
  return { kind: "contact", id, name: `Contact ${id.slice(-12)}` };
}
