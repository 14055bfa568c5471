"use client";

import { Group, PasswordInput, TextInput } from "@mantine/core";
import { useFormContext } from "react-hook-form";
import { EndpointFields } from "@/components/endpoint-fields";
import type { ChannelValues } from "./channel-values";

export const EMPTY_SMTP = { host: "", port: 587, tls: "starttls" } as const;

/** The SMTP server that alerts are sent through, and who sends them. */
export function ServerFields({ hasPassword }: { hasPassword: boolean }) {
  const { register, formState } = useFormContext<ChannelValues>();
  const { errors } = formState;
  return (
    <>
      <EndpointFields name="smtp" protocol="SMTP" isRequired />
      <TextInput
        label="Sender"
        description="The From address."
        type="email"
        autoComplete="off"
        withAsterisk
        error={errors.from?.message}
        {...register("from")}
      />
      <Group align="flex-start" grow preventGrowOverflow={false}>
        <TextInput
          label="Username"
          description="Leave empty if the server needs none."
          autoComplete="off"
          miw={180}
          error={errors.user?.message}
          {...register("user")}
        />
        <PasswordInput
          label="Password"
          description={
            hasPassword
              ? "A password is stored. Leave this empty to keep it for the same server and user."
              : "Stored encrypted."
          }
          autoComplete="new-password"
          miw={180}
          aria-invalid={errors.password?.message !== undefined}
          error={errors.password?.message}
          {...register("password")}
        />
      </Group>
    </>
  );
}
