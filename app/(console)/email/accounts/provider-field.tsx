"use client";

import { searchCloudProvidersAction } from "@/app/(console)/choices/actions";
import { CanOpen } from "@/components/can";
import { ChoiceField } from "@/components/choice-field";
import { InlineLink } from "@/components/links";
import type { AccountChoices, AccountValues } from "./account-values";

type ProviderFieldProps = Pick<AccountChoices, "providers" | "provider">;

/** The app registration whose sign-ins the account uses. */
export function ProviderField({ providers, provider }: ProviderFieldProps) {
  return (
    <ChoiceField<AccountValues>
      name="cloudProviderId"
      label="Cloud Provider"
      description={
        providers.found.length === 0 && (
          <>
            No cloud providers yet.{" "}
            <CanOpen
              href="/settings/cloud-providers/new"
              otherwise="Ask an administrator to add one."
            >
              <InlineLink href="/settings/cloud-providers/new">Add a cloud provider</InlineLink>{" "}
              first.
            </CanOpen>
          </>
        )
      }
      placeholder="Choose …"
      withAsterisk
      first={providers}
      find={(search) => searchCloudProvidersAction({ search })}
      chosen={provider}
    />
  );
}
