"use client";

import { Fieldset, Stack } from "@mantine/core";
import { useFormContext } from "react-hook-form";
import { EndpointFields } from "@/components/endpoint-fields";
import { SelectField, SwitchField } from "@/components/fields";
import type { MailHosts } from "@/lib/egress/schema";
import { MODERN_SERVICES, SERVICE_LABELS } from "@/lib/email-accounts/schema";
import { hasOwnHosts, SERVICES } from "@/lib/mail/services/schema";
import type { AccountValues } from "./account-values";

const EMPTY_HOSTS: MailHosts = {
  imap: { host: "", port: 993, tls: "implicit" },
  smtp: { host: "", port: 587, tls: "starttls" },
  pop3: { host: "", port: 995, tls: "implicit" },
};

export function ServiceFields() {
  const { watch, setValue, getValues } = useFormContext<AccountValues>();
  const service = watch("service");
  // Before the host fields appear, which read the current values.
  const changeService = () => {
    const chosen = getValues("service");
    setValue("modernAuthentication", MODERN_SERVICES.includes(chosen));
    setValue("hosts", hasOwnHosts(chosen) ? EMPTY_HOSTS : null);
  };
  return (
    <>
      <SelectField<AccountValues>
        name="service"
        onChange={changeService}
        label="Service"
        autoFocus
        data={SERVICES.map((value) => ({ value, label: SERVICE_LABELS[value] }))}
      />
      {hasOwnHosts(service) && (
        <Fieldset legend="Mail servers">
          <Stack gap="sm">
            <EndpointFields name="hosts.imap" protocol="IMAP" />
            <EndpointFields name="hosts.smtp" protocol="SMTP" />
            <EndpointFields name="hosts.pop3" protocol="POP3" />
          </Stack>
        </Fieldset>
      )}
      {MODERN_SERVICES.includes(service) && (
        <SwitchField<AccountValues>
          name="modernAuthentication"
          label="Modern Authentication"
          description="Signs in through a cloud provider (OAuth 2.0); no password is stored."
        />
      )}
    </>
  );
}
