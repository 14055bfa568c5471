import { startCapture } from "@/lib/keeper/capture";
import { db } from "@/lib/kernel/db";

const TURN_MS = 50;

/** A keeper that follows inboxes, for as long as the work lasts. */
export async function withKeeper(work: () => Promise<unknown>, name = "keeper-1"): Promise<void> {
  const stop = startCapture(name, TURN_MS);
  try {
    await work();
  } finally {
    await stop();
  }
}

export async function contactEmails(): Promise<string[]> {
  return (await db().contact.findMany({ orderBy: { email: "asc" } })).map(({ email }) => email);
}
