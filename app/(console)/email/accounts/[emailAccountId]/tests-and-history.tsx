import { SectionPages } from "@/components/list-footer";
import { routes } from "@/components/routes";
import { Section } from "@/components/section";
import { StateHistory } from "@/components/state-history";
import { listConnectionTests } from "@/lib/checks/queries";
import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";
import type { Actor } from "@/lib/kernel/actor";
import { type PageParameters, readTurn } from "@/lib/kernel/turns/schema";
import { listAccountHistory } from "@/lib/watch/state-changes/queries";
import { TestHistory } from "./test-history";

type SectionProps = { actor: Actor; account: EmailAccountDetail; parameters: PageParameters };

export async function Tests({ actor, account, parameters }: SectionProps) {
  const tests = await listConnectionTests(actor, account.id, readTurn(parameters, "tests"));
  return (
    <Section title="Tests">
      <TestHistory emailAccountId={account.id} tests={tests.rows} />
      <SectionPages
        list={tests}
        path={routes.emailAccount(account.id)}
        parameters={parameters}
        section="tests"
        noun={{ one: "test", many: "tests" }}
      />
    </Section>
  );
}

export async function History({ actor, account, parameters }: SectionProps) {
  const history = await listAccountHistory(actor, account.id, readTurn(parameters, "history"));
  return (
    <Section title="History">
      <StateHistory rows={history.rows} />
      <SectionPages
        list={history}
        path={routes.emailAccount(account.id)}
        parameters={parameters}
        section="history"
        noun={{ one: "change", many: "changes" }}
      />
    </Section>
  );
}
