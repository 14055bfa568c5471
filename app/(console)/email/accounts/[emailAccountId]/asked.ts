import { whatStops } from "@/lib/email-accounts/repair-object";
import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";
import type { Arrival } from "./arrival";

export type Asked = "answer" | "repair" | "repair_what_test_found" | "test";

export function askedOf(account: EmailAccountDetail, { outcome }: Arrival): Asked {
  if (outcome?.kind === "confirm") return "answer";
  if (account.state === "test_failed") return "repair_what_test_found";
  return whatStops(account) === null ? "test" : "repair";
}
