import { Group } from "@mantine/core";
import { Can, CanOpen } from "@/components/can";
import { InlineLink, LinkButton } from "@/components/links";
import { RepairButtons } from "@/components/repair";
import { pageAt } from "@/components/routes";
import { NOT_SIGNED_IN, type Onboarding } from "@/lib/email-accounts/filters/schema";
import { counted } from "@/lib/kernel/text/schema";
import type { RepairButton } from "@/lib/remedies/remedy";
import type { LinkSettings } from "@/lib/sign-ins/links/letters/schema";
import classes from "./onboarding.module.css";
import overview from "./overview.module.css";

const WAITING = { view: "not_signed_in", failedWith: NOT_SIGNED_IN } as const;
const LINKS = "/email/sign-in-links";
const linkedText = (count: number) =>
  `${counted(count, "person has", "people have")} a link that works.`;
const LIST = pageAt(`/email/accounts?${new URLSearchParams(WAITING)}`);

type OnboardingCardProps = { onboarding: Onboarding; settings: LinkSettings };

/** The first sign-ins: work to be done, and no failure. */
export function OnboardingCard({ onboarding, settings }: OnboardingCardProps) {
  const { accounts, waiting, owners, linked } = onboarding;
  const done = accounts - waiting;
  return (
    <section aria-label="First sign-ins" className={`${overview.card} ${classes.card}`}>
      <div className={classes.what}>
        <strong>
          First sign-ins: {done.toLocaleString("en")} of {accounts.toLocaleString("en")}
        </strong>
        <progress className={classes.bar} value={done} max={accounts} aria-label="Signed in" />
        <p className={classes.facts}>
          {counted(waiting, "account waits", "accounts wait")} for {waiting === 1 ? "its" : "their"}{" "}
          first sign-in.{" "}
          {linked > 0 && (
            <CanOpen href={LINKS} otherwise={linkedText(linked)}>
              <InlineLink href={LINKS}>{linkedText(linked)}</InlineLink>
            </CanOpen>
          )}{" "}
          <Deadline settings={settings} />
        </p>
      </div>
      <Group gap="xs" data-repairs>
        <RepairButtons buttons={linksFor(owners - linked)} />
        <LinkButton href={LIST} size="xs" variant="default">
          Open the accounts
        </LinkButton>
      </Group>
    </section>
  );
}

function linksFor(owners: number): RepairButton[] {
  if (owners === 0) return [];
  const label =
    owners === 1 ? "Create sign-in link" : `Create ${owners.toLocaleString("en")} sign-in links`;
  const createsLinks = { accounts: "all", search: "", ...WAITING } as const;
  return [{ kind: "create_links", label, does: { createsLinks } }];
}

function Deadline({ settings: { reportsUnsigned, unsignedDays } }: { settings: LinkSettings }) {
  return (
    <>
      {reportsUnsigned
        ? `Postkey alerts ${counted(unsignedDays, "day")} after an account was added.`
        : "Postkey sends no alerts about them."}
      <Can permission="providers:write">
        {" "}
        <InlineLink href={LINKS}>{reportsUnsigned ? "Change" : "Set a deadline"}</InlineLink>
      </Can>
    </>
  );
}
