"use client";

import { Group } from "@mantine/core";
import { EndpointFields } from "@/components/endpoint-fields";
import { PasswordField, TextField } from "@/components/text-fields";
import type { ChannelValues } from "./channel-values";

export const EMPTY_SMTP = { host: "", port: 587, tls: "starttls" } as const;

/** The SMTP server that alerts are sent through, and who sends them. */
export function ServerFields({ hasPassword }: { hasPassword: boolean }) {
  return (
    <>
      <EndpointFields name="smtp" protocol="SMTP" isRequired />
      <TextField<ChannelValues>
        name="from"
        label="Sender"
        description="The From address."
        type="email"
        withAsterisk
      />
      <Group align="flex-start" grow preventGrowOverflow={false}>
        <TextField<ChannelValues>
          name="user"
          label="Username"
          description="Leave empty if the server needs none."
          miw={180}
        />
        <PasswordField<ChannelValues>
          name="password"
          label="Password"
          description={
            hasPassword
              ? "A password is stored. Leave this empty to keep it for the same server and user."
              : "Stored encrypted."
          }
          autoComplete="new-password"
          miw={180}
        />
      </Group>
    </>
  );
}
