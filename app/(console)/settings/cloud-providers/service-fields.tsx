"use client";

import { type ComponentType, useState } from "react";
import { useFormContext } from "react-hook-form";
import type { z } from "zod";
import { SelectField, TextField } from "@/components/fields";
import { withoutEndSlashes } from "@/lib/kernel/text/normalize";
import { trimGuid } from "@/lib/registrations/credentials/schema";
import { GOOGLE_GRANTS } from "@/lib/registrations/registration/google/schema";
import {
  grantChoices,
  MICROSOFT_GRANTS,
  type ProviderHosts,
} from "@/lib/registrations/registration/schema";
import type { createCloudProviderSchema, Grant, ServiceId } from "@/lib/registrations/schema";

export const SERVICE_FIELDS: Readonly<Record<ServiceId, ComponentType>> = {
  microsoft_azure: MicrosoftFields,
  google: GoogleFields,
};

function GoogleFields() {
  const form = useFormContext<RegistrationValues>();
  const isAccount = form.watch("grant") === "domain_wide";
  return (
    <>
      <SelectField<RegistrationValues>
        name="grant"
        onChange={() => {
          form.setValue("clientId", "");
          form.clearErrors("clientId");
        }}
        label="How mailboxes sign in"
        description={GRANT_HINTS[form.watch("grant")]}
        data={grantChoices(GOOGLE_GRANTS)}
      />
      <TextField<RegistrationValues>
        name="clientId"
        label="Client Id"
        description={
          isAccount
            ? "The unique id of the service account. The key file below fills it in."
            : "From the OAuth client in the Google Cloud console, type Web application."
        }
        placeholder={
          isAccount ? "100000000000000000000" : "123456789012-abc.apps.googleusercontent.com"
        }
        spellCheck={false}
        withAsterisk
      />
      {!isAccount && (
        <TextField<RegistrationValues>
          name="tenantId"
          label="Workspace domain"
          description="Only people of this domain can sign in. Leave empty for personal Gmail accounts."
          placeholder="example.com"
          spellCheck={false}
        />
      )}
    </>
  );
}

function MicrosoftFields() {
  return (
    <>
      <GuidField
        name="clientId"
        label="Application Id"
        description="“Application (client) ID” on the app registration's overview."
      />
      <GuidField
        name="tenantId"
        label="Tenant Id"
        description="“Directory (tenant) ID” on the same page, or a domain of the tenant."
      />
    </>
  );
}

export function MicrosoftGrantField() {
  const { watch } = useFormContext<RegistrationValues>();
  return (
    <SelectField<RegistrationValues>
      name="grant"
      label="How mailboxes sign in"
      description={GRANT_HINTS[watch("grant")]}
      data={grantChoices(MICROSOFT_GRANTS)}
    />
  );
}

type GuidFieldProps = { name: "clientId" | "tenantId"; label: string; description: string };

/** Spaces and braces that were copied along are removed, and that is said. */
function GuidField({ name, label, description }: GuidFieldProps) {
  const { getValues, setValue } = useFormContext<RegistrationValues>();
  const [wasTrimmed, setTrimmed] = useState(false);
  const trim = () => {
    const typed = getValues(name);
    const trimmed = trimGuid(typed);
    setTrimmed(trimmed !== typed);
    if (trimmed !== typed) setValue(name, trimmed, { shouldValidate: true });
  };
  return (
    <TextField<RegistrationValues>
      name={name}
      onBlur={trim}
      label={label}
      description={wasTrimmed ? "Spaces or braces around it were removed." : description}
      placeholder="00000000-0000-0000-0000-000000000000"
      spellCheck={false}
      withAsterisk
    />
  );
}

export const GRANT_HINTS = {
  delegated: "The usual way: the sign-in page opens here, once per mailbox.",
  device_code:
    "For owners who can't sign in on this computer: they enter a code on another device.",
  app_only: "No one signs in. One credential opens every mailbox that the application was granted.",
  domain_wide:
    "For Google Workspace. No one signs in: one key opens every mailbox of a domain that authorised the account.",
} as const satisfies Record<Grant, string>;

type Registration = Omit<z.input<typeof createCloudProviderSchema>, "credential" | "redirectUri">;

/** A field may hold what another service allows: they change one after the other. */
export type RegistrationValues = { [F in keyof Registration]: Registration[F] };

/** As far as typed hosts can be compared. */
export function isSameHosts(a: ProviderHosts | undefined, b: ProviderHosts | undefined): boolean {
  return hostsText(a) === hostsText(b);
}

function hostsText(hosts: ProviderHosts | undefined): string {
  if (!hosts) return "";
  const origins = [hosts.authority, hosts.scopeHost, hosts.graph];
  const mail = [hosts.mail.imap, hosts.mail.smtp, hosts.mail.pop3];
  return [
    ...origins.map((origin) => withoutEndSlashes(origin.trim())),
    ...mail.map(({ host, port, tls }) => `${host.trim()} ${port} ${tls}`),
  ]
    .join("\n")
    .toLowerCase();
}
