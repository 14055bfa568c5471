import { Page } from "@/components/page";
import { routes } from "@/components/routes";
import { requireUser } from "@/lib/http/auth/session";
import { ReportForm } from "./report-form";

export default async function SmtpAuthReportPage() {
  await requireUser();
  return (
    <Page
      title="Who still sends with a password"
      description="Reads Microsoft's report of SMTP AUTH clients, and says what to do for each sender. Nothing is stored."
      parent={{ href: routes.migration, label: "Migration" }}
    >
      <ReportForm />
    </Page>
  );
}
