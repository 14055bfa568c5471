"use client";

import { Group, TextInput } from "@mantine/core";
import { useFormContext } from "react-hook-form";
import { KEY_MAX } from "@/lib/kernel/fields/schema";
import type { AccountValues } from "./account-values";
import { useProposedKey } from "./use-proposed-key";

/** What the account is called, for people and on the agents' tabs. */
export function NameFields({ proposesKey }: { proposesKey: boolean }) {
  const { register, formState } = useFormContext<AccountValues>();
  const { errors } = formState;
  const propose = useProposedKey();
  const following = proposesKey ? propose : undefined;
  return (
    <Group grow align="flex-start" preventGrowOverflow={false}>
      <TextInput
        label="Name"
        autoComplete="off"
        withAsterisk
        miw={200}
        error={errors.name?.message}
        {...register("name", { ...(following && { onChange: following }) })}
      />
      <TextInput
        label="Key"
        description={`Up to ${KEY_MAX} characters, shown on agents' tabs in your mail software.${proposesKey ? " Leave empty for a free one." : ""}`}
        inputWrapperOrder={["label", "input", "description", "error"]}
        autoComplete="off"
        withAsterisk={!proposesKey}
        miw={140}
        error={errors.key?.message}
        {...register("key", { ...(following && { onBlur: following }) })}
      />
    </Group>
  );
}
