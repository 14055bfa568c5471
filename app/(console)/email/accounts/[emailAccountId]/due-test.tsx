import { Text } from "@mantine/core";
import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";
import { SECOND_MS, wallTime } from "@/lib/kernel/clock";

/** The database clock may be a little ahead. */
const AHEAD_MS = 5 * SECOND_MS;

export function DueTest({ account }: { account: EmailAccountDetail }) {
  const { active, modernAuthentication, tokenState, nextTestAt } = account;
  const canBeTested = active && (!modernAuthentication || tokenState === "connected");
  const isDue = nextTestAt !== null && nextTestAt.getTime() <= wallTime().getTime() + AHEAD_MS;
  if (!canBeTested || !isDue) return null;
  return <Text size="sm">Postkey tests the account soon.</Text>;
}
