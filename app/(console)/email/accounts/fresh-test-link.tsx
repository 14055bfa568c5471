import { Can } from "@/components/can";
import { LinkButton } from "@/components/links";
import { pageAt, routes } from "@/components/routes";
import { TEST_FRESH } from "./test-report";

export function FreshTestLink({ emailAccountId }: { emailAccountId: string }) {
  return (
    <Can permission="accounts:test">
      <LinkButton
        href={pageAt(`${routes.emailAccount(emailAccountId)}?test=fresh`)}
        size="compact-sm"
        variant="default"
      >
        {TEST_FRESH}
      </LinkButton>
    </Can>
  );
}
