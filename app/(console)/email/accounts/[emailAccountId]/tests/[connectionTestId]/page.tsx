import { notFound } from "next/navigation";
import { formatDuration } from "@/components/duration";
import { Page } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { findConnectionTest } from "@/lib/checks/queries";
import { requireUser } from "@/lib/http/auth/session";
import { idSchema } from "@/lib/kernel/fields/schema";
import { FreshTestLink, TestReport } from "../../../test-report";

type Props = PageProps<"/email/accounts/[emailAccountId]/tests/[connectionTestId]">;

export default async function ConnectionTestPage({ params }: Props) {
  const actor = await requireUser();
  const { emailAccountId, connectionTestId } = await params;
  const id = idSchema.safeParse(connectionTestId).data;
  const test = id ? await findConnectionTest(actor, id) : null;
  if (test?.emailAccountId !== emailAccountId) notFound();
  return (
    <Page
      title="Connection test"
      parent={{ href: routes.emailAccount(test.emailAccountId), label: test.name }}
      description={
        <>
          {test.emailAddress}, <RelativeTime at={test.startedAt} /> by {test.startedByName}
        </>
      }
    >
      <TestReport
        report={test}
        took={`Took ${formatDuration(test.durationMs)} in total.`}
        again={<FreshTestLink emailAccountId={test.emailAccountId} />}
      />
    </Page>
  );
}
