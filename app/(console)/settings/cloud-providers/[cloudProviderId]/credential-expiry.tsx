import { dayText } from "@/components/day";
import { ExpiryText } from "@/components/expiry-text";
import classes from "@/components/table.module.css";
import { lastDayOf, wallTime } from "@/lib/kernel/clock";
import { PLATFORMS } from "@/lib/oauth/platforms/schema";
import { listServiceFacts } from "@/lib/oauth/services";
import type { CloudProviderDetail } from "@/lib/registrations/queries";

type Of = Pick<CloudProviderDetail, "service" | "failureId" | "secretExpiresAt">;

/** Where the platform says that a secret has expired, the day that was entered is wrong. */
export function isOverAtPlatform({ service, failureId, secretExpiresAt: at }: Of): boolean {
  const isEnded = listServiceFacts().some(
    ({ id, endedSecret }) => id === service && failureId !== null && endedSecret === failureId,
  );
  return isEnded && at !== null && at > wallTime();
}

export function CredentialExpiry({ of }: { of: Of }) {
  const { service, secretExpiresAt: at } = of;
  if (!at || !isOverAtPlatform(of)) return <ExpiryText at={at} />;
  return (
    <span className={classes.over}>
      Expired, {PLATFORMS[service].brand} says
      <span className={classes.second}>{dayText(lastDayOf(at))} was entered</span>
    </span>
  );
}
