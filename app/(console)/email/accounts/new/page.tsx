import { z } from "zod";
import { Page } from "@/components/page";
import { requireUserOf } from "@/lib/http/auth/session";
import { idSchema } from "@/lib/kernel/fields/schema";
import { pick } from "@/lib/kernel/pick";
import { findCloudProvider } from "@/lib/registrations/queries";
import { EmailAccountForm } from "../email-account-form";
import { firstAccountChoices } from "../first-choices";

/** As a page that leads here fills them in. */
const valuesSchema = z.object({
  cloudProviderId: idSchema.optional().catch(undefined),
  emailAddress: z.email().optional().catch(undefined),
});

export default async function NewEmailAccountPage({
  searchParams,
}: PageProps<"/email/accounts/new">) {
  const actor = await requireUserOf("/email/accounts/new");
  const { cloudProviderId, emailAddress } = valuesSchema.parse(await searchParams);
  const [choices, named] = await Promise.all([
    firstAccountChoices(actor),
    cloudProviderId ? findCloudProvider(actor, cloudProviderId) : null,
  ]);
  const [only = null] = choices.providers.found.length === 1 ? choices.providers.found : [];
  const provider = named ? pick(named, ["id", "name"]) : only;
  return (
    <Page
      title="New Email Account"
      parent={{ href: "/email/accounts", label: "Email Accounts" }}
      width="form"
    >
      <EmailAccountForm
        choices={{ ...choices, provider, list: null }}
        emailAddress={emailAddress}
      />
    </Page>
  );
}
