import "server-only";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { tellPerson } from "../../store";
import { isCompanyOnly, notePasswordUse } from "../store";

/** Of administrators alone while a company signs people in, and each use is an incident. */
export async function requirePasswordAllowed(
  person: { id: string; name: string },
  method: "password" | "passkey",
): Promise<void> {
  if (!(await isCompanyOnly())) return;
  const { id, name } = person;
  await db().$transaction(async (tx) => {
    const found = await tx.administrator.findUnique({ where: { id }, select: { role: true } });
    if (found?.role !== "administrator")
      throw new AppError(
        "access_denied",
        "Only administrators can sign in here. Go back and sign in with your company.",
      );
    await notePasswordUse({ name, method }, tx);
    await tellPerson(tx, { action: "session.emergency", id, name, detail: { method } });
  });
}
